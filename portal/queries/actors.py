"""Who is behind a session token: the account, its grants today, the supporters it speaks for."""

from __future__ import annotations

import hashlib
from uuid import UUID

from sqlalchemy import or_, select

from portal.domain import clock
from portal.domain.actor import Actor, Grant, Role
from portal.extensions import db
from portal.models.accounts import RoleGrant, User, UserSession
from portal.models.supporters import SupporterMember
from portal.models.units import Unit


def token_hash(token: str) -> str:
    """Return what the database keeps of a session or one-time token."""
    return hashlib.sha256(token.encode()).hexdigest()


def by_session_token(token: str) -> Actor | None:
    """Return the actor of a live session, or None (unknown, revoked, expired, disabled)."""
    user_id = db.session.scalar(
        select(UserSession.user_id).where(
            UserSession.token_hash == token_hash(token),
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > clock.now(),
        )
    )
    return by_user(user_id) if user_id else None


def by_user(user_id: UUID) -> Actor | None:
    """Return the actor of an account with what is granted today; None when disabled."""
    account = db.session.execute(
        select(User.id, User.name, User.email, User.email_verified_at).where(
            User.id == user_id, User.disabled_at.is_(None)
        )
    ).one_or_none()
    if account is None:
        return None
    return Actor(
        user_id=account.id,
        name=account.name,
        email=account.email,
        grants=_grants(user_id),
        supporter_ids=_supporters(user_id),
        email_verified=account.email_verified_at is not None,
    )


def by_email(email: str) -> Actor | None:
    """Return the actor of an e-mail address (scenarios and the command line)."""
    user_id = db.session.scalar(select(User.id).where(User.email == email.strip().lower()))
    return by_user(user_id) if user_id else None


def _grants(user_id: UUID) -> tuple[Grant, ...]:
    today = clock.today()
    rows = db.session.execute(
        select(
            RoleGrant.role,
            RoleGrant.unit_path,
            RoleGrant.unit_id,
            Unit.name,
            Unit.level,
            RoleGrant.tenant_path,
        )
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(
            RoleGrant.user_id == user_id,
            RoleGrant.valid_from <= today,
            or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
        )
        .order_by(RoleGrant.unit_path, RoleGrant.role)
    )
    return tuple(
        Grant(Role(row.role), row.unit_path, row.unit_id, row.name, row.level, row.tenant_path)
        for row in rows
    )


def _supporters(user_id: UUID) -> tuple[UUID, ...]:
    return tuple(
        db.session.scalars(
            select(SupporterMember.supporter_id)
            .where(SupporterMember.user_id == user_id, SupporterMember.ended_at.is_(None))
            .order_by(SupporterMember.created_at)
        )
    )
