"""Codes by SMS: confirming a number, and signing in with it.

A code is six digits, lives five minutes, works once and dies after five wrong tries. It is stored
nowhere: it follows from its row's random id and the index key. Known and unknown numbers leave
the same rows and the same job behind, so the answer tells nothing.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from portal import gateways
from portal.core import facts, jobs, outbox, scope, unit_of_work
from portal.domain import cipher, clock, masking
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import DomainError, Invalid, NotFound, Unavailable
from portal.domain.identity import parse_phone
from portal.extensions import db
from portal.models.accounts import User
from portal.models.sign_in_ways import ConfirmedPhone, PhoneCode
from portal.services import limits
from portal.services.limits import Limit

LIVES = timedelta(minutes=5)
MINUTES = 5
MOST_TRIES = 5
_DIGITS = 6
_MOBILE = re.compile(r"1\d{10}")
_WRONG = "验证码不对或已过期，请看清后再填，或重新获取一个"

EACH_MINUTE = Limit("sms:minute", 1, timedelta(minutes=1))
EACH_DAY = Limit("sms:day", 10, timedelta(days=1))
ASK_ADDRESS = Limit("sms:address", 20, timedelta(hours=1))
ASK_TOTAL = Limit("sms:total", 300, timedelta(hours=1))
TRY_ADDRESS = Limit("smstry:address", 30, timedelta(minutes=15))
TRY_TOTAL = Limit("smstry:total", 1000, timedelta(minutes=5))


@dataclass(frozen=True, slots=True)
class ToSend:
    """A code on its way out; kept nowhere."""

    phone: str
    code: str


def is_open() -> bool:
    """Tell whether this installation can send codes at all."""
    return gateways.installed().sms is not None


def ask_to_sign_in(*, phone: str, address: str, allow_fictitious: bool = False) -> UUID:
    """Ask for a code for a number, whoever's it is; return what the code is entered against.

    Raises Invalid for what is no mobile number, TooMany beyond the limits, Unavailable when no
    provider is set up.
    """
    number = _checked(phone, allow_fictitious=allow_fictitious)
    _reserve(number, address)
    owner = db.session.scalar(
        select(ConfirmedPhone.user_id)
        .join(User, User.id == ConfirmedPhone.user_id)
        .where(ConfirmedPhone.phone_hmac == _hmac(number), User.disabled_at.is_(None))
    )
    return _owe("sign_in", number, owner)


def ask_to_confirm(
    actor: Actor, *, phone: str, address: str, allow_fictitious: bool = False
) -> UUID:
    """Ask for a code that proves a number is this person's; raises as ``ask_to_sign_in``."""
    number = _checked(phone, allow_fictitious=allow_fictitious)
    _reserve(number, address)
    return _owe("confirm", number, actor.user_id)


def sign_in(*, code_id: UUID | None, code: str, address: str) -> UUID:
    """Return whose account a code opens; a second factor may still stand before the session.

    Raises Invalid for a wrong, used or old code, TooMany beyond the limits. Call it before
    anything else of a request.
    """
    return _use("sign_in", code_id, code, address).user_id


def confirm(actor: Actor, *, code_id: UUID | None, code: str, address: str) -> UUID:
    """Bind the number of a code to this account; whoever held it before loses it.

    Numbers are given to new people by the carriers: the newest proof counts, and the account that
    loses the number is told by mail. Raises as ``sign_in``.
    """
    used = _use("confirm", code_id, code, address)
    if used.user_id != actor.user_id:
        raise Invalid(_WRONG, {"code": _WRONG})
    known = _hmac(used.phone)
    for row in db.session.scalars(
        select(ConfirmedPhone).where(
            (ConfirmedPhone.phone_hmac == known) | (ConfirmedPhone.user_id == actor.user_id)
        )
    ):
        if row.user_id != actor.user_id:
            _tell_loser(row)
        db.session.delete(row)
    db.session.flush()
    db.session.add(
        ConfirmedPhone(
            user_id=actor.user_id, phone_hmac=known, phone=used.phone, confirmed_at=clock.now()
        )
    )
    user = db.session.get_one(User, actor.user_id)
    user.phone = used.phone
    facts.publish("account.phone_confirmed", actor=actor, subject=user)
    return user.id


def forget(actor: Actor) -> None:
    """Stop signing in by SMS: the number stays in the file, but opens nothing."""
    row = db.session.get(ConfirmedPhone, actor.user_id)
    if row is None:
        raise NotFound
    db.session.delete(row)
    user = db.session.get_one(User, actor.user_id)
    facts.publish("account.phone_removed", actor=actor, subject=user)


def send(code_id: UUID) -> None:
    """Send a code that is owed (a job with transactions of its own); at most once.

    The row is marked before the provider is asked: a worker that dies in between sends nothing,
    and the person asks again after a minute. A number that nobody confirmed is sent nothing.
    """
    with unit_of_work.transaction(scope.NOTHING):
        owed = _take(code_id)
    if owed is None:
        return
    try:
        sender = gateways.installed().sms
        if sender is None:
            raise Unavailable("本站没有开通短信，请用其他方式")
        sender.send_code(owed.phone, owed.code, MINUTES)
    except DomainError as refusal:
        with unit_of_work.transaction(scope.NOTHING):
            db.session.execute(
                update(PhoneCode).where(PhoneCode.id == code_id).values(failure=str(refusal)[:100])
            )


def forget_old() -> int:
    """Delete codes that ran out a day ago; return how many (a periodic job)."""
    old = PhoneCode.expires_at < clock.now() - timedelta(days=1)
    return len(db.session.scalars(delete(PhoneCode).where(old).returning(PhoneCode.id)).all())


def _checked(phone: str, *, allow_fictitious: bool) -> str:
    number = parse_phone(phone, allow_fictitious=allow_fictitious)
    if not _MOBILE.fullmatch(number):
        words = "座机收不到短信，请填 11 位手机号码"
        raise Invalid(words, {"phone": words})
    if not is_open():
        raise Unavailable("本站没有开通短信，请用其他方式")
    return number


def _reserve(number: str, address: str) -> None:
    limits.reserve(
        [
            (EACH_MINUTE, number),
            (EACH_DAY, number),
            (ASK_ADDRESS, limits.network(address)),
            (ASK_TOTAL, "all"),
        ]
    )


def _owe(purpose: str, number: str, user_id: UUID | None) -> UUID:
    now = clock.now()
    row = PhoneCode(
        purpose=purpose, user_id=user_id, phone=number, created_at=now, expires_at=now + LIVES
    )
    db.session.add(row)
    db.session.flush()
    jobs.owe("phone_code", actor=SYSTEM, code=str(row.id))
    return row.id


@dataclass(frozen=True, slots=True)
class _Used:
    user_id: UUID
    phone: str


def _use(purpose: str, code_id: UUID | None, code: str, address: str) -> _Used:
    """Count a try first, in its own transaction, then look: sixteen at once are sixteen tries."""
    limits.reserve([(TRY_ADDRESS, limits.network(address)), (TRY_TOTAL, "all")])
    if code_id is None:
        raise Invalid(_WRONG, {"code": _WRONG})
    with unit_of_work.transaction(scope.NOTHING):
        found = db.session.execute(
            update(PhoneCode)
            .where(
                PhoneCode.id == code_id,
                PhoneCode.purpose == purpose,
                PhoneCode.used_at.is_(None),
                PhoneCode.expires_at > clock.now(),
                PhoneCode.tries < MOST_TRIES,
            )
            .values(tries=PhoneCode.tries + 1)
            .returning(PhoneCode.user_id, PhoneCode.phone)
            .execution_options(synchronize_session=False)
        ).one_or_none()
        right = hmac.compare_digest(_code(code_id), "".join(code.split()))
        if found is not None and right and found.user_id is not None:
            _spend(code_id)
    if found is None or not right or found.user_id is None:
        raise Invalid(_WRONG, {"code": _WRONG})
    return _Used(found.user_id, found.phone)


def _spend(code_id: UUID) -> None:
    """Use a code up. Of two right ones at once the row's lock lets one through."""
    db.session.execute(
        update(PhoneCode)
        .where(PhoneCode.id == code_id, PhoneCode.used_at.is_(None))
        .values(used_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def _take(code_id: UUID) -> ToSend | None:
    found = db.session.execute(
        update(PhoneCode)
        .where(
            PhoneCode.id == code_id,
            PhoneCode.user_id.is_not(None),
            PhoneCode.sent_at.is_(None),
            PhoneCode.expires_at > clock.now(),
        )
        .values(sent_at=clock.now())
        .returning(PhoneCode.phone)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return None if found is None else ToSend(found.phone, _code(code_id))


def _code(code_id: UUID) -> str:
    number = int(cipher.ring().blind_index(str(code_id), "sms_code")[:15], 16)
    return f"{number % 10**_DIGITS:0{_DIGITS}d}"


def _hmac(number: str) -> str:
    return cipher.ring().blind_index(number, "confirmed_phone")


def _tell_loser(row: ConfirmedPhone) -> None:
    user = db.session.get_one(User, row.user_id)
    facts.publish("account.phone_lost", actor=SYSTEM, subject=user)
    outbox.owe(
        "phone_lost",
        recipient=user.email,
        key=f"{user.id}:phone_lost:{row.confirmed_at.timestamp():.0f}",
        user_id=user.id,
        path="/account/phone",
        name=user.name,
        number=masking.mask_phone(row.phone),
    )
