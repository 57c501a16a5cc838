"""Offering oneself without picking a need ("any child near me, Saturdays"; S0-4.2b)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.core import transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.lifecycles.needs import OFFERS
from portal.domain.needs import KINDS
from portal.extensions import db
from portal.models.needs import PairingOffer
from portal.models.pool import PoolProfile
from portal.models.supporters import Supporter
from portal.services.need_applications import person_who_may

_WORDS = 300


def offer(
    actor: Actor, *, supporter_id: UUID | None, kinds: Sequence[str] = (), words: str = ""
) -> UUID:
    """Offer to meet any child that fits; days, languages and counties are the pool profile's.

    Raises NotAllowed without tier 2, WrongState without a pool profile, Conflict while an offer
    is open, Invalid for a kind in no list.
    """
    if set(kinds) - set(KINDS) or len(words.strip()) > _WORDS:
        raise Invalid("请从列表中选择，留言最多300字", {"kinds": "请从列表中选择"})
    person = person_who_may(actor, supporter_id)
    profile = db.session.scalar(select(PoolProfile).where(PoolProfile.supporter_id == person.id))
    if profile is None:
        raise WrongState("请先填写能陪伴的时间和地方")
    if _open(person.id):
        raise Conflict("您已经有一份意愿在等安排")
    row = PairingOffer(
        id=uuid4(),
        tenant_path=person.tenant_path,
        unit_path=person.unit_path,
        supporter_id=person.id,
        kinds=sorted(set(kinds)),
        words=words.strip(),
        offered_at=clock.now(),
        created_by=actor.user_id,
    )
    db.session.add(row)
    transitions.begin(OFFERS, row, actor, supporter_id=str(person.id))
    db.session.flush()
    return row.id


def withdraw(actor: Actor, offer_id: UUID) -> UUID:
    """Take one's own open offer back."""
    row = _get(offer_id)
    transitions.fire(OFFERS, row, "withdraw", actor)
    row.ended_at = clock.now()
    return row.id


def take_for(actor: Actor, supporter_id: UUID) -> None:
    """Mark a person's open offer as arranged: a pairing with them was approved."""
    for row in _open(supporter_id):
        transitions.fire(OFFERS, row, "take", actor)
        row.ended_at = clock.now()


def stand_down(supporter: Supporter, why: str) -> int:
    """End the open offer of somebody who may not meet children any more; say how many."""
    rows = _open(supporter.id)
    for row in rows:
        transitions.fire(OFFERS, row, "lapse", SYSTEM)
        row.ended_at = clock.now()
    return len(rows)


def _open(supporter_id: UUID) -> list[PairingOffer]:
    return list(
        db.session.scalars(
            select(PairingOffer).where(
                PairingOffer.supporter_id == supporter_id, PairingOffer.status == "open"
            )
        )
    )


def _get(offer_id: UUID) -> PairingOffer:
    row = db.session.scalar(select(PairingOffer).where(PairingOffer.id == offer_id))
    if row is None:
        raise NotFound
    return row
