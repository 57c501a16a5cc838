"""What falls due by the clock for places: closing registration, offers that lapse, the end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select

from portal.core import transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM
from portal.domain.enrolments import LIVE, REASONS, last_day
from portal.domain.lifecycles.enrolments import ENROLMENTS
from portal.extensions import db
from portal.models.attendance import AttendanceCell
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme, ProgrammeSession
from portal.services import enrolment_checks as checks
from portal.services import places

_OVER = frozenset({"finished", "closed"})
_PRESENT = frozenset({"present", "late"})
_UNSETTLED = frozenset({"applied", "consented"})


def settle_due() -> int:
    """Give out the places of every programme whose registration closed; say how many (a job)."""
    rows = db.session.scalars(
        select(Programme).where(Programme.status.in_(("open", "running")), _has(_UNSETTLED))
    ).all()
    today = clock.today()
    due = [row for row in rows if last_day(row.starts_on, row.register_until) < today]
    for programme in due:
        places.settle(checks.locked(programme.id), SYSTEM)
    return len(due)


def lapse_due() -> int:
    """End the offers nobody answered and offer their places on; say how many (a job)."""
    rows = db.session.scalars(
        select(Enrolment)
        .where(Enrolment.status == "offered", Enrolment.answer_by < clock.now())
        .order_by(Enrolment.answer_by, Enrolment.id)
    ).all()
    for row in rows:
        places.give_back(row, "lapse", SYSTEM, "lapsed")
    return len(rows)


def end_due() -> int:
    """Say of every programme that is over who took part; end what was cancelled (a job)."""
    done = 0
    rows = db.session.scalars(
        select(Programme).where(Programme.status.in_((*_OVER, "cancelled")), _has(LIVE))
    ).all()
    for programme in rows:
        done += end(programme)
    return done


def end(programme: Programme) -> int:
    """End what still lives in a programme that is over or cancelled; safe to do twice."""
    never = _never(programme)
    rows = db.session.scalars(
        select(Enrolment).where(Enrolment.programme_id == programme.id, Enrolment.status.in_(LIVE))
    ).all()
    for row in rows:
        _end(programme, row, never)
    db.session.flush()
    return len(rows)


def _end(programme: Programme, row: Enrolment, never: set[UUID]) -> None:
    if programme.status == "cancelled":
        move, code = "cancel", "cancelled"
    elif row.status != "enrolled":
        move, code = "run_out", "over"
    elif row.id not in never:
        move, code = "attend", ""
    else:
        move, code = "never_come", "never_came"
    transitions.fire(ENROLMENTS, row, move, SYSTEM)
    row.reason = REASONS.get(code, row.reason)
    row.wait_no, row.answer_by = None, None


def _never(programme: Programme) -> set[UUID]:
    """Return who was away from every session whose roll was called: no cell there is a presence."""
    called = select(ProgrammeSession.id).where(
        ProgrammeSession.programme_id == programme.id,
        ProgrammeSession.status.in_(("taken", "locked")),
    )
    sessions = list(db.session.scalars(called))
    away = (
        select(AttendanceCell.enrolment_id)
        .where(
            AttendanceCell.session_id.in_(sessions), AttendanceCell.state.not_in(tuple(_PRESENT))
        )
        .group_by(AttendanceCell.enrolment_id)
        .having(func.count(AttendanceCell.id) == len(sessions))
    )
    return set(db.session.scalars(away)) if sessions else set()


def _has(statuses: frozenset[str]) -> Any:
    return exists(
        select(Enrolment.id).where(
            Enrolment.programme_id == Programme.id, Enrolment.status.in_(statuses)
        )
    )
