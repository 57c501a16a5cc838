"""Pairing a child with a person of tier 2: proposed by one, approved by another (PN; S0-4.2b)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.core import access, facts, scope, transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.lifecycles.pairings import (
    APPROVED,
    MACHINE,
    contact_stands,
    need_waits,
    not_mine,
)
from portal.domain.needs import HELPERS
from portal.domain.pairings import ENDS_NEED, ORIGINS, REVIEW_MONTHS, usual_helper
from portal.domain.permissions import Permission
from portal.domain.vetting import CLOSE_REASONS, months_after
from portal.extensions import db
from portal.models.needs import PairingNeed
from portal.models.pairings import Pairing
from portal.models.supporters import Supporter
from portal.services import contact_cards, handovers, needs, pairing_checks, pairing_offers
from portal.services.pairing_checks import get
from portal.services.pairing_ends import (
    CONSENT,
    DECLINED,
    end,
    end_rest,
    halt,
    halt_all,
    rest,
)

_WORDS_LENGTH = 500
#: Reasons that staff may give; the others are the system's.
STAFF_PAUSES = ("missed", "other")


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
    pairing = _new(actor, need, person, helper)
    pairing.origin, pairing.application_id = origin, application_id
    pairing.reasons = list(reasons)
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
    if need is not None and _is_another_approved(pairing):
        raise Conflict("这项需求刚刚由同事批准了另一位结对人")
    transitions.fire(MACHINE, pairing, "approve", actor)
    pairing.approved_by, pairing.approved_on = actor.user_id, clock.today()
    db.session.flush()
    if need is not None:
        needs.matched(actor, need.id, application_id=pairing.application_id)
    if pairing.origin != "application":
        pairing_offers.take_for(actor, pairing.supporter_id)
    return pairing.id


def decline(actor: Actor, pairing_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Turn a proposal down with a reason; the person's place is free again."""
    pairing = get(pairing_id, version)
    transitions.fire(MACHINE, pairing, "decline", actor, {"reason": reason})
    end(pairing, DECLINED, reason)
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
    contact_cards.issue(actor, pairing.id)
    handovers.open_for(pairing)
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
    contact_cards.issue(actor, pairing.id)
    return pairing.id


def close(
    actor: Actor, pairing_id: UUID, *, reason_code: str, reason: str, version: int | None = None
) -> UUID:
    """End a pairing for good: aged_out, moved, goal_met, mentor_quit, safeguarding (PN).

    One that has not begun may also end as declined. What the mentor called the child, and where
    they met, is emptied; the need waits again unless it is gone.
    """
    pairing = get(pairing_id, version)
    if reason_code not in close_reasons(pairing.status):
        raise Invalid("请选择原因类别", {"reason_code": "请选择原因类别"})
    answers = {"reason_code": reason_code, "reason": reason}
    transitions.fire(MACHINE, pairing, "close", actor, answers, reason_code=reason_code)
    end_rest(pairing)
    end(pairing, reason_code, reason)
    if pairing.need_id is not None:
        go_on = needs.finish_for if reason_code in ENDS_NEED else needs.reopen_for
        go_on(pairing.need_id)
    return pairing.id


def set_helper(actor: Actor, pairing_id: UUID, *, helper: str, version: int | None = None) -> UUID:
    """Say who helps, for the statistics by kind of supporter: a key of HELPERS (S0-4.2b)."""
    pairing = get(pairing_id, version)
    access.require(actor, Permission.PAIRING_MANAGE, pairing)
    not_mine(actor, pairing, {})
    if helper not in HELPERS:
        raise Invalid("请选择列表里的一项", {"helper": "请选择列表里的一项"})
    facts.publish(
        "pairing.set_helper", actor=actor, subject=pairing, before=pairing.helper, after=helper
    )
    pairing.helper = helper
    return pairing.id


def close_reasons(status: str) -> tuple[str, ...]:
    """Return the reasons by which staff may end a pairing in a state."""
    never = {CONSENT} if status == "matched" else {CONSENT, DECLINED}
    return tuple(code for code in CLOSE_REASONS if code not in never)


def _new(actor: Actor, need: PairingNeed, person: Supporter, helper: str) -> Pairing:
    told = pairing_checks.person_of(person)
    return Pairing(
        id=uuid4(), child_id=need.child_id, supporter_id=person.id, need_id=need.id,
        unit_path=need.unit_path, tenant_path=need.tenant_path, kind=need.kind,
        rhythm=need.rhythm, helper=helper or usual_helper(told, need.kind, need.helper),
        proposed_by=actor.user_id, status_since=clock.now(), created_by=actor.user_id,
        follows_id=pairing_checks.before(need.id),
    )  # fmt: skip


def _is_another_approved(pairing: Pairing) -> bool:
    other = select(Pairing.id).where(
        Pairing.need_id == pairing.need_id,
        Pairing.id != pairing.id,
        Pairing.status.in_(APPROVED),
    )
    return db.session.scalar(other.limit(1)) is not None


__all__ = [
    "activate", "approve", "close", "close_reasons", "decline", "halt", "halt_all", "pause",
    "propose", "resume", "set_helper",
]  # fmt: skip
