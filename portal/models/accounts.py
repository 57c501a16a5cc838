"""People who sign in: accounts, what is granted to them, their sessions, their one-time tokens."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped

from portal.domain.pii import P1, P2
from portal.models.base import (
    PATH,
    Base,
    Encrypted,
    Identified,
    Stamped,
    UTCDateTime,
    Versioned,
    column,
)


class User(Identified, Stamped, Versioned, Base):
    """An account. Not tenanted: one login may serve several authorities."""

    __tablename__ = "users"

    email: Mapped[str] = column(P2, String(254), unique=True)
    name: Mapped[str] = column(P2, String(60), default="")
    phone: Mapped[str | None] = column(P2, Encrypted("users.phone"))
    password_hash: Mapped[str] = column(P1, String(200), default="")
    email_verified_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    disabled_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    password_changed_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class RoleGrant(Identified, Stamped, Versioned, Base):
    """A role at a unit, from a day to a day; ended grants stay as memory."""

    __tablename__ = "role_grants"

    user_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"), index=True)
    role: Mapped[str] = column(P1, String(24))
    unit_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("units.id"))
    unit_path: Mapped[str] = column(P1, PATH, index=True)
    tenant_path: Mapped[str | None] = column(P1, PATH)
    valid_from: Mapped[date] = column(P1)
    valid_to: Mapped[date | None] = column(P1)


class UserSession(Identified, Base):
    """A signed-in device. The cookie holds a random token, this row its hash.

    ``stage`` is "half" after the password, before the second factor; "enrol" where a factor must
    be set up first; "open" when everything is proved. Only an open session is somebody.
    """

    __tablename__ = "user_sessions"

    user_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"), index=True)
    token_hash: Mapped[str] = column(P1, String(64), unique=True)
    created_at: Mapped[datetime] = column(P1, UTCDateTime)
    expires_at: Mapped[datetime] = column(P1, UTCDateTime)
    revoked_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    device: Mapped[str] = column(P2, String(200), default="")
    stage: Mapped[str] = column(P1, String(8))
    last_seen_at: Mapped[datetime] = column(P1, UTCDateTime)
    #: Staff: the session ends unless a request pushes this on. Empty for supporters.
    idle_until: Mapped[datetime | None] = column(P1, UTCDateTime)


class OneTimeToken(Identified, Base):
    """A token mailed to somebody (verify_email, reset_password, invite); used once."""

    __tablename__ = "one_time_tokens"

    user_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"), index=True)
    purpose: Mapped[str] = column(P1, String(24))
    token_hash: Mapped[str] = column(P1, String(64), unique=True)
    expires_at: Mapped[datetime] = column(P1, UTCDateTime)
    used_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class Attempt(Identified, Base):
    """One failed or limited attempt; lockouts are counted from these rows, in the database."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_key_at", "key", "at"),)

    #: ``login:account:<hash>``, ``login:address:<hash>``, ``reset:account:<hash>``…
    key: Mapped[str] = column(P1, String(100))
    at: Mapped[datetime] = column(P1, UTCDateTime)
