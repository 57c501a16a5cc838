"""Child-days read from the sheets: of one programme, or of every one in the reader's scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.domain.attendance import Counts
from portal.domain.child_days import Call, ChildDay, counts, fold
from portal.extensions import db
from portal.models.attendance import AttendanceCell
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme, ProgrammeSession


def of_programme(programme_id: UUID, participant: str = "child") -> tuple[ChildDay, ...]:
    """Return the child-days of one programme whose roll calls were closed."""
    return fold(
        Call(*row)
        for row in db.session.execute(
            calls().where(
                AttendanceCell.programme_id == programme_id, Enrolment.participant == participant
            )
        )
    )


def by_day(programme_id: UUID) -> Mapping[date, Counts]:
    """Return the counts of each day of a programme that has a closed roll call."""
    days: dict[date, list[ChildDay]] = defaultdict(list)
    for one in of_programme(programme_id):
        days[one.day].append(one)
    return {day: counts(found) for day, found in sorted(days.items())}


def calls() -> Any:
    """Return the statement for the cells of closed roll calls; cancelled sessions have none."""
    return (
        select(
            AttendanceCell.programme_id,
            Programme.kind,
            AttendanceCell.session_id,
            AttendanceCell.enrolment_id,
            ProgrammeSession.happens_on,
            AttendanceCell.state,
        )
        .join(ProgrammeSession, ProgrammeSession.id == AttendanceCell.session_id)
        .join(Programme, Programme.id == AttendanceCell.programme_id)
        .join(Enrolment, Enrolment.id == AttendanceCell.enrolment_id)
        .where(ProgrammeSession.taken_at.is_not(None), ProgrammeSession.status != "cancelled")
    )  # fmt: skip
