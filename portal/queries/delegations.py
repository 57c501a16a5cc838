"""Reading who stands in for whom, and who could."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import aliased

from portal.domain import clock
from portal.domain.actor import Actor, Role
from portal.domain.errors import NotFound
from portal.extensions import db
from portal.models.accounts import RoleGrant, User
from portal.models.authorities import Delegation
from portal.models.units import Unit
from portal.queries.people import admin_paths
from portal.queries.units import under

#: Whoever sets up others, and whoever looks over their shoulder, is chosen, not stood in for.
NOT_HANDED_OVER = frozenset({Role.PLATFORM_ADMIN, Role.AUDITOR})
PAGE = 100


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may stand in."""

    id: UUID
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class OwnRole:
    """A role that its holder may hand over."""

    grant_id: UUID
    role: Role
    unit: str
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """One handing over; ``is_live`` counts today, ``is_over`` never again."""

    id: UUID
    role: Role
    unit: str
    delegator: str
    delegator_id: UUID
    delegate: str
    delegate_id: UUID
    valid_from: date
    valid_to: date
    ended_at: datetime | None
    version: int

    @property
    def is_over(self) -> bool:
        """Tell whether it has ended, by its day or before it."""
        return self.ended_at is not None or self.valid_to < clock.today()

    @property
    def is_live(self) -> bool:
        """Tell whether it counts today."""
        return not self.is_over and self.valid_from <= clock.today()


def own_roles(user_id: UUID) -> tuple[OwnRole, ...]:
    """Return a person's live roles that may be handed over; what others lent is not among them."""
    rows = db.session.execute(
        select(RoleGrant.id, RoleGrant.role, Unit.name, RoleGrant.valid_to)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.user_id == user_id, _live(RoleGrant))
        .order_by(RoleGrant.unit_path, RoleGrant.role)
    )
    found = (OwnRole(row[0], Role(row[1]), row[2], row[3]) for row in rows)
    return tuple(row for row in found if row.role not in NOT_HANDED_OVER)


def colleagues(grant_id: UUID) -> tuple[Colleague, ...]:
    """Return who may stand in for a role: staff of the same county (of the unit, above counties).

    A role of one's own is asked: nobody comes near the files by standing in alone.
    """
    row = db.session.get(RoleGrant, grant_id)
    if row is None:
        raise NotFound
    rows = db.session.execute(
        select(User.id, User.name, User.email)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(
            under(RoleGrant.unit_path, _place(row.unit_path)),
            _live(RoleGrant),
            User.id != row.user_id,
            User.disabled_at.is_(None),
        )
        .distinct()
        .order_by(User.name, User.email)
        .limit(PAGE)
    )
    return tuple(Colleague(*found) for found in rows)


def concerning(user_id: UUID) -> tuple[DelegationRow, ...]:
    """Return what a person handed over and what they stand in for, the newest first."""
    mine = or_(Delegation.delegator_id == user_id, Delegation.delegate_id == user_id)
    return _rows(mine)


def of_holder(actor: Actor, user_id: UUID) -> tuple[DelegationRow, ...]:
    """Return what a person handed over of the roles an administrator manages, the newest first."""
    managed = or_(false(), *[under(RoleGrant.unit_path, path) for path in admin_paths(actor)])
    return _rows(and_(Delegation.delegator_id == user_id, managed))


def holder_of(actor: Actor, grant_id: UUID) -> Colleague:
    """Return whose role a grant is, for an administrator of its unit; NotFound for others."""
    row = db.session.get(RoleGrant, grant_id)
    if row is None or not actor.has(Role.PLATFORM_ADMIN, row.unit_path):
        raise NotFound
    user = db.session.get_one(User, row.user_id)
    return Colleague(user.id, user.name, user.email)


def _rows(condition: ColumnElement[bool]) -> tuple[DelegationRow, ...]:
    giver, taker = aliased(User), aliased(User)
    rows: Sequence[Any] = db.session.execute(
        select(Delegation, RoleGrant.role, Unit.name, giver.name, taker.name)
        .join(RoleGrant, RoleGrant.id == Delegation.grant_id)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .join(giver, giver.id == Delegation.delegator_id)
        .join(taker, taker.id == Delegation.delegate_id)
        .where(condition)
        .order_by(Delegation.valid_from.desc(), Delegation.id)
        .limit(PAGE)
    ).all()
    return tuple(
        DelegationRow(
            row.id, Role(role), unit, holder, row.delegator_id, standing_in, row.delegate_id,
            row.valid_from, row.valid_to, row.ended_at, row.version,
        )
        for row, role, unit, holder, standing_in in rows
    )  # fmt: skip


def _live(grant: Any) -> ColumnElement[bool]:
    today = clock.today()
    return and_(grant.valid_from <= today, or_(grant.valid_to.is_(None), grant.valid_to >= today))


def _place(path: str) -> str:
    """Return the county that a unit lies in, or the unit itself at and above that level."""
    parts = path.strip("/").split("/")
    above = ["/" + "/".join(parts[:count]) + "/" for count in range(1, len(parts) + 1)]
    county = db.session.scalar(
        select(Unit.path).where(Unit.path.in_(above), Unit.level == "county")
    )
    return county or path
