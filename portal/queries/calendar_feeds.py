"""Calendars behind secret addresses: whose, and what they answer. No child is ever in one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from portal.core import access, scope
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.programmes import CalendarFeed, Programme, ProgrammeSession, TimetableItem
from portal.models.rota import Duty
from portal.queries import actors

_SINCE = timedelta(days=60)
_STANDS = ("planned", "done")


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One's own address; the token itself is kept by nobody."""

    id: UUID
    label: str
    programme: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a calendar."""

    uid: str
    day: date
    starts: str
    ends: str
    title: str
    place: str
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """What an address answers with."""

    feed_id: UUID
    name: str
    entries: tuple[Entry, ...]


def token_hash(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def of_user(actor: Actor) -> tuple[FeedRow, ...]:
    """Return the addresses of a person that stand, the newest first."""
    rows = db.session.execute(
        select(CalendarFeed, Programme.title)
        .outerjoin(Programme, Programme.id == CalendarFeed.programme_id)
        .where(CalendarFeed.user_id == actor.user_id, CalendarFeed.revoked_at.is_(None))
        .order_by(CalendarFeed.created_at.desc(), CalendarFeed.id)
    ).all()
    return tuple(FeedRow(one.id, one.label, title or "", one.created_at) for one, title in rows)


def read(token: str) -> Calendar:
    """Return the calendar of a secret address; NotFound once it was taken back.

    It shows what its owner may read today: who was taken off a rota reads nothing of it any more.
    """
    feed = db.session.scalar(
        select(CalendarFeed).where(
            CalendarFeed.token_hash == token_hash(token), CalendarFeed.revoked_at.is_(None)
        )
    )
    owner = actors.by_user(feed.user_id) if feed is not None else None
    if feed is None or owner is None:
        raise NotFound
    with scope.within(scope.of(owner), db.session()):
        found = _programmes(owner, feed.programme_id)
        entries = [entry for one in found for entry in _timetable(one)]
        if feed.programme_id is None:
            entries += _duties(owner)
    name = found[0].title if feed.programme_id is not None and found else feed.label or "微光活动"
    return Calendar(feed.id, name, tuple(entries))


def _programmes(owner: Actor, programme_id: UUID | None) -> list[Programme]:
    """Return the programmes of a calendar: one, or all that the person works in."""
    wanted = select(Programme).where(Programme.ends_on >= clock.today() - _SINCE)
    if programme_id is not None:
        wanted = wanted.where(Programme.id == programme_id)
    else:
        wanted = wanted.where(Programme.id.in_(owner.programme_ids))
    rows = db.session.scalars(wanted.order_by(Programme.starts_on, Programme.id)).all()
    return [one for one in rows if access.permits(owner, Permission.PROGRAMME_READ, one)]


def _timetable(programme: Programme) -> list[Entry]:
    """Return the lines of a programme; one whose session was called off says so."""
    gone = {
        (day, starts)
        for day, starts in db.session.execute(
            select(ProgrammeSession.happens_on, ProgrammeSession.starts).where(
                ProgrammeSession.programme_id == programme.id,
                ProgrammeSession.status == "cancelled",
                ProgrammeSession.part == "",
            )
        )
    }
    over = programme.status == "cancelled"
    rows = db.session.scalars(
        select(TimetableItem)
        .where(TimetableItem.programme_id == programme.id)
        .order_by(TimetableItem.happens_on, TimetableItem.starts, TimetableItem.id)
    )
    return [
        Entry(
            f"line-{row.id}", row.happens_on, row.starts, row.ends,
            f"{programme.title}：{row.title}", "，".join(filter(None, (programme.venue, row.room))),
            over or (row.happens_on, row.starts) in gone,
        )
        for row in rows
    ]  # fmt: skip


def _duties(owner: Actor) -> list[Entry]:
    """Return the hours a person is on a rota."""
    rows = db.session.execute(
        select(Duty, Programme.title, Programme.venue)
        .join(Programme, Programme.id == Duty.programme_id)
        .where(
            Duty.supporter_id.in_(owner.supporter_ids),
            Duty.programme_id.in_(owner.programme_ids),
            Duty.status.in_(_STANDS),
        )
        .order_by(Duty.happens_on, Duty.starts, Duty.id)
    ).all()
    return [
        Entry(f"duty-{duty.id}", duty.happens_on, duty.starts, duty.ends, f"值班：{title}", venue)
        for duty, title, venue in rows
    ]
