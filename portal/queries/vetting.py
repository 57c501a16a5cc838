"""The vetting queue: which applications wait for this person, oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from portal.domain import clock, name_search
from portal.domain.actor import Actor, Role
from portal.domain.calendar import Calendar
from portal.domain.lifecycles.supporters import renewal_waits
from portal.domain.settings import TenantSettings
from portal.extensions import db
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.queries import calendars, units

PAGE = 20
WAITING = ("submitted", "checking")
#: Stands in the place of a state for a standing that waits for its renewal.
RENEWAL = "renewal"
#: What is not handed in yet is nobody's business but the applicant's.
UNSENT = "draft"
_VETTERS = (Role.COUNTY_STAFF, Role.CITY_STAFF)
#: A name that is searched for is opened for at most this many rows of marks that fit.
_OPENED_AT_MOST = 400
#: No application is older; a made-up cursor before it has no place on the clock.
_FIRST_YEAR = 2020


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One application in the queue."""

    id: UUID
    kind: str
    name: str
    county: str
    status: str
    submitted_at: datetime | None
    version: int
    #: The day by which it is looked at (submitted) or decided (checking); SV.
    due: date | None = None
    #: Working days that it has waited, by the authority's calendar.
    waited: int = 0
    #: Stands, and its holder asked to renew it.
    renews: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the queue; ``after`` continues it, empty at the end."""

    rows: tuple[QueueRow, ...]
    after: str


def queue(
    actor: Actor,
    *,
    status: str = "",
    kind: str = "",
    county: str = "",
    q: str = "",
    after: str = "",
) -> Queue:
    """Return the applications this person vets, oldest first; by default those that wait."""
    chosen = _queue_rows(actor)
    chosen = chosen.where(_in_state(status))
    if kind:
        chosen = chosen.where(Supporter.kind == kind)
    if county:
        chosen = chosen.where(Supporter.county_code == county)
    for mark in name_search.wanted(q):
        chosen = chosen.where(Supporter.name_marks.contains(mark))
    if (cursor := _cursor(after)) is not None:
        at, last = cursor
        chosen = chosen.where(or_(_entered() > at, and_(_entered() == at, Supporter.id > last)))
    many = _OPENED_AT_MOST if q else PAGE + 1
    offices = _Offices()
    found = [offices.row(row) for row in db.session.execute(chosen.limit(many))]
    rows = [row for row in found if not q or name_search.contains(row.name, q)]
    more = len(rows) > PAGE
    return Queue(tuple(rows[:PAGE]), _after(rows[PAGE - 1]) if more else "")


def counts(actor: Actor) -> dict[str, int]:
    """Return how many applications stand in each state, of those this person vets."""
    rows = db.session.execute(
        select(Supporter.status, func.count(Supporter.id).label("waiting"))
        .where(vetted_by(actor), Supporter.status != UNSENT)
        .group_by(Supporter.status)
    )
    renewals = db.session.scalar(
        select(func.count(Supporter.id)).where(vetted_by(actor), _renewing())
    )
    return dict(iter(rows)) | {RENEWAL: renewals or 0}


def next_waiting(actor: Actor, besides: UUID) -> UUID | None:
    """Return the application to open next: in hand before new, then oldest first."""
    row = db.session.execute(
        _queue_rows(actor)
        .where(_in_state(""), Supporter.id != besides)
        .order_by(None)
        .order_by(Supporter.submitted_at, Supporter.id)
        .limit(1)
    ).first()
    return row.id if row else None


def counties(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return the counties this person vets for that have applications: pairs (code, name)."""
    rows = db.session.execute(
        select(Supporter.county_code, Unit.name)
        .join(Unit, Unit.path == Supporter.unit_path)
        .where(vetted_by(actor))
        .distinct()
        .order_by(Supporter.county_code)
    )
    return tuple(rows)


def namesakes(actor: Actor, supporter: Supporter) -> tuple[QueueRow, ...]:
    """Return the applications of the same name that this person vets."""
    chosen = _queue_rows(actor).where(
        Supporter.id != supporter.id, Supporter.name_marks == supporter.name_marks
    )
    offices = _Offices()
    rows = [offices.row(row) for row in db.session.execute(chosen.limit(PAGE))]
    return tuple(row for row in rows if row.name == supporter.name)


def vetted_by(actor: Actor) -> ColumnElement[bool]:
    """Keep the rows of the units in which this person holds a vetting role."""
    paths = {grant.path for grant in actor.grants if grant.role in _VETTERS}
    prefixes = [
        and_(Supporter.unit_path >= path, Supporter.unit_path < path[:-1] + "0") for path in paths
    ]
    return or_(false(), *prefixes)


def _in_state(status: str) -> ColumnElement[bool]:
    """Keep one state, a renewal asked for, or (by default) whatever waits for this desk."""
    if status == RENEWAL:
        return _renewing()
    if status:
        return Supporter.status == status
    return or_(Supporter.status.in_(WAITING), _renewing())


def _renewing() -> ColumnElement[bool]:
    """Keep the standings whose holder asked to renew them (lifecycles.supporters)."""
    return and_(Supporter.status == "approved", Supporter.submitted_at > Supporter.approved_at)


def _entered() -> Any:
    return func.coalesce(Supporter.submitted_at, Supporter.created_at)


def _queue_rows(actor: Actor) -> Any:
    return (
        select(
            Supporter.id,
            Supporter.kind,
            Supporter.name,
            Unit.name.label("county"),
            Supporter.status,
            Supporter.submitted_at,
            Supporter.approved_at,
            Supporter.version,
            Supporter.created_at,
            Supporter.tenant_path,
        )
        .join(Unit, Unit.path == Supporter.unit_path)
        .where(vetted_by(actor), Supporter.status != UNSENT)
        .order_by(_entered(), Supporter.id)
    )


class _Offices:
    """How the authorities of one page count working days; each is asked for once."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Calendar, TenantSettings]] = {}

    def row(self, row: Any) -> QueueRow:
        """Return a row of the queue with its deadline and its age in working days."""
        since = row.submitted_at or row.created_at
        due, waited = None, 0
        renews = renewal_waits(row)
        if row.status in WAITING or renews:
            office, rules = self._of(row.tenant_path)
            day = clock.local(since).date()
            first = row.status == "submitted"
            days = rules.first_look_days if first else rules.decision_days
            due = office.workdays_after(day, days)
            waited = office.workdays_between(day, clock.today())
        return QueueRow(
            row.id, row.kind, row.name, row.county, row.status, since, row.version, due, waited,
            renews,
        )  # fmt: skip

    def _of(self, tenant_path: str) -> tuple[Calendar, TenantSettings]:
        if tenant_path not in self._known:
            self._known[tenant_path] = (calendars.of(tenant_path), units.settings(tenant_path))
        return self._known[tenant_path]


def _after(row: QueueRow) -> str:
    return f"{row.submitted_at.isoformat() if row.submitted_at else ''}~{row.id}"


def _cursor(after: str) -> tuple[datetime, UUID] | None:
    at, _, last = after.partition("~")
    try:
        moment, identifier = datetime.fromisoformat(at), UUID(last)
    except ValueError:
        return None
    return (moment, identifier) if moment.tzinfo and moment.year >= _FIRST_YEAR else None
