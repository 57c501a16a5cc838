"""What a story looks at: a pairing's light, its periods, reminders, the scan of a card."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.cadence import TALK, VISIT, Obligation, tally
from portal.domain.errors import NotFound
from portal.extensions import db
from portal.models.cadences import CadenceReminder
from portal.models.contact_cards import ContactCard
from portal.queries import cadences, contact_cards, pairing_board, substitutions
from portal.queries.cadences import Kept


def light(pairing_id: UUID) -> str:
    """Return green, amber or red."""
    return _kept(pairing_id).cadence.light


def talks(pairing_id: UUID) -> dict[str, str]:
    """Return each month and how its talk stands; a free one that was kept says so."""
    return _periods(_kept(pairing_id), TALK)


def visits(pairing_id: UUID) -> dict[str, str]:
    """Return each quarter and how its home visit stands, by the quarter's first month."""
    return _periods(_kept(pairing_id), VISIT)


def compliance(pairing_id: UUID) -> str:
    """Return met ÷ due of the periods that are over, such as 3/6."""
    found = tally(_kept(pairing_id).cadence.obligations, before=clock.today())
    return f"{found.met}/{found.due}"


def reminders(pairing_id: UUID) -> int:
    """Return how many reminders were sent in all."""
    counted = select(func.count(CadenceReminder.id)).where(CadenceReminder.pairing_id == pairing_id)
    return db.session.scalar(counted) or 0


def own_stands(actor: Actor) -> int:
    """Return in how many pairings the actor stands in today."""
    return len(substitutions.own(actor))


def card_checked(pairing_id: UUID) -> str:
    """Return what a stranger reads who scans the newest card of a pairing: valid or void."""
    serial = db.session.scalar(
        select(ContactCard.serial)
        .where(ContactCard.pairing_id == pairing_id)
        .order_by(ContactCard.created_at.desc(), ContactCard.id.desc())
        .limit(1)
    )
    found = contact_cards.by_serial(serial) if serial else None
    if found is None:
        return "unknown"
    return "valid" if found.valid else "void"


def board_marks(actor: Actor, pairing_id: UUID) -> list[str]:
    """Return why a pairing stands among those that need attention."""
    return list(pairing_board.one(actor, pairing_id).marks)


def _kept(pairing_id: UUID) -> Kept:
    found = cadences.one(pairing_id)
    if found is None:
        raise NotFound
    return found


def _periods(kept: Kept, kind: str) -> dict[str, str]:
    return {one.period_from.isoformat()[:7]: _word(one) for one in kept.cadence.of(kind)}


def _word(one: Obligation) -> str:
    return "met freely" if one.state == "met" and not one.due else one.state
