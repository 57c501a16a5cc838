"""What proves who somebody is beside the password, and what was proved or typed a moment ago.

Not tenanted: an account may serve several authorities. Every query asks for one account's rows.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped

from portal.domain.pii import P1, P2
from portal.models.base import Base, Encrypted, Identified, UTCDateTime, column


class CodeGenerator(Identified, Base):
    """A TOTP secret in somebody's authenticator; ``last_step`` makes each code work once."""

    __tablename__ = "code_generators"

    user_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"), index=True)
    secret: Mapped[str] = column(P2, Encrypted("code_generators.secret"))
    last_step: Mapped[int] = column(P1, BigInteger, default=0)
    created_at: Mapped[datetime] = column(P1, UTCDateTime)
    #: Empty until the first right code: an unfinished set-up proves nothing.
    confirmed_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class Passkey(Identified, Base):
    """A WebAuthn credential: its public half, and the count that betrays a copy."""

    __tablename__ = "passkeys"

    user_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"), index=True)
    credential_id: Mapped[str] = column(P1, String(1400), unique=True)
    public_key: Mapped[str] = column(P1, Text)
    sign_count: Mapped[int] = column(P1, BigInteger, default=0)
    name: Mapped[str] = column(P2, String(60), default="")
    created_at: Mapped[datetime] = column(P1, UTCDateTime)
    last_used_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class RecoveryCode(Identified, Base):
    """One of ten paper codes, as a keyed hash; it works once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    user_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"), index=True)
    code_hash: Mapped[str] = column(P1, String(64))
    created_at: Mapped[datetime] = column(P1, UTCDateTime)
    used_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class Challenge(Identified, Base):
    """What a passkey is asked to sign, once; ``user_id`` is empty before anybody is known."""

    __tablename__ = "challenges"

    purpose: Mapped[str] = column(P1, String(12))
    user_id: Mapped[uuid.UUID | None] = column(P1, Uuid)
    value: Mapped[str] = column(P1, String(100))
    expires_at: Mapped[datetime] = column(P1, UTCDateTime, index=True)
    used_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class Proof(Identified, Base):
    """A session proved anew who it is, for one act on one thing; it counts for ten minutes."""

    __tablename__ = "proofs"
    __table_args__ = (Index("ix_proofs_for", "session_id", "act", "thing", "at"),)

    session_id: Mapped[uuid.UUID] = column(
        P1, Uuid, ForeignKey("user_sessions.id", ondelete="CASCADE")
    )
    act: Mapped[str] = column(P1, String(32))
    #: The id in the address of what is acted on; empty where the act has none.
    thing: Mapped[str] = column(P1, String(100))
    at: Mapped[datetime] = column(P1, UTCDateTime, index=True)


class KeptForm(Identified, Base):
    """What somebody typed before they had to sign in or prove themselves; sealed to them."""

    __tablename__ = "kept_forms"

    user_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"), index=True)
    path: Mapped[str] = column(P1, String(200))
    #: Sealed with the account and the path as associated data (services.kept_forms).
    fields: Mapped[str] = column(P2, Text)
    kept_at: Mapped[datetime] = column(P1, UTCDateTime, index=True)


class KnownDevice(Identified, Base):
    """A browser that has signed in before: a random number it carries, and nothing about it."""

    __tablename__ = "known_devices"
    __table_args__ = (UniqueConstraint("user_id", "token_hash"),)

    user_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"))
    token_hash: Mapped[str] = column(P1, String(64))
    first_seen_at: Mapped[datetime] = column(P1, UTCDateTime)
    last_seen_at: Mapped[datetime] = column(P1, UTCDateTime)
