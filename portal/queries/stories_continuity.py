"""What a story looks at when somebody leaves or moves: who is needed, what was left, where."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.extensions import db
from portal.models.accounts import RoleGrant
from portal.models.children import ChildFile
from portal.models.continuity import ChildTransfer
from portal.models.pairings import Pairing
from portal.queries import (
    child_transfers,
    closing_interviews,
    handovers,
    own_pairings,
    pairing_gaps,
    units,
)


def gaps(pairing_id: UUID) -> list[str]:
    """Return why a pairing needs somebody (keys of domain.continuity.GAPS); none: all is well."""
    return list(pairing_gaps.of([pairing_id]).get(pairing_id, ()))


def open_interviews() -> int:
    """Return how many closing interviews wait in the scope."""
    return closing_interviews.waiting().count


def received(actor: Actor, pairing_id: UUID) -> dict[str, str]:
    """Return what the mentor before left for an own pairing; empty before it has begun."""
    found = handovers.received(actor, pairing_id)
    return {name: text for name, text in found.parts if text} if found else {}


def left(actor: Actor, pairing_id: UUID) -> dict[str, str]:
    """Return what a mentor wrote for the next one, while their own pairing stands."""
    return {name: text for name, text in handovers.own(actor, pairing_id).parts if text}


def number(pairing_id: UUID) -> str:
    """Return the file number of a pairing."""
    return _pairing(pairing_id).file_no


def follows(pairing_id: UUID) -> UUID | None:
    """Return the pairing that a pairing follows."""
    return _pairing(pairing_id).follows_id


def review_due(pairing_id: UUID) -> date | None:
    """Return the day by which a pairing is looked at again."""
    return _pairing(pairing_id).review_due


def contact(actor: Actor, pairing_id: UUID) -> str:
    """Return whom a mentor may call about an own pairing."""
    return own_pairings.get(actor, pairing_id).contact


def transfer_state(actor: Actor, transfer_id: UUID) -> str:
    """Return the state of a transfer to or from one's units."""
    return child_transfers.one(actor, transfer_id).status


def transfer_summary(actor: Actor, transfer_id: UUID) -> str:
    """Return what a receiving county reads of the child before it accepts."""
    told = child_transfers.one(actor, transfer_id).summary
    return f"{told.child} {told.age} {told.county}"


def transfer_missing(actor: Actor, transfer_id: UUID) -> list[str]:
    """Return what the receiving county was told to settle."""
    return list(child_transfers.one(actor, transfer_id).missing)


def transfer_reminded(transfer_id: UUID) -> date | None:
    """Return the day of the last reminder of a transfer one receives."""
    return db.session.scalar(
        select(ChildTransfer.reminded_on).where(ChildTransfer.id == transfer_id)
    )


def transfers_waiting() -> int:
    """Return how many transfers wait for an answer of the units in scope."""
    return child_transfers.waiting().count


def live_roles(user_id: UUID) -> list[tuple[UUID, UUID]]:
    """Return the roles somebody holds today: pairs of grant and unit."""
    today = clock.today()
    rows = db.session.execute(
        select(RoleGrant.id, RoleGrant.unit_id).where(
            RoleGrant.user_id == user_id,
            or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
        )
    )
    return [(row.id, row.unit_id) for row in rows]


def child_place(child_id: UUID) -> str:
    """Return the code of the unit where a child's file lies; empty behind a wall."""
    path = db.session.scalar(select(ChildFile.unit_path).where(ChildFile.id == child_id))
    return units.by_path(path).code if path else ""


def _pairing(pairing_id: UUID) -> Pairing:
    found = db.session.scalar(select(Pairing).where(Pairing.id == pairing_id))
    if found is None:
        raise NotFound
    return found
