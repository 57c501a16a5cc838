"""``fire``: the only place that sets a status (state, policy, guard, set, fact)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.core import access, facts
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import DomainError, Invalid
from portal.domain.machine import Machine, Transition
from portal.models.records import Fact


@dataclass(frozen=True, slots=True)
class Offer:
    """A button: the move, and why it is refused just now (empty when it may be pressed)."""

    move: Transition
    refusal: str = ""


def fire(
    machine: Machine,
    subject: Any,
    name: str,
    actor: Actor,
    answers: Mapping[str, Any] | None = None,
    **data: Any,
) -> Fact:
    """Move ``subject`` along ``machine``; return the fact.

    Raises WrongState (no such move from here), NotAllowed (policy or guard), Invalid (an answer
    is missing). The caller's other changes ride in the same transaction.
    """
    answers = answers or {}
    move = machine.check(name, subject.status)
    if move.permission is not None:
        access.require(actor, move.permission, subject)
    _answered(move, answers)
    if move.guard is not None:
        move.guard(actor, subject, answers)
    before, subject.status = subject.status, move.target
    if hasattr(subject, "status_since"):
        subject.status_since = clock.now()
    return facts.publish(
        f"{machine.noun}.{name}",
        actor=actor,
        subject=subject,
        before=before,
        after=move.target,
        note=str(answers.get("reason", "")).strip(),
        **data,
    )


def begin(machine: Machine, subject: Any, actor: Actor, **data: Any) -> Fact:
    """Put a new subject in its first state and record that it began."""
    subject.status = machine.initial
    return facts.publish(
        f"{machine.noun}.begin", actor=actor, subject=subject, after=machine.initial, **data
    )


def offers(machine: Machine, subject: Any, actor: Actor) -> tuple[Offer, ...]:
    """Return the buttons this person sees: permitted moves, each with its refusal if any."""
    found = []
    for move in machine.offered(subject.status):
        if move.permission is None or not access.permits(actor, move.permission, subject):
            continue
        found.append(Offer(move, _refusal(move, actor, subject)))
    return tuple(found)


def _refusal(move: Transition, actor: Actor, subject: Any) -> str:
    """Ask the guard with no answers yet; what the form will ask is not a refusal."""
    if move.guard is None:
        return ""
    try:
        move.guard(actor, subject, {})
    except Invalid:
        return ""
    except DomainError as refusal:
        return str(refusal)
    return ""


def _answered(move: Transition, answers: Mapping[str, Any]) -> None:
    missing = {
        ask.name: "请填写“" + ask.label + "”"
        for ask in move.asks
        if ask.required and _empty(answers.get(ask.name))
    }
    if missing:
        raise Invalid("{what}", missing, what="；".join(missing.values()))


def _empty(answer: Any) -> bool:
    return answer is None or (isinstance(answer, str) and not answer.strip())
