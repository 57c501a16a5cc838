"""Somebody lost phone, passkey and paper: an administrator lets them set up anew."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select

from portal.core import access, facts
from portal.domain import clock
from portal.domain.actor import Actor, Role
from portal.domain.errors import Invalid, NotAllowed, NotFound
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.accounts import RoleGrant, User
from portal.services import account_factors, accounts

_SHORTEST_REASON = 4


def reset(actor: Actor, user_id: UUID, *, reason: str) -> UUID:
    """Delete the second factors of a colleague; all their sessions end and they are written to.

    The administrator has seen that it is really them, and says how. Raises NotFound for somebody
    with a role outside the administrator's units, NotAllowed for oneself, Invalid on ``reason``.
    """
    access.require(actor, Permission.GRANT_MANAGE)
    user = _managed(actor, user_id)
    if user_id == actor.user_id:
        raise NotAllowed("不能重置自己的登录验证方式，请另一位管理员办理")
    if len(reason.strip()) < _SHORTEST_REASON:
        raise Invalid("请写明怎样核对了是本人", {"reason": "请写明怎样核对了是本人"})
    account_factors.forget_all(user_id)
    accounts.close_other_sessions(user_id)
    facts.publish("account.factors_reset", actor=actor, subject=user, note=reason.strip())
    return user_id


def _managed(actor: Actor, user_id: UUID) -> User:
    """Return whom the administrator manages wholly: every role held today lies in their units."""
    today = clock.today()
    paths = db.session.scalars(
        select(RoleGrant.unit_path).where(
            RoleGrant.user_id == user_id,
            or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
        )
    ).all()
    user = db.session.get(User, user_id)
    if user is None or not paths or not all(actor.has(Role.PLATFORM_ADMIN, p) for p in paths):
        raise NotFound
    return user
