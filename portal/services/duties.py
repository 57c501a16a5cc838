"""Days and hours of the rota: nobody stands in two places at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts, scope, transitions
from portal.domain import clock, rota
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.lifecycles.rota import DUTIES
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.rota import Duty, ProgrammeStaff
from portal.models.supporters import Supporter
from portal.queries.rota import meeting_days
from portal.services import duty_access, swap_endings
from portal.services import enrolment_checks as checks
from portal.services.rota import get as get_staff

#: A duty in one of these keeps its person busy.
KEPT = ("planned", "done")


def get(duty_id: UUID, version: int | None = None) -> Duty:
    """Return a duty in the scope; NotFound, Conflict when stale."""
    row = db.session.scalar(select(Duty).where(Duty.id == duty_id))
    if row is None:
        raise NotFound
    if version is not None and row.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    return row


def assign(
    actor: Actor, staff_id: UUID, *, first: date, starts: str, ends: str, last: date | None = None
) -> int:
    """Put a person on duty on every day the programme meets between two days; say how many.

    Raises Invalid for hours that cannot be or a span without a day, WrongState for somebody who
    left, Conflict where the person has another duty in these hours, in any programme.
    """
    staff = get_staff(staff_id)
    access.require(actor, Permission.ROTA_MANAGE, staff)
    if staff.status == "removed":
        raise WrongState("这位爱心人士已不在值班表上")
    rota.check_hours(starts, ends)
    last = last or first
    with scope.within(checks.wide(staff.tenant_path), db.session()):
        days = sorted(day for day in meeting_days(staff.programme) if first <= day <= last)
        if not days:
            said = "这段日子里活动没有安排，请选活动的日子"
            raise Invalid(said, {"first": said})
        for day in days:
            _put(staff, day, starts, ends, actor)
        duty_access.follow(staff)
        facts.publish(
            "programme_staff.plan", actor=actor, subject=staff, first=days[0].isoformat(),
            last=days[-1].isoformat(), count=len(days),
        )  # fmt: skip
        db.session.flush()
        return len(days)


def unassign(actor: Actor, duty_id: UUID, *, version: int | None = None) -> UUID:
    """Take one duty away; returns the person of the rota."""
    duty = get(duty_id, version)
    with scope.within(checks.wide(duty.tenant_path), db.session()):
        transitions.fire(DUTIES, duty, "remove", actor)
        staff = get_staff(duty.staff_id)
        swap_endings.fall_with_duty(duty)
        db.session.flush()
        duty_access.follow(staff)
        facts.publish("programme_staff.plan", actor=actor, subject=staff, count=-1)
        return staff.id


def hand_on(actor: Actor, duty: Duty, to_staff: ProgrammeStaff) -> Duty:
    """Give a duty to a colleague, once a swap was approved; in the authority's scope."""
    giver = get_staff(duty.staff_id)
    transitions.fire(DUTIES, duty, "give", actor)
    db.session.flush()
    taken = _put(to_staff, duty.happens_on, duty.starts, duty.ends, actor)
    for staff in (giver, to_staff):
        duty_access.follow(staff)
    facts.publish(
        "programme_staff.plan", actor=actor, subject=to_staff, first=duty.happens_on.isoformat()
    )
    return taken


def finish_due() -> int:
    """End the duties of days gone by, with their hours as planned; say how many (a job)."""
    rows = db.session.scalars(
        select(Duty)
        .where(Duty.status == "planned", Duty.happens_on < clock.today())
        .order_by(Duty.happens_on, Duty.id)
    ).all()
    for duty in rows:
        transitions.fire(DUTIES, duty, "finish", SYSTEM)
        duty.minutes = rota.minutes(duty.starts, duty.ends)
        swap_endings.fall_with_duty(duty)
    db.session.flush()
    return len(rows)


def _put(staff: ProgrammeStaff, day: date, starts: str, ends: str, actor: Actor) -> Duty:
    """Write a duty behind the lock on the person, where their other hours are counted."""
    db.session.scalar(select(Supporter).where(Supporter.id == staff.supporter_id).with_for_update())
    _free(_held(staff.supporter_id, day), day, starts, ends)
    duty = Duty(
        tenant_path=staff.tenant_path, programme_id=staff.programme_id, staff_id=staff.id,
        supporter_id=staff.supporter_id, happens_on=day, starts=starts, ends=ends,
        created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(duty)
    db.session.flush()
    return duty


def _held(supporter_id: UUID, day: date) -> list[Duty]:
    return list(
        db.session.scalars(
            select(Duty).where(
                Duty.supporter_id == supporter_id,
                Duty.happens_on == day,
                Duty.status.in_(KEPT),
            )
        )
    )


def _free(held: Iterable[Duty], day: date, starts: str, ends: str) -> None:
    for other in held:
        if rota.overlap((starts, ends), (other.starts, other.ends)):
            raise Conflict(
                "{day} {starts}–{ends}已经在“{title}”值班，时间重叠",
                day=day.isoformat(),
                starts=other.starts,
                ends=other.ends,
                title=other.programme.title,
            )
