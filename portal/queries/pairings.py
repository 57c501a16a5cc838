"""Pairings on the desk: the list with its filters, masked by role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, select

from portal.core import access
from portal.domain import clock, masking
from portal.domain.actor import Actor
from portal.domain.lifecycles.pairings import MEET_WITHIN_DAYS
from portal.domain.masking import Kind
from portal.domain.permissions import Permission
from portal.domain.sight import show
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.pairings import Pairing
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.queries import cadences, closing_interviews, units
from portal.queries.desk import Waiting

PAGE = 50
#: Names lie sealed: a search opens at most so many rows.
SEARCH_LIMIT = 5_000
EXPORT_MOST = 5_000
Rows = Select[*tuple[Any, ...]]


#: What waits for somebody's step: the state, and whether they met (None: either).
WAITING: Mapping[str, tuple[str, bool | None]] = {
    "pairing_approve": ("proposed", None),
    "pairing_meet": ("matched", False),
    "pairing_start": ("matched", True),
}


@dataclass(frozen=True, slots=True)
class PairingFilter:
    """What to look for; everything empty means everything in the scope."""

    status: str = ""
    unit: str = ""
    helper: str = ""
    light: str = ""
    q: str = ""


@dataclass(frozen=True, slots=True)
class PairingRow:
    """One line of the list; names as the reader's role sees them."""

    id: UUID
    version: int
    file_no: str
    status: str
    unit: str
    unit_path: str
    child: str
    supporter: str
    supporter_id: UUID
    helper: str
    kind: str
    rhythm: str
    approved_on: date | None
    met_on: date | None
    started_on: date | None
    ended_on: date | None
    paused_reason: str
    end_reason: str
    #: The cadence's light, while it is active.
    light: str = ""
    #: It had begun and has ended, and nobody has recorded the closing interview.
    interview_open: bool = False

    @property
    def meet_by(self) -> date | None:
        """Return the day by which the first meeting should be, while it waits."""
        if self.status != "matched" or self.met_on or self.approved_on is None:
            return None
        return self.approved_on + timedelta(days=MEET_WITHIN_DAYS)

    @property
    def is_late(self) -> bool:
        """Tell whether the first meeting should have been already."""
        return self.meet_by is not None and self.meet_by < clock.today()


@dataclass(frozen=True, slots=True)
class PairingPage:
    """A page of the list; ``after`` continues it, ``cut`` says the search was limited."""

    rows: tuple[PairingRow, ...]
    after: str
    cut: bool = False


def page(actor: Actor, wanted: PairingFilter, after: str = "", limit: int = PAGE) -> PairingPage:
    """Return pairings in scope, the newest number first; ``after`` is the last one's number."""
    chosen = _filtered(wanted)
    if after:
        chosen = chosen.where(Pairing.file_no < after)
    most = SEARCH_LIMIT if wanted.q else limit + 1
    found = db.session.execute(chosen.limit(most)).all()
    rows = [row_of(actor, each) for each in found]
    hits = [row for row in rows if _fits(row, wanted.q)] if wanted.q else rows
    more = len(hits) > limit
    return PairingPage(
        _lit(hits[:limit]),
        hits[limit - 1].file_no if more else "",
        cut=bool(wanted.q) and len(found) == SEARCH_LIMIT,
    )


def counts(wanted: PairingFilter) -> Mapping[str, int]:
    """Return how many stand in each state, whatever state was asked for."""
    counted: Rows = select(Pairing.status, func.count(Pairing.id))
    chosen = _narrowed(counted, PairingFilter(unit=wanted.unit))
    return dict(iter(db.session.execute(chosen.group_by(Pairing.status))))


def waiting(name: str) -> Waiting:
    """Return how many pairings in the scope wait for a step of WAITING, and since when."""
    status, is_met = WAITING[name]
    chosen = select(func.count(Pairing.id), func.min(Pairing.status_since)).where(
        Pairing.status == status
    )
    if is_met is not None:
        has_met = Pairing.met_on.is_not(None)
        chosen = chosen.where(has_met if is_met else ~has_met)
    count, since = db.session.execute(chosen).one()
    return Waiting(count, since)


def places(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return the units below the reader's that have pairings: pairs (path, name)."""
    paths = set(db.session.scalars(select(Pairing.unit_path).distinct()))
    level = "county" if any(grant.unit_level == "city" for grant in actor.grants) else "township"
    ups = {path[: at + 1] for path in paths for at, sign in enumerate(path) if sign == "/"}
    rows = db.session.execute(
        select(Unit.path, Unit.name)
        .where(Unit.path.in_(ups), Unit.level == level)
        .order_by(Unit.code)
    )
    return tuple((row.path, row.name) for row in rows)


def listed() -> Rows:
    """Return pairings with their child, person and unit, the newest number first."""
    chosen: Rows = (
        select(Pairing, ChildFile, Supporter, Unit.name.label("unit"))
        .join(ChildFile, ChildFile.id == Pairing.child_id)
        .join(Supporter, Supporter.id == Pairing.supporter_id)
        .join(Unit, Unit.path == Pairing.unit_path)
        .order_by(Pairing.file_no.desc(), Pairing.id)
    )
    return chosen


def _filtered(wanted: PairingFilter) -> Rows:
    return _narrowed(listed(), wanted)


def _narrowed(chosen: Rows, wanted: PairingFilter) -> Rows:
    tests: list[ColumnElement[bool]] = []
    if wanted.status:
        tests.append(Pairing.status == wanted.status)
    if wanted.helper:
        tests.append(Pairing.helper == wanted.helper)
    if wanted.unit:
        tests.append(units.under(Pairing.unit_path, wanted.unit))
    if wanted.light:
        active = cadences.where(and_(Pairing.status == "active", *tests))
        tests.append(
            Pairing.id.in_([k for k, kept in active.items() if kept.cadence.light == wanted.light])
        )
    return chosen.where(*tests)


def _lit(rows: list[PairingRow]) -> tuple[PairingRow, ...]:
    """Add lights and open interviews, in a constant number of statements."""
    kept = cadences.of(row.id for row in rows if row.status == "active")
    talks = closing_interviews.open_of([row.id for row in rows if row.status == "closed"])
    return tuple(
        replace(
            row,
            light=kept[row.id].cadence.light if row.id in kept else "",
            interview_open=row.id in talks,
        )
        for row in rows
    )


def row_of(actor: Actor, row: Row[Any]) -> PairingRow:
    """Return a line of ``listed`` as this reader sees it."""
    one, person = row.Pairing, row.Supporter
    named = access.permits(actor, Permission.SUPPORTER_READ, person)
    return PairingRow(
        id=one.id,
        version=one.version,
        file_no=one.file_no,
        status=one.status,
        unit=row.unit,
        unit_path=one.unit_path,
        child=show(actor, Kind.NAME, row.ChildFile.name, one.unit_path),
        supporter=person.name if named else masking.mask_name(person.name),
        supporter_id=person.id,
        helper=one.helper,
        kind=one.kind,
        rhythm=one.rhythm,
        approved_on=one.approved_on,
        met_on=one.met_on,
        started_on=one.started_on,
        ended_on=one.ended_on,
        paused_reason=one.paused_reason,
        end_reason=one.end_reason,
    )


def _fits(row: PairingRow, q: str) -> bool:
    """Tell whether a number or a name, as this reader sees it, holds what is searched for."""
    wanted = q.strip().casefold()
    return any(wanted in each.casefold() for each in (row.file_no, row.child, row.supporter))
