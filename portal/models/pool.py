"""The loving-parent pool: what people can give beside goods, and whether they may be named."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped

from portal.domain.pii import P1, P2
from portal.models.base import (
    PATH,
    Base,
    Identified,
    Stamped,
    TenantScoped,
    UTCDateTime,
    Versioned,
    column,
)


class PoolProfile(Identified, Stamped, Versioned, TenantScoped, Base):
    """What one supporter offers to children in person (S1-2.3.3b)."""

    __tablename__ = "pool_profiles"
    __table_args__ = (CheckConstraint("capacity >= 0", name="capacity_not_negative"),)
    __supporter_column__ = "supporter_id"

    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"), unique=True)
    #: The county whose staff vet the supporter.
    unit_path: Mapped[str] = column(P1, PATH)
    #: Children at once.
    capacity: Mapped[int] = column(P1, default=1)
    #: The last day the offer holds; none is without end.
    until: Mapped[date | None] = column(P1)


class PoolTag(Identified, TenantScoped, Base):
    """One skill, language, day or county of a profile; searched by value."""

    __tablename__ = "pool_tags"
    __table_args__ = (
        UniqueConstraint("profile_id", "kind", "value"),
        Index("ix_pool_tags_value", "kind", "value", "profile_id"),
    )
    __supporter_column__ = "supporter_id"

    profile_id: Mapped[uuid.UUID] = column(
        P1, Uuid, ForeignKey("pool_profiles.id", ondelete="CASCADE")
    )
    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"))
    kind: Mapped[str] = column(P1, String(10))
    value: Mapped[str] = column(P2, String(24))


class PublicityConsent(Identified, Stamped, TenantScoped, Base):
    """A supporter's yes to being named in public, with the text's version; withdrawable."""

    __tablename__ = "publicity_consents"
    __supporter_column__ = "supporter_id"

    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"), index=True)
    text_version: Mapped[str] = column(P1, String(24))
    given_at: Mapped[datetime] = column(P1, UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = column(P1, UTCDateTime)
