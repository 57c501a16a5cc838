"""The roll calls of a programme follow from its timetable (PG session; story A6).

One may be called off and held on another day, so that the total stays.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.core import access, facts, transitions
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.day_words import said, weekday
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.lifecycles.programmes import HELD, LIVE, SESSIONS
from portal.domain.permissions import Permission
from portal.domain.programme_inputs import is_hour
from portal.domain.programmes import KINDS, may_meet, why_not
from portal.domain.timetables import Lines, Slot, hour, minutes, slots
from portal.extensions import db
from portal.models.programmes import Programme, ProgrammeSession, TimetableItem
from portal.queries import calendars

_REASON = 200


def follow(programme: Programme, lines: Lines) -> None:
    """Make the planned sessions what the timetable asks for.

    What was opened, taken, or called off stays as it is; a session that stands in for another one
    stays, too.
    """
    wanted = {(slot.happens_on, slot.starts): slot for slot in slots(programme.kind, lines)}
    rows = db.session.scalars(
        select(ProgrammeSession).where(ProgrammeSession.programme_id == programme.id)
    ).all()
    for row in rows:
        slot = wanted.pop((row.happens_on, row.starts), None)
        if row.status != SESSIONS.initial:
            continue
        if slot is not None:
            _shape(row, slot)
        elif row.replaces_id is None:
            db.session.delete(row)
    for slot in wanted.values():
        row = ProgrammeSession(
            id=uuid4(), tenant_path=programme.tenant_path, programme_id=programme.id,
            happens_on=slot.happens_on, starts=slot.starts, status=SESSIONS.initial,
            status_since=clock.now(),
        )  # fmt: skip
        _shape(row, slot)
        db.session.add(row)
    db.session.flush()


def cancel_session(
    actor: Actor, session_id: UUID, *, reason: str, version: int | None = None
) -> UUID:
    """Call one session off with a reason; WrongState once its roll was called."""
    session = get(session_id, version)
    _running(session.programme)
    transitions.fire(SESSIONS, session, "cancel", actor, {"reason": reason})
    session.cancel_reason = reason.strip()[:_REASON]
    return session.id


def replan(
    actor: Actor,
    session_id: UUID,
    *,
    day: date,
    starts: str = "",
    version: int | None = None,
) -> UUID:
    """Hold a session that was called off on another day; return the new session.

    The hours stay unless ``starts`` says otherwise; the length always does. Raises Invalid for a
    day on which this kind does not meet or that is past, Conflict when it was made up for already
    or another session begins then.
    """
    old = get(session_id, version)
    access.require(actor, Permission.PROGRAMME_MANAGE, old)
    programme = old.programme
    _running(programme)
    if old.status != "cancelled":
        raise WrongState("先取消这一场，再安排补上")
    starts = starts.strip() or old.starts
    _refuse_day(programme, day, starts)
    if db.session.scalar(select(ProgrammeSession.id).where(ProgrammeSession.replaces_id == old.id)):
        raise Conflict("这一场已经安排了补上的日子")
    new = _stand_in(old, day, starts)
    _refuse_twice(new)
    db.session.add(new)
    if not new.part:
        db.session.add(_item(programme, new))
    programme.ends_on = max(programme.ends_on, day)
    db.session.flush()
    facts.publish(
        "programme_session.replan", actor=actor, subject=new, replaces=str(old.id),
        day=day.isoformat(),
    )  # fmt: skip
    return new.id


def cancel_all(actor: Actor, programme: Programme, reason: str) -> int:
    """Call off every session that was not held yet; return how many."""
    rows = db.session.scalars(
        select(ProgrammeSession).where(
            ProgrammeSession.programme_id == programme.id,
            ProgrammeSession.status == SESSIONS.initial,
        )
    ).all()
    for row in rows:
        transitions.fire(SESSIONS, row, "cancel", actor, {"reason": reason})
        row.cancel_reason = reason.strip()[:_REASON]
    return len(rows)


def get(session_id: UUID, version: int | None = None) -> ProgrammeSession:
    """Return a session inside the scope; Conflict when it changed since ``version`` was shown."""
    session = db.session.scalar(select(ProgrammeSession).where(ProgrammeSession.id == session_id))
    if session is None:
        raise NotFound
    if version is not None and session.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    return session


def _shape(row: ProgrammeSession, slot: Slot) -> None:
    row.ends, row.part, row.title, row.topic = slot.ends, slot.part, slot.title, slot.topic
    row.room, row.teacher_id = slot.room, slot.teacher_id


def _running(programme: Programme) -> None:
    if programme.status not in LIVE:
        raise WrongState("活动批准之后才能取消或补上一场")


def _refuse_day(programme: Programme, day: date, starts: str) -> None:
    if not is_hour(starts):
        raise Invalid("请按 09:30 的样子填写时间", {"starts": "请按 09:30 的样子填写时间"})
    if day < clock.today():
        raise Invalid("补上的日子不能早于今天", {"day": "补上的日子不能早于今天"})
    if KINDS[programme.kind].min_days and not programme.starts_on <= day <= programme.ends_on:
        raise Invalid("补上的日子要在起止日期之内", {"day": "补上的日子要在起止日期之内"})
    if not may_meet(programme.kind, day, calendars.of(programme.tenant_path)):
        params = {"day": said(day), "weekday": weekday(day)}
        sentence = why_not(programme.kind)
        raise Invalid(sentence, {"day": sentence.format(**params)}, **params)


def _stand_in(old: ProgrammeSession, day: date, starts: str) -> ProgrammeSession:
    length = minutes(old.ends) - minutes(old.starts)
    return ProgrammeSession(
        id=uuid4(), tenant_path=old.tenant_path, programme_id=old.programme_id, happens_on=day,
        starts=starts, ends=hour(minutes(starts) + length), part=old.part, title=old.title,
        topic=old.topic, room=old.room, teacher_id=old.teacher_id, replaces_id=old.id,
        status=SESSIONS.initial, status_since=clock.now(),
    )  # fmt: skip


def _refuse_twice(new: ProgrammeSession) -> None:
    standing = select(ProgrammeSession.id).where(
        ProgrammeSession.programme_id == new.programme_id,
        ProgrammeSession.happens_on == new.happens_on,
        ProgrammeSession.starts == new.starts,
        ProgrammeSession.status.in_(HELD),
    )
    if db.session.scalar(standing.limit(1)) is not None:
        raise Conflict("那一天的这个时间已经有一场了")


def _item(programme: Programme, new: ProgrammeSession) -> TimetableItem:
    """Write the stand-in on the timetable, so that it is printed and in the calendar."""
    topics = KINDS[programme.kind].topics
    return TimetableItem(
        tenant_path=programme.tenant_path, programme_id=programme.id, happens_on=new.happens_on,
        starts=new.starts, ends=new.ends, title=new.title or programme.title,
        topic=new.topic or topics[0], room=new.room, staff_id=new.teacher_id,
    )  # fmt: skip
