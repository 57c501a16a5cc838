"""What the pages of video calls share: the room and week asked for, choices, words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import g, request
from flask_babel import gettext

from portal.domain import clock
from portal.domain.actor import Role
from portal.domain.errors import NotFound
from portal.domain.video_calls import RELATIONS, WEEKDAYS
from portal.forms.video_calls import BookForm, MoveForm, RoomForm
from portal.queries import drafting
from portal.queries import video_calls as rows
from portal.queries.video_calls import Call, Room
from portal.services import video_calls
from portal.web.values import maybe_date, maybe_uuid

_KEEPERS = (Role.CHILD_SUPERVISOR, Role.COUNTY_STAFF)


def week() -> dict[str, Any]:
    """Return what the week's page shows: rooms, the chosen one, its seven days, the year."""
    known = rows.rooms(g.actor)
    asked = maybe_uuid(request.args.get("room"))
    room = next((one for one in known if one.id == asked), known[0] if known else None)
    first = _monday(maybe_date(request.args.get("from")) or clock.today())
    return {
        "rooms": known,
        "room": room,
        "days": rows.week(g.actor, room, first) if room else (),
        "first": first,
        "before": first - timedelta(days=7),
        "after": first + timedelta(days=7),
        "today": clock.today(),
        "weekday": weekdays,
        "counted": rows.counted(clock.today().year),
        "year": clock.today().year,
    }


def room_asked() -> Room:
    """Return the room the address names; NotFound for one the reader cannot book."""
    asked = maybe_uuid(request.args.get("room"))
    for room in rows.rooms(g.actor):
        if room.id == asked:
            return room
    raise NotFound


def offer(form: BookForm, room: Room) -> None:
    """Fill the choices of a booking: the children whom the room serves, its slots."""
    children = [
        (str(one.id), gettext("%(name)s（%(age)s岁）", name=one.name, age=one.age))
        for one in drafting.children(g.actor)
    ]
    form.offer(children, room.hours.all())


def begin(form: BookForm) -> None:
    """Fill in the day and the slot that were pressed on the week's page."""
    form.happens_on.data = maybe_date(request.args.get("on")) or clock.today()
    form.starts.data = request.args.get("at", "")


def book(room: Room, form: BookForm) -> UUID:
    """Book what a valid form says."""
    return video_calls.book(
        g.actor, room_id=room.id, child_id=UUID(form.child_id.data),
        happens_on=form.happens_on.data, starts=form.starts.data,
        parent_name=form.parent_name.data, relation=form.relation.data,
        parent_phone=form.parent_phone.data or "",
    )  # fmt: skip


def move_form(call: Call, *, blank: bool = False) -> MoveForm:
    """Return the form that puts a call in another slot."""
    form = MoveForm(formdata=None) if blank else MoveForm()
    form.starts.choices = [(one, one) for one in call.room.hours.all()]
    if blank:
        form.happens_on.data, form.starts.data = call.happens_on, call.starts
        form.version.data = str(call.version)
    return form


def places() -> list[tuple[str, str]]:
    """Return the own units at which a room may stand."""
    return [(one.path, one.unit_name) for one in g.actor.grants if one.role in _KEEPERS]


def open_room(form: RoomForm) -> UUID:
    """Open what a valid form says."""
    return video_calls.open_room(
        g.actor, unit_path=form.unit_path.data, name=form.name.data,
        weekdays="".join(form.weekdays.data or ()), opens=form.opens.data,
        closes=form.closes.data, slot_minutes=form.slot_minutes.data,
    )  # fmt: skip


def relation(code: str) -> str:
    """Return the words of who speaks with the child."""
    return gettext(RELATIONS[code]) if code in RELATIONS else ""


def weekdays(digits: str) -> str:
    """Return the days of a room in words."""
    return "、".join(gettext(WEEKDAYS[one]) for one in digits if one in WEEKDAYS)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
