"""A programme's way: drafted, submitted, approved by another person, open, run, closed (PG)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core import facts, transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, NotFound
from portal.domain.lifecycles.programmes import PROGRAMMES
from portal.extensions import db
from portal.models.programmes import Programme
from portal.queries import programme_checks
from portal.services import (
    duty_hours,
    places,
    programme_access,
    programme_notices,
    programme_people,
    programme_reports,
    timetables,
)
from portal.services.programme_drafts import attach_plan, draft, get, prepare, revise

__all__ = [
    "act",
    "approve",
    "attach_plan",
    "cancel",
    "close",
    "draft",
    "finish",
    "get",
    "move_on",
    "open_registration",
    "prepare",
    "revise",
    "send_back",
    "start",
    "submit",
]


def submit(actor: Actor, programme_id: UUID, *, version: int | None = None) -> UUID:
    """Hand a plan in for approval; Invalid names everything that is missing."""
    return _step(actor, programme_id, "submit", version).id


def approve(actor: Actor, programme_id: UUID, *, version: int | None = None) -> UUID:
    """Approve as another person than who drafted or organises it (two keys)."""
    programme = _step(actor, programme_id, "approve", version)
    programme.approved_by, programme.approved_on = actor.user_id, clock.today()
    return programme.id


def send_back(actor: Actor, programme_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Return it to its organiser with a reason."""
    programme = _step(actor, programme_id, "send_back", version, reason)
    programme.approved_by = programme.approved_on = None
    return programme.id


def open_registration(actor: Actor, programme_id: UUID, *, version: int | None = None) -> UUID:
    """Publish the notice and let families apply.

    Invalid while insurance, plan, drill or adults of tier 2 are missing on any day.
    """
    programme = _step(actor, programme_id, "open", version)
    places.commit_draw(programme)
    programme_notices.publish(programme)
    return programme.id


def start(actor: Actor, programme_id: UUID, *, version: int | None = None) -> UUID:
    """Begin a programme by hand; Invalid while something is missing, Conflict before its day."""
    programme = get(programme_id, version)
    if clock.today() < programme.starts_on:
        raise Conflict("还没有到开始的日子（{day}）", day=programme.starts_on.isoformat())
    programme = _step(actor, programme_id, "start", version)
    programme_notices.follow(programme)
    return programme.id


def finish(actor: Actor, programme_id: UUID, *, version: int | None = None) -> UUID:
    """End a programme; Conflict before its last day."""
    programme = get(programme_id, version)
    if clock.today() < programme.ends_on:
        raise Conflict("活动到 {day} 才结束", day=programme.ends_on.isoformat())
    programme = _step(actor, programme_id, "finish", version)
    programme_notices.follow(programme)
    return programme.id


def close(actor: Actor, programme_id: UUID, *, version: int | None = None) -> UUID:
    """Put a finished programme away; Conflict before its end report. Counts the last hours."""
    programme = get(programme_id, version)
    programme_reports.require_handed_in(programme)
    _step(actor, programme_id, "close", version)
    duty_hours.count(actor, programme)
    return programme.id


def cancel(actor: Actor, programme_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Call a programme off with a reason: sessions to come fall away, the notice says so."""
    programme = _step(actor, programme_id, "cancel", version, reason)
    timetables.cancel_all(actor, programme, reason)
    programme_notices.follow(programme)
    programme_access.end_all(programme.id)
    programme_people.let_go(programme)
    return programme.id


_ASKING = {"send_back": send_back, "cancel": cancel}
_PLAIN = {
    "submit": submit,
    "approve": approve,
    "open": open_registration,
    "start": start,
    "finish": finish,
    "close": close,
}


def act(
    actor: Actor, programme_id: UUID, move: str, *, reason: str = "", version: int | None = None
) -> UUID:
    """Make a move by its name; NotFound for a name that is none."""
    if move in _ASKING:
        return _ASKING[move](actor, programme_id, reason=reason, version=version)
    if move not in _PLAIN:
        raise NotFound
    return _PLAIN[move](actor, programme_id, version=version)


def move_on() -> tuple[int, int]:
    """Begin what begins today and end what ended yesterday (a daily job); return both counts.

    What lacks an adult of tier 2 on its first day does not begin: its page says what is missing.
    """
    today, started, finished = clock.today(), 0, 0
    due = select(Programme).where(Programme.status == "open", Programme.starts_on <= today)
    for programme in db.session.scalars(due.order_by(Programme.code)).all():
        if any(one.blocks("start") for one in programme_checks.lacks(programme)):
            facts.publish("programme.not_ready", actor=SYSTEM, subject=programme)
            continue
        transitions.fire(PROGRAMMES, programme, "start_by_day", SYSTEM)
        programme_notices.follow(programme)
        started += 1
    over = select(Programme).where(Programme.status == "running", Programme.ends_on < today)
    for programme in db.session.scalars(over.order_by(Programme.code)).all():
        transitions.fire(PROGRAMMES, programme, "finish_by_day", SYSTEM)
        programme_notices.follow(programme)
        finished += 1
    return started, finished


def _step(
    actor: Actor, programme_id: UUID, move: str, version: int | None, reason: str = ""
) -> Programme:
    programme = get(programme_id, version)
    answers = {"reason": reason, "lacks": programme_checks.lacks(programme)}
    transitions.fire(PROGRAMMES, programme, move, actor, answers)
    return programme
