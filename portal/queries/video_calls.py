"""The week of a room, one call, and calls in numbers; the minutes of what was never recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, extract, func, select

from portal.core import scope, transitions
from portal.core.transitions import Offer
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.lifecycles.video_calls import MACHINE
from portal.domain.masking import Kind
from portal.domain.sight import show
from portal.domain.video_calls import Hours, begins
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.units import Unit
from portal.models.video_calls import VideoCall, VideoRoom

_DAYS = 7
#: A slot as the week shows it.
FREE, TAKEN, OWN, PAST = "free", "taken", "own", "past"


@dataclass(frozen=True, slots=True)
class Room:
    """A room and its hours."""

    id: UUID
    name: str
    unit: str
    unit_path: str
    hours: Hours
    version: int


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot of the week: free, past, taken by another place, or an own child's call."""

    day: date
    starts: str
    state: str
    call_id: UUID | None = None
    child: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the week with its slots; none where the room is closed."""

    day: date
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One call with everything its page shows and the buttons."""

    id: UUID
    room: Room
    child_id: UUID
    unit_path: str
    child: str
    place: str
    happens_on: date
    starts: str
    parent: str
    relation: str
    phone: str
    status: str
    minutes: int | None
    version: int
    moves: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """Calls of a year: done, missed, minutes spoken, still booked."""

    done: int = 0
    missed: int = 0
    minutes: int = 0
    booked: int = 0


def rooms(actor: Actor) -> tuple[Room, ...]:
    """Return the open rooms at, above and below the reader's units, by place."""
    held = tuple(grant.path for grant in actor.grants)
    rows = db.session.execute(
        select(VideoRoom, Unit.name)
        .join(Unit, Unit.path == VideoRoom.unit_path)
        .where(VideoRoom.closed_on.is_(None))
        .order_by(VideoRoom.unit_path, VideoRoom.name, VideoRoom.id)
    ).all()
    return tuple(
        _room(row, unit)
        for row, unit in rows
        if row.unit_path.startswith(held) or any(path.startswith(row.unit_path) for path in held)
    )


def week(actor: Actor, room: Room, first: date) -> tuple[Day, ...]:
    """Return seven days from ``first``; of other places' calls only that the slot is taken."""
    own = {
        (call.happens_on, call.starts): (call, child)
        for call, child in db.session.execute(
            select(VideoCall, ChildFile)
            .join(ChildFile, ChildFile.id == VideoCall.child_id)
            .where(*_in_week(room.id, first))
        )
    }
    taken = _taken(room, first)
    return tuple(
        Day(
            day,
            tuple(_slot(actor, day, starts, own, taken) for starts in _starts(room, day, taken)),
        )
        for day in (first + timedelta(days=n) for n in range(_DAYS))
    )


def call(actor: Actor, call_id: UUID) -> Call:
    """Return one call; NotFound behind a wall."""
    found = db.session.execute(
        select(VideoCall, ChildFile, VideoRoom, Unit.name)
        .join(ChildFile, ChildFile.id == VideoCall.child_id)
        .join(VideoRoom, VideoRoom.id == VideoCall.room_id)
        .join(Unit, Unit.path == VideoCall.unit_path)
        .where(VideoCall.id == call_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    row, child, room, place = found
    return Call(
        id=row.id, room=_room(room, _unit_name(room.unit_path)), child_id=child.id,
        unit_path=row.unit_path, child=show(actor, Kind.NAME, child.name, child.unit_path),
        place=place, happens_on=row.happens_on, starts=row.starts,
        parent=show(actor, Kind.NAME, row.parent_name, row.unit_path), relation=row.relation,
        phone=show(actor, Kind.PHONE, row.parent_phone or "", row.unit_path), status=row.status,
        minutes=row.minutes, version=row.version,
        moves=transitions.offers(MACHINE, row, actor),
    )  # fmt: skip


def counted(year: int) -> Counted:
    """Return the calls of a year in the scope."""
    rows = db.session.execute(
        select(VideoCall.status, func.count(), func.coalesce(func.sum(VideoCall.minutes), 0))
        .where(extract("year", VideoCall.happens_on) == year)
        .group_by(VideoCall.status)
    ).all()
    number = {status: many for status, many, _ in rows}
    return Counted(
        number.get("done", 0), number.get("missed", 0),
        sum(minutes or 0 for _, _, minutes in rows), number.get("booked", 0),
    )  # fmt: skip


def _taken(room: Room, first: date) -> frozenset[tuple[date, str]]:
    """Return the slots held by anybody; only days and hours leave the wider scope."""
    reach = scope.Scope(
        paths=(room.unit_path,), reason="which slots of a shared room are held, not by whom"
    )
    with scope.within(reach, db.session()):
        rows = db.session.execute(
            select(VideoCall.happens_on, VideoCall.starts).where(*_in_week(room.id, first))
        )
        return frozenset((day, starts) for day, starts in rows)


def _in_week(room_id: UUID, first: date) -> tuple[ColumnElement[bool], ...]:
    return (
        VideoCall.room_id == room_id,
        VideoCall.status != "cancelled",
        VideoCall.happens_on.between(first, first + timedelta(days=_DAYS - 1)),
    )


def _starts(room: Room, day: date, taken: Iterable[tuple[date, str]]) -> list[str]:
    """Return the slots of a day, with what was booked under other hours of before."""
    return sorted({*room.hours.on(day), *(starts for held, starts in taken if held == day)})


def _slot(
    actor: Actor, day: date, starts: str, own: dict[tuple[date, str], tuple[VideoCall, ChildFile]],
    taken: frozenset[tuple[date, str]],
) -> Slot:  # fmt: skip
    if found := own.get((day, starts)):
        row, child = found
        name = show(actor, Kind.NAME, child.name, child.unit_path)
        return Slot(day, starts, OWN, row.id, name, row.status)
    if (day, starts) in taken:
        return Slot(day, starts, TAKEN)
    return Slot(day, starts, FREE if begins(day, starts) > clock.now() else PAST)


def _unit_name(path: str) -> str:
    return db.session.scalar(select(Unit.name).where(Unit.path == path)) or ""


def _room(row: VideoRoom, unit: str) -> Room:
    found = Hours(row.weekdays, row.opens, row.closes, row.slot_minutes)
    return Room(row.id, row.name, unit, row.unit_path, found, row.version)
