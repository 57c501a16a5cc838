"""A pairing's journal as its writer reads it: the own entries, nothing of the child's file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from portal.domain.actor import Actor
from portal.domain.contacts import ACCOMPANIED_FIRST
from portal.domain.errors import NotFound
from portal.extensions import db
from portal.models.contact_logs import ContactLog
from portal.queries import contact_writers

PAGE = 20


@dataclass(frozen=True, slots=True)
class Head:
    """The pairing above the journal; ``alone_after`` meetings still need company."""

    id: UUID
    called: str
    status: str
    begun_on: date | None
    alone_after: int
    photos: bool
    #: The mentor's, not a substitute's, who sees the journal alone.
    own: bool


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One own entry, whole."""

    id: UUID
    pairing_id: UUID
    kind: str
    happened_on: date
    minutes: int
    status: str
    accompanied_by: str
    did: str
    mood: str
    child_state: str
    next_step: str
    worried: bool
    worry: str
    remark: str
    version: int
    created_at: datetime
    photo_id: UUID | None


def head(actor: Actor, pairing_id: UUID) -> Head:
    """Return what stands above the journal; NotFound for somebody else's."""
    door = contact_writers.find(actor, pairing_id)
    if door is None:
        raise NotFound
    met = contact_writers.in_person_before(door)
    return Head(
        id=door.pairing_id,
        called=door.called,
        status=door.status,
        begun_on=door.begun_on,
        alone_after=max(0, ACCOMPANIED_FIRST - met),
        photos=contact_writers.photos_allowed(door),
        own=door.is_mentor,
    )


def entries(actor: Actor, pairing_id: UUID, after: str = "") -> tuple[tuple[EntryRow, ...], str]:
    """Return a page of the own entries, the latest contact first, and the next page's cursor."""
    query = _rows(actor).where(ContactLog.pairing_id == pairing_id)
    if (cursor := _cursor(after)) is not None:
        day, last = cursor
        earlier = and_(ContactLog.happened_on == day, ContactLog.id < last)
        query = query.where(or_(ContactLog.happened_on < day, earlier))
    ordered = query.order_by(ContactLog.happened_on.desc(), ContactLog.id.desc())
    found = db.session.execute(ordered.limit(PAGE + 1)).all()
    rows = tuple(_row(row) for row in found[:PAGE])
    more = len(found) > PAGE
    return rows, f"{rows[-1].happened_on.isoformat()}~{rows[-1].id}" if more else ""


def own_one(actor: Actor, pairing_id: UUID, log_id: UUID) -> EntryRow:
    """Return one own entry; NotFound for anybody else's."""
    row = db.session.execute(
        _rows(actor).where(ContactLog.id == log_id, ContactLog.pairing_id == pairing_id)
    ).first()
    if row is None:
        raise NotFound
    return _row(row)


def sent_before(actor: Actor, pairing_id: UUID, client_id: UUID) -> bool:
    """Tell whether this device's entry arrived already."""
    found = select(ContactLog.id).where(
        ContactLog.pairing_id == pairing_id,
        ContactLog.client_id == client_id,
        ContactLog.user_id == actor.user_id,
    )
    return db.session.scalar(found) is not None


def state(log_id: UUID) -> str:
    """Return the state of an entry in the scope (for stories)."""
    return str(db.session.scalar(select(ContactLog.status).where(ContactLog.id == log_id)))


def _rows(actor: Actor) -> Any:
    return select(
        ContactLog.id, ContactLog.pairing_id, ContactLog.kind, ContactLog.happened_on,
        ContactLog.minutes, ContactLog.status, ContactLog.accompanied_by, ContactLog.did,
        ContactLog.mood, ContactLog.child_state, ContactLog.next_step, ContactLog.worried,
        ContactLog.worry, ContactLog.remark, ContactLog.version, ContactLog.created_at,
        ContactLog.photo_id,
    ).where(ContactLog.user_id == actor.user_id)  # fmt: skip


def _row(row: Any) -> EntryRow:
    return EntryRow(*row)


def _cursor(after: str) -> tuple[date, UUID] | None:
    day, _, last = after.partition("~")
    try:
        return date.fromisoformat(day), UUID(last)
    except ValueError:
        return None
