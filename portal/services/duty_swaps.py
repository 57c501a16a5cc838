"""A duty offered to a colleague; the organiser or the county says yes or no."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core import access, scope, transitions
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.lifecycles.rota import SWAPS
from portal.domain.permissions import Permission
from portal.domain.rota import WORDS_LENGTH
from portal.extensions import db
from portal.models.rota import Duty, DutySwap, ProgrammeStaff
from portal.services import duties
from portal.services import enrolment_checks as checks


def ask_swap(
    actor: Actor, duty_id: UUID, *, to_staff_id: UUID, words: str = "", version: int | None = None
) -> UUID:
    """Ask that a colleague of the same rota takes a duty of one's own.

    Raises NotFound for another's duty or a stranger to the rota, WrongState for a day gone by,
    Conflict while the duty is offered already.
    """
    with scope.within(_own_scope(actor), db.session()):
        duty = db.session.scalar(select(Duty).where(Duty.id == duty_id))
        if duty is None:
            raise NotFound
        access.require(actor, Permission.DUTY_HOLD, duty)
        tenant = duty.tenant_path
        if version is not None and duty.version != version:
            raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    with scope.within(checks.wide(tenant), db.session()):
        duty = db.session.get_one(Duty, duty_id)
        _may_swap(duty, to_staff_id)
        row = DutySwap(
            tenant_path=duty.tenant_path, programme_id=duty.programme_id, duty_id=duty.id,
            supporter_id=duty.supporter_id, to_staff_id=to_staff_id,
            words=words.strip()[:WORDS_LENGTH], status_since=clock.now(), created_by=actor.user_id,
        )  # fmt: skip
        row.programme = duty.programme
        db.session.add(row)
        db.session.flush()
        transitions.begin(SWAPS, row, actor)
        db.session.flush()
        return row.id


def decide_swap(actor: Actor, swap_id: UUID, *, yes: bool, version: int | None = None) -> UUID:
    """Say yes or no to a swap: the organiser or the county; with yes the duty changes hands.

    Raises Conflict when the colleague stands elsewhere in these hours.
    """
    swap = _get(swap_id, version)
    with scope.within(checks.wide(swap.tenant_path), db.session()):
        transitions.fire(SWAPS, swap, "approve" if yes else "decline", actor)
        swap.decided_by = actor.user_id
        db.session.flush()
        if yes:
            to_staff = db.session.get_one(ProgrammeStaff, swap.to_staff_id)
            duties.hand_on(actor, db.session.get_one(Duty, swap.duty_id), to_staff)
        db.session.flush()
        return swap.id


def withdraw_swap(actor: Actor, swap_id: UUID, *, version: int | None = None) -> UUID:
    """Take one's own question back."""
    swap = _get(swap_id, version)
    with scope.within(checks.wide(swap.tenant_path), db.session()):
        transitions.fire(SWAPS, swap, "withdraw", actor)
        db.session.flush()
        return swap.id


def _get(swap_id: UUID, version: int | None) -> DutySwap:
    swap = db.session.scalar(select(DutySwap).where(DutySwap.id == swap_id))
    if swap is None:
        raise NotFound
    if version is not None and swap.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    return swap


def _may_swap(duty: Duty, to_staff_id: UUID) -> None:
    to_staff = db.session.get(ProgrammeStaff, to_staff_id)
    if to_staff is None or to_staff.programme_id != duty.programme_id:
        raise NotFound
    if duty.status != "planned" or duty.happens_on < clock.today():
        raise WrongState("只有还没到的值班可以换")
    if to_staff.status != "confirmed" or to_staff.supporter_id == duty.supporter_id:
        raise Invalid("请选一位已确认的同事", {"to_staff_id": "请选一位已确认的同事"})
    asked = select(DutySwap.id).where(DutySwap.duty_id == duty.id, DutySwap.status == "asked")
    if db.session.scalar(asked) is not None:
        raise Conflict("这次值班已经在请人换班，等组织者答复")


def _own_scope(actor: Actor) -> scope.Scope:
    """Return what a person reads as the person they are, whatever posts they also hold."""
    return scope.Scope(supporters=actor.supporter_ids, reason="one's own duties")
