"""Guardians without an account: a link on paper or by SMS, a second check, one child's page.

The link's token is computed from its row with the portal's key: the database keeps a keyed hash,
so neither a copy of the database nor an older page makes a link. Every answer to a token that is
no good is the same, whatever is wrong with it.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from portal import gateways
from portal.core import access, facts, jobs, scope
from portal.domain import cipher, clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.applications import blind
from portal.domain.errors import Invalid, NotFound, WrongState
from portal.domain.permissions import Permission
from portal.domain.words import CONSENT_WORDS
from portal.extensions import db
from portal.models.children import ChildFile, GuardianLink
from portal.models.rights import GuardianAccess
from portal.services import limits, protections, rights, tombstones, wish_review

LIVES = {"paper": timedelta(days=30), "sms": timedelta(days=7)}
#: How long the page stays open after the second check.
OPEN_FOR = timedelta(minutes=15)
_LENGTH = 20
_LAST = 4
_NO = "链接、号码不对，或者链接已经过期；请再核对一次，或请儿童主任重新发一个"
GUARDIAN_LINK = limits.Limit("guardian:account", 5, timedelta(minutes=15))
#: Four digits are ten thousand: over a paper's thirty days a finder tries three hundred of them.
GUARDIAN_DAY = limits.Limit("guardian:day:account", 10, timedelta(days=1))
GUARDIAN_ADDRESS = limits.Limit("guardian:address", 20, timedelta(hours=1))
GUARDIAN_TOTAL = limits.Limit("guardian:total", 500, timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Opening:
    """A live link: which child, which guardian, where; nothing about who they are."""

    access_id: UUID
    child_id: UUID
    guardian_id: UUID
    unit_path: str
    tenant_path: str

    @property
    def scope(self) -> scope.Scope:
        """Return the one unit that this link reads, and the authority's windows."""
        why = "a guardian's link opens one child"
        return scope.Scope(paths=(self.unit_path,), tenants=(self.tenant_path,), reason=why)


def issue(actor: Actor, child_id: UUID, guardian_id: UUID, medium: str) -> UUID:
    """Make a link for one guardian of one child; their older ones die. Staff of the field.

    Raises Invalid for an unknown medium or a guardian without a number to check by, WrongState
    for a suspended guardian or a child off the register, NotFound behind a wall.
    """
    child = db.session.scalar(select(ChildFile).where(ChildFile.id == child_id))
    guardian = db.session.scalar(
        select(GuardianLink).where(
            GuardianLink.id == guardian_id, GuardianLink.child_id == child_id
        )
    )
    if child is None or guardian is None:
        raise NotFound
    access.require(actor, Permission.GUARDIAN_LINK, child)
    _may_have(child, guardian, medium)
    return _issue(actor, child, guardian, medium)


def send_by_sms(actor: Actor, child: ChildFile, guardian: GuardianLink) -> UUID:
    """Send a link of the portal's own accord, when there is news that the family must answer."""
    _may_have(child, guardian, "sms")
    return _issue(actor, child, guardian, "sms")


def _issue(actor: Actor, child: ChildFile, guardian: GuardianLink, medium: str) -> UUID:
    _revoke_all(actor, child.id, guardian.id)
    row_id, expires = uuid4(), clock.now() + LIVES[medium]
    row = GuardianAccess(
        id=row_id,
        child_id=child.id,
        guardian_id=guardian.id,
        unit_path=child.unit_path,
        token_hash=_hash(token_of(row_id, expires)),
        medium=medium,
        expires_at=expires,
        created_by=actor.user_id,
    )
    db.session.add(row)
    db.session.flush()
    facts.publish("guardian.link", actor=actor, subject=row, child_id=str(child.id), medium=medium)
    if medium == "sms":
        jobs.owe("guardian_sms", actor=actor, unit_path=child.unit_path, access_id=str(row_id))
    return row_id


def revoke(actor: Actor, access_id: UUID) -> UUID:
    """Kill a link at once; returns the child. NotFound behind a wall."""
    row = db.session.scalar(select(GuardianAccess).where(GuardianAccess.id == access_id))
    if row is None:
        raise NotFound
    access.require(actor, Permission.GUARDIAN_LINK, row)
    _end(actor, row)
    return row.child_id


def token_of(access_id: UUID, expires_at: datetime) -> str:
    """Return the token of a link: 100 bits, 20 letters and digits without look-alikes."""
    stamp = f"{access_id}|{int(expires_at.timestamp())}"
    digest = bytes.fromhex(cipher.ring().blind_index(stamp, "guardian_link"))
    return base64.b32encode(digest).decode().lower()[:_LENGTH]


def spelled(token: str) -> str:
    """Return a token as it is printed and typed: groups of four."""
    return "-".join(token[start : start + 4] for start in range(0, len(token), 4))


def typed_token(typed: str) -> str:
    """Return what somebody typed as a token is written: no groups, small letters."""
    return "".join(sign for sign in typed.lower() if sign.isascii() and sign.isalnum())[
        : _LENGTH + 1
    ]


def find(typed: str) -> Opening | None:
    """Return the live link of a token as it was typed; None whatever is wrong with it."""
    token = typed_token(typed)
    with scope.everywhere("a guardian's link names its own row", db.session()):
        row = db.session.execute(
            select(
                GuardianAccess.id,
                GuardianAccess.child_id,
                GuardianAccess.guardian_id,
                ChildFile.unit_path,
                ChildFile.tenant_path,
            )
            .join(ChildFile, ChildFile.id == GuardianAccess.child_id)
            .where(
                GuardianAccess.token_hash == _hash(token),
                GuardianAccess.revoked_at.is_(None),
                GuardianAccess.expires_at > clock.now(),
                ChildFile.status != "erased",
            )
        ).one_or_none()
        if row is None or protections.suspended(row.child_id, row.guardian_id):
            return None
        return Opening(*row)


def enter(typed: str, proof: str, *, address: str) -> Opening:
    """Check the second proof: the phone's last four digits, or the whole ID number.

    Counted per link, per address and in total, before anything is looked at; fails closed.
    Raises NotFound with one sentence for everything that is wrong, TooMany.
    """
    token = typed_token(typed)
    claims = (
        (GUARDIAN_LINK, token),
        (GUARDIAN_DAY, token),
        (GUARDIAN_ADDRESS, limits.network(address)),
        (GUARDIAN_TOTAL, "all"),
    )
    limits.reserve(claims)
    opening = find(token)
    if not _proves(opening, proof) or opening is None:
        raise NotFound(_NO)
    limits.forgive(claims)
    with scope.within(opening.scope, db.session()):
        row = db.session.get_one(GuardianAccess, opening.access_id)
        row.last_used_at = clock.now()
        facts.publish("guardian.open", actor=SYSTEM, subject=row, child_id=str(row.child_id))
    return opening


def withdraw(opening: Opening, purpose: str) -> int:
    """Take consent for one purpose back, by the guardian; everything on it stops in this act."""
    if purpose not in CONSENT_WORDS:
        raise Invalid("没有这一项用途")
    with scope.within(opening.scope, db.session()):
        return wish_review.end_consents(SYSTEM, opening.child_id, purpose)


def ask(opening: Opening, *, kind: str, field: str = "", words: str = "") -> UUID:
    """Ask to see, correct or delete, on behalf of the child; the clock starts now."""
    with scope.within(opening.scope, db.session()):
        child = db.session.get_one(ChildFile, opening.child_id)
        return rights.begin(
            SYSTEM,
            rights.Asked(kind, field, words),
            unit_path=child.unit_path,
            tenant_path=child.tenant_path,
            child_id=child.id,
            guardian_id=opening.guardian_id,
        )


def _may_have(child: ChildFile, guardian: GuardianLink, medium: str) -> None:
    if medium not in LIVES:
        raise Invalid("请选择纸质或短信", {"medium": "请选择纸质或短信"})
    if medium == "sms" and gateways.installed().links is None:
        raise Invalid("短信链接没有开通，请打印纸质链接", {"medium": "短信链接没有开通"})
    if child.status != "active":
        raise WrongState("这名儿童不在册，不能发链接")
    if protections.suspended(child.id, guardian.id):
        raise WrongState("这位监护人已被暂停，不能发链接")
    if not guardian.phone and not (guardian.id_hmac and medium == "paper"):
        raise Invalid("这位监护人没有登记联系电话，请先补上", {"guardian": "没有联系电话"})


def _proves(opening: Opening | None, proof: str) -> bool:
    """Compare in constant time; a missing link is compared with something that fits nothing."""
    given = proof.strip().upper()
    phone, id_hmac = "", ""
    if opening is not None:
        with scope.within(opening.scope, db.session()):
            guardian = db.session.get(GuardianLink, opening.guardian_id)
            if guardian is not None:
                phone, id_hmac = guardian.phone or "", guardian.id_hmac or ""
    last = hmac.compare_digest(phone[-_LAST:].encode(), given.encode()) and len(given) == _LAST
    whole = hmac.compare_digest(id_hmac, blind(given, "id_number") if given else "-")
    return last or whole


def _revoke_all(actor: Actor, child_id: UUID, guardian_id: UUID) -> None:
    rows = db.session.scalars(
        select(GuardianAccess).where(
            GuardianAccess.child_id == child_id,
            GuardianAccess.guardian_id == guardian_id,
            GuardianAccess.revoked_at.is_(None),
        )
    )
    for row in rows.all():
        _end(actor, row)


def _end(actor: Actor, row: GuardianAccess) -> None:
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        tombstones.lay("link", row.id, "revoked")
        facts.publish("guardian.revoke", actor=actor, subject=row, child_id=str(row.child_id))


def _hash(token: str) -> str:
    return cipher.ring().blind_index(token, "guardian_token")
