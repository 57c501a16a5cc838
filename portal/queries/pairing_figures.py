"""Pairings in numbers: the rate by area, by kind of helper, by month, and what was kept (S1-1d).

Each number is the length of a list of ids that ``pairing_figure_rows`` opens, so that a number and
its rows cannot differ. Five statements, and the cadence's own, however many pairings there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, true

from portal.domain import cadence, clock
from portal.domain.actor import Actor
from portal.domain.cadence import Obligation, Tally
from portal.domain.errors import NotFound
from portal.domain.figures import Share
from portal.domain.needs import HELPERS
from portal.domain.settings import TenantSettings
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.pairings import Pairing, PairingPause
from portal.queries import cadences, units
from portal.queries.units import UnitRow

#: Whom the register of form 2 counts; others are cared for, too, but no rate is asked of them.
REGISTER = ("scattered_orphan", "de_facto_unattended", "autism")
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the scope, and which year; ``everybody`` counts every category."""

    unit: str = ""
    year: int = 0
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """One unit below, with the children who have at least one active pairing."""

    path: str
    code: str
    name: str
    paired: Share
    has_site: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """One month: what began and ended in it, what stood at its end, what was kept."""

    first: date
    started: int
    ended: int
    standing: int
    kept: Tally

    @property
    def share(self) -> Share:
        """Return met ÷ due of the obligations whose period ended in the month."""
        return Share(self.kept.met, self.kept.due)


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything the page and the workbook show."""

    asked: Asked
    place: str
    as_of: date
    paired: Share
    target: int
    areas: tuple[Area, ...]
    #: Townships with a demonstration site: all of their children are to be paired (S1-1d).
    sites: Share
    helpers: tuple[tuple[str, int], ...]
    months: tuple[Month, ...]
    kept: Tally

    @property
    def share(self) -> Share:
        """Return met ÷ due of the year's obligations whose period is over."""
        return Share(self.kept.met, self.kept.due)

    @property
    def active(self) -> int:
        """Return how many pairings are active; the kinds of helpers sum to it (S0-4.2b)."""
        return sum(number for _, number in self.helpers)


@dataclass(frozen=True, slots=True)
class Line:
    """What counting needs of a pairing that has begun."""

    id: UUID
    child_id: UUID
    unit_path: str
    helper: str
    status: str
    started_on: date
    ended_on: date | None
    rests: tuple[tuple[date, date | None], ...] = ()

    def stands_on(self, day: date) -> bool:
        """Tell whether it was active at the end of a day: begun, not ended, not resting."""
        if self.started_on > day or (self.ended_on is not None and self.ended_on <= day):
            return False
        return not any(since <= day and (not to or to > day) for since, to in self.rests)


def figures(actor: Actor, asked: Asked) -> Figures:
    """Return the figures of a part of the reader's scope."""
    lines = begun(asked.unit)
    living = children(asked)
    paired = {line.child_id for line in lines if line.status == "active"}
    here, below = _place(actor, asked.unit)
    settings = _settings(here)
    areas = _areas(below, living, paired, settings)
    obligations = duties(asked.unit)
    return Figures(
        asked=asked,
        place=here.name if here else "",
        as_of=clock.today(),
        paired=Share(len(paired & living.keys()), len(living)),
        target=settings.pairing_target,
        areas=areas,
        sites=_sum(area.paired for area in areas if area.has_site),
        helpers=_helpers(lines),
        months=tuple(_months(asked.year, lines, obligations)),
        kept=cadence.tally(_of_year(asked.year, obligations), before=clock.today()),
    )


def begun(unit: str) -> tuple[Line, ...]:
    """Return the pairings in the scope that have begun, with their rests."""
    rests: dict[UUID, list[tuple[date, date | None]]] = defaultdict(list)
    for row in db.session.execute(
        select(PairingPause.pairing_id, PairingPause.from_on, PairingPause.until_on)
    ):
        rests[row.pairing_id].append((row.from_on, row.until_on))
    rows = db.session.execute(
        select(
            Pairing.id, Pairing.child_id, Pairing.unit_path, Pairing.helper, Pairing.status,
            Pairing.started_on, Pairing.ended_on,
        ).where(Pairing.started_on.is_not(None), _below(Pairing.unit_path, unit))
    )  # fmt: skip
    return tuple(
        Line(
            row.id, row.child_id, row.unit_path, row.helper, row.status, row.started_on,
            row.ended_on, tuple(rests[row.id]),
        )
        for row in rows
        if row.started_on is not None
    )  # fmt: skip


def children(asked: Asked) -> Mapping[UUID, str]:
    """Return the active children the rate is about: id and village."""
    chosen = select(ChildFile.id, ChildFile.unit_path).where(
        ChildFile.status == "active", _below(ChildFile.unit_path, asked.unit)
    )
    if not asked.everybody:
        chosen = chosen.where(ChildFile.primary_category.in_(REGISTER))
    return dict(iter(db.session.execute(chosen)))


def duties(unit: str) -> tuple[tuple[UUID, Obligation], ...]:
    """Return every obligation of the pairings in the scope."""
    found = cadences.where(_below(Pairing.unit_path, unit))
    return tuple(
        (pairing_id, one) for pairing_id, kept in found.items() for one in kept.cadence.obligations
    )


def ends_in(one: Obligation, first: date) -> bool:
    """Tell whether an obligation's period ends in the month that begins on ``first``."""
    return (one.period_to.year, one.period_to.month) == (first.year, first.month)


def month_end(first: date) -> date:
    """Return the last day of the month that begins on ``first``."""
    return cadence.period_of(first, 1)[1]


def _below(column: Any, unit: str) -> ColumnElement[bool]:
    return units.under(column, unit) if unit else true()


def in_reach(actor: Actor, unit: str) -> None:
    """Raise NotFound for a unit that lies outside the reader's own."""
    if unit and not unit.startswith(tuple(grant.path for grant in actor.grants)):
        raise NotFound


def _place(actor: Actor, unit: str) -> tuple[UnitRow | None, tuple[UnitRow, ...]]:
    """Return the unit that is looked at and the units of the level below it."""
    in_reach(actor, unit)
    path = unit or min((grant.path for grant in actor.grants), key=len, default="")
    if not path:
        return None, ()
    here = units.by_path(path)
    level = {"province": "city", "city": "county", "county": "township"}.get(here.level, "village")
    return here, units.below(here.path, level)


def _settings(here: UnitRow | None) -> TenantSettings:
    return units.settings(here.tenant_path) if here and here.tenant_path else TenantSettings()


def _areas(
    below: Iterable[UnitRow],
    living: Mapping[UUID, str],
    paired: set[UUID],
    settings: TenantSettings,
) -> tuple[Area, ...]:
    sites = set(settings.site_towns.split())
    whole: Counter[str] = Counter()
    part: Counter[str] = Counter()
    for child_id, path in living.items():
        whole[path] += 1
        part[path] += child_id in paired
    return tuple(
        Area(
            unit.path, unit.code, unit.name,
            Share(_under(part, unit.path), _under(whole, unit.path)), unit.code in sites,
        )
        for unit in below
    )  # fmt: skip


def _under(counted: Counter[str], path: str) -> int:
    return sum(number for each, number in counted.items() if each.startswith(path))


def _sum(shares: Iterable[Share]) -> Share:
    found = list(shares)
    return Share(sum(one.part for one in found), sum(one.whole for one in found))


def _helpers(lines: Iterable[Line]) -> tuple[tuple[str, int], ...]:
    counted = Counter(line.helper for line in lines if line.status == "active")
    return tuple((key, counted[key]) for key in (*HELPERS, "") if key or counted[""])


def _of_year(year: int, obligations: Iterable[tuple[UUID, Obligation]]) -> list[Obligation]:
    return [one for _, one in obligations if one.period_to.year == year]


def _months(
    year: int, lines: tuple[Line, ...], obligations: tuple[tuple[UUID, Obligation], ...]
) -> Iterable[Month]:
    today = clock.today()
    for number in range(1, _MONTHS + 1):
        first = date(year, number, 1)
        if first > today:
            return
        last = min(month_end(first), today)
        yield Month(
            first=first,
            started=sum(first <= line.started_on <= last for line in lines),
            ended=sum(bool(line.ended_on and first <= line.ended_on <= last) for line in lines),
            standing=sum(line.stands_on(last) for line in lines),
            kept=cadence.tally(
                [one for _, one in obligations if ends_in(one, first)], before=today
            ),
        )
