"""Pairing a child with a person of tier 2: proposed by one, approved by another (PN; S0-4.2b)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.core import access, facts, scope, transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor, Role
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.lifecycles.pairings import (
    APPROVED,
    MACHINE,
    MET,
    contact_stands,
    need_waits,
    not_mine,
)
from portal.domain.needs import HELPERS
from portal.domain.pairings import ENDS_NEED, ORIGINS, REVIEW_MONTHS, is_hour, usual_helper
from portal.domain.permissions import Permission
from portal.domain.vetting import CLOSE_REASONS, months_after
from portal.extensions import db
from portal.models.needs import PairingNeed
from portal.models.pairings import Pairing
from portal.models.supporters import Supporter
from portal.queries import directors
from portal.services import needs, pairing_checks
from portal.services.pairing_checks import get
from portal.services.pairing_ends import (
    DECLINED,
    drop_proposals,
    end,
    end_rest,
    halt,
    halt_all,
    rest,
)

_WORDS_LENGTH = 500
_BAD_HOUR = ("hour", "时间请写成 09:30 的样子")
#: Reasons that staff may give; the others are the system's.
STAFF_PAUSES = ("missed", "other")
_NAME_LENGTH = 40


def propose(
    actor: Actor,
    need_id: UUID,
    supporter_id: UUID,
    *,
    origin: str = "search",
    application_id: UUID | None = None,
    reasons: Sequence[str] = (),
    helper: str = "",
) -> UUID:
    """Propose a person for a need; a second person approves it.

    ``reasons`` are the sentences of the matching, ``helper`` a key of HELPERS (by default what
    the person is). Raises NotFound outside one's units, Invalid for an organisation, NotAllowed
    for a relative of the child, Conflict without a tier-2 standing, at the capacity (D: two
    children), for a need that waits no more, or when the two are paired already.
    """
    need = db.session.scalar(select(PairingNeed).where(PairingNeed.id == need_id))
    # The lock lets two proposals of one person queue up: the capacity is counted behind it.
    person = db.session.scalar(
        select(Supporter).where(Supporter.id == supporter_id).with_for_update(key_share=True)
    )
    if need is None or person is None or need.tenant_path != person.tenant_path:
        raise NotFound
    if actor is not SYSTEM:
        access.require(actor, Permission.PAIRING_MANAGE, need)
    if origin not in ORIGINS or (helper and helper not in HELPERS):
        raise Invalid("请选择列表里的一项")
    pairing_checks.may_pair(need, need.child, person)
    told = pairing_checks.person_of(person)
    pairing = Pairing(
        id=uuid4(), child_id=need.child_id, supporter_id=person.id, need_id=need.id,
        unit_path=need.unit_path, tenant_path=need.tenant_path, proposed_by=actor.user_id,
        kind=need.kind, rhythm=need.rhythm, origin=origin, application_id=application_id,
        reasons=list(reasons),
        helper=helper or usual_helper(told, need.kind, need.helper),
        status_since=clock.now(), created_by=actor.user_id,
    )  # fmt: skip
    wide = scope.Scope(paths=(person.tenant_path,), reason="numbers and capacity run per authority")
    with scope.within(wide, db.session()):
        pairing_checks.room_left(need.child_id, person)
        transitions.begin(MACHINE, pairing, actor, supporter_id=str(person.id))
        pairing_checks.number(pairing, need)
    for guard in (not_mine, contact_stands, need_waits):
        guard(actor, pairing, {})
    return pairing.id


def approve(actor: Actor, pairing_id: UUID, *, version: int | None = None) -> UUID:
    """Approve a proposal as the second person; what else was proposed for the need falls away.

    Raises Conflict when a colleague approved somebody else for this need a moment before.
    """
    pairing = get(pairing_id, version)
    # The need's row is the lock: of two clerks who approve two people at once, one wins.
    need = db.session.scalar(
        select(PairingNeed)
        .where(PairingNeed.id == pairing.need_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if need is not None and not pairing.need_waits:
        raise Conflict("这项需求刚刚由同事批准了另一位结对人")
    transitions.fire(MACHINE, pairing, "approve", actor)
    pairing.approved_by, pairing.approved_on = actor.user_id, clock.today()
    db.session.flush()
    if need is not None:
        drop_proposals(need.id, by=pairing.file_no)
        needs.matched(actor, need.id, application_id=pairing.application_id)
    return pairing.id


def decline(actor: Actor, pairing_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Turn a proposal down with a reason; the person's place is free again."""
    pairing = get(pairing_id, version)
    transitions.fire(MACHINE, pairing, "decline", actor, {"reason": reason})
    end(pairing, DECLINED, reason)
    return pairing.id


def agree_guardian(
    actor: Actor,
    pairing_id: UUID,
    *,
    by: str,
    on: date,
    file_id: UUID | None = None,
    version: int | None = None,
) -> UUID:
    """Record that a guardian agreed on paper: who, on which day, the scan of the agreement.

    Raises Invalid without a name or for a day before the approval or after today, WrongState
    when the pairing does not wait for its first meeting.
    """
    pairing = _before_start(actor, pairing_id, version)
    name = by.strip()[:_NAME_LENGTH]
    if not name:
        raise Invalid("请写同意的监护人是谁", {"by": "请写同意的监护人是谁"})
    _since_approval(pairing, on)
    pairing.guardian_agreed_on, pairing.guardian_agreed_by = on, name
    pairing.agreement_file_id = file_id or pairing.agreement_file_id
    facts.publish("pairing.agree_guardian", actor=actor, subject=pairing)
    return pairing.id


def agree_child(
    actor: Actor, pairing_id: UUID, *, words: str, on: date, version: int | None = None
) -> UUID:
    """Record that the child wants this, in the child's own words; asked from eight years on."""
    pairing = _before_start(actor, pairing_id, version)
    said = words.strip()[:_WORDS_LENGTH]
    if not said:
        raise Invalid("请记下孩子的原话", {"words": "请记下孩子的原话"})
    _since_approval(pairing, on)
    pairing.child_agreed_on, pairing.child_words = on, said
    facts.publish("pairing.agree_child", actor=actor, subject=pairing)
    return pairing.id


def plan_meeting(
    actor: Actor,
    pairing_id: UUID,
    *,
    on: date,
    place: str,
    hour: str = "",
    version: int | None = None,
) -> UUID:
    """Arrange the first meeting, or the next one: a day, an hour, a service point.

    Whoever arranges answers the mentor's calls. Raises Invalid for a day gone by, or a place
    that says where the child lives or learns.
    """
    pairing = get(pairing_id, version)
    access.require(actor, Permission.PAIRING_MEET, pairing)
    not_mine(actor, pairing, {})
    if pairing.status not in APPROVED - {"paused"}:
        raise WrongState("只有待见面或结对中的结对可以约见面")
    if on < clock.today() or (hour and not is_hour(hour)):
        field, said = ("on", "见面日期不能早于今天") if not hour or is_hour(hour) else _BAD_HOUR
        raise Invalid(said, {field: said})
    pairing.meeting_place = pairing_checks.place(pairing, place)
    pairing.meeting_on, pairing.meeting_hour = on, hour
    pairing.contact_id = actor.user_id
    facts.publish("pairing.plan_meeting", actor=actor, subject=pairing, on=on.isoformat())
    return pairing.id


def meet(
    actor: Actor,
    pairing_id: UUID,
    *,
    on: date,
    called: str,
    place: str,
    version: int | None = None,
) -> UUID:
    """Record the first meeting, held with the director present, and what the child is called.

    By the director who was there; by the supervisor or the county only for a village without a
    director today. Raises Invalid for a day before the approval or after today, and for a name
    or a place that tells who the child is.
    """
    pairing = _before_start(actor, pairing_id, version)
    is_director = actor.has(Role.CHILD_DIRECTOR, pairing.unit_path)
    if not is_director and directors.of_village(pairing.unit_path):
        raise Conflict("第一次见面由在场的儿童主任登记")
    _since_approval(pairing, on)
    pairing.called = pairing_checks.called(pairing, called)
    pairing.meeting_place = pairing_checks.place(pairing, place)
    pairing.met_on, pairing.met_with = on, actor.user_id
    pairing.meeting_on, pairing.meeting_hour = None, ""
    pairing.contact_id = pairing.contact_id or actor.user_id
    facts.publish("pairing.meet", actor=actor, subject=pairing, on=on.isoformat())
    return pairing.id


def call_child(actor: Actor, pairing_id: UUID, *, called: str, version: int | None = None) -> UUID:
    """Change what the mentor calls the child, while they know each other."""
    pairing = get(pairing_id, version)
    access.require(actor, Permission.PAIRING_MEET, pairing)
    not_mine(actor, pairing, {})
    if pairing.status not in MET:
        raise WrongState("结对开始以后才能修改孩子的称呼")
    pairing.called = pairing_checks.called(pairing, called)
    facts.publish("pairing.call_child", actor=actor, subject=pairing)
    return pairing.id


def activate(
    actor: Actor, pairing_id: UUID, *, on: date | None = None, version: int | None = None
) -> UUID:
    """Start a pairing whose people agreed and met; today, or on a day since the first meeting.

    Raises Conflict while an agreement, the first meeting or the standing is missing, Invalid
    for a day before the meeting or after today.
    """
    pairing = get(pairing_id, version)
    transitions.fire(MACHINE, pairing, "activate", actor)
    day = on or clock.today()
    if day > clock.today() or (pairing.met_on and day < pairing.met_on):
        said = "开始日期要在第一次见面当天或之后，不能晚于今天"
        raise Invalid(said, {"on": said})
    pairing.activated_by, pairing.started_on = actor.user_id, day
    pairing.review_due = months_after(day, REVIEW_MONTHS)
    return pairing.id


def pause(
    actor: Actor, pairing_id: UUID, *, reason_code: str, reason: str, version: int | None = None
) -> UUID:
    """Pause a pairing with a reason (PN)."""
    pairing = get(pairing_id, version)
    if reason_code not in STAFF_PAUSES:
        raise Invalid("请选择原因类别", {"reason_code": "请选择原因类别"})
    answers = {"reason_code": reason_code, "reason": reason}
    transitions.fire(MACHINE, pairing, "pause", actor, answers, reason_code=reason_code)
    pairing.words = reason.strip()[:_WORDS_LENGTH]
    rest(pairing, reason_code, actor)
    return pairing.id


def resume(actor: Actor, pairing_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Go on with a paused pairing, once the person may meet children again."""
    pairing = get(pairing_id, version)
    transitions.fire(MACHINE, pairing, "resume", actor, {"reason": reason})
    pairing.paused_reason, pairing.words = "", ""
    end_rest(pairing)
    return pairing.id


def close(
    actor: Actor, pairing_id: UUID, *, reason_code: str, reason: str, version: int | None = None
) -> UUID:
    """End a pairing for good: aged_out, moved, goal_met, mentor_quit, safeguarding (PN).

    One that has not begun may also end as declined. What the mentor called the child, and where
    they met, is emptied; the need waits again unless it is gone.
    """
    pairing = get(pairing_id, version)
    known = reason_code in CLOSE_REASONS
    if not known or (reason_code == DECLINED and pairing.status != "matched"):
        raise Invalid("请选择原因类别", {"reason_code": "请选择原因类别"})
    answers = {"reason_code": reason_code, "reason": reason}
    transitions.fire(MACHINE, pairing, "close", actor, answers, reason_code=reason_code)
    end_rest(pairing)
    end(pairing, reason_code, reason)
    if pairing.need_id is not None:
        go_on = needs.finish_for if reason_code in ENDS_NEED else needs.reopen_for
        go_on(pairing.need_id)
    return pairing.id


def _before_start(actor: Actor, pairing_id: UUID, version: int | None) -> Pairing:
    """Return a pairing that waits for its first meeting, for whoever may hold it."""
    pairing = get(pairing_id, version)
    access.require(actor, Permission.PAIRING_MEET, pairing)
    not_mine(actor, pairing, {})
    if pairing.status != "matched":
        raise WrongState("这份结对现在不是“已批准，待见面”，不能登记")
    return pairing


def _since_approval(pairing: Pairing, day: date) -> None:
    if day > clock.today() or (pairing.approved_on and day < pairing.approved_on):
        said = "日期要在批准当天或之后，不能晚于今天"
        raise Invalid(said, {"on": said})


__all__ = [
    "activate", "agree_child", "agree_guardian", "approve", "call_child", "close", "decline",
    "halt", "halt_all", "meet", "pause", "plan_meeting", "propose", "resume",
]  # fmt: skip
