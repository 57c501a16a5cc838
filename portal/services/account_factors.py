"""Second factors: codes of an authenticator, recovery codes; adding, losing, resetting them.

A code works once: the step it belongs to is moved on in one conditional UPDATE, so that of two
requests with the same code one is refused, on PostgreSQL too.
"""

from __future__ import annotations

import hmac
import secrets
from uuid import UUID

import pyotp
from sqlalchemy import delete, select, update

from portal.core import facts
from portal.domain import cipher, clock
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.extensions import db
from portal.models.accounts import User
from portal.models.factors import CodeGenerator, Passkey, RecoveryCode
from portal.queries import factors as rows
from portal.services import limits

STEP_SECONDS = 30
RECOVERY_CODES = 10
_DIGITS = 6
#: No letter or digit that could be taken for another: 31 signs, ten of them, 49 bits.
_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
_HALF = 5
_WRONG = "验证码不对或已经用过"


def accept_code(user_id: UUID, code: str, *, address: str) -> None:
    """Take a code of the authenticator or a recovery code; it is used up.

    Raises Invalid on ``otp`` when it is wrong, old or used, TooMany after five wrong ones in a
    quarter of an hour.
    """
    claims = code_claims(user_id, address)
    limits.reserve(claims)
    plain = "".join(code.split()).replace("-", "").lower()
    if plain.isdecimal() and len(plain) == _DIGITS:
        accepted = _accept_step(user_id, plain)
    else:
        accepted = _accept_recovery(user_id, plain)
    if not accepted:
        raise Invalid(_WRONG, {"otp": _WRONG})
    limits.forgive(claims)


def code_claims(user_id: UUID, address: str) -> tuple[limits.Claim, ...]:
    """Return what one try at a second factor is counted against."""
    return (
        (limits.CODE_ACCOUNT, str(user_id)),
        (limits.CODE_ADDRESS, limits.network(address)),
        (limits.CODE_TOTAL, "all"),
    )


def begin_generator(actor: Actor) -> None:
    """Make a new secret for an authenticator; an unfinished older one is thrown away."""
    user = _user(actor)
    db.session.execute(
        delete(CodeGenerator).where(
            CodeGenerator.user_id == user.id, CodeGenerator.confirmed_at.is_(None)
        )
    )
    db.session.add(
        CodeGenerator(user_id=user.id, secret=pyotp.random_base32(), created_at=clock.now())
    )
    db.session.flush()


def pending_secret(actor: Actor) -> str:
    """Return the secret of an unfinished set-up; NotFound when none was begun."""
    return _pending(actor).secret


def confirm_generator(actor: Actor, *, code: str, address: str) -> tuple[str, ...]:
    """Finish the set-up with its first right code; an older authenticator stops working.

    Returns the recovery codes when these are the first, else nothing. Raises NotFound when no
    set-up was begun, Invalid on ``otp``, TooMany after five wrong codes.
    """
    claims = code_claims(_user(actor).id, address)
    limits.reserve(claims)
    pending = _pending(actor)
    step = _step_of(pending.secret, "".join(code.split()))
    if step is None:
        raise Invalid("验证码不对，请看一下手机上的新数字", {"otp": "验证码不对"})
    limits.forgive(claims)
    db.session.execute(
        delete(CodeGenerator).where(
            CodeGenerator.user_id == pending.user_id, CodeGenerator.id != pending.id
        )
    )
    pending.last_step = step
    pending.confirmed_at = clock.now()
    return added(actor, "generator")


def added(actor: Actor, kind: str) -> tuple[str, ...]:
    """Note a new factor; with the first one make the recovery codes and return them."""
    user = _user(actor)
    facts.publish("account.factor_add", actor=actor, subject=user, factor=kind)
    return () if rows.of_user(user.id).recovery_left else _new_codes(user.id)


def remove_generator(actor: Actor) -> None:
    """Take the authenticator off one's account; Conflict for the last factor of staff."""
    user = _may_lose(actor)
    gone = db.session.execute(
        delete(CodeGenerator)
        .where(CodeGenerator.user_id == user.id, CodeGenerator.confirmed_at.is_not(None))
        .returning(CodeGenerator.id)
    ).all()
    if not gone:
        raise NotFound
    _removed(actor, user, "generator")


def remove_passkey(actor: Actor, passkey_id: UUID) -> None:
    """Take a passkey off one's account; Conflict for the last factor of staff."""
    user = _may_lose(actor)
    gone = db.session.execute(
        delete(Passkey)
        .where(Passkey.user_id == user.id, Passkey.id == passkey_id)
        .returning(Passkey.id)
    ).all()
    if not gone:
        raise NotFound
    _removed(actor, user, "passkey")


def renew_codes(actor: Actor) -> tuple[str, ...]:
    """Make ten new recovery codes; the old ones stop working. Conflict without a factor."""
    user = _user(actor)
    if not rows.has_any(user.id):
        raise Conflict("请先设置一种验证方式，再生成备用码")
    codes = _new_codes(user.id)
    facts.publish("account.codes_renewed", actor=actor, subject=user)
    return codes


def forget_all(user_id: UUID) -> None:
    """Delete every factor of an account; the next sign-in of staff sets one up anew."""
    for table in (CodeGenerator, Passkey, RecoveryCode):
        db.session.execute(delete(table).where(table.user_id == user_id))


def _accept_step(user_id: UUID, code: str) -> bool:
    generator = db.session.execute(
        select(CodeGenerator.id, CodeGenerator.secret).where(
            CodeGenerator.user_id == user_id, CodeGenerator.confirmed_at.is_not(None)
        )
    ).one_or_none()
    step = _step_of(generator.secret, code) if generator else None
    if generator is None or step is None:
        return False
    moved = db.session.execute(
        update(CodeGenerator)
        .where(CodeGenerator.id == generator.id, CodeGenerator.last_step < step)
        .values(last_step=step)
        .returning(CodeGenerator.id)
    )
    return moved.one_or_none() is not None


def _step_of(secret: str, code: str) -> int | None:
    """Return the step whose code this is: now, or one step to either side (clocks differ)."""
    now = int(clock.now().timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    return next(
        (
            step
            for step in (now, now - 1, now + 1)
            if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
        ),
        None,
    )


def _accept_recovery(user_id: UUID, code: str) -> bool:
    used = db.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_hash == _code_hash(user_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .returning(RecoveryCode.id)
    ).one_or_none()
    if used is None:
        return False
    user = db.session.get_one(User, user_id)
    facts.publish("account.code_used", actor=Actor(user_id=user_id), subject=user)
    return True


def _new_codes(user_id: UUID) -> tuple[str, ...]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = ["".join(secrets.choice(_SIGNS) for _ in range(2 * _HALF)) for _ in range(10)]
    now = clock.now()
    db.session.add_all(
        RecoveryCode(user_id=user_id, code_hash=_code_hash(user_id, code), created_at=now)
        for code in codes
    )
    db.session.flush()
    return tuple(f"{code[:_HALF]}-{code[_HALF:]}" for code in codes)


def _code_hash(user_id: UUID, code: str) -> str:
    return cipher.ring().blind_index(f"{user_id}:{code}", "recovery")


def _pending(actor: Actor) -> CodeGenerator:
    found = db.session.scalar(
        select(CodeGenerator).where(
            CodeGenerator.user_id == actor.user_id, CodeGenerator.confirmed_at.is_(None)
        )
    )
    if found is None:
        raise NotFound
    return found


def _may_lose(actor: Actor) -> User:
    user = _user(actor)
    if actor.is_staff and rows.of_user(user.id).count <= 1:
        raise Conflict("工作人员至少要留一种验证方式，请先添加新的再移除这一种")
    return user


def _removed(actor: Actor, user: User, kind: str) -> None:
    facts.publish("account.factor_remove", actor=actor, subject=user, factor=kind)
    if not rows.has_any(user.id):
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def _user(actor: Actor) -> User:
    user = db.session.get(User, actor.user_id) if actor.user_id else None
    if user is None:
        raise NotFound
    return user
