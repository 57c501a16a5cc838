"""Somebody leaves a pairing: it waits where staff see it, and no child goes unseen (PN)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts, transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.continuity import LEAVING
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.lifecycles.pairings import APPROVED, LIVE, MACHINE, not_mine
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.pairings import Pairing
from portal.models.supporters import Supporter
from portal.services import needs, pairing_checks, pairing_ends

#: Who leaves for good: the reason of PN.
QUIT = "mentor_quit"


def ask_to_leave(actor: Actor, pairing_id: UUID, *, words: str, version: int | None = None) -> UUID:
    """Tell staff that one wants to stop an own pairing, and why; it goes on until they end it.

    Raises NotFound for somebody else's, WrongState once it has ended or was never approved,
    Conflict when it was said before, Invalid without words.
    """
    pairing = pairing_checks.get(pairing_id, version)
    if pairing.supporter_id not in actor.supporter_ids:
        raise NotFound
    access.require(actor, Permission.CONTACT_WRITE, pairing)
    if pairing.status not in APPROVED:
        raise WrongState("这份结对已经结束，或还没有批准")
    if pairing.leaving_why in ("mentor", "account"):
        raise Conflict("已经告诉工作人员，请等他们联系您")
    if not words.strip():
        raise Invalid("请写一句原因", {"words": "请写一句原因"})
    flag(actor, pairing, "mentor", words)
    return pairing.id


def flag(actor: Actor, pairing: Pairing, why: str, words: str = "") -> None:
    """Let a pairing wait among those that need somebody; ``why`` is a key of LEAVING."""
    if why not in LEAVING:
        msg = f"{why} is no reason to need somebody"
        raise ValueError(msg)
    pairing.leaving_since, pairing.leaving_why = clock.today(), why
    facts.publish("pairing.leaving", actor=actor, subject=pairing, note=words.strip(), why=why)


def stay(actor: Actor, pairing_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Settle that a pairing goes on: the mentor stays, or the contact person is confirmed."""
    pairing = pairing_checks.get(pairing_id, version)
    access.require(actor, Permission.CADENCE_CARE, pairing)
    not_mine(actor, pairing, {})
    if pairing.leaving_since is None:
        raise Conflict("这份结对没有待接手的事")
    if not reason.strip():
        raise Invalid("请写明怎样商定的", {"reason": "请写明怎样商定的"})
    facts.publish("pairing.stay", actor=actor, subject=pairing, note=reason.strip())
    settled(pairing)
    return pairing.id


def settled(pairing: Pairing) -> None:
    """Nobody is needed any more."""
    pairing.leaving_since, pairing.leaving_why = None, ""


def asked_to_be_forgotten(actor: Actor, supporter_id: UUID) -> int:
    """Let every pairing of a supporter who asks for erasure wait for staff; say how many."""
    rows = _held(supporter_id, APPROVED)
    for pairing in rows:
        flag(actor, pairing, "account")
    return len(rows)


def changed_mind(supporter_id: UUID) -> None:
    """Settle what waited only because of a request that was taken back or refused."""
    for pairing in _held(supporter_id, APPROVED):
        if pairing.leaving_why == "account":
            settled(pairing)


def leave_all(supporter: Supporter) -> int:
    """End every pairing of somebody who is erased; the needs wait again, staff are told (PN).

    Needs the whole tree: the children may live in several counties. Says how many had begun or
    were about to.
    """
    ended = 0
    for pairing in _held(supporter.id, LIVE):
        if pairing.status == "proposed":
            transitions.fire(MACHINE, pairing, "supersede", SYSTEM)
            pairing_ends.end(pairing, pairing_ends.DECLINED, "")
            continue
        transitions.fire(MACHINE, pairing, "leave", SYSTEM, reason_code=QUIT)
        pairing_ends.end_rest(pairing)
        pairing_ends.end(pairing, QUIT, "")
        if pairing.need_id is not None:
            needs.reopen_for(pairing.need_id)
        ended += 1
    return ended


def _held(supporter_id: UUID, states: frozenset[str]) -> list[Pairing]:
    return list(
        db.session.scalars(
            select(Pairing)
            .where(Pairing.supporter_id == supporter_id, Pairing.status.in_(states))
            .order_by(Pairing.file_no)
        )
    )
