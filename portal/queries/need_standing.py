"""What stands between a visitor and applying for a need, from the passport (S0-4.5a)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from portal.core import scope
from portal.domain import clock
from portal.domain.actor import Actor
from portal.extensions import db
from portal.models.needs import NeedApplication, NeedCard, PairingNeed, PairingOffer
from portal.models.pool import PoolProfile
from portal.models.standings import Clearance
from portal.models.supporters import Supporter
from portal.queries import passports
from portal.queries.passports import Passport

#: The steps on the way, in order; each is what is still to be done.
VISITOR, STAFF, UNREGISTERED, TIER1, TIER2, READY = (
    "visitor", "staff", "unregistered", "tier1", "tier2", "ready",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands: the stage, their own person, their passport, what waits."""

    stage: str
    supporter_id: UUID | None = None
    passport: Passport | None = None
    waiting: int = 0
    applied: bool = False
    has_profile: bool = False
    offered: bool = False


def standing(actor: Actor, code: str = "") -> Standing:
    """Tell what is missing for an application; with a card's code, whether one waits for it."""
    if actor.is_anonymous:
        return Standing(VISITOR)
    if actor.is_staff:
        return Standing(STAFF)
    person = _person(actor)
    if person is None:
        return Standing(UNREGISTERED)
    today = clock.today()
    if not person.stands_on(today):
        return Standing(TIER1, person.id)
    cleared = db.session.scalar(select(Clearance).where(Clearance.supporter_id == person.id))
    holds = cleared is not None and cleared.holds_on(today)
    return Standing(
        READY if holds else TIER2,
        person.id,
        passport=passports.own(actor).get(person.id),
        waiting=_waiting(person.id),
        applied=bool(code) and _applied(person.id, code),
        has_profile=_exists(PoolProfile, person.id),
        offered=_open_offer(person.id),
    )


def _person(actor: Actor) -> Supporter | None:
    """Return the person's own registration: an organisation does not meet a child."""
    return db.session.scalar(
        select(Supporter)
        .where(Supporter.id.in_(actor.supporter_ids), Supporter.kind == "individual")
        .order_by(Supporter.tier.desc(), Supporter.id)
        .limit(1)
    )


def _waiting(supporter_id: UUID) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(NeedApplication)
            .where(NeedApplication.supporter_id == supporter_id, NeedApplication.status == "lodged")
        )
        or 0
    )


def _applied(supporter_id: UUID, code: str) -> bool:
    """Tell whether one's own application waits for the need behind a card."""
    with scope.everywhere("whether one's own application answers this card", db.session()):
        found = db.session.scalar(
            select(NeedApplication.id)
            .join(PairingNeed, PairingNeed.id == NeedApplication.need_id)
            .join(NeedCard, NeedCard.id == PairingNeed.card_id)
            .where(
                NeedApplication.supporter_id == supporter_id,
                NeedApplication.status == "lodged",
                NeedCard.code == code,
            )
            .limit(1)
        )
    return found is not None


def _exists(model: type[PoolProfile], supporter_id: UUID) -> bool:
    return db.session.scalar(select(model.id).where(model.supporter_id == supporter_id)) is not None


def _open_offer(supporter_id: UUID) -> bool:
    found = select(PairingOffer.id).where(
        PairingOffer.supporter_id == supporter_id, PairingOffer.status == "open"
    )
    return db.session.scalar(found) is not None
