"""Absent without a word: the family and the director hear of it within half an hour (PG session).

The director is written to and asked to call; where the installation sends SMS the guardian has one
besides. Two roll calls missed in a row, and somebody goes to see: that stands on the desk until
they say what they found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from portal.core import access, facts, jobs
from portal.domain import attendance, clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.attendance import AttendanceCell, AttendanceMark
from portal.models.enrolments import Enrolment
from portal.models.programmes import ProgrammeSession
from portal.models.records import Fact
from portal.queries.absences import VISIT_DUE, VISITED

#: A list typed in from paper days later wakes no family.
_STILL_NEWS = timedelta(days=1)
_BITE = 500
_WORDS_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Owed:
    """What an SMS about an absence holds: the guardian's number, and the hour of the session."""

    phone: str
    hour: str


def alert_due() -> int:
    """Tell the directors and families of fresh absences, once each; return how many.

    A mark may be put right during its first ten minutes. Runs in the whole tree every five
    minutes; safe to run twice.
    """
    now = clock.now()
    rows = db.session.execute(
        select(AttendanceCell, ProgrammeSession.happens_on, ProgrammeSession.starts)
        .join(ProgrammeSession, ProgrammeSession.id == AttendanceCell.session_id)
        .where(
            AttendanceCell.state == "absent",
            AttendanceCell.alerted_at.is_(None),
            ProgrammeSession.happens_on.between(
                clock.local(now - _STILL_NEWS).date(), clock.local(now).date()
            ),
            ProgrammeSession.status != "cancelled",
        )
        .order_by(AttendanceCell.id)
        .limit(_BITE)
        .with_for_update(of=AttendanceCell, skip_locked=True)
    ).all()
    heard = _heard(cell for cell, _, _ in rows)
    told = [
        cell
        for cell, day, starts in rows
        if max(_moment(day, starts), heard[cell.id]) + attendance.ALERT_GRACE <= now
    ]
    for cell in told:
        cell.alerted_at = now
        facts.publish("attendance_cell.alert", actor=SYSTEM, subject=cell)
        jobs.owe("absence_sms", actor=SYSTEM, unit_path=cell.unit_path, cell=str(cell.id))
    _ask_visits({cell.enrolment_id for cell in told})
    return len(told)


def owed(cell_id: UUID) -> Owed | None:
    """Return what to send for an absence; None when it was put right or there is no number."""
    row = db.session.execute(
        select(Enrolment.guardian_phone, ProgrammeSession.starts)
        .join(AttendanceCell, AttendanceCell.enrolment_id == Enrolment.id)
        .join(ProgrammeSession, ProgrammeSession.id == AttendanceCell.session_id)
        .where(AttendanceCell.id == cell_id, AttendanceCell.state == "absent")
    ).one_or_none()
    return Owed(row.guardian_phone, row.starts) if row and row.guardian_phone else None


def visited(actor: Actor, enrolment_id: UUID, *, words: str) -> UUID:
    """Say what somebody found who went to see; the task leaves the desk.

    Raises NotFound behind the wall or without a task, Invalid without words, Conflict when a
    colleague has said it already.
    """
    row = db.session.scalar(select(Enrolment).where(Enrolment.id == enrolment_id))
    if row is None or not access.permits(actor, Permission.ENROL_APPLY, row):
        raise NotFound
    if not words.strip():
        raise Invalid("请写明了解到的情况", {"words": "请写明了解到的情况"})
    asked, seen = _steps(enrolment_id)
    if not asked:
        raise NotFound
    if seen >= asked:
        raise Conflict("有同事已经登记了了解到的情况")
    facts.publish("enrolment.visited", actor=actor, subject=row, note=words.strip()[:_WORDS_LENGTH])
    return row.id


def _heard(cells: Iterable[AttendanceCell]) -> dict[UUID, datetime]:
    """Return when each absence was first known here: by the mark that still stands."""
    of_mark = {head: cell.id for cell in cells for head in cell.heads}
    rows = db.session.execute(
        select(AttendanceMark.client_id, AttendanceMark.received_at).where(
            AttendanceMark.client_id.in_([UUID(head) for head in of_mark]),
            AttendanceMark.state == "absent",
        )
    )
    heard: dict[UUID, datetime] = {}
    for client_id, received_at in rows:
        cell = of_mark[str(client_id)]
        heard[cell] = min(heard.get(cell, received_at), received_at)
    return heard


def _moment(day: date, hour: str) -> datetime:
    hours, _, minutes = hour.partition(":")
    return clock.start_of(day) + timedelta(hours=int(hours), minutes=int(minutes))


def _ask_visits(enrolment_ids: set[UUID]) -> None:
    """Ask for a visit to every child that missed two roll calls in a row; one task at a time."""
    rows = db.session.execute(
        select(AttendanceCell.enrolment_id, AttendanceCell.state)
        .join(ProgrammeSession, ProgrammeSession.id == AttendanceCell.session_id)
        .where(
            AttendanceCell.enrolment_id.in_(enrolment_ids),
            ProgrammeSession.status != "cancelled",
        )
        .order_by(ProgrammeSession.happens_on, ProgrammeSession.starts)
    )
    states: dict[UUID, list[str]] = defaultdict(list)
    for enrolment_id, state in rows:
        states[enrolment_id].append(state)
    for enrolment_id in sorted(states):
        if attendance.in_a_row(states[enrolment_id]) < attendance.VISIT_AFTER:
            continue
        asked, seen = _steps(enrolment_id)
        row = db.session.get(Enrolment, enrolment_id)
        if row is not None and asked == seen:
            facts.publish("enrolment.visit_due", actor=SYSTEM, subject=row)


def _steps(enrolment_id: UUID) -> tuple[int, int]:
    """Return how often a visit was asked for, and how often somebody went."""
    rows = db.session.execute(
        select(Fact.kind, func.count(Fact.id))
        .where(Fact.subject_id == enrolment_id, Fact.kind.in_((VISIT_DUE, VISITED)))
        .group_by(Fact.kind)
    )
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    return found.get(VISIT_DUE, 0), found.get(VISITED, 0)
