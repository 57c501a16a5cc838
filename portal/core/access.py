"""Asking the permission table: the gate, the services and the templates ask these functions."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any
from uuid import UUID

from portal.domain.actor import Actor
from portal.domain.errors import NotAllowed
from portal.domain.permissions import POLICY, Permission, carries

#: What was last asked for, and granted: a fact says by it whose role was used.
_granted: ContextVar[Permission | None] = ContextVar("permission_granted", default=None)


def permits(actor: Actor, permission: Permission, subject: Any = None) -> bool:
    """Tell whether the policy lets ``actor`` do this; without a subject, whether ever."""
    rule = POLICY.get(permission)
    return rule is not None and rule(actor, subject)


def require(actor: Actor, permission: Permission, subject: Any = None) -> None:
    """Raise NotAllowed unless the policy permits."""
    if not permits(actor, permission, subject):
        raise NotAllowed("您的岗位没有这项权限：{what}", what=permission.label)
    _granted.set(permission)


def stood_in_for(actor: Actor, path: str) -> UUID | None:
    """Return whose role the act at a path was done in, where no own role of the actor allows it.

    A colleague who stands in during a leave acts in the holder's name: the fact says so.
    """
    if all(grant.on_behalf_of is None for grant in actor.grants):
        return None
    permission = _granted.get()
    return actor.acting_for(
        path, lambda grant: permission is None or carries(actor, grant, permission)
    )
