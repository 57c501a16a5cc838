"""Who of the staff answers for a pairing today: the person its mentor may call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, or_, select

from portal.domain import clock
from portal.domain.actor import ROLE_LABELS, Role
from portal.extensions import db
from portal.models.accounts import RoleGrant, User
from portal.models.pairings import Pairing

#: Whose work it is, the nearest to the child first.
ROLES = (Role.CHILD_DIRECTOR, Role.CHILD_SUPERVISOR, Role.COUNTY_STAFF)
_VALUES = tuple(role.value for role in ROLES)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who could answer for a pairing, and the role they hold."""

    user_id: UUID
    name: str
    role: str

    @property
    def label(self) -> str:
        """Return name and role in words."""
        return f"{self.name} · {ROLE_LABELS[Role(self.role)]}"


def contact() -> Any:
    """Return who answers for a pairing: the contact person, else whoever approved it."""
    return func.coalesce(Pairing.contact_id, Pairing.approved_by)


def holds_post(user_id: Any, path: Any) -> ColumnElement[bool]:
    """Return the condition that somebody works for the place of ``path`` today (both columns)."""
    return (
        select(RoleGrant.id)
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.user_id == user_id, path.startswith(RoleGrant.unit_path), _live())
        .correlate_except(RoleGrant, User)
        .exists()
    )


def candidates(unit_path: str) -> tuple[Colleague, ...]:
    """Return who could answer for a pairing of a place, the nearest first."""
    rows = db.session.execute(
        select(User.id, User.name, RoleGrant.role)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(literal(unit_path).startswith(RoleGrant.unit_path), _live())
        .order_by(func.length(RoleGrant.unit_path).desc(), RoleGrant.valid_from, User.id)
    )
    found: dict[UUID, Colleague] = {}
    for row in rows:
        found.setdefault(row.id, Colleague(row.id, row.name, row.role))
    return tuple(found.values())


def _live() -> ColumnElement[bool]:
    today = clock.today()
    return and_(
        RoleGrant.role.in_(_VALUES),
        RoleGrant.valid_from <= today,
        or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
        User.disabled_at.is_(None),
    )
