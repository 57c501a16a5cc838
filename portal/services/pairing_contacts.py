"""Who answers for a pairing: named by staff, and replaced when somebody leaves the post (PN)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Invalid, WrongState
from portal.domain.lifecycles.pairings import APPROVED, not_mine
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.pairings import Pairing
from portal.queries import pairing_contacts as reading
from portal.services import contact_cards, pairing_checks, pairing_leaving


def name(actor: Actor, pairing_id: UUID, *, user_id: UUID, version: int | None = None) -> UUID:
    """Name who answers for a pairing; the mentor is told, the card is issued anew.

    Raises NotFound outside one's units, WrongState once it has ended, Invalid for somebody who
    does not work for the child's place.
    """
    pairing = pairing_checks.get(pairing_id, version)
    access.require(actor, Permission.CADENCE_CARE, pairing)
    not_mine(actor, pairing, {})
    if pairing.status not in APPROVED:
        raise WrongState("这份结对已经结束，或还没有批准")
    if user_id not in {one.user_id for one in reading.candidates(pairing.unit_path)}:
        said = "请选择一位在这里工作的同事"
        raise Invalid(said, {"user_id": said})
    if pairing.leaving_why == "contact":
        pairing_leaving.settled(pairing)
    _replace(actor, pairing, user_id)
    return pairing.id


def replace_gone() -> int:
    """Replace every contact person who left; the pairing waits for staff to name somebody.

    The nearest colleague takes over meanwhile. Run as a role ends, and each night for roles that
    ran out; safe to run twice. Says how many pairings were concerned.
    """
    gone = db.session.scalars(
        select(Pairing)
        .where(
            Pairing.status.in_(APPROVED),
            reading.contact().is_not(None),
            ~reading.holds_post(reading.contact(), Pairing.unit_path),
        )
        .order_by(Pairing.file_no)
    ).all()
    count = 0
    for pairing in gone:
        nearest = next(iter(reading.candidates(pairing.unit_path)), None)
        if nearest is None and pairing.leaving_why == "contact":
            continue
        count += 1
        if pairing.leaving_since is None:
            pairing_leaving.flag(SYSTEM, pairing, "contact")
        _replace(SYSTEM, pairing, nearest.user_id if nearest else None)
    return count


def _replace(actor: Actor, pairing: Pairing, user_id: UUID | None) -> None:
    pairing.contact_id = user_id
    db.session.flush()
    facts.publish(
        "pairing.change_contact", actor=actor, subject=pairing,
        contact=str(user_id) if user_id else None,
    )  # fmt: skip
    contact_cards.renew(pairing)
