"""What a search of the memory offers for choosing: people by a part of their name, units."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import false, or_, select

from portal.domain.actor import ROLE_LABELS, Actor, Role
from portal.extensions import db
from portal.models.accounts import RoleGrant, User
from portal.models.units import Unit
from portal.queries.units import under

_MOST = 12


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who holds or held a role within the reader's units."""

    id: UUID
    name: str
    role: str
    unit: str


def people(actor: Actor, part: str) -> tuple[Colleague, ...]:
    """Return the staff of the reader's units whose name holds ``part``, each once.

    Supporters are not offered: who acted for one is found from the file, by id.
    """
    if not part.strip():
        return ()
    rows = db.session.execute(
        select(User.id, User.name, RoleGrant.role, Unit.name.label("unit"))
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(
            User.name.contains(part.strip(), autoescape=True),
            or_(false(), *[under(RoleGrant.unit_path, path) for path in actor.paths()]),
        )
        .order_by(User.name, RoleGrant.valid_from.desc(), User.id)
        .limit(_MOST * 4)
    )
    found: dict[UUID, Colleague] = {}
    for row in rows:
        words = ROLE_LABELS[Role(row.role)]
        found.setdefault(row.id, Colleague(row.id, row.name, words, row.unit))
    return tuple(found.values())[:_MOST]


def units(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return the reader's units and those right below them: pairs (path, name)."""
    paths = actor.paths()
    own = select(Unit.id).where(Unit.path.in_(paths))
    rows = db.session.execute(
        select(Unit.path, Unit.name)
        .where(or_(Unit.path.in_(paths), Unit.parent_id.in_(own)), Unit.is_pseudo.is_(False))
        .order_by(Unit.path)
    )
    return tuple((row.path, row.name) for row in rows)
