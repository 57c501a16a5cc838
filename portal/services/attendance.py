"""Taking the roll (PG session): marks come in any order and twice, the sheet follows from them.

A mark is only ever added. Of a child's marks ``domain.attendance`` makes the cell, again whenever
one arrives, with the cell's row locked: fifty teachers may mark at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import or_, select

from portal.core import access, facts, transitions
from portal.domain import attendance, clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, DomainError, Invalid, NotFound
from portal.domain.lifecycles.programmes import SESSIONS
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.attendance import AttendanceCell
from portal.models.programmes import ProgrammeSession
from portal.services import attendance_cells
from portal.services.attendance_cells import Sent

_BITE = 200
_MOST_HEADS = 9999


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mark of several: kept (now or before), or the refusal."""

    client_id: UUID
    refusal: DomainError | None = None


def mark(actor: Actor, session_id: UUID, sent: Sequence[Sent]) -> list[Outcome]:
    """Keep marks of a session; the same one again is kept once. Each stands for itself.

    The first one opens the sheet. Before the day itself only a leave can be marked. Raises NotFound
    behind the wall, NotAllowed for who may not take the roll, Conflict for a session that is
    cancelled, or locked and not opened again.
    """
    session = writable(actor, session_id)
    roster = attendance_cells.roster(session, [one.enrolment_id for one in sent])
    outcomes = [Outcome(one.client_id, _wrong(one, session, roster)) for one in sent]
    kept = [one for one, said in zip(sent, outcomes, strict=True) if said.refusal is None]
    if not kept:
        return outcomes
    if session.happens_on <= clock.today():
        _open(actor, session)
    disputed = attendance_cells.keep(actor, session, kept, roster)
    facts.publish(
        "programme_session.mark", actor=actor, subject=session, marks=len(kept), disputed=disputed
    )
    return outcomes


def mark_one(
    actor: Actor, session_id: UUID, enrolment_id: UUID, *, state: str, reason: str = "",
    arrived: str = "", left: str = "", at: datetime | None = None,
) -> UUID:  # fmt: skip
    """Mark one child at the server, having seen whatever stands there; return the mark's name.

    Raises as ``mark`` does, and Invalid or NotFound for what is wrong with this one.
    """
    seen = db.session.scalar(
        select(AttendanceCell.heads).where(
            AttendanceCell.session_id == session_id, AttendanceCell.enrolment_id == enrolment_id
        )
    )
    one = Sent(
        uuid4(), enrolment_id, state, at or clock.now(), actor.user_id or uuid4(),
        tuple(seen or ()), reason, arrived, left,
    )  # fmt: skip
    [said] = mark(actor, session_id, [one])
    if said.refusal is not None:
        raise said.refusal
    return one.client_id


def take(
    actor: Actor, session_id: UUID, *, head_count: int | None = None, at: datetime | None = None
) -> UUID:
    """Close the roll call: whoever nobody said anything of was there; heads counted beside it.

    Done again it keeps the newer head count. Raises as ``mark`` does, Conflict before the day,
    Invalid for a head count that is none.
    """
    session = writable(actor, session_id)
    if session.happens_on > clock.today():
        raise Conflict("还没到这一天，不能完成点名")
    if head_count is not None and not 0 <= head_count <= _MOST_HEADS:
        raise Invalid("请填实际清点的人数", {"head_count": "请填实际清点的人数"})
    _hold(session)
    _open(actor, session)
    taken_at = min(at or clock.now(), clock.now())
    attendance_cells.keep(actor, session, *attendance_cells.defaults(actor, session, taken_at))
    if session.status == "open":
        transitions.fire(SESSIONS, session, "take", actor)
    else:
        facts.publish("programme_session.retake", actor=actor, subject=session)
    session.head_count = head_count if head_count is not None else session.head_count
    session.taken_by = actor.user_id
    session.taken_at = session.taken_at or taken_at
    return session.id


def lock_due() -> int:
    """Lock every session 48 hours after its end (PG); return how many. Safe to run twice.

    One that two people opened again locks when its 24 hours are over.
    """
    before = clock.local(clock.now() - attendance.LOCK_AFTER)
    due = db.session.scalars(
        select(ProgrammeSession)
        .where(
            ProgrammeSession.status.in_(("planned", "open", "taken")),
            or_(
                ProgrammeSession.unlocked_until.is_(None),
                ProgrammeSession.unlocked_until <= clock.now(),
            ),
            ProgrammeSession.happens_on <= before.date(),
        )
        .order_by(ProgrammeSession.happens_on, ProgrammeSession.id)
        .limit(_BITE)
    ).all()
    late = [one for one in due if (one.happens_on, one.ends) <= (before.date(), f"{before:%H:%M}")]
    for session in late:
        transitions.fire(SESSIONS, session, "lock", SYSTEM)
        session.unlocked_until = None
    return len(late)


def alone(act: Callable[[], object]) -> DomainError | None:
    """Do one of several things for itself: what a refused one wrote is taken back."""
    try:
        with db.session().begin_nested():
            act()
    except DomainError as refusal:
        return refusal
    return None


def get(session_id: UUID) -> ProgrammeSession:
    """Return a session in the scope; NotFound behind the wall."""
    session = db.session.scalar(select(ProgrammeSession).where(ProgrammeSession.id == session_id))
    if session is None:
        raise NotFound
    return session


def writable(actor: Actor, session_id: UUID) -> ProgrammeSession:
    """Return a session whose sheet this person may write on now; raises as ``mark`` does."""
    session = get(session_id)
    if not access.permits(actor, Permission.ATTENDANCE_MARK, session):
        raise NotFound
    if session.status == "cancelled":
        raise Conflict("这一场已取消，不用点名")
    if session.status == "locked":
        raise Conflict("这一场已锁定（结束48小时后自动锁定）。要补改，请先申请解锁")
    return session


def _open(actor: Actor, session: ProgrammeSession) -> None:
    """Open the sheet, once, whoever's mark comes first."""
    if session.status == "planned":
        _hold(session)
    if session.status == "planned":
        transitions.fire(SESSIONS, session, "open_sheet", actor)
        db.session.flush()


def _hold(session: ProgrammeSession) -> None:
    """Lock a session's row, and read it as whoever held it left it."""
    db.session.scalars(
        select(ProgrammeSession)
        .where(ProgrammeSession.id == session.id)
        .with_for_update(of=ProgrammeSession)
        .execution_options(populate_existing=True)
    ).one()


def _wrong(one: Sent, session: ProgrammeSession, roster: dict[UUID, str]) -> DomainError | None:
    """Return what is wrong with a mark, if anything."""
    if one.enrolment_id not in roster:
        return NotFound()
    if one.state not in attendance.STATES or one.way not in attendance.WAYS:
        return Invalid("请选择列表里的一项")
    if not all(_is_hour(hour) for hour in (one.arrived, one.left)):
        return Invalid("请把时间写成 08:30 这样")
    if session.happens_on > clock.today() and one.state != "leave":
        return Conflict("还没到这一天，只能先记请假")
    return None


def _is_hour(text: str) -> bool:
    if not text:
        return True
    hours, _, minutes = text.partition(":")
    digits = len(text) == len("HH:MM") and hours.isdecimal() and minutes.isdecimal()
    return digits and int(hours) < 24 and int(minutes) < 60  # noqa: PLR2004 -- a day's hours
