"""The role matrix, asked from POLICY itself: what each role may ever do, and what all may."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from portal.domain.actor import Actor, Grant, Role
from portal.domain.permissions import POLICY, Permission

_SOMEBODY = UUID(int=1)
_PLACE = "/"


@dataclass(frozen=True, slots=True)
class Row:
    """One permission: which roles hold it, whether supporters do, and whoever is on duty."""

    permission: Permission
    roles: frozenset[Role]
    supporter: bool
    #: Whoever runs a programme or stands on its rota, up to a day after its end (ADR 0019).
    on_duty: bool


def matrix() -> tuple[Row, ...]:
    """Return every permission in the table's order, each asked for a person of each role."""
    return tuple(
        Row(
            permission,
            frozenset(role for role in Role if POLICY[permission](_holder(role), None)),
            POLICY[permission](_SUPPORTER, None),
            POLICY[permission](_ON_DUTY, None),
        )
        for permission in Permission
    )


def _holder(role: Role) -> Actor:
    return Actor(user_id=_SOMEBODY, grants=(Grant(role, _PLACE, _SOMEBODY),), email_verified=True)


_ON_DUTY = Actor(user_id=_SOMEBODY, programme_ids=(_SOMEBODY,), email_verified=True)
_SUPPORTER = Actor(user_id=_SOMEBODY, supporter_ids=(_SOMEBODY,), email_verified=True)
