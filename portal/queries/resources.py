"""The resource directory as staff search it and as its givers see their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, false, func, or_, select

from portal.core import access, transitions
from portal.core.transitions import Offer
from portal.domain import clock, masking
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.lifecycles.resources import OFFERS
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.resources import ResourceOffer
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.queries import resource_links

PAGE = 50
EXPORT_MOST = 5_000
QUERY_LENGTH = 20


@dataclass(frozen=True, slots=True)
class OfferFilter:
    """What to look for; everything empty is the whole directory of the authority."""

    q: str = ""
    kind: str = ""
    county: str = ""
    day: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One offer; who gives it as the reader may see it, the contact masked."""

    id: UUID
    version: int
    supporter_id: UUID
    giver: str
    county: str
    kind: str
    title: str
    description: str
    unit: str
    capacity: int
    used: int
    days: tuple[str, ...]
    from_on: date | None
    to_on: date | None
    counties: tuple[str, ...]
    status: str
    since: datetime
    returned: str
    contact_name: str
    contact_phone: str

    @property
    def left(self) -> int:
        """Return how much can still be taken."""
        return self.capacity - self.used


@dataclass(frozen=True, slots=True)
class OfferDossier:
    """One offer with its links in the scope and the buttons of whoever looks."""

    row: OfferRow
    links: tuple[resource_links.LinkRow, ...]
    moves: tuple[Offer, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfferPage:
    """A page of the directory; ``after`` continues it, empty at the end."""

    rows: tuple[OfferRow, ...]
    after: str


def directory(actor: Actor, wanted: OfferFilter, after: str = "", limit: int = PAGE) -> OfferPage:
    """Return a page of the directory, newest change first; by default what can be taken."""
    chosen = _filtered(wanted)
    if (cursor := _moment(after)) is not None:
        at, last = cursor
        chosen = chosen.where(
            or_(
                ResourceOffer.status_since < at,
                and_(ResourceOffer.status_since == at, ResourceOffer.id > last),
            )
        )
    found = db.session.execute(chosen.limit(limit + 1)).all()
    rows = tuple(_row(actor, each) for each in found[:limit])
    on = f"{rows[-1].since.isoformat()}~{rows[-1].id}" if len(found) > limit else ""
    return OfferPage(rows, on)


def counts() -> dict[str, int]:
    """Return how many offers stand in each state."""
    rows = db.session.execute(
        select(ResourceOffer.status, func.count(ResourceOffer.id)).group_by(ResourceOffer.status)
    )
    return dict(iter(rows))


def one(actor: Actor, offer_id: UUID) -> OfferDossier:
    """Return one offer of the authority for staff; NotFound."""
    found = db.session.execute(_base().where(ResourceOffer.id == offer_id)).first()
    if found is None:
        raise NotFound
    row = _row(actor, found, open_contact=True)
    offers = transitions.offers(OFFERS, found.ResourceOffer, actor)
    moves = tuple(each for each in offers if each.move.name not in ("submit", "withdraw"))
    return OfferDossier(row, resource_links.of(actor, [offer_id]), moves, _names(row.counties))


def own(actor: Actor) -> tuple[OfferDossier, ...]:
    """Return what one offers oneself, newest first, with what it is taken for."""
    if not actor.supporter_ids:
        return ()
    found = db.session.execute(
        _base()
        .where(ResourceOffer.supporter_id.in_(actor.supporter_ids))
        .order_by(ResourceOffer.created_at.desc(), ResourceOffer.id)
    ).all()
    links = resource_links.of(actor, [row.ResourceOffer.id for row in found])
    return tuple(
        OfferDossier(
            _row(actor, row, open_contact=True),
            tuple(each for each in links if each.offer_id == row.ResourceOffer.id),
            transitions.offers(OFFERS, row.ResourceOffer, actor),
            _names(_codes(row.ResourceOffer.reach)),
        )
        for row in found
    )


def own_one(actor: Actor, offer_id: UUID) -> OfferRow:
    """Return one of one's own offers, to change it; NotFound otherwise."""
    found = db.session.execute(_base().where(ResourceOffer.id == offer_id)).first()
    if found is None or found.ResourceOffer.supporter_id not in actor.supporter_ids:
        raise NotFound
    return _row(actor, found, open_contact=True)


def givers(actor: Actor) -> tuple[tuple[UUID, str], ...]:
    """Return the approved supporters one speaks for: (id, name)."""
    rows = db.session.execute(
        select(Supporter.id, Supporter.name)
        .where(Supporter.id.in_(actor.supporter_ids), Supporter.status == "approved")
        .order_by(Supporter.created_at)
    )
    return tuple((row.id, row.name) for row in rows)


def _base() -> Select[*tuple[Any, ...]]:
    return (
        select(ResourceOffer, Supporter.name, Supporter.kind, Unit.name.label("county"))
        .join(Supporter, Supporter.id == ResourceOffer.supporter_id)
        .join(Unit, Unit.path == ResourceOffer.unit_path)
    )


def _filtered(wanted: OfferFilter) -> Select[Any]:
    chosen = _base().order_by(ResourceOffer.status_since.desc(), ResourceOffer.id)
    status = wanted.status if wanted.status in OFFERS.states else "listed"
    chosen = chosen.where(ResourceOffer.status == status)
    if wanted.kind:
        chosen = chosen.where(ResourceOffer.kind == wanted.kind)
    if wanted.county:
        chosen = chosen.where(ResourceOffer.reach.contains(f" {wanted.county} ", autoescape=True))
    for word in wanted.q[:QUERY_LENGTH].split():
        chosen = chosen.where(
            or_(
                ResourceOffer.title.contains(word, autoescape=True),
                ResourceOffer.description.contains(word, autoescape=True),
            )
        )
    if wanted.day:
        chosen = chosen.where(_on(wanted.day))
    return chosen


def _on(day: str) -> Any:
    """Ask for offers of a kind of day; one without days is of any."""
    try:
        when = date.fromisoformat(day)
    except ValueError:
        return false()
    return and_(
        or_(ResourceOffer.from_on.is_(None), ResourceOffer.from_on <= when),
        or_(ResourceOffer.to_on.is_(None), ResourceOffer.to_on >= when),
    )


def _row(actor: Actor, found: Any, *, open_contact: bool = False) -> OfferRow:
    offer = found.ResourceOffer
    full = access.permits(actor, Permission.SUPPORTER_READ, offer)
    giver = found.name
    if found.kind == "individual" and not full:
        giver = masking.mask(masking.Kind.NAME, giver)
    reached = open_contact and _may_call(actor, offer)
    return OfferRow(
        id=offer.id,
        version=offer.version,
        supporter_id=offer.supporter_id,
        giver=giver,
        county=found.county,
        kind=offer.kind,
        title=offer.title,
        description=offer.description,
        unit=offer.unit,
        capacity=offer.capacity,
        used=offer.used,
        days=tuple(offer.days),
        from_on=offer.from_on,
        to_on=offer.to_on,
        counties=_codes(offer.reach),
        status=offer.status,
        since=offer.status_since,
        returned=offer.returned,
        contact_name=_shown("name", offer.contact_name, is_open=reached),
        contact_phone=_shown("phone", offer.contact_phone, is_open=reached),
    )


def _may_call(actor: Actor, offer: ResourceOffer) -> bool:
    """Tell whether the contact is open: one's own, or listed for a county one works in."""
    if offer.supporter_id in actor.supporter_ids:
        return True
    if access.permits(actor, Permission.RESOURCE_MODERATE, offer):
        return True
    reached = any(
        f"/{code}/" in grant.path for grant in actor.grants for code in _codes(offer.reach)
    )
    return (
        reached and access.permits(actor, Permission.RESOURCE_LINK) and offer.status != "withdrawn"
    )


def _shown(kind: str, value: str, *, is_open: bool) -> str:
    return value if is_open else masking.mask(kind, value)


def _codes(reach: str) -> tuple[str, ...]:
    return tuple(reach.split())


def _names(codes: Sequence[str]) -> tuple[str, ...]:
    rows = db.session.scalars(
        select(Unit.name).where(Unit.code.in_(codes), Unit.level == "county").order_by(Unit.code)
    )
    return tuple(rows)


def _moment(after: str) -> tuple[datetime, UUID] | None:
    at, _, last = after.partition("~")
    try:
        moment, identifier = datetime.fromisoformat(at), UUID(last)
    except ValueError:
        return None
    return (moment, identifier) if moment.tzinfo and moment <= clock.now() else None
