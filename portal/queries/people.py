"""Reading staff accounts and their grants, as far down as an administrator's unit reaches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select

from portal.domain import clock
from portal.domain.actor import ROLE_LEVELS, Actor, Role
from portal.domain.errors import NotFound
from portal.extensions import db
from portal.models.accounts import RoleGrant, User
from portal.models.units import Unit
from portal.queries import units

PAGE = 50


@dataclass(frozen=True, slots=True)
class GrantRow:
    """One role of somebody at a unit, from a day to a day."""

    id: UUID
    role: Role
    unit: str
    unit_path: str
    valid_from: date
    valid_to: date | None
    version: int

    @property
    def is_live(self) -> bool:
        """Tell whether the grant counts today."""
        return self.valid_from <= clock.today() and (
            self.valid_to is None or self.valid_to >= clock.today()
        )


@dataclass(frozen=True, slots=True)
class PersonRow:
    """An account with the grants that the reader manages."""

    id: UUID
    name: str
    email: str
    invited: bool
    disabled_at: datetime | None
    grants: tuple[GrantRow, ...]


@dataclass(frozen=True, slots=True)
class People:
    """A page of people; ``after`` continues it, empty at the end."""

    rows: tuple[PersonRow, ...]
    after: str


def index(actor: Actor, *, q: str = "", role: str = "", after: str = "") -> People:
    """Return people with a grant below the administrator's units, by e-mail."""
    held = select(RoleGrant.user_id).where(_managed(actor))
    if role:
        held = held.where(RoleGrant.role == role)
    chosen = select(User).where(User.id.in_(held))
    if q.strip():
        part = q.strip()
        chosen = chosen.where(
            or_(
                User.name.contains(part, autoescape=True),
                User.email.startswith(part.lower(), autoescape=True),
            )
        )
    if after:
        chosen = chosen.where(User.email > after)
    users = db.session.scalars(chosen.order_by(User.email).limit(PAGE + 1)).all()
    shown = users[:PAGE]
    grants = _grants(actor, [user.id for user in shown])
    rows = tuple(_person(user, grants.get(user.id, ())) for user in shown)
    return People(rows, shown[-1].email if len(users) > PAGE else "")


def person(actor: Actor, user_id: UUID) -> PersonRow:
    """Return one person whom the administrator manages; NotFound for everybody else."""
    user = db.session.get(User, user_id)
    grants = _grants(actor, [user_id]).get(user_id, ())
    if user is None or not grants:
        raise NotFound
    return _person(user, grants)


def units_for(actor: Actor, role: Role, q: str) -> tuple[tuple[str, str], ...]:
    """Return units where ``role`` may sit, below the administrator's: pairs (path, place)."""
    levels = ROLE_LEVELS[role]
    prefixes = [_below(Unit.path, path) for path in admin_paths(actor)]
    rows = db.session.execute(
        select(Unit.path, Unit.name, Unit.code)
        .where(
            or_(false(), *prefixes),
            Unit.level.in_(levels),
            units.standing(),
            or_(Unit.name.contains(q.strip(), autoescape=True), Unit.code.startswith(q.strip())),
        )
        .order_by(Unit.path)
        .limit(PAGE)
    ).all()
    names = _names({row.path for row in rows})
    return tuple((row.path, f"{names[row.path]} {row.code}") for row in rows)


def unit_name(actor: Actor, path: str) -> str:
    """Return the place of a unit below the administrator's; NotFound for any other."""
    if not any(path.startswith(own) for own in admin_paths(actor)):
        raise NotFound
    return _names({path})[path]


def admin_paths(actor: Actor) -> tuple[str, ...]:
    """Return the units this person administers."""
    return tuple(grant.path for grant in actor.grants if grant.role is Role.PLATFORM_ADMIN)


def _managed(actor: Actor) -> ColumnElement[bool]:
    return or_(false(), *[_below(RoleGrant.unit_path, path) for path in admin_paths(actor)])


def _below(column: Any, path: str) -> ColumnElement[bool]:
    return and_(column >= path, column < path[:-1] + "0")


def _grants(actor: Actor, user_ids: Iterable[UUID]) -> dict[UUID, tuple[GrantRow, ...]]:
    rows = db.session.scalars(
        select(RoleGrant)
        .where(RoleGrant.user_id.in_(list(user_ids)), _managed(actor))
        .order_by(RoleGrant.valid_from.desc(), RoleGrant.id)
    ).all()
    names = _names({row.unit_path for row in rows})
    found: dict[UUID, tuple[GrantRow, ...]] = {}
    for row in rows:
        grant = GrantRow(
            row.id, Role(row.role), names.get(row.unit_path, row.unit_path), row.unit_path,
            row.valid_from, row.valid_to, row.version,
        )  # fmt: skip
        found[row.user_id] = (*found.get(row.user_id, ()), grant)
    return found


def _names(paths: set[str]) -> dict[str, str]:
    """Return each path's name under the names of the units above it, the province left out."""
    above = {prefix for path in paths for prefix in _steps(path)}
    rows = db.session.execute(select(Unit.path, Unit.name).where(Unit.path.in_(above)))
    known = {row.path: row.name for row in rows}
    return {path: " ".join(known[step] for step in _steps(path) if step in known) for path in paths}


def _steps(path: str) -> tuple[str, ...]:
    parts = path.strip("/").split("/")
    first = 2 if len(parts) > 1 else 1
    return tuple("/" + "/".join(parts[:count]) + "/" for count in range(first, len(parts) + 1))


def _person(user: User, grants: tuple[GrantRow, ...]) -> PersonRow:
    return PersonRow(
        user.id, user.name, user.email, not user.password_hash, user.disabled_at, grants
    )
