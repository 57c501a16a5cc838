"""A tablet at the door: the session of who set it up has ended, a sealed cookie says the rest.

It names one session and who set it up, for the hours of that session. Nothing else opens with it:
no list, no name before a badge is shown. To leave it, somebody signs in anew.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from flask import g, session
from flask_babel import gettext

from portal.core import scope
from portal.domain import attendance, clock
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.queries import actors
from portal.queries import attendance as rows
from portal.queries.attendance import Line, Sheet
from portal.services import account_sessions
from portal.services import attendance as rolls
from portal.services.attendance_cells import Sent
from portal.web import session as signed_in

_KEY = "kiosk"
#: Still open so long after the session's end: somebody comes late.
_AFTER_END = timedelta(hours=1)


def set_up(sheet: Sheet) -> None:
    """End the session of who sets the tablet up, and leave it what it may do."""
    user_id = str(g.actor.user_id)
    account_sessions.close_session(g.actor, signed_in.session_token() or "")
    signed_in.leave()
    session[_KEY] = {
        "session": str(sheet.id), "by": user_id,
        "until": (moment_of(sheet, sheet.ends) + _AFTER_END).isoformat(),
    }  # fmt: skip


def opened() -> tuple[Actor, UUID]:
    """Return whose tablet this is and which session it checks in to; NotFound when it is none.

    Whoever set it up must still be on duty there: taken off the rota, their tablet is shut, too.
    """
    held = session.get(_KEY)
    if not isinstance(held, dict) or clock.now() >= datetime.fromisoformat(held["until"]):
        raise NotFound
    actor = actors.by_user(UUID(held["by"]))
    if actor is None:
        raise NotFound
    scope.open_for_request(scope.of(actor))
    return actor, UUID(held["session"])


def check_in(code: str) -> tuple[str, bool]:
    """Mark the child of a badge as there, or late; return what to say, and whether it worked."""
    actor, session_id = opened()
    child = rows.by_badge(session_id, code)
    if child is None:
        return gettext("这张胸牌不是本活动的，请找老师"), False
    sheet = rows.sheet(actor, session_id)
    line = next(one for one in sheet.lines if one.id == child)
    late = clock.now() > moment_of(sheet, sheet.starts) + attendance.LATE_AFTER
    if not line.said or line.state in {"absent", "leave"} or line.conflict:
        _mark(actor, session_id, line, "late" if late else "present")
    if late:
        return gettext("%(name)s，快进去吧，已经开始了", name=line.called), True
    return gettext("%(name)s，欢迎", name=line.called), True


def moment_of(sheet: Sheet, hour: str) -> datetime:
    """Return the instant of an hour of a session's day."""
    hours, _, minutes = hour.partition(":")
    return clock.start_of(sheet.day) + timedelta(hours=int(hours), minutes=int(minutes))


def _mark(actor: Actor, session_id: UUID, line: Line, state: str) -> None:
    now = clock.now()
    seen = tuple(one.id for one in line.said)
    made_by = actor.user_id or session_id
    one = Sent(
        uuid4(), line.id, state, now, made_by, seen, arrived=f"{clock.local(now):%H:%M}",
        way="kiosk",
    )  # fmt: skip
    for said in rolls.mark(actor, session_id, [one]):
        if said.refusal is not None:
            raise said.refusal
