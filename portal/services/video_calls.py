"""Booking a family video call (S1-2.3.3d): a room, a slot, a child and who they speak with.

One slot holds one call, whoever books at the same instant: the database refuses the second.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.core import access, facts, transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.lifecycles.video_calls import MACHINE
from portal.domain.permissions import Permission
from portal.domain.video_calls import RELATIONS, Hours, check_minutes, check_slot, checked
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.video_calls import VideoCall, VideoRoom
from portal.queries import units

NEAR = "video_call.near"
_TAKEN = "这个时段刚刚被约走了，请另选一个"
_NAME_LENGTH = 40


def open_room(
    actor: Actor, *, unit_path: str, name: str, weekdays: str, opens: str, closes: str,
    slot_minutes: int,
) -> UUID:  # fmt: skip
    """Open a room at an own unit; raises Invalid with the fields, NotAllowed elsewhere."""
    place = units.by_path(unit_path)
    room = VideoRoom(
        id=uuid4(), tenant_path=place.tenant_path or place.path, unit_path=unit_path,
        name=name.strip()[:_NAME_LENGTH], weekdays="".join(sorted(set(weekdays))), opens=opens,
        closes=closes, slot_minutes=slot_minutes, created_by=actor.user_id,
    )  # fmt: skip
    access.require(actor, Permission.VIDEO_ROOM_MANAGE, room)
    if not room.name:
        raise Invalid("请写连线室的名称", {"name": "请写连线室的名称"})
    checked(hours(room))
    db.session.add(room)
    facts.publish("video_room.open", actor=actor, subject=room)
    return room.id


def close_room(actor: Actor, room_id: UUID, *, version: int | None = None) -> UUID:
    """Take no more bookings in a room; raises Conflict while calls are booked in it."""
    room = _room(room_id)
    access.require(actor, Permission.VIDEO_ROOM_MANAGE, room)
    if version is not None and room.version != version:
        raise Conflict("有同事比您早一步改了，请刷新后再看")
    waiting = db.session.scalar(
        select(VideoCall.id)
        .where(
            VideoCall.room_id == room_id, VideoCall.status == "booked",
            VideoCall.happens_on >= clock.today(),
        )
        .limit(1)
    )  # fmt: skip
    if waiting is not None:
        raise Conflict("还有约好的连线，请先改期或取消")
    room.closed_on = clock.today()
    facts.publish("video_room.close", actor=actor, subject=room)
    return room.id


def book(
    actor: Actor, *, room_id: UUID, child_id: UUID, happens_on: date, starts: str,
    parent_name: str, relation: str, parent_phone: str = "",
) -> UUID:  # fmt: skip
    """Book a slot for a child on the register; it is held at once.

    Raises Invalid with the fields, NotFound behind a wall or for a room of elsewhere, Conflict
    when the slot is taken.
    """
    child = db.session.scalar(
        select(ChildFile).where(ChildFile.id == child_id, ChildFile.status == "active")
    )
    if child is None:
        raise NotFound
    access.require(actor, Permission.VIDEO_CALL_BOOK, child)
    room = _room_for(room_id, child.unit_path)
    check_slot(hours(room), happens_on, starts)
    if relation not in RELATIONS or not parent_name.strip():
        said = {"parent_name": "请写和谁连线"} if not parent_name.strip() else {}
        said |= {"relation": "请选择是孩子的什么人"} if relation not in RELATIONS else {}
        raise Invalid("{what}", said, what="；".join(said.values()))
    row = VideoCall(
        id=uuid4(), room_id=room.id, child_id=child.id, happens_on=happens_on, starts=starts,
        parent_name=parent_name.strip()[:_NAME_LENGTH], relation=relation,
        parent_phone=parent_phone.strip() or None, unit_path=child.unit_path,
        status_since=clock.now(), created_by=actor.user_id,
    )  # fmt: skip
    transitions.begin(MACHINE, row, actor)
    db.session.add(row)
    _hold()
    return row.id


def move(
    actor: Actor, call_id: UUID, *, happens_on: date, starts: str, version: int | None = None
) -> UUID:
    """Put a booked call in another slot of its room; raises Conflict when that one is taken."""
    row = _call(call_id, version)
    access.require(actor, Permission.VIDEO_CALL_BOOK, row)
    if row.status != "booked":
        raise Conflict("这次连线已经有结果了，不能再改期")
    check_slot(hours(_room_for(row.room_id, row.unit_path)), happens_on, starts)
    was = f"{row.happens_on.isoformat()} {row.starts}"
    row.happens_on, row.starts, row.reminded_at = happens_on, starts, None
    facts.publish("video_call.move", actor=actor, subject=row, was=was)
    _hold()
    return row.id


def done(actor: Actor, call_id: UUID, *, minutes: int | None, version: int | None = None) -> UUID:
    """Record that they spoke, and how long (minutes); nothing of the call is kept."""
    row = _call(call_id, version)
    transitions.fire(MACHINE, row, "done", actor, {"minutes": check_minutes(minutes)})
    row.minutes = minutes
    return row.id


def missed(actor: Actor, call_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Record that nobody answered, and why as far as it is known."""
    row = _call(call_id, version)
    transitions.fire(MACHINE, row, "missed", actor, {"reason": reason})
    return row.id


def cancel(actor: Actor, call_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Give the slot back; it can be booked again at once."""
    row = _call(call_id, version)
    transitions.fire(MACHINE, row, "cancel", actor, {"reason": reason})
    return row.id


def remind_due() -> int:
    """Remind the directors of tomorrow's calls, once each; return how many (everywhere)."""
    rows = db.session.scalars(
        select(VideoCall)
        .where(
            VideoCall.status == "booked", VideoCall.reminded_at.is_(None),
            VideoCall.happens_on == clock.today() + timedelta(days=1),
        )
        .order_by(VideoCall.starts, VideoCall.id)
    ).all()  # fmt: skip
    for row in rows:
        row.reminded_at = clock.now()
        facts.publish(NEAR, actor=SYSTEM, subject=row)
    return len(rows)


def hours(room: VideoRoom) -> Hours:
    """Return when a room is open."""
    return Hours(room.weekdays, room.opens, room.closes, room.slot_minutes)


def _hold() -> None:
    try:
        db.session.flush()
    except IntegrityError as taken:
        raise Conflict(_TAKEN) from taken


def _room(room_id: UUID) -> VideoRoom:
    room: VideoRoom | None = db.session.scalar(
        select(VideoRoom).where(VideoRoom.id == room_id, VideoRoom.closed_on.is_(None))
    )
    if room is None:
        raise NotFound
    return room


def _room_for(room_id: UUID, unit_path: str) -> VideoRoom:
    room = _room(room_id)
    if not unit_path.startswith(room.unit_path):
        raise NotFound
    return room


def _call(call_id: UUID, version: int | None) -> VideoCall:
    row: VideoCall | None = db.session.scalar(select(VideoCall).where(VideoCall.id == call_id))
    if row is None:
        raise NotFound
    if version is not None and row.version != version:
        raise Conflict("有同事比您早一步处理了这次连线，请刷新后再看")
    return row
