"""Other ways to sign in: telephone numbers that were proved by a code, WeChat identities.

Not scoped: like accounts and sessions they are read before anybody's scope is open.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped

from portal.domain.pii import P1, P2
from portal.models.base import Base, Encrypted, Identified, UTCDateTime, column


class PhoneCode(Identified, Base):
    """A code that was asked for. The code itself is kept nowhere: it follows from id and key.

    ``user_id`` is empty when nobody has confirmed the number; such a row is answered like any
    other and no code opens it.
    """

    __tablename__ = "phone_codes"
    __table_args__ = (Index("ix_phone_codes_expires_at", "expires_at"),)

    purpose: Mapped[str] = column(P1, String(8))
    user_id: Mapped[uuid.UUID | None] = column(P1, Uuid, ForeignKey("users.id"), index=True)
    phone: Mapped[str] = column(P2, Encrypted("phone_codes.phone"))
    created_at: Mapped[datetime] = column(P1, UTCDateTime)
    expires_at: Mapped[datetime] = column(P1, UTCDateTime)
    tries: Mapped[int] = column(P1, default=0)
    sent_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    #: The sentence of a provider that refused, for the person who waits; never their words.
    failure: Mapped[str] = column(P1, String(100), default="")
    used_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class ConfirmedPhone(Base):
    """A number whose holder has proved it: one account a number, one number an account."""

    __tablename__ = "confirmed_phones"
    __table_args__ = (UniqueConstraint("phone_hmac"),)

    user_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"), primary_key=True)
    phone_hmac: Mapped[str] = column(P2, String(64))
    phone: Mapped[str] = column(P2, Encrypted("confirmed_phones.phone"))
    confirmed_at: Mapped[datetime] = column(P1, UTCDateTime)


class WeChatAsk(Identified, Base):
    """A browser on its way to WeChat and back: the state it must bring, once, within minutes."""

    __tablename__ = "wechat_asks"
    __table_args__ = (
        UniqueConstraint("state_hash"),
        Index("ix_wechat_asks_expires_at", "expires_at"),
    )

    state_hash: Mapped[str] = column(P1, String(64))
    browser_hash: Mapped[str] = column(P1, String(64))
    #: Whose account the identity is to be linked to; empty when somebody wants to sign in.
    user_id: Mapped[uuid.UUID | None] = column(P1, Uuid, ForeignKey("users.id"))
    expires_at: Mapped[datetime] = column(P1, UTCDateTime)
    used_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class WeChatIdentity(Base):
    """A WeChat user of one application, as a keyed hash: the openid itself is not needed."""

    __tablename__ = "wechat_identities"
    __table_args__ = (UniqueConstraint("openid_hmac"),)

    user_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"), primary_key=True)
    openid_hmac: Mapped[str] = column(P2, String(64))
    linked_at: Mapped[datetime] = column(P1, UTCDateTime)
