"""Which accounts speak for a supporter, and whether they are somebody besides."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.extensions import db
from portal.models.accounts import RoleGrant
from portal.models.supporters import SupporterMember


def of(supporter_id: UUID) -> list[UUID]:
    """Return the accounts that speak, or spoke, for a supporter."""
    return list(
        db.session.scalars(
            select(SupporterMember.user_id).where(SupporterMember.supporter_id == supporter_id)
        )
    )


def speak_elsewhere(user_id: UUID, besides: UUID) -> bool:
    """Tell whether an account works in a bureau or speaks for another supporter."""
    other = select(SupporterMember.id).where(
        SupporterMember.user_id == user_id,
        SupporterMember.supporter_id != besides,
        SupporterMember.ended_at.is_(None),
    )
    works = select(RoleGrant.id).where(RoleGrant.user_id == user_id)
    return any(db.session.scalar(each.limit(1)) is not None for each in (other, works))
