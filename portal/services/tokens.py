"""One-time tokens sent by mail: the database keeps a hash, the sealed mail the token itself."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from portal.core import facts, outbox
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import NotFound
from portal.extensions import db
from portal.models.accounts import OneTimeToken, User
from portal.queries.actors import token_hash

LIVES = {
    "verify_email": timedelta(days=3),
    "reset_password": timedelta(hours=1),
    "invite": timedelta(days=7),
    "keep_factors": timedelta(hours=24),
}
_GONE = "这个链接已经用过或已过期，请重新申请一个"


#: Where the link of each purpose leads; the token follows.
_PATHS = {
    "verify_email": "/verify-email/",
    "reset_password": "/password/reset/",
    "invite": "/invite/",
    "keep_factors": "/factors/keep/",
}


@dataclass(frozen=True, slots=True)
class Mailed:
    """A token on its way into one mailbox; kept nowhere but in the sealed mail."""

    id: UUID
    token: str = field(repr=False)


def mail(user: User, purpose: str, actor: Actor = SYSTEM, *, template: str = "") -> Mailed:
    """Make a token and owe its mail; older tokens of the same purpose stop working.

    The mail's words are those of ``purpose`` unless another template says it better.

    The fact is ``account.<purpose>`` with the token's row as its subject: an id, never the token.
    """
    _withdraw(user, purpose)
    plain = secrets.token_urlsafe(32)
    row = OneTimeToken(
        user_id=user.id,
        purpose=purpose,
        token_hash=token_hash(plain),
        expires_at=clock.now() + LIVES[purpose],
    )
    db.session.add(row)
    db.session.flush()
    outbox.owe(
        template or purpose,
        recipient=user.email,
        key=f"{row.id}:{purpose}",
        user_id=user.id,
        path=_PATHS[purpose] + plain,
        name=user.name,
    )
    facts.publish(f"account.{purpose}", actor=actor, subject=row)
    return Mailed(row.id, plain)


def owner(token: str, purpose: str) -> User:
    """Return whose token it is, without using it; NotFound when it is no good."""
    user = db.session.scalar(
        select(User)
        .join(OneTimeToken, OneTimeToken.user_id == User.id)
        .where(
            OneTimeToken.token_hash == token_hash(token),
            OneTimeToken.purpose == purpose,
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > clock.now(),
            User.disabled_at.is_(None),
        )
    )
    if user is None:
        raise NotFound(_GONE)
    return user


def use(token: str, purpose: str) -> User:
    """Use a token up and return whose it was; of two at the same instant one wins."""
    user = owner(token, purpose)
    taken = db.session.execute(
        update(OneTimeToken)
        .where(
            OneTimeToken.token_hash == token_hash(token),
            OneTimeToken.purpose == purpose,
            OneTimeToken.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .returning(OneTimeToken.id)
    ).all()
    if not taken:
        raise NotFound(_GONE)
    _withdraw(user, purpose)
    return user


def _withdraw(user: User, purpose: str) -> None:
    db.session.execute(
        update(OneTimeToken)
        .where(
            OneTimeToken.user_id == user.id,
            OneTimeToken.purpose == purpose,
            OneTimeToken.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )
