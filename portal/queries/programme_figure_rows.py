"""The rows behind a number of ``programme_figures``: child-days, or the programmes themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.domain.actor import Actor
from portal.domain.attendance import HERE
from portal.domain.child_days import ChildDay
from portal.domain.errors import NotFound
from portal.domain.masking import Kind
from portal.domain.sight import show
from portal.extensions import db
from portal.models.enrolments import Enrolment
from portal.models.units import Unit
from portal.queries import programme_figures
from portal.queries.pairing_figures import in_reach
from portal.queries.programme_figures import Asked, Loaded

PAGE = 100
#: What a number may be, in the words of the page that opens it.
WHATS: Mapping[str, str] = {
    "expected": "应到",
    "here": "实到",
    "leave": "请假",
    "absent": "缺席",
}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which of the days: of one programme, category or participant; every one if empty."""

    programme: str = ""
    category: str | None = None
    participant: str = "child"


@dataclass(frozen=True, slots=True)
class Row:
    """One child-day behind a number."""

    day: date
    code: str
    title: str
    called: str
    place: str
    category: str
    state: str
    child_id: UUID


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of rows, how many there are in all, and where the next page begins."""

    rows: tuple[Row, ...]
    total: int
    after: int


def rows(actor: Actor, what: str, asked: Asked, narrowed: Narrowed, *, after: int = 0) -> Rows:
    """Return the child-days a number counts, by day; NotFound for a number there is none of."""
    if what not in WHATS:
        raise NotFound
    in_reach(actor, asked.unit)
    found = programme_figures.load(asked)
    chosen = [day for day in found.days if _counts(found, day, what, narrowed)]
    cut = chosen[after : after + PAGE]
    more = after + PAGE if len(chosen) > after + PAGE else 0
    return Rows(_told(actor, found, cut), len(chosen), more)


_WANTED: Mapping[str, Callable[[ChildDay], bool]] = {
    "expected": lambda _: True,
    "here": lambda day: day.state in HERE,
    "leave": lambda day: day.state == "leave",
    "absent": lambda day: day.state == "absent",
}


def _counts(found: Loaded, day: ChildDay, what: str, narrowed: Narrowed) -> bool:
    who = found.who[day.enrolment_id]
    if narrowed.participant and who.participant != narrowed.participant:
        return False
    if narrowed.category is not None and who.category != narrowed.category:
        return False
    if narrowed.programme and found.programmes[day.programme_id][1] != narrowed.programme:
        return False
    return _WANTED[what](day)


def _told(actor: Actor, found: Loaded, days: list[ChildDay]) -> tuple[Row, ...]:
    named = {
        row[0]: (row[1], row[2])
        for row in db.session.execute(
            select(Enrolment.id, Enrolment.called, Unit.name)
            .join(Unit, Unit.path == Enrolment.unit_path)
            .where(Enrolment.id.in_({one.enrolment_id for one in days}))
        )
    }
    return tuple(
        Row(
            day=one.day, code=found.programmes[one.programme_id][1],
            title=found.programmes[one.programme_id][2],
            called=show(
                actor, Kind.NAME, named[one.enrolment_id][0] or "",
                found.who[one.enrolment_id].unit_path,
            ),
            place=named[one.enrolment_id][1], category=found.who[one.enrolment_id].category,
            state=one.state, child_id=found.who[one.enrolment_id].child_id,
        )
        for one in days
        if one.enrolment_id in named
    )  # fmt: skip
