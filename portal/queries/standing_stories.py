"""What a story looks at of tier 2 and pairings, inside the reader's own scope."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.extensions import db
from portal.models.pairings import Pairing
from portal.models.standings import Clearance
from portal.models.supporters import Supporter, Tie


def tier2_state(supporter_id: UUID) -> str:
    """Return the state of a person's tier 2; empty before they asked."""
    found = select(Clearance.status).where(Clearance.supporter_id == supporter_id)
    return db.session.scalar(found) or ""


def tier2_valid_to(supporter_id: UUID) -> date | None:
    """Return the last day of a person's tier 2."""
    found: date | None = db.session.scalar(
        select(Clearance.valid_to).where(Clearance.supporter_id == supporter_id)
    )
    return found


def tier(supporter_id: UUID) -> int:
    """Return a supporter's tier: 0, 1 (goods) or 2 (contact); NotFound behind a wall."""
    found = db.session.scalar(select(Supporter.tier).where(Supporter.id == supporter_id))
    if found is None:
        raise NotFound
    return int(found)


def open_ties(supporter_id: UUID) -> list[UUID]:
    """Return the applicant's ties that hold the application."""
    return list(
        db.session.scalars(
            select(Tie.id)
            .where(
                Tie.supporter_id == supporter_id,
                Tie.side == "applicant",
                Tie.released_at.is_(None),
            )
            .order_by(Tie.created_at)
        )
    )


def pairing_state(pairing_id: UUID) -> str:
    """Return a pairing's state, and why it is paused; NotFound behind a wall."""
    row = db.session.execute(
        select(Pairing.status, Pairing.paused_reason).where(Pairing.id == pairing_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return f"{row.status} {row.paused_reason}".strip()


def own_pairings(actor: Actor) -> list[str]:
    """Return the states of one's own pairings, in the order of their numbers."""
    return list(
        db.session.scalars(
            select(Pairing.status)
            .where(Pairing.supporter_id.in_(actor.supporter_ids))
            .order_by(Pairing.file_no)
        )
    )
