"""The pool, the resource directory, the honours roll, an authority's catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from portal.domain.actor import Actor
from portal.domain.pool import PoolOffer
from portal.queries import stories_giving
from portal.services import catalogue_items, honours, pool, resource_links, resources


def fill(actor: Actor, offer: PoolOffer) -> UUID:
    """Say what one can give in person, as the person signed in."""
    return pool.fill(actor, actor.supporter_ids[0], offer)


def agree(actor: Actor) -> UUID:
    """Agree to be named on the honours roll, as the one signed in."""
    return honours.give_publicity(actor, actor.supporter_ids[0])


def disagree(actor: Actor) -> int:
    """Take the agreement to be named back, as the one signed in."""
    return honours.withdraw_publicity(actor, actor.supporter_ids[0])


VERBS: Mapping[str, Callable[..., Any]] = {
    "pool.fill": fill,
    "pool.correct": pool.correct,
    "publicity.give": agree,
    "publicity.withdraw": disagree,
    "honour.propose": honours.propose,
    "honour.approve": honours.approve,
    "honour.decline": honours.decline,
    "honour.retract": honours.retract,
    "resource.offer": resources.offer,
    "resource.revise": resources.revise,
    "resource.withdraw": resources.withdraw,
    "resource.accept": resources.accept,
    "resource.return": resources.give_back,
    "resource.take_down": resources.take_down,
    "resource.book": resource_links.book,
    "resource.release": resource_links.release,
    "catalogue.adjust": catalogue_items.adjust,
    "catalogue.propose": catalogue_items.propose,
    "catalogue.approve": catalogue_items.approve,
    "catalogue.decline": catalogue_items.decline,
}
SIGHTS: Mapping[str, Callable[..., Any]] = {
    "resource.left": stories_giving.left,
    "honours.names": stories_giving.names,
    "pool.free": stories_giving.free,
    "today.year": stories_giving.this_year,
    "supporter.speaks_for": stories_giving.own_supporter,
    "catalogue.shelf": stories_giving.shelf_names,
}
