"""The sheet of a session as whoever takes the roll reads it: given names, numbers, telephones."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from portal.core import access
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.attendance import ROLL, Counts, counted
from portal.domain.enrolments import ON_ROSTER
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.domain.programmes import KINDS
from portal.extensions import db
from portal.models.accounts import User
from portal.models.attendance import AttendanceCell, AttendanceMark, Departure
from portal.models.enrolments import Enrolment, PickupPerson
from portal.models.programmes import Programme, ProgrammeSession

#: Enough of a digest to tell badges apart; a badge is random and opens nothing.
_BADGE_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Said:
    """A mark that stands: who said what, when."""

    id: str
    state: str
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Somebody registered to fetch a child; ``code_hash`` is slow to try out (ADR 0020)."""

    id: UUID
    name: str
    relation: str
    code_hash: str
    has_card: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A child on the sheet; ``state`` is empty while nobody has said anything."""

    id: UUID
    no: int
    called: str
    guardian: str
    phone: str
    badge: str
    state: str
    conflict: bool
    arrived: str
    left: str
    said: tuple[Said, ...]
    fetchers: tuple[Fetcher, ...]
    gone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One session's sheet."""

    id: UUID
    programme_id: UUID
    title: str
    what: str
    code: str
    day: date
    starts: str
    ends: str
    part: str
    status: str
    open: bool
    head_count: int | None
    needs_pickup: bool
    lines: tuple[Line, ...]

    @property
    def counts(self) -> Counts:
        """Count the sheet as it would be closed now: unmarked is present."""
        return counted(line.state or "present" for line in self.lines)


def sheet(actor: Actor, session_id: UUID) -> Sheet:
    """Return the sheet of a session; NotFound for whoever may not take its roll."""
    found = db.session.execute(
        select(ProgrammeSession, Programme)
        .join(Programme, Programme.id == ProgrammeSession.programme_id)
        .where(ProgrammeSession.id == session_id)
    ).one_or_none()
    if found is None or not access.permits(actor, Permission.ATTENDANCE_MARK, found[0]):
        raise NotFound
    session, programme = found
    pickup = KINDS[programme.kind].needs_pickup
    return Sheet(
        session.id, programme.id, programme.title, session.title, programme.code,
        session.happens_on, session.starts, session.ends, session.part, session.status,
        session.status not in {"locked", "cancelled"}, session.head_count,
        pickup, _lines(session, pickup=pickup, calls=programme.id in actor.programme_ids),
    )  # fmt: skip


def is_disputed(session_id: UUID, enrolment_id: UUID) -> bool:
    """Tell whether two marks on a child still disagree (for stories)."""
    return bool(
        db.session.scalar(
            select(AttendanceCell.conflict).where(
                AttendanceCell.session_id == session_id,
                AttendanceCell.enrolment_id == enrolment_id,
            )
        )
    )


def by_badge(session_id: UUID, typed: str) -> UUID | None:
    """Return the enrolment whose badge says this, in a session's programme; None for no one."""
    wanted = badge_key(typed)
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.badge)
        .join(ProgrammeSession, ProgrammeSession.programme_id == Enrolment.programme_id)
        .where(ProgrammeSession.id == session_id, Enrolment.status.in_(ON_ROSTER))
    )
    return next((row.id for row in rows if row.badge and badge_key(row.badge) == wanted), None)


def badge_key(text: str) -> str:
    """Return the digest by which a badge is known on a device; its code or an address with it."""
    code = text.strip().rstrip("/").rsplit("/", 1)[-1]
    return hashlib.sha256(code.encode()).hexdigest()[:_BADGE_DIGITS]


def _lines(session: ProgrammeSession, *, pickup: bool, calls: bool) -> tuple[Line, ...]:
    """Return the children of a sheet; telephones only for whoever works in the programme."""
    cells = {
        row.enrolment_id: row
        for row in db.session.scalars(
            select(AttendanceCell).where(AttendanceCell.session_id == session.id)
        )
    }
    children = db.session.scalars(
        select(Enrolment)
        .where(
            Enrolment.programme_id == session.programme_id,
            or_(Enrolment.status.in_(ON_ROSTER), Enrolment.id.in_(list(cells))),
        )
        .order_by(Enrolment.roster_no, Enrolment.id)
    ).all()
    said, gone = _said(session.id), _gone(session.id)
    fetchers = _fetchers(session) if pickup and session.happens_on == clock.today() else {}
    return tuple(
        _line(
            child, cells.get(child.id), said[child.id], fetchers.get(child.id, ()), gone,
            calls=calls,
        )
        for child in children
    )  # fmt: skip


def _line(
    child: Enrolment, cell: AttendanceCell | None, said: Sequence[Said],
    fetchers: tuple[Fetcher, ...], gone: dict[UUID, datetime], *, calls: bool,
) -> Line:  # fmt: skip
    heads = set(cell.heads) if cell else set()
    return Line(
        id=child.id, no=child.roster_no or 0, called=child.called or "",
        guardian=child.guardian_name or "",
        phone=(child.guardian_phone or "") if calls else "",
        badge=badge_key(child.badge) if child.badge else "",
        state=cell.state if cell else "", conflict=bool(cell and cell.conflict),
        arrived=cell.arrived if cell else "", left=cell.left if cell else "",
        said=tuple(one for one in said if one.id in heads), fetchers=fetchers,
        gone_at=gone.get(child.id),
    )  # fmt: skip


def _said(session_id: UUID) -> dict[UUID, list[Said]]:
    found: dict[UUID, list[Said]] = defaultdict(list)
    rows = db.session.execute(
        select(AttendanceMark, User.name)
        .outerjoin(User, User.id == AttendanceMark.marked_by)
        .where(AttendanceMark.session_id == session_id, AttendanceMark.way != ROLL)
        .order_by(AttendanceMark.marked_at, AttendanceMark.client_id)
    )
    for mark, name in rows:
        found[mark.enrolment_id].append(
            Said(str(mark.client_id), mark.state, mark.marked_at, name or "", mark.reason)
        )
    return found


def _gone(session_id: UUID) -> dict[UUID, datetime]:
    rows = db.session.execute(
        select(Departure.enrolment_id, Departure.left_at).where(
            Departure.session_id == session_id, Departure.blocked.is_(False)
        )
    )
    return {row[0]: row[1] for row in rows}


def _fetchers(session: ProgrammeSession) -> dict[UUID, tuple[Fetcher, ...]]:
    found: dict[UUID, tuple[Fetcher, ...]] = {}
    rows = db.session.scalars(
        select(PickupPerson)
        .where(PickupPerson.programme_id == session.programme_id, PickupPerson.ended_at.is_(None))
        .order_by(PickupPerson.created_at, PickupPerson.id)
    )
    for row in rows:
        one = Fetcher(row.id, row.name, row.relation, row.code_hash, row.photo_id is not None)
        found[row.enrolment_id] = (*found.get(row.enrolment_id, ()), one)
    return found
