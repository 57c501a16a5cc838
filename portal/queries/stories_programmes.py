"""What a story looks at in camps and classes: states, numbers, who was told how soon."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import select

from portal.domain import child_days, clock
from portal.domain.attendance import HERE
from portal.domain.enrolments import ON_ROSTER
from portal.domain.errors import NotFound
from portal.domain.identity import age_on
from portal.extensions import db
from portal.models.attendance import AttendanceCell, AttendanceMark, Departure
from portal.models.children import ChildFile
from portal.models.enrolments import Enrolment, PickupPerson
from portal.models.programmes import Programme, ProgrammeNotice, ProgrammeSession
from portal.queries import programme_checks, programme_numbers

_MINUTE = 60


def state(programme_id: UUID) -> str:
    """Return a programme's state; NotFound for who may not know of it."""
    return _get(programme_id).status


def number(programme_id: UUID) -> str:
    """Return a programme's public number."""
    return _get(programme_id).code


def lacks(programme_id: UUID) -> list[str]:
    """Return the codes of what a programme lacks or is warned of, in the order of its page."""
    return [one.code for one in programme_checks.lacks(_get(programme_id))]


def notice(code: str) -> str:
    """Return the state of a public notice; "none" where there is none."""
    found = db.session.scalar(select(ProgrammeNotice.state).where(ProgrammeNotice.code == code))
    return found or "none"


def enrolments(programme_id: UUID) -> dict[str, int]:
    """Count a programme's enrolments in sight by state."""
    return dict(
        Counter(
            db.session.scalars(
                select(Enrolment.status).where(Enrolment.programme_id == programme_id)
            )
        )
    )


def reasons(programme_id: UUID) -> list[str]:
    """Return why enrolments were refused, sorted."""
    rows = db.session.scalars(
        select(Enrolment).where(
            Enrolment.programme_id == programme_id, Enrolment.status == "refused"
        )
    )
    return sorted(row.reason for row in rows)


def numbers(programme_id: UUID) -> dict[str, object]:
    """Return expected, there, leave, absent and both rates of a programme, as in its report."""
    found = programme_numbers.of(_get(programme_id))
    return {
        "expected": found.expected,
        "here": found.here,
        "leave": found.leave,
        "absent": found.absent,
        "rate": child_days.rate(found).text,
        "without_leave": child_days.rate_without_leave(found).text,
    }


def sessions(programme_id: UUID) -> dict[str, int]:
    """Count a programme's sessions by state."""
    return dict(
        Counter(
            db.session.scalars(
                select(ProgrammeSession.status).where(ProgrammeSession.programme_id == programme_id)
            )
        )
    )


def session(programme_id: UUID, day: date, starts: str = "") -> UUID:
    """Return the session of a day that is held, the first one unless its hour is named."""
    asked = select(ProgrammeSession.id).where(
        ProgrammeSession.programme_id == programme_id, ProgrammeSession.happens_on == day,
        ProgrammeSession.status != "cancelled",
    ).order_by(ProgrammeSession.starts)  # fmt: skip
    if starts:
        asked = asked.where(ProgrammeSession.starts == starts)
    found: UUID | None = db.session.scalar(asked.limit(1))
    if found is None:
        raise NotFound
    return found


def roster(programme_id: UUID) -> dict[str, UUID]:
    """Return the enrolments on a roster by their number."""
    rows = db.session.execute(
        select(Enrolment.roster_no, Enrolment.id)
        .where(Enrolment.programme_id == programme_id, Enrolment.status.in_(ON_ROSTER))
        .order_by(Enrolment.roster_no)
    )
    return {str(no): each for no, each in rows}


def on_roster(programme_id: UUID, number: str) -> UUID:
    """Return the enrolment with a number of the roster."""
    found = roster(programme_id)
    if number not in found:
        raise NotFound
    return found[number]


def to_fetch(session_id: UUID) -> list[tuple[UUID, UUID]]:
    """Return who was there and may be fetched, each with a registered person."""
    rows = db.session.execute(
        select(AttendanceCell.enrolment_id, PickupPerson.id)
        .join(PickupPerson, PickupPerson.enrolment_id == AttendanceCell.enrolment_id)
        .where(
            AttendanceCell.session_id == session_id, AttendanceCell.state.in_(HERE),
            PickupPerson.ended_at.is_(None),
        )
        .order_by(AttendanceCell.enrolment_id)
    )  # fmt: skip
    return [(enrolment_id, pickup_id) for enrolment_id, pickup_id in rows]


def absences(programme_id: UUID) -> dict[str, int]:
    """Return how many roll calls were missed without leave, told of, and the longest wait.

    Minutes from the mark, or from the start of the session where that came later.
    """
    rows = db.session.execute(
        select(AttendanceCell, ProgrammeSession, AttendanceMark.received_at)
        .join(ProgrammeSession, ProgrammeSession.id == AttendanceCell.session_id)
        .join(
            AttendanceMark,
            (AttendanceMark.session_id == AttendanceCell.session_id)
            & (AttendanceMark.enrolment_id == AttendanceCell.enrolment_id)
            & (AttendanceMark.state == "absent"),
        )
        .where(AttendanceCell.programme_id == programme_id, AttendanceCell.state == "absent")
    ).all()
    told = [
        (cell.alerted_at - max(heard, _starts(one))).total_seconds() / _MINUTE
        for cell, one, heard in rows
        if cell.alerted_at is not None
    ]
    return {"missed": len(rows), "told": len(told), "longest": int(max(told, default=0))}


def departures(programme_id: UUID) -> dict[str, int]:
    """Count who left with a registered person, and who was not let go."""
    rows = db.session.execute(
        select(Departure.blocked, Departure.pickup_id).where(Departure.programme_id == programme_id)
    ).all()
    return {
        "gone": sum(not row.blocked for row in rows),
        "registered": sum(not row.blocked and row.pickup_id is not None for row in rows),
        "blocked": sum(row.blocked for row in rows),
    }


def children_aged(
    county: str, youngest: int, oldest: int, count: int, first: int = 0
) -> list[UUID]:
    """Return active children of a county between two ages, the older ones first."""
    today = clock.today()
    rows = db.session.execute(
        select(ChildFile.id, ChildFile.birth_date)
        .where(ChildFile.county_code == county, ChildFile.status == "active")
        .order_by(ChildFile.birth_date, ChildFile.id)
    )
    fitting = [each for each, born in rows if youngest <= age_on(born, today) <= oldest]
    return fitting[first : first + count]


def _starts(one: ProgrammeSession) -> datetime:
    hour, minute = map(int, one.starts.split(":"))
    return datetime.combine(one.happens_on, time(hour, minute), clock.SHANGHAI)


def _get(programme_id: UUID) -> Programme:
    row: Programme | None = db.session.scalar(select(Programme).where(Programme.id == programme_id))
    if row is None:
        raise NotFound
    return row
