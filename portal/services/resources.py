"""The resource directory: offering, looking at offers, taking a part of one (S1-2.3.6)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts, transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, NotFound, WrongState
from portal.domain.lifecycles.resources import OFFERS
from portal.domain.permissions import Permission
from portal.domain.resources import OfferInput, check
from portal.extensions import db
from portal.models.resources import ResourceOffer
from portal.models.supporters import Supporter
from portal.queries import resource_places

_STALE = "这条资源刚刚有变化，请刷新后再看"
_REASON_LENGTH = 500


def offer(actor: Actor, supporter_id: UUID, data: OfferInput) -> UUID:
    """Offer goods, a venue, a service or a profession; a county looks at it before it counts.

    Raises NotFound for somebody else's row, WrongState without a standing, Invalid.
    """
    supporter = _standing(actor, supporter_id)
    check(data, _reachable(supporter.tenant_path), clock.today())
    row = ResourceOffer(
        supporter_id=supporter.id, tenant_path=supporter.tenant_path,
        unit_path=supporter.unit_path, county_code=supporter.county_code,
        created_by=actor.user_id, status_since=clock.now(), used=0,
    )  # fmt: skip
    _fill(row, data)
    db.session.add(row)
    db.session.flush()
    transitions.begin(OFFERS, row, actor, supporter_id=str(supporter.id))
    return row.id


def revise(actor: Actor, offer_id: UUID, data: OfferInput, *, version: int | None = None) -> UUID:
    """Change an own offer; whatever its state, the county looks at it again.

    What is booked stays booked: the amount cannot go below it. Raises as ``offer``, Conflict when
    it changed meanwhile, WrongState once withdrawn.
    """
    row = _own(actor, offer_id, version)
    supporter = _standing(actor, row.supporter_id)
    if row.status != OFFERS.initial:
        OFFERS.check("submit", row.status)
    check(data, _reachable(supporter.tenant_path), clock.today(), used=row.used)
    _fill(row, data)
    row.returned = ""
    facts.publish("resource_offer.edit", actor=actor, subject=row)
    if row.status != OFFERS.initial:
        transitions.fire(OFFERS, row, "submit", actor)
    db.session.flush()
    return row.id


def withdraw(actor: Actor, offer_id: UUID, *, version: int | None = None) -> UUID:
    """Take an own offer back; what is booked already is still owed."""
    row = _own(actor, offer_id, version)
    transitions.fire(OFFERS, row, "withdraw", actor)
    return row.id


def accept(actor: Actor, offer_id: UUID, *, version: int | None = None) -> UUID:
    """List an offer in the directory; it may be taken from now on."""
    row = _looked_at(actor, offer_id, version)
    transitions.fire(OFFERS, row, "list", actor)
    row.returned = ""
    if row.used >= row.capacity:
        transitions.fire(OFFERS, row, "use_up", actor)
    return row.id


def give_back(actor: Actor, offer_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Send an offer back to whoever offers it, with a reason."""
    row = _looked_at(actor, offer_id, version)
    transitions.fire(OFFERS, row, "return", actor, {"reason": reason})
    row.returned = reason.strip()[:_REASON_LENGTH]
    return row.id


def take_down(actor: Actor, offer_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Take an offer out of the directory for good, with a reason."""
    row = _looked_at(actor, offer_id, version)
    transitions.fire(OFFERS, row, "take_down", actor, {"reason": reason})
    row.returned = reason.strip()[:_REASON_LENGTH]
    return row.id


def expire_due() -> int:
    """End the offers whose last day has passed; return how many (daily, by the system)."""
    live = [name for name in OFFERS.states if name in OFFERS.transition("expire").sources]
    past = db.session.scalars(
        select(ResourceOffer)
        .where(ResourceOffer.status.in_(live), ResourceOffer.to_on < clock.today())
        .order_by(ResourceOffer.id)
    ).all()
    for row in past:
        transitions.fire(OFFERS, row, "expire", SYSTEM)
    return len(past)


def _standing(actor: Actor, supporter_id: UUID) -> Supporter:
    if supporter_id not in actor.supporter_ids:
        raise NotFound
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None:
        raise NotFound
    access.require(actor, Permission.RESOURCE_OFFER, supporter)
    if supporter.status != "approved":
        raise WrongState("资格审核通过后才能提供资源")
    return supporter


def _reachable(tenant_path: str) -> frozenset[str]:
    return frozenset(place.code for place in resource_places.counties_of(tenant_path))


def _fill(row: ResourceOffer, data: OfferInput) -> None:
    row.kind, row.unit, row.capacity = data.kind, data.unit, data.capacity
    row.title, row.description = data.title.strip(), data.description.strip()
    row.days, row.from_on, row.to_on = sorted(set(data.days)), data.from_on, data.to_on
    row.reach = f" {' '.join(sorted(set(data.counties)))} "
    row.contact_name, row.contact_phone = data.contact_name.strip(), data.contact_phone.strip()


def _own(actor: Actor, offer_id: UUID, version: int | None) -> ResourceOffer:
    row = db.session.scalar(select(ResourceOffer).where(ResourceOffer.id == offer_id))
    if row is None or row.supporter_id not in actor.supporter_ids:
        raise NotFound
    return _current(row, version)


def _looked_at(actor: Actor, offer_id: UUID, version: int | None) -> ResourceOffer:
    row = db.session.scalar(select(ResourceOffer).where(ResourceOffer.id == offer_id))
    if row is None or not access.permits(actor, Permission.RESOURCE_MODERATE, row):
        raise NotFound
    return _current(row, version)


def _current(row: ResourceOffer, version: int | None) -> ResourceOffer:
    if version is not None and row.version != version:
        raise Conflict(_STALE)
    return row
