"""Staff of a story: an account with the story's password and a role at a unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from portal.domain import clock
from portal.domain.actor import Role
from portal.extensions import db
from portal.models.accounts import RoleGrant
from portal.queries import units
from portal.scenarios.verbs.supporters import open_account


def appoint(login: str, name: str, role: Role, unit: str) -> UUID:
    """Open an account and give it a role at the unit of a code."""
    actor = open_account(login, name)
    place = units.get(unit)
    db.session.add(
        RoleGrant(
            user_id=actor.user_id,
            role=role.value,
            unit_id=place.id,
            unit_path=place.path,
            tenant_path=place.tenant_path,
            valid_from=clock.today(),
        )
    )
    return actor.user_id


VERBS: Mapping[str, Callable[..., Any]] = {"staff.appoint": appoint}
SIGHTS: Mapping[str, Callable[..., Any]] = {}
