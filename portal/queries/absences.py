"""Children who missed roll calls without a word: whom to call today, whom to go and see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.core import access
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.masking import Kind
from portal.domain.permissions import Permission
from portal.domain.sight import show
from portal.extensions import db
from portal.models.attendance import AttendanceCell
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme, ProgrammeSession
from portal.models.records import Fact
from portal.queries.desk import Waiting

#: Facts of an enrolment: a visit asked for waits until a later one says what was found.
VISIT_DUE, VISITED = "enrolment.visit_due", "enrolment.visited"
_DAYS = timedelta(days=2)
_MOST = 100


@dataclass(frozen=True, slots=True)
class Missing:
    """A child who did not come, and whom to call."""

    id: UUID
    called: str
    programme: str
    day: date | None
    starts: str
    guardian: str
    phone: str
    told_at: datetime | None
    since: datetime | None = None
    may_answer: bool = False


def fresh(actor: Actor) -> tuple[Missing, ...]:
    """Return the absences of the last days, the latest first."""
    rows = db.session.execute(
        select(Enrolment, AttendanceCell.alerted_at, ProgrammeSession, Programme.title)
        .join(AttendanceCell, AttendanceCell.enrolment_id == Enrolment.id)
        .join(ProgrammeSession, ProgrammeSession.id == AttendanceCell.session_id)
        .join(Programme, Programme.id == Enrolment.programme_id)
        .where(
            AttendanceCell.state == "absent",
            ProgrammeSession.happens_on >= clock.today() - _DAYS,
            ProgrammeSession.status != "cancelled",
        )
        .order_by(ProgrammeSession.happens_on.desc(), ProgrammeSession.starts.desc(), Enrolment.id)
        .limit(_MOST)
    )
    return tuple(
        Missing(
            child.id, child.called or "", title, session.happens_on, session.starts,
            child.guardian_name or "", _phone(actor, child), told_at,
        )
        for child, told_at, session, title in rows
        if access.permits(actor, Permission.ENROL_APPLY, child)
    )  # fmt: skip


def to_visit(actor: Actor) -> tuple[Missing, ...]:
    """Return the children somebody should go and see, the longest waiting first."""
    rows = db.session.execute(
        select(Enrolment, Programme.title, Fact.at)
        .join(Fact, Fact.subject_id == Enrolment.id)
        .join(Programme, Programme.id == Enrolment.programme_id)
        .where(Fact.kind == VISIT_DUE, ~_answered())
        .order_by(Fact.at, Fact.id)
        .limit(_MOST)
    )
    return tuple(
        Missing(
            child.id, child.called or "", title, None, "", child.guardian_name or "",
            _phone(actor, child), None, at, may_answer=True,
        )
        for child, title, at in rows
        if access.permits(actor, Permission.ENROL_APPLY, child)
    )  # fmt: skip


def _phone(actor: Actor, child: Enrolment) -> str:
    return show(actor, Kind.PHONE, child.guardian_phone, child.unit_path)


def waiting() -> Waiting:
    """Return how many visits wait, and since when (for the first page)."""
    row = db.session.execute(
        select(func.count(Fact.id), func.min(Fact.at)).where(Fact.kind == VISIT_DUE, ~_answered())
    ).one()
    return Waiting(row[0], row[1])


def _answered() -> Any:
    later = aliased(Fact)
    return (
        select(later.id)
        .where(later.subject_id == Fact.subject_id, later.kind == VISITED, later.id > Fact.id)
        .exists()
    )
