"""A programme as its checklist sees it: timetable, rota with standings, settings, calendar (PG)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from portal.domain import clock
from portal.domain.lifecycles.programmes import COUNTED
from portal.domain.programme_checks import Lack, Plan, Rules, missing
from portal.domain.programmes import KINDS, WITH_CHILDREN
from portal.domain.settings import TenantSettings
from portal.domain.timetables import Line, ordered, topics_by_day
from portal.extensions import db
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme, TimetableItem
from portal.models.rota import Duty, ProgrammeStaff
from portal.models.standings import Clearance
from portal.models.supporters import Supporter
from portal.queries import calendars, units

_ON_ROSTER = ("enrolled", "attended")
_STANDS = ("planned", "done")


def lacks(programme: Programme) -> tuple[Lack, ...]:
    """Return what a programme lacks today."""
    return missing(plan(programme))


def plan(programme: Programme) -> Plan:
    """Return the plan behind the checklist, read anew."""
    adults, lapsed = _adults(programme.id)
    return Plan(
        kind=programme.kind,
        starts_on=programme.starts_on,
        ends_on=programme.ends_on,
        today=clock.today(),
        heads=heads(programme),
        title=programme.title,
        season=programme.season,
        ratio=programme.ratio,
        lines=topics_by_day(lines(programme.id)),
        adults=adults,
        lapsed=lapsed,
        venue=programme.venue,
        venue_checked_on=programme.venue_checked_on,
        insurance_no=programme.insurance_no,
        insured_until=programme.insured_until,
        has_plan=programme.plan_file_id is not None,
        drill_on=programme.drill_on,
        budget_fen=programme.budget_fen,
        register_from=programme.register_from,
        register_until=programme.register_until,
        other_camps=_other_camps(programme),
        calendar=calendars.of(programme.tenant_path),
        rules=rules_of(programme.kind, units.settings(programme.tenant_path)),
    )


def rules_of(kind: str, settings: TenantSettings) -> Rules:
    """Return what an authority has set for a kind; a kind without a setting keeps its own."""
    return Rules(
        ratio=getattr(settings, f"ratio_{kind}", KINDS[kind].ratio),
        adults=settings.programme_adults,
        camp_days=settings.camp_days,
        camps_a_vacation=settings.camps_a_vacation,
    )


def heads(programme: Programme) -> int:
    """Return how many are looked after: the roster once the programme runs, its places before."""
    if programme.status != "running":
        return programme.capacity
    on_roster = db.session.scalar(
        select(func.count(Enrolment.id)).where(
            Enrolment.programme_id == programme.id, Enrolment.status.in_(_ON_ROSTER)
        )
    )
    return on_roster or 0


def lines(programme_id: UUID) -> tuple[Line, ...]:
    """Return the timetable of a programme inside the scope."""
    rows = db.session.scalars(
        select(TimetableItem).where(TimetableItem.programme_id == programme_id)
    )
    return ordered(line_of(row) for row in rows)


def line_of(row: TimetableItem) -> Line:
    """Return a stored line as a value."""
    return Line(
        row.happens_on, row.starts, row.ends, row.title, row.topic, row.room, row.staff_id, row.id
    )


def _adults(programme_id: UUID) -> tuple[dict[date, int], tuple[date, ...]]:
    """Count who looks after children each day with a standing; name the days somebody has none."""
    rows = db.session.execute(
        select(Duty.happens_on, Duty.supporter_id, ProgrammeStaff.role, Clearance, Supporter)
        .join(ProgrammeStaff, ProgrammeStaff.id == Duty.staff_id)
        .join(Supporter, Supporter.id == Duty.supporter_id)
        .outerjoin(Clearance, Clearance.supporter_id == Duty.supporter_id)
        .where(
            Duty.programme_id == programme_id,
            Duty.status.in_(_STANDS),
            ProgrammeStaff.status == "confirmed",
        )
    ).all()
    present: dict[date, set[UUID]] = {}
    lapsed: set[date] = set()
    for day, supporter_id, role, cleared, person in rows:
        standing: Clearance | None = cleared
        if standing is None or not standing.holds_on(day) or not person.stands_on(day):
            lapsed.add(day)
        elif role in WITH_CHILDREN:
            present.setdefault(day, set()).add(supporter_id)
    return {day: len(people) for day, people in present.items()}, _sorted(lapsed)


def _sorted(days: Iterable[date]) -> tuple[date, ...]:
    return tuple(sorted(days))


def _other_camps(programme: Programme) -> int:
    """Count the other programmes of this kind, unit, vacation and year (S0-4.4a)."""
    if not KINDS[programme.kind].seasonal or not programme.season:
        return 0
    year = programme.starts_on.year
    return (
        db.session.scalar(
            select(func.count(Programme.id)).where(
                Programme.unit_path == programme.unit_path,
                Programme.kind == programme.kind,
                Programme.season == programme.season,
                Programme.starts_on >= date(year, 1, 1),
                Programme.starts_on <= date(year, 12, 31),
                Programme.status.in_(COUNTED),
                Programme.id != programme.id,
            )
        )
        or 0
    )
