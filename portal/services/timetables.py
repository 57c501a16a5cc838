"""Writing a timetable: every change keeps what was before it, the roll calls follow (PG)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.core import access, facts
from portal.domain import clock
from portal.domain import timetables as pure
from portal.domain.actor import Actor
from portal.domain.day_words import said, weekday
from portal.domain.errors import Conflict, Invalid, WrongState
from portal.domain.lifecycles.programmes import EDITABLE, LIVE
from portal.domain.permissions import Permission
from portal.domain.programme_inputs import LineInput
from portal.domain.programme_plans import PLANS, lines_of
from portal.domain.programmes import KINDS, may_meet, why_not
from portal.domain.timetables import Line, Lines, cleared, copied, on_day, swapped
from portal.extensions import db
from portal.models.base import time_ordered_id
from portal.models.programmes import Programme, TimetableItem
from portal.models.timetables import TimetableStep
from portal.queries import calendars, programme_checks
from portal.services import sessions
from portal.services.programme_drafts import get
from portal.services.sessions import cancel_all, cancel_session, replan

__all__ = [
    "add",
    "cancel_all",
    "cancel_session",
    "change",
    "clear_day",
    "copy_day",
    "fill",
    "move",
    "move_to",
    "remove",
    "replan",
    "undo",
]

_KEPT_STEPS = 30
_WEEK = timedelta(days=7)


def add(
    actor: Actor, programme_id: UUID, asked: LineInput, *, staff_id: UUID | None = None
) -> UUID:
    """Add a line; Invalid for a day on which this kind does not meet."""
    return _write(
        actor,
        programme_id,
        "add",
        lambda programme, lines: pure.with_line(lines, _line(programme, asked, staff_id)),
    )


def change(
    actor: Actor,
    programme_id: UUID,
    line_id: UUID,
    asked: LineInput,
    *,
    staff_id: UUID | None = None,
) -> UUID:
    """Change a line; NotFound when it is gone."""
    return _write(
        actor,
        programme_id,
        "change",
        lambda programme, lines: pure.changed(lines, _line(programme, asked, staff_id, line_id)),
    )


def remove(actor: Actor, programme_id: UUID, line_id: UUID) -> UUID:
    """Take a line out."""
    return _write(actor, programme_id, "remove", lambda _, lines: pure.without(lines, line_id))


def move(actor: Actor, programme_id: UUID, line_id: UUID, step: int) -> UUID:
    """Move a line before (-1) or after (+1) its neighbour of the day."""
    return _write(
        actor, programme_id, "move", lambda _, lines: swapped(lines, line_id, 1 if step > 0 else -1)
    )


def move_to(actor: Actor, programme_id: UUID, line_id: UUID, *, day: date) -> UUID:
    """Move a line to another day; Invalid for a day on which this kind does not meet."""

    def made(programme: Programme, lines: Lines) -> Lines:
        _refuse_day(programme, day, "day")
        return on_day(lines, line_id, day)

    return _write(actor, programme_id, "move", made)


def copy_day(actor: Actor, programme_id: UUID, *, source: date, targets: Sequence[date]) -> UUID:
    """Put one day's lines on others, in place of what was there."""

    def made(programme: Programme, lines: Lines) -> Lines:
        for day in targets:
            _refuse_day(programme, day, "targets")
        if not targets:
            raise Invalid("请选择要复制到哪些日子", {"targets": "请选择至少一天"})
        return copied(lines, source, targets)

    return _write(actor, programme_id, "copy", made)


def clear_day(actor: Actor, programme_id: UUID, *, day: date) -> UUID:
    """Empty a day."""
    return _write(actor, programme_id, "clear", lambda _, lines: cleared(lines, day))


def fill(actor: Actor, programme_id: UUID, *, plan: str, sessions_wanted: int = 0) -> UUID:
    """Fill every empty day on which this kind meets with a ready-made plan (domain.md 7).

    ``sessions_wanted`` stops after so many days; 0 fills all up to the last day. A weekly class
    meets on the weekday of its first day.
    """

    def made(programme: Programme, lines: Lines) -> Lines:
        chosen = PLANS.get(plan)
        if chosen is None or chosen.kind != programme.kind:
            raise Invalid("请从列表中选择模板", {"plan": "请从列表中选择模板"})
        days = _fitting_days(programme)
        taken = {line.happens_on for line in lines}
        wanted = days[: sessions_wanted or len(days)]
        new = [line for line in lines_of(chosen, wanted) if line.happens_on not in taken]
        if not new:
            raise Invalid("没有空着的日子可以套用模板")
        return pure.ordered((*lines, *new))

    return _write(actor, programme_id, "fill", made)


def undo(actor: Actor, programme_id: UUID, *, step_id: UUID | None = None) -> UUID:
    """Take the newest change back; Conflict when it is another than ``step_id``, or none."""
    programme = _mine(actor, programme_id)
    step = newest_step(programme.id)
    if step is None or (step_id is not None and step.id != step_id):
        raise Conflict("日程已经有了新的改动，请刷新后再看")
    lines = tuple(pure.from_stored(one) for one in step.before)
    step.undone_at = clock.now()
    _store(actor, programme, lines, "undo")
    return programme.id


def newest_step(programme_id: UUID) -> TimetableStep | None:
    """Return the newest change that was not taken back."""
    return db.session.scalar(
        select(TimetableStep)
        .where(TimetableStep.programme_id == programme_id, TimetableStep.undone_at.is_(None))
        .order_by(TimetableStep.id.desc())
        .limit(1)
    )


def _write(
    actor: Actor, programme_id: UUID, what: str, make: Callable[[Programme, Lines], Lines]
) -> UUID:
    """Store what ``make`` turns the timetable into, after noting what it was."""
    programme = _mine(actor, programme_id)
    before = programme_checks.lines(programme.id)
    after = make(programme, before)
    if after == before:
        return programme.id
    _keep(actor, programme, what, before)
    _store(actor, programme, after, what)
    return programme.id


def _mine(actor: Actor, programme_id: UUID) -> Programme:
    programme = get(programme_id)
    access.require(actor, Permission.PROGRAMME_MANAGE, programme)
    if programme.status not in EDITABLE | LIVE:
        raise WrongState("活动已提交或已结束，日程不能改；等待批准时请县级退回")
    return programme


def _line(
    programme: Programme, asked: LineInput, staff_id: UUID | None, line_id: UUID | None = None
) -> Line:
    asked.check(programme.kind)
    _refuse_day(programme, asked.happens_on, "happens_on")
    return Line(
        asked.happens_on, asked.starts, asked.ends, asked.title.strip(), asked.topic,
        asked.room.strip(), staff_id, line_id,
    )  # fmt: skip


def _refuse_day(programme: Programme, day: date, field: str) -> None:
    """Refuse a day outside the dates or one on which this kind does not meet (S0-4.4b)."""
    if not programme.starts_on <= day <= programme.ends_on:
        raise Invalid("{day}不在活动的起止日期之内", {field: "不在起止日期之内"}, day=said(day))
    if not may_meet(programme.kind, day, calendars.of(programme.tenant_path)):
        params = {"day": said(day), "weekday": weekday(day)}
        sentence = why_not(programme.kind)
        raise Invalid(sentence, {field: sentence.format(**params)}, **params)


def _fitting_days(programme: Programme) -> list[date]:
    """Return the days a plan may use: every one that this kind may meet on; a class, weekly."""
    calendar = calendars.of(programme.tenant_path)
    count = (programme.ends_on - programme.starts_on).days + 1
    days = [programme.starts_on + timedelta(days=step) for step in range(count)]
    fitting = [day for day in days if may_meet(programme.kind, day, calendar)]
    if KINDS[programme.kind].weekly and fitting:
        return [day for day in fitting if (day - fitting[0]) % _WEEK == timedelta()]
    return fitting


def _keep(actor: Actor, programme: Programme, what: str, before: Lines) -> None:
    """Note what was, and let go of what was long ago."""
    db.session.add(
        TimetableStep(
            id=time_ordered_id(), tenant_path=programme.tenant_path, programme_id=programme.id,
            what=what, before=[pure.stored(line) for line in before], created_by=actor.user_id,
        )
    )  # fmt: skip
    db.session.flush()
    old = db.session.scalars(
        select(TimetableStep)
        .where(TimetableStep.programme_id == programme.id)
        .order_by(TimetableStep.id.desc())
        .offset(_KEPT_STEPS)
    )
    for step in old.all():
        db.session.delete(step)


def _store(actor: Actor, programme: Programme, lines: Lines, what: str) -> None:
    """Write the lines, let the roll calls follow; refuse what an approved plan must still hold."""
    rows = {
        row.id: row
        for row in db.session.scalars(
            select(TimetableItem).where(TimetableItem.programme_id == programme.id)
        )
    }
    kept = {line.id for line in lines}
    for line_id, row in rows.items():
        if line_id not in kept:
            db.session.delete(row)
    for line in lines:
        row = (rows.get(line.id) if line.id else None) or _new_row(actor, programme, line)
        row.happens_on, row.starts, row.ends = line.happens_on, line.starts, line.ends
        row.title, row.topic, row.room = line.title, line.topic, line.room
        row.staff_id = line.staff_id
    db.session.flush()
    _still_holds(programme)
    sessions.follow(programme, lines)
    facts.publish("timetable.change", actor=actor, subject=programme, what=what, lines=len(lines))


def _new_row(actor: Actor, programme: Programme, line: Line) -> TimetableItem:
    row = TimetableItem(
        id=line.id or uuid4(), tenant_path=programme.tenant_path, programme_id=programme.id,
        created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(row)
    return row


def _still_holds(programme: Programme) -> None:
    """Refuse a change that takes from an approved programme what it was approved for."""
    if programme.status in EDITABLE:
        return
    lost = [
        one
        for one in programme_checks.lacks(programme)
        if one.where == "timetable" and one.blocks("approve")
    ]
    if lost:
        raise Invalid("批准之后日程仍要齐全：{what}", what="；".join(str(one) for one in lost))
