"""What a story sees of the pool, the directory, the roll and the catalogue."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain import clock
from portal.domain.actor import Actor
from portal.extensions import db
from portal.models.honours import HonourCard
from portal.models.resources import ResourceOffer
from portal.queries import catalogue_items, pool
from portal.queries.pool import PoolFilter


def left(offer_id: UUID) -> int:
    """Return how much of an offer can still be taken."""
    row = db.session.execute(
        select(ResourceOffer.capacity, ResourceOffer.used).where(ResourceOffer.id == offer_id)
    ).one()
    return int(row.capacity - row.used)


def names() -> list[str]:
    """Return the names on the public roll, in alphabetical order."""
    return sorted(db.session.scalars(select(HonourCard.shown_name)))


def free(actor: Actor, county: str = "", skill: str = "") -> list[str]:
    """Return the names of those in the pool who have a free place."""
    wanted = PoolFilter(county=county, skill=skill, free="1")
    return [row.name for row in pool.search(actor, wanted).rows]


def own_supporter(actor: Actor) -> UUID:
    """Return the first supporter one speaks for."""
    return actor.supporter_ids[0]


def shelf_names(tenant_path: str) -> list[str]:
    """Return the names of what a wish of an authority may ask for."""
    return [item.name for item in catalogue_items.shelf(tenant_path)]


def this_year() -> int:
    """Return the year of the story's day."""
    return clock.today().year
