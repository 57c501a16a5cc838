"""Programmes in numbers: child-days and rates, by topic, area, kind of child; camps, hours.

Each number is the length of a list that ``programme_figure_rows`` opens. Four statements, however
many children there are; carers are counted apart (S1-2.3.5a).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import extract, func, select, true

from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.attendance import Counts
from portal.domain.child_days import Call, ChildDay, counts, fold
from portal.domain.lifecycles.programmes import COUNTED
from portal.domain.programmes import KINDS, NO_ACTIVITY
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme, ProgrammeSession, TimetableItem
from portal.models.rota import Duty
from portal.queries import child_days, units
from portal.queries.pairing_figures import in_reach
from portal.queries.units import UnitRow

#: One or two camps a county and year (S1-2.3.1a).
CAMPS_MIN, CAMPS_MAX = 1, 2


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the scope (where the children live), which year, which kind; all if empty."""

    unit: str = ""
    year: int = 0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Who:
    """What counting needs of an enrolment."""

    child_id: UUID
    unit_path: str
    participant: str
    category: str


@dataclass(frozen=True, slots=True)
class Group:
    """A line of a table: its key, its words where the key has none, its counts."""

    key: str
    label: str
    counts: Counts
    people: int = 0


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: how often it stood on the timetable of a day that was held, how many heard it."""

    key: str
    times: int
    heard: int


@dataclass(frozen=True, slots=True)
class Camps:
    """How many camps a county held in the year, against the least (S1-2.3.1a)."""

    path: str
    name: str
    held: int

    @property
    def is_enough(self) -> bool:
        """Tell whether the year's least is reached."""
        return self.held >= CAMPS_MIN


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything the page and the workbook show."""

    asked: Asked
    place: str
    as_of: date
    children: Counts
    carers: Counts
    kinds: tuple[Group, ...]
    programmes: tuple[Group, ...]
    areas: tuple[Group, ...]
    categories: tuple[Group, ...]
    topics: tuple[Topic, ...]
    camps: tuple[Camps, ...]
    #: Minutes of duties done, and by how many people.
    minutes: int
    volunteers: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """The child-days of what was asked, with who they are of and what of."""

    days: tuple[ChildDay, ...]
    who: Mapping[UUID, Who]
    programmes: Mapping[UUID, tuple[str, str, str]]

    def of(self, participant: str) -> list[ChildDay]:
        """Return the days of children, or of carers."""
        return [one for one in self.days if self.who[one.enrolment_id].participant == participant]


def load(asked: Asked) -> Loaded:
    """Return the child-days in the scope that were asked for."""
    wanted = [extract("year", ProgrammeSession.happens_on) == asked.year]
    if asked.kind:
        wanted.append(Programme.kind == asked.kind)
    if asked.unit:
        wanted.append(units.under(Enrolment.unit_path, asked.unit))
    days = fold(Call(*row) for row in db.session.execute(child_days.calls().where(*wanted)))
    return Loaded(days, _who({one.enrolment_id for one in days}), _programmes())


def figures(actor: Actor, asked: Asked) -> Figures:
    """Return the figures of a part of the reader's scope."""
    in_reach(actor, asked.unit)
    found = load(asked)
    here, below = _place(actor, asked.unit)
    children = found.of("child")
    minutes, volunteers = _duties(asked)
    return Figures(
        asked=asked,
        place=here.name if here else "",
        as_of=clock.today(),
        children=counts(children),
        carers=counts(found.of("carer")),
        kinds=_grouped(found, children, lambda day: found.programmes[day.programme_id][0]),
        programmes=_by_programme(found),
        areas=_by_area(found, children, below),
        categories=_grouped(found, children, lambda day: found.who[day.enrolment_id].category),
        topics=_topics(asked, children),
        camps=_camps(asked, here, below),
        minutes=minutes,
        volunteers=volunteers,
    )


def _who(ids: set[UUID]) -> Mapping[UUID, Who]:
    rows = db.session.execute(
        select(
            Enrolment.id, Enrolment.child_id, Enrolment.unit_path, Enrolment.participant,
            ChildFile.primary_category,
        )
        .outerjoin(ChildFile, ChildFile.id == Enrolment.child_id)
        .where(Enrolment.id.in_(ids))
    )  # fmt: skip
    return {row[0]: Who(row[1], row[2], row[3], row[4] or "") for row in rows}


def _programmes() -> Mapping[UUID, tuple[str, str, str]]:
    """Return kind, code and title of every programme of the authority."""
    rows = db.session.execute(select(Programme.id, Programme.kind, Programme.code, Programme.title))
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def _grouped(
    found: Loaded, days: Iterable[ChildDay], key: Callable[[ChildDay], str]
) -> tuple[Group, ...]:
    groups: dict[str, list[ChildDay]] = defaultdict(list)
    for day in days:
        groups[key(day)].append(day)
    return tuple(
        Group(name, "", counts(groups[name]), _people(found, groups[name]))
        for name in sorted(groups)
    )


def _by_programme(found: Loaded) -> tuple[Group, ...]:
    groups: dict[UUID, list[ChildDay]] = defaultdict(list)
    for day in found.days:
        groups[day.programme_id].append(day)
    rows = [
        Group(code, title, counts(groups[each]), _people(found, groups[each]))
        for each, (_, code, title) in found.programmes.items()
        if each in groups
    ]
    return tuple(sorted(rows, key=lambda group: group.key))


def _by_area(found: Loaded, days: list[ChildDay], below: tuple[UnitRow, ...]) -> tuple[Group, ...]:
    rows = []
    for unit in below:
        own = [d for d in days if found.who[d.enrolment_id].unit_path.startswith(unit.path)]
        if own:
            rows.append(Group(unit.path, unit.name, counts(own), _people(found, own)))
    return tuple(rows)


def _people(found: Loaded, days: Iterable[ChildDay]) -> int:
    return len({found.who[one.enrolment_id].child_id for one in days})


def _topics(asked: Asked, days: Iterable[ChildDay]) -> tuple[Topic, ...]:
    """Count a topic once per line of the timetable of a day on which children were there."""
    there = Counter((one.programme_id, one.day) for one in days if one.here)
    rows = db.session.execute(
        select(TimetableItem.programme_id, TimetableItem.happens_on, TimetableItem.topic).where(
            extract("year", TimetableItem.happens_on) == asked.year,
            TimetableItem.topic.not_in(NO_ACTIVITY),
        )
    )
    times: Counter[str] = Counter()
    heard: Counter[str] = Counter()
    for programme_id, day, topic in rows:
        if there[(programme_id, day)]:
            times[topic] += 1
            heard[topic] += there[(programme_id, day)]
    return tuple(Topic(key, times[key], heard[key]) for key in sorted(times))


def _camps(asked: Asked, here: UnitRow | None, below: tuple[UnitRow, ...]) -> tuple[Camps, ...]:
    """Count by county; below a county nobody is asked for a camp."""
    if here is None or here.level not in ("city", "county"):
        return ()
    seasonal = [name for name, kind in KINDS.items() if kind.seasonal]
    held = Counter(
        db.session.scalars(
            select(Programme.unit_path).where(
                Programme.kind.in_(seasonal),
                Programme.status.in_(COUNTED),
                extract("year", Programme.starts_on) == asked.year,
            )
        )
    )
    counties = below if here.level == "city" else (here,)
    return tuple(Camps(one.path, one.name, held[one.path]) for one in counties)


def _duties(asked: Asked) -> tuple[int, int]:
    row = db.session.execute(
        select(func.coalesce(func.sum(Duty.minutes), 0), func.count(Duty.supporter_id.distinct()))
        .join(Programme, Programme.id == Duty.programme_id)
        .where(
            Duty.status == "done",
            extract("year", Duty.happens_on) == asked.year,
            units.under(Programme.unit_path, asked.unit) if asked.unit else true(),
            Programme.kind == asked.kind if asked.kind else true(),
        )
    ).one()
    return int(row[0] or 0), int(row[1])


def _place(actor: Actor, unit: str) -> tuple[UnitRow | None, tuple[UnitRow, ...]]:
    path = unit or min((grant.path for grant in actor.grants), key=len, default="")
    if not path:
        return None, ()
    here = units.by_path(path)
    level = {"province": "city", "city": "county", "county": "township"}.get(here.level, "village")
    return here, units.below(here.path, level)


__all__ = ["Asked", "Figures", "Loaded", "figures", "load"]
