"""Who holds the post of a village's director today."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select

from portal.domain import clock
from portal.domain.actor import Actor, Role
from portal.extensions import db
from portal.models.accounts import RoleGrant, User


def of_village(unit_path: str) -> frozenset[UUID]:
    """Return the accounts of the directors who sit at a unit today; none where the post is free."""
    today = clock.today()
    return frozenset(
        db.session.scalars(
            select(RoleGrant.user_id)
            .join(User, User.id == RoleGrant.user_id)
            .where(
                RoleGrant.role == Role.CHILD_DIRECTOR.value,
                RoleGrant.unit_path == unit_path,
                RoleGrant.valid_from <= today,
                or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
                User.disabled_at.is_(None),
            )
        )
    )


def may_hold(actor: Actor, unit_path: str) -> bool:
    """Tell whether somebody is the director who is present: anybody where the post is free."""
    return actor.has(Role.CHILD_DIRECTOR, unit_path) or not of_village(unit_path)
