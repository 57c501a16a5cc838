"""A need's way: handed on, approved by another, answered, taken back (domain.md 4, PN)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.core import transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.anonymity import Disclosure, Held
from portal.domain.errors import DomainError, Invalid, WrongState
from portal.domain.lifecycles.needs import LIVE, NEEDS
from portal.domain.need_inputs import NeedInput
from portal.extensions import db
from portal.models.needs import PairingNeed
from portal.queries.disclosures import stored
from portal.queries.need_disclosures import NeedJudge
from portal.services import need_applications, need_publication, pairing_ends
from portal.services.need_drafts import draft, edit, get, record_assessment
from portal.services.need_publication import REASON_LENGTH, why_held

__all__ = [
    "NeedInput",
    "act",
    "act_on_all",
    "age_out",
    "approve",
    "close",
    "draft",
    "edit",
    "end_for_consent",
    "finish_for",
    "get",
    "hold",
    "keep_back",
    "matched",
    "record_assessment",
    "reopen_for",
    "send_back",
    "submit",
    "withdraw",
]


def submit(actor: Actor, need_id: UUID, *, version: int | None = None) -> UUID:
    """Hand a draft on to the county; Invalid names everything that is missing."""
    need = get(need_id, version)
    transitions.fire(NEEDS, need, "submit", actor)
    return need.id


def approve(actor: Actor, need_id: UUID, *, version: int | None = None) -> UUID:
    """Approve a need for the next batch of cards, or hold it when too few children fit (K rule).

    Held is not an error: staff look for somebody by themselves. WrongState if it was held before
    and the register has not grown.
    """
    need = get(need_id, version)
    judge = NeedJudge(need.tenant_path)
    shown = judge.judge_need(need)
    if isinstance(shown, Disclosure):
        transitions.fire(NEEDS, need, "approve", actor)
        need.disclosure, need.hold_reason = stored(shown), ""
    else:
        _refuse_again(need, shown)
        why = why_held(shown, judge)
        transitions.fire(NEEDS, need, "hold", actor, {"reason": why}, k=shown.k)
        need.hold_reason = why
    _first_served(actor, need)
    return need.id


def hold(actor: Actor, need_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Approve a need without a card, with a reason: staff look for somebody by themselves."""
    need = get(need_id, version)
    transitions.fire(NEEDS, need, "hold", actor, {"reason": reason})
    need.hold_reason = reason.strip()[:REASON_LENGTH]
    _first_served(actor, need)
    return need.id


def send_back(actor: Actor, need_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Return a need to the director with a reason."""
    need = get(need_id, version)
    transitions.fire(NEEDS, need, "return", actor, {"reason": reason})
    need.approved_by = None
    need_applications.end_all(need.id)
    pairing_ends.drop_proposals(need.id)
    return need.id


def withdraw(actor: Actor, need_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Withdraw a need that is not matched; its card goes at once, its applicants are told."""
    need = get(need_id, version)
    transitions.fire(NEEDS, need, "withdraw", actor, {"reason": reason})
    _let_go(need)
    return need.id


def close(actor: Actor, need_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """End a need that nobody answered and nobody needs any more."""
    need = get(need_id, version)
    transitions.fire(NEEDS, need, "close", actor, {"reason": reason})
    _let_go(need)
    return need.id


def matched(actor: Actor, need_id: UUID, *, application_id: UUID | None = None) -> None:
    """Mark a need as answered: called when a pairing was approved, never by a page.

    Its card goes, the chosen application is taken, every other one is answered.
    """
    need = get(need_id)
    transitions.fire(NEEDS, need, "match", actor)
    if application_id is not None:
        need_applications.take(actor, application_id)
    _let_go(need)


def reopen_for(need_id: UUID) -> None:
    """Let a matched need wait for the next batch: its pairing ended before its time."""
    need = get(need_id)
    if need.status == "matched":
        transitions.fire(NEEDS, need, "reopen", SYSTEM)


def finish_for(need_id: UUID) -> None:
    """Close a matched need whose pairing ended because the need is gone."""
    need = get(need_id)
    if need.status == "matched":
        transitions.fire(NEEDS, need, "finish", SYSTEM)


def end_for_consent(child_id: UUID) -> int:
    """Withdraw every live need of a child whose guardian took consent to pairing back (L03)."""
    live = select(PairingNeed).where(PairingNeed.child_id == child_id, PairingNeed.status.in_(LIVE))
    needs = db.session.scalars(live.order_by(PairingNeed.file_no)).all()
    for need in needs:
        transitions.fire(NEEDS, need, "withdraw_consent", SYSTEM)
        _let_go(need)
    return len(needs)


def age_out(need: PairingNeed) -> None:
    """End a need whose child is 18 today (S2-2.3d)."""
    transitions.fire(NEEDS, need, "age_out", SYSTEM)
    _let_go(need)


def keep_back(need: PairingNeed, why: str) -> None:
    """Take the card of a need down and let staff look for somebody: its child has moved."""
    if need.status in ("approved", "published"):
        need_publication.take_down(need)
        transitions.fire(NEEDS, need, "keep_back", SYSTEM, {"reason": why})
        need.hold_reason = why[:REASON_LENGTH]


_PLAIN: Mapping[str, Any] = {"submit": submit, "approve": approve}
_REASONED: Mapping[str, Any] = {
    "hold": hold,
    "return": send_back,
    "withdraw": withdraw,
    "close": close,
}


def act(
    actor: Actor, need_id: UUID, move: str, *, reason: str = "", version: int | None = None
) -> UUID:
    """Run one of the moves a page offers by its name; Invalid for any other."""
    if move in _PLAIN:
        _PLAIN[move](actor, need_id, version=version)
    elif move in _REASONED:
        _REASONED[move](actor, need_id, reason=reason, version=version)
    else:
        raise Invalid("没有这个操作")
    return need_id


def act_on_all(
    actor: Actor, chosen: Iterable[tuple[UUID, int | None]], move: str, reason: str = ""
) -> tuple[list[UUID], list[tuple[UUID, DomainError]]]:
    """Run one move on several needs; who cannot move is returned with the refusal, none is lost.

    Every verb refuses before it writes, so a refusal leaves nothing half done.
    """
    done: list[UUID] = []
    refused: list[tuple[UUID, DomainError]] = []
    for need_id, version in chosen:
        try:
            done.append(act(actor, need_id, move, reason=reason, version=version))
        except DomainError as refusal:
            refused.append((need_id, refusal))
    return done, refused


def _refuse_again(need: PairingNeed, held: Held) -> None:
    if need.status == "held":
        raise WrongState("合得上的在册儿童仍然不够{k}名，还不能公开", k=held.k)


def _first_served(actor: Actor, need: PairingNeed) -> None:
    """Note who approved it, and the day from which it waits (the longest waiting comes first)."""
    need.approved_by = actor.user_id
    need.waiting_since = need.waiting_since or clock.today()


def _let_go(need: PairingNeed) -> None:
    """Take the card down, answer everybody who applied, let other proposals fall away."""
    need_publication.take_down(need)
    pairing_ends.drop_proposals(need.id)
    need_applications.end_all(need.id)
