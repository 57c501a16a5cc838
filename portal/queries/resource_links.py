"""What an offer is taken for: as staff see it in their scope, and as its giver may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from portal.core import transitions
from portal.core.transitions import Offer
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.lifecycles.resources import LINKS
from portal.extensions import db
from portal.models.resources import ResourceLink
from portal.models.units import Unit
from portal.queries import resource_subjects
from portal.queries.resource_subjects import Subject


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One part of an offer that was taken; ``subject`` is None behind a wall."""

    id: UUID
    version: int
    offer_id: UUID
    subject_type: str
    subject: Subject | None
    place: str
    amount: int
    on_date: date | None
    at: datetime
    status: str
    moves: tuple[Offer, ...]


def offer_of(link_id: UUID) -> UUID:
    """Return the offer that a link in the scope takes a part of; NotFound."""
    found = db.session.scalar(select(ResourceLink.offer_id).where(ResourceLink.id == link_id))
    if found is None:
        raise NotFound
    return found


def of(actor: Actor, offer_ids: Sequence[UUID]) -> tuple[LinkRow, ...]:
    """Return the links of these offers, newest first; a giver is told neither what nor where."""
    found = db.session.execute(
        select(ResourceLink, Unit.name)
        .join(Unit, Unit.path == ResourceLink.unit_path)
        .where(ResourceLink.offer_id.in_(offer_ids))
        .order_by(ResourceLink.created_at.desc(), ResourceLink.id)
    ).all()
    own_only = not actor.is_staff
    subjects: dict[UUID, Subject] = {}
    if not own_only:
        subjects = resource_subjects.named(
            [(link.subject_type, link.subject_id) for link, _ in found]
        )
    return tuple(
        LinkRow(
            id=link.id,
            version=link.version,
            offer_id=link.offer_id,
            subject_type=link.subject_type,
            subject=subjects.get(link.subject_id),
            place="" if own_only else place,
            amount=link.amount,
            on_date=link.on_date,
            at=link.created_at,
            status=link.status,
            moves=transitions.offers(LINKS, link, actor),
        )
        for link, place in found
    )
