"""Asking the permission table: the gate, the services and the templates ask these functions."""

from __future__ import annotations

from typing import Any

from portal.domain.actor import Actor
from portal.domain.errors import NotAllowed
from portal.domain.permissions import POLICY, Permission


def permits(actor: Actor, permission: Permission, subject: Any = None) -> bool:
    """Tell whether the policy lets ``actor`` do this; without a subject, whether ever."""
    rule = POLICY.get(permission)
    return rule is not None and rule(actor, subject)


def require(actor: Actor, permission: Permission, subject: Any = None) -> None:
    """Raise NotAllowed unless the policy permits."""
    if not permits(actor, permission, subject):
        raise NotAllowed("您的岗位没有这项权限：{what}", what=permission.label)
