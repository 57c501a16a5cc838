"""Secret addresses of calendars: made for one's own programmes, shown once, taken back any time."""

from __future__ import annotations

import secrets
from uuid import UUID, uuid4

from sqlalchemy import func, select

from portal.core import access, facts
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, NotFound
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.programmes import CalendarFeed
from portal.queries.calendar_feeds import token_hash
from portal.services.programme_drafts import get

_BYTES, _LABEL = 32, 40
_MOST = 10


def issue(actor: Actor, *, programme_id: UUID | None = None, label: str = "") -> tuple[UUID, str]:
    """Make an address for one programme, or for everything one works in; return id and token.

    The token is told this once. Raises NotFound for a programme that is not the actor's to read,
    Conflict with ten addresses that stand.
    """
    if actor.user_id is None:
        raise NotFound
    if programme_id is not None:
        programme = get(programme_id)
        access.require(actor, Permission.PROGRAMME_READ, programme)
    standing = select(func.count(CalendarFeed.id)).where(
        CalendarFeed.user_id == actor.user_id, CalendarFeed.revoked_at.is_(None)
    )
    if (db.session.scalar(standing) or 0) >= _MOST:
        raise Conflict("最多同时有 {n} 个日历地址，请先停用不用的", n=_MOST)
    token = secrets.token_urlsafe(_BYTES)
    row = CalendarFeed(
        id=uuid4(), token_hash=token_hash(token), user_id=actor.user_id,
        programme_id=programme_id, label=label.strip()[:_LABEL], created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    facts.publish("calendar_feed.issue", actor=actor, subject=row)
    return row.id, token


def revoke(actor: Actor, feed_id: UUID) -> UUID:
    """Take an own address back; NotFound for anybody else's, or one that is gone already."""
    row = db.session.get(CalendarFeed, feed_id)
    if row is None or row.user_id != actor.user_id or row.revoked_at is not None:
        raise NotFound
    row.revoked_at = clock.now()
    facts.publish("calendar_feed.revoke", actor=actor, subject=row)
    return row.id
