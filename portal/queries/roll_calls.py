"""The roll calls of today and tomorrow, and the locked ones that somebody wants opened again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from portal.core import access, scope
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.enrolments import ON_ROSTER
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.accounts import User
from portal.models.attendance import AttendanceCell, SessionUnlock
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme, ProgrammeSession
from portal.queries import attendance
from portal.queries.attendance import Sheet


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session in the list of whoever takes its roll."""

    id: UUID
    programme_id: UUID
    title: str
    what: str
    day: date
    starts: str
    ends: str
    part: str
    status: str
    expected: int
    disputed: int


@dataclass(frozen=True, slots=True)
class UnlockLine:
    """Somebody asks for a locked session to be opened again."""

    id: UUID
    session_id: UUID
    title: str
    day: date
    starts: str
    reason: str
    asked_by: str
    own: bool
    version: int


def coming(actor: Actor, *, kept: bool = False) -> tuple[SessionLine, ...]:
    """Return the sessions of today and tomorrow whose roll this person may take, by time.

    ``kept``: only those a telephone may keep: of programmes one is on duty for.
    """
    today = clock.today()
    query = (
        select(ProgrammeSession, Programme.title)
        .join(Programme, Programme.id == ProgrammeSession.programme_id)
        .where(
            ProgrammeSession.happens_on.between(today, today + timedelta(days=1)),
            ProgrammeSession.status != "cancelled",
            _of(actor, kept=kept),
        )
        .order_by(ProgrammeSession.happens_on, ProgrammeSession.starts, ProgrammeSession.id)
    )
    rows = db.session.execute(query).all()
    expected = _sizes({session.programme_id for session, _ in rows})
    disputed = _disputes([session.id for session, _ in rows])
    return tuple(
        SessionLine(
            session.id, session.programme_id, title, session.title, session.happens_on,
            session.starts, session.ends, session.part, session.status,
            expected.get(session.programme_id, 0), disputed.get(session.id, 0),
        )
        for session, title in rows
    )  # fmt: skip


def sheets(actor: Actor) -> tuple[Sheet, ...]:
    """Return the sheets of today and tomorrow that a telephone may keep."""
    return tuple(attendance.sheet(actor, line.id) for line in coming(actor, kept=True))


def unlocks(actor: Actor) -> tuple[UnlockLine, ...]:
    """Return the sessions that somebody wants opened again and this person may decide on."""
    rows = db.session.execute(
        select(SessionUnlock, Programme.title, User.name)
        .join(Programme, Programme.id == SessionUnlock.programme_id)
        .outerjoin(User, User.id == SessionUnlock.asked_by)
        .where(SessionUnlock.status == "asked")
        .order_by(SessionUnlock.status_since)
    )
    return tuple(
        UnlockLine(
            row.id, row.session_id, title, row.session.happens_on, row.session.starts, row.reason,
            name or "", row.asked_by == actor.user_id, row.version,
        )
        for row, title, name in rows
        if access.permits(actor, Permission.ATTENDANCE_UNLOCK, row)
    )  # fmt: skip


def _of(actor: Actor, *, kept: bool) -> ColumnElement[bool]:
    own = ProgrammeSession.programme_id.in_(actor.programme_ids)
    if kept:
        return own
    return or_(own, *(Programme.unit_path.startswith(path) for path in scope.current().paths))


def _sizes(programmes: Iterable[UUID]) -> dict[UUID, int]:
    rows = db.session.execute(
        select(Enrolment.programme_id, func.count(Enrolment.id))
        .where(Enrolment.programme_id.in_(list(programmes)), Enrolment.status.in_(ON_ROSTER))
        .group_by(Enrolment.programme_id)
    )
    return {row[0]: row[1] for row in rows}


def _disputes(sessions: Sequence[UUID]) -> dict[UUID, int]:
    rows = db.session.execute(
        select(AttendanceCell.session_id, func.count(AttendanceCell.id))
        .where(AttendanceCell.session_id.in_(sessions), AttendanceCell.conflict.is_(True))
        .group_by(AttendanceCell.session_id)
    )
    return {row[0]: row[1] for row in rows}
