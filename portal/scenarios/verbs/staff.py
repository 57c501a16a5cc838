"""Staff of a story: an account with the story's password and a role at a unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.domain.actor import SYSTEM, Actor, Grant, Role
from portal.queries import stories_continuity, units
from portal.scenarios.verbs.supporters import open_account
from portal.services import grants
from portal.services.units import open_unit


@dataclass(frozen=True, slots=True)
class Post:
    """Somebody's role at the unit of a code."""

    login: str
    name: str
    role: Role
    unit: str


def appoint(actor: Actor, login: str, name: str, role: Role, unit: str) -> UUID:
    """Open an account and give it a role at the unit of a code (system, or an administrator)."""
    person = open_account(login, name)
    place = units.get(unit)
    giver = _founder(actor, place.id) if actor is SYSTEM else actor
    user_id = UUID(str(person.user_id))
    grants.grant(giver, user_id, role=role, unit_path=place.path, valid_to=None)
    return user_id


def appoint_all(actor: Actor, posts: tuple[Post, ...]) -> int:
    """Open several accounts with a role each; return how many."""
    for post in posts:
        appoint(actor, post.login, post.name, post.role, post.unit)
    return len(posts)


def dismiss(actor: Actor, user_id: UUID) -> UUID:
    """End every role of somebody today (system, or an administrator); return the account."""
    for grant_id, unit_id in stories_continuity.live_roles(user_id):
        grants.end(_founder(actor, unit_id) if actor is SYSTEM else actor, grant_id)
    return user_id


def _founder(actor: Actor, unit_id: UUID) -> Actor:
    """Return the system as an administrator of the whole tree: somebody must be the first."""
    return Actor(name=actor.name, grants=(Grant(Role.PLATFORM_ADMIN, "/", unit_id),))


VERBS: Mapping[str, Callable[..., Any]] = {
    "staff.appoint": appoint,
    "staff.appoint_all": appoint_all,
    "staff.dismiss": dismiss,
    "unit.open": open_unit,
}
SIGHTS: Mapping[str, Callable[..., Any]] = {}
