"""Who is behind a session token: the account, its grants today, the supporters it speaks for."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select

from portal.domain import clock
from portal.domain.actor import CONTACT, Actor, Grant, Role
from portal.extensions import db
from portal.models.accounts import RoleGrant, User, UserSession
from portal.models.authorities import Delegation
from portal.models.programmes import ProgrammeAccess
from portal.models.supporters import SupporterMember
from portal.models.units import Unit
from portal.queries import units


def token_hash(token: str) -> str:
    """Return what the database keeps of a session or one-time token."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session that was neither ended nor outlived; it may be half open or left idle."""

    id: UUID
    user_id: UUID
    stage: str
    last_seen_at: datetime
    idle_until: datetime | None

    @property
    def is_idle(self) -> bool:
        """Tell whether nobody has touched it for longer than staff may leave it."""
        return self.idle_until is not None and self.idle_until <= clock.now()

    @property
    def is_open(self) -> bool:
        """Tell whether it stands for somebody now: everything proved, not left idle."""
        return self.stage == "open" and not self.is_idle


def session_of(token: str) -> SessionRow | None:
    """Return the session of a token, at whatever stage; None when unknown, ended or outlived."""
    row = db.session.execute(
        select(
            UserSession.id,
            UserSession.user_id,
            UserSession.stage,
            UserSession.last_seen_at,
            UserSession.idle_until,
        ).where(
            UserSession.token_hash == token_hash(token),
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > clock.now(),
        )
    ).one_or_none()
    return SessionRow(*row) if row else None


def is_revoked(token: str) -> bool:
    """Tell whether a session was ended before its time: signed out, or revoked from afar."""
    ended = select(UserSession.id).where(
        UserSession.token_hash == token_hash(token), UserSession.revoked_at.is_not(None)
    )
    return db.session.scalar(ended) is not None


def by_session_token(token: str) -> Actor | None:
    """Return the actor of an open session, or None (unknown, ended, idle, half open, disabled)."""
    session = session_of(token)
    return by_user(session.user_id) if session and session.is_open else None


def by_user(user_id: UUID) -> Actor | None:
    """Return the actor of an account with what is granted today; None when disabled."""
    account = db.session.execute(
        select(User.id, User.name, User.email, User.email_verified_at).where(
            User.id == user_id, User.disabled_at.is_(None)
        )
    ).one_or_none()
    if account is None:
        return None
    spoken = _supporters(user_id)
    return Actor(
        user_id=account.id,
        name=account.name,
        email=account.email,
        grants=_grants(user_id),
        supporter_ids=tuple(owner for owner, _ in spoken),
        programme_ids=_programmes(user_id),
        lesser_roles=tuple((owner, role) for owner, role in spoken if role != CONTACT),
        email_verified=account.email_verified_at is not None,
    )


def by_email(email: str) -> Actor | None:
    """Return the actor of an e-mail address (scenarios and the command line)."""
    user_id = db.session.scalar(select(User.id).where(User.email == email.strip().lower()))
    return by_user(user_id) if user_id else None


def _programmes(user_id: UUID) -> tuple[UUID, ...]:
    """Return the programmes an account works in today: a time-boxed duty, not a role."""
    now = clock.now()
    rows = db.session.scalars(
        select(ProgrammeAccess.programme_id)
        .where(
            ProgrammeAccess.user_id == user_id,
            ProgrammeAccess.from_at <= now,
            ProgrammeAccess.until_at > now,
            ProgrammeAccess.ended_at.is_(None),
        )
        .order_by(ProgrammeAccess.programme_id)
        .distinct()
    )
    return tuple(rows)


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
    ).all()
    held = [(row, None) for row in rows] + [(row, row.delegator_id) for row in _lent(user_id)]
    former = units.former_paths(row.unit_path for row, _ in held)
    return tuple(
        Grant(
            Role(row.role), row.unit_path, row.unit_id, row.name, row.level, row.tenant_path,
            former[row.unit_path], behalf,
        )
        for row, behalf in held
    )  # fmt: skip


def _lent(user_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the roles that colleagues hand to this person today; each hangs on its own grant."""
    today = clock.today()
    return db.session.execute(
        select(
            RoleGrant.role, RoleGrant.unit_path, RoleGrant.unit_id, Unit.name, Unit.level,
            RoleGrant.tenant_path, Delegation.delegator_id,
        )
        .join(Delegation, Delegation.grant_id == RoleGrant.id)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .join(User, User.id == Delegation.delegator_id)
        .where(
            Delegation.delegate_id == user_id,
            Delegation.ended_at.is_(None),
            Delegation.valid_from <= today,
            Delegation.valid_to >= today,
            RoleGrant.user_id == Delegation.delegator_id,
            RoleGrant.valid_from <= today,
            or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
            User.disabled_at.is_(None),
        )
        .order_by(RoleGrant.unit_path, RoleGrant.role)
    ).all()  # fmt: skip


def _supporters(user_id: UUID) -> tuple[tuple[UUID, str], ...]:
    """Return the supporters a login speaks for and its role there; invitations speak for none."""
    rows = db.session.execute(
        select(SupporterMember.supporter_id, SupporterMember.role)
        .where(
            SupporterMember.user_id == user_id,
            SupporterMember.ended_at.is_(None),
            SupporterMember.invited_at.is_(None),
        )
        .order_by(SupporterMember.created_at)
    )
    return tuple((row.supporter_id, row.role) for row in rows)
