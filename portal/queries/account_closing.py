"""Whether nothing hangs on an account, so that its owner may close it."""

from __future__ import annotations

from sqlalchemy import select

from portal.domain.actor import Actor
from portal.extensions import db
from portal.models.accounts import RoleGrant
from portal.models.supporters import SupporterMember


def may_close(actor: Actor) -> bool:
    """Tell whether an account never held a role and never spoke for a supporter."""
    if actor.user_id is None or actor.supporter_ids or actor.grants:
        return False
    held = select(RoleGrant.id).where(RoleGrant.user_id == actor.user_id)
    spoke = select(SupporterMember.id).where(SupporterMember.user_id == actor.user_id)
    return all(db.session.scalar(each.limit(1)) is None for each in (held, spoke))
