"""The way to appeal for somebody who cannot sign in: a link in the mail that told the decision.

The token is made from the supporter's id and the moment of the decision with the portal's key:
nothing is kept. It works once, because a decision is appealed once, and until the last day.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.core import outbox, scope
from portal.domain import cipher, clock
from portal.domain.actor import ANONYMOUS, CONTACT
from portal.domain.errors import NotFound
from portal.extensions import db
from portal.models.accounts import User
from portal.models.supporters import Supporter, SupporterMember
from portal.queries import units
from portal.services import appeals, limits

TRY_ADDRESS = limits.Limit("appeal:address", 30, limits.REGISTER_ADDRESS.span)
_ID_LENGTH = 32
_GONE = "这个链接已经用过、已经过了申诉期，或者不完整"
_TEMPLATES = {"rejected": "supporter_rejected", "revoked": "supporter_revoked"}


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody with the link reads: the outcome, why, who decided, until when."""

    supporter_id: UUID
    status: str
    reason: str
    authority: str
    until: date


def tell(supporter: Supporter) -> None:
    """Owe the mail about a refusal or a revocation to each contact, with the link in it."""
    path = "/appeal/" + token_of(supporter)
    contacts = db.session.execute(
        select(User.id, User.email, User.name)
        .join(SupporterMember, SupporterMember.user_id == User.id)
        .where(
            SupporterMember.supporter_id == supporter.id,
            SupporterMember.role == CONTACT,
            SupporterMember.ended_at.is_(None),
            SupporterMember.invited_at.is_(None),
            User.disabled_at.is_(None),
        )
    )
    template = _TEMPLATES[supporter.status]
    for user_id, email, name in contacts:
        outbox.owe(
            template, recipient=email, key=f"{user_id}:{template}:{_moment(supporter)}",
            user_id=user_id, path=path, name=name,
        )  # fmt: skip


def token_of(supporter: Supporter) -> str:
    """Return the token of a decision; a later decision has another."""
    mark = cipher.ring().blind_index(f"{supporter.id.hex}:{_moment(supporter)}", "appeal")
    return supporter.id.hex + mark


def read(token: str) -> Decision:
    """Return the decision behind a link; NotFound when it is no good any more."""
    with _opened(token) as supporter:
        return _decision(supporter)


def file(token: str, *, words: str, address: str = "") -> UUID:
    """Appeal by the link, once; raises NotFound, Invalid without words, TooMany."""
    limits.reserve([(TRY_ADDRESS, limits.network(address))])
    with _opened(token) as supporter:
        _decision(supporter)
        return appeals.begin(ANONYMOUS, supporter, words)


@contextmanager
def _opened(token: str) -> Iterator[Supporter]:
    """Open the one row that a token names."""
    try:
        supporter_id = UUID(token[:_ID_LENGTH])
    except ValueError:
        raise NotFound(_GONE) from None
    own = scope.Scope(supporters=(supporter_id,), reason="an appeal's link names its own row")
    with scope.within(own, db.session()):
        row = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
        if row is None or row.closed_at is None or row.status not in _TEMPLATES:
            raise NotFound(_GONE)
        if not hmac.compare_digest(token_of(row).encode(), token.encode()):
            raise NotFound(_GONE)
        yield row


def _decision(supporter: Supporter) -> Decision:
    decided = supporter.closed_at
    until = appeals.last_day(supporter)
    if decided is None or clock.today() > until or appeals.is_filed(supporter):
        raise NotFound(_GONE)
    return Decision(
        supporter.id, supporter.status, supporter.returned_fields.get("application", ""),
        units.by_path(supporter.tenant_path).name, until,
    )  # fmt: skip


def _moment(supporter: Supporter) -> str:
    return str(int(supporter.closed_at.timestamp())) if supporter.closed_at else ""
