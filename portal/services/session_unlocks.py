"""A locked session opened again for a day: one asks with a reason, another one agrees (PG)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core import access, transitions
from portal.domain import attendance, clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.lifecycles.programmes import SESSIONS
from portal.domain.lifecycles.session_unlocks import MACHINE
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.attendance import SessionUnlock
from portal.models.base import time_ordered_id
from portal.services import attendance as sheets

_REASON_LENGTH = 300


def ask(actor: Actor, session_id: UUID, *, reason: str) -> UUID:
    """Ask for a locked session to be opened again; return the request's id.

    Raises NotFound behind the wall, Invalid without a reason, Conflict when the session is not
    locked, or somebody has asked already.
    """
    session = sheets.get(session_id)
    if not access.permits(actor, Permission.ATTENDANCE_MARK, session):
        raise NotFound
    if not reason.strip():
        raise Invalid("请写明要补改什么", {"reason": "请写明要补改什么"})
    if session.status != "locked":
        raise Conflict("这一场没有锁定，可以直接改")
    waiting = select(SessionUnlock.id).where(
        SessionUnlock.session_id == session_id, SessionUnlock.status == "asked"
    )
    if db.session.scalar(waiting) is not None:
        raise Conflict("已经有人申请解锁，等另一位同事同意")
    row = SessionUnlock(
        id=time_ordered_id(), session_id=session.id, programme_id=session.programme_id,
        tenant_path=session.tenant_path, asked_by=actor.user_id, created_by=actor.user_id,
        reason=reason.strip()[:_REASON_LENGTH], status_since=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    row.session = session
    transitions.begin(MACHINE, row, actor, session_id=str(session.id))
    return row.id


def approve(actor: Actor, unlock_id: UUID, *, version: int | None = None) -> UUID:
    """Open the session for 24 hours, as the second person."""
    row = _get(unlock_id, version)
    transitions.fire(MACHINE, row, "approve", actor)
    row.decided_by = actor.user_id
    transitions.fire(SESSIONS, row.session, "unlock", SYSTEM)
    row.session.unlocked_until = clock.now() + attendance.UNLOCKED_FOR
    return row.session_id


def decline(actor: Actor, unlock_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Leave the session locked, with a reason."""
    row = _get(unlock_id, version)
    transitions.fire(MACHINE, row, "decline", actor, {"reason": reason})
    row.decided_by = actor.user_id
    return row.session_id


def _get(unlock_id: UUID, version: int | None) -> SessionUnlock:
    row = db.session.scalar(select(SessionUnlock).where(SessionUnlock.id == unlock_id))
    if row is None:
        raise NotFound
    if version is not None and row.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    return row
