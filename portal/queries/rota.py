"""The rota of a programme: who, in which role, on which days; how many adults each day has."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from portal.domain import clock
from portal.domain.enrolments import ON_ROSTER, days_of
from portal.domain.programmes import WITH_CHILDREN, adults_needed
from portal.domain.rota import LOOK_AHEAD_DAYS
from portal.extensions import db
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme, ProgrammeSession, TimetableItem
from portal.models.rota import Duty, DutySwap, ProgrammeStaff
from portal.models.standings import Clearance
from portal.queries import units

_KEPT = ("planned", "done")


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty of a person."""

    id: UUID
    version: int
    on: date
    starts: str
    ends: str
    status: str
    #: The person's standing does not reach this day.
    lapses: bool


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A person of the rota with their duties; ``until`` is the last day of tier 2."""

    id: UUID
    version: int
    supporter_id: UUID
    name: str
    role: str
    status: str
    until: date | None
    has_login: bool
    duties: tuple[DutyRow, ...]


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day: adults who look after children, and how many there must be (ratio, PG)."""

    on: date
    adults: int
    needed: int

    @property
    def is_short(self) -> bool:
        """Tell whether too few adults are on duty."""
        return self.adults < self.needed


@dataclass(frozen=True, slots=True)
class SwapRow:
    """A swap that waits for an answer."""

    id: UUID
    version: int
    giver: str
    taker: str
    on: date
    starts: str
    ends: str
    words: str


def staff(programme_id: UUID) -> tuple[StaffRow, ...]:
    """Return everybody who was ever asked, those who stand first, by name of role."""
    found = db.session.execute(
        select(ProgrammeStaff, Clearance)
        .outerjoin(Clearance, Clearance.supporter_id == ProgrammeStaff.supporter_id)
        .where(ProgrammeStaff.programme_id == programme_id)
        .order_by(ProgrammeStaff.created_at, ProgrammeStaff.id)
    ).all()
    duties = defaultdict(list)
    for one in db.session.scalars(
        select(Duty)
        .where(Duty.programme_id == programme_id, Duty.status.in_(_KEPT))
        .order_by(Duty.happens_on, Duty.starts)
    ):
        duties[one.staff_id].append(one)
    rows = [_staff(row.ProgrammeStaff, row.Clearance, duties) for row in found]
    return tuple(sorted(rows, key=lambda row: (row.status == "removed", row.status == "invited")))


def days(programme_id: UUID) -> tuple[DayRow, ...]:
    """Return every day the programme meets with its adults of tier 2, against the ratio."""
    programme = db.session.get_one(Programme, programme_id)
    adults = _adults(programme_id)
    least = units.settings(programme.tenant_path).programme_adults
    needed = adults_needed(heads(programme), programme.ratio, least)
    return tuple(
        DayRow(day, len(adults.get(day, ())), needed) for day in sorted(meeting_days(programme))
    )


def heads(programme: Programme) -> int:
    """Return how many children are looked after: the roster, the places while none is filled."""
    on_roster = db.session.scalar(
        select(func.count(Enrolment.id)).where(
            Enrolment.programme_id == programme.id, Enrolment.status.in_(ON_ROSTER)
        )
    )
    return on_roster or programme.capacity


def meeting_days(programme: Programme) -> frozenset[date]:
    """Return the days a programme meets on; every day of it while none is planned."""
    sessions = select(ProgrammeSession.happens_on).where(
        ProgrammeSession.programme_id == programme.id, ProgrammeSession.status != "cancelled"
    )
    lines = select(TimetableItem.happens_on).where(TimetableItem.programme_id == programme.id)
    held = set(db.session.scalars(sessions.distinct())) or set(db.session.scalars(lines.distinct()))
    return days_of(programme.starts_on, programme.ends_on, held)


def short_of_adults(limit: int = 50) -> tuple[tuple[str, str, date], ...]:
    """Return the open and running programmes in reach with a day soon that lacks adults."""
    today = clock.today()
    until = today + timedelta(days=LOOK_AHEAD_DAYS)
    found = []
    rows = db.session.scalars(
        select(Programme)
        .where(
            Programme.status.in_(("open", "running")),
            Programme.starts_on <= until,
            Programme.ends_on >= today,
        )
        .order_by(Programme.starts_on, Programme.code)
        .limit(limit)
    )
    for programme in rows:
        soon = [day for day in days(programme.id) if today <= day.on <= until and day.is_short]
        if soon:
            found.append((programme.code, programme.title, soon[0].on))
    return tuple(found)


def swaps(programme_id: UUID) -> tuple[SwapRow, ...]:
    """Return the swaps of a programme that wait for an answer, the nearest day first."""
    taker = select(ProgrammeStaff).subquery()
    rows = db.session.execute(
        select(DutySwap, Duty, ProgrammeStaff, taker.c.id.label("taker_id"))
        .join(Duty, Duty.id == DutySwap.duty_id)
        .join(ProgrammeStaff, ProgrammeStaff.id == Duty.staff_id)
        .join(taker, taker.c.id == DutySwap.to_staff_id)
        .where(DutySwap.programme_id == programme_id, DutySwap.status == "asked")
        .order_by(Duty.happens_on, Duty.starts)
    ).all()
    names = {
        one.id: one.name
        for one in db.session.scalars(
            select(ProgrammeStaff).where(ProgrammeStaff.programme_id == programme_id)
        )
    }
    return tuple(
        SwapRow(
            row.DutySwap.id, row.DutySwap.version, row.ProgrammeStaff.name,
            names.get(row.taker_id, ""), row.Duty.happens_on, row.Duty.starts, row.Duty.ends,
            row.DutySwap.words,
        )
        for row in rows
    )  # fmt: skip


def _staff(
    one: ProgrammeStaff, standing: Clearance | None, duties: dict[UUID, list[Duty]]
) -> StaffRow:
    return StaffRow(
        one.id, one.version, one.supporter_id, one.name, one.role, one.status,
        standing.valid_to if standing is not None and standing.holds_on(clock.today()) else None,
        one.user_id is not None,
        tuple(
            DutyRow(
                duty.id, duty.version, duty.happens_on, duty.starts, duty.ends, duty.status,
                duty.status == "planned"
                and (standing is None or not standing.holds_on(duty.happens_on)),
            )
            for duty in duties[one.id]
        ),
    )  # fmt: skip


def _adults(programme_id: UUID) -> dict[date, set[UUID]]:
    rows = db.session.execute(
        select(Duty.happens_on, Duty.supporter_id, ProgrammeStaff.role, Clearance)
        .join(ProgrammeStaff, ProgrammeStaff.id == Duty.staff_id)
        .join(Clearance, Clearance.supporter_id == Duty.supporter_id)
        .where(
            Duty.programme_id == programme_id,
            Duty.status.in_(_KEPT),
            ProgrammeStaff.status == "confirmed",
        )
    )
    found: dict[date, set[UUID]] = defaultdict(set)
    for day, person, role, standing in rows:
        if role in WITH_CHILDREN and standing.holds_on(day):
            found[day].add(person)
    return found
