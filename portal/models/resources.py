"""The resource directory: what is offered, how much of it is used, and for what (S1-2.3.6)."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped

from portal.domain.pii import P1, P2, P3
from portal.models.base import (
    PATH,
    Base,
    Encrypted,
    Identified,
    Stamped,
    TenantScoped,
    UnitScoped,
    UTCDateTime,
    Versioned,
    column,
)


class ResourceOffer(Identified, Stamped, Versioned, TenantScoped, Base):
    """Goods, a venue, a service or a profession, so much of it, for these counties, until then."""

    __tablename__ = "resource_offers"
    __table_args__ = (
        CheckConstraint("used >= 0 AND used <= capacity", name="within_capacity"),
        Index("ix_resource_offers_list", "tenant_path", "status", "id"),
    )
    __supporter_column__ = "supporter_id"

    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"), index=True)
    #: The county that looks at the offer; the row is shared in the authority.
    unit_path: Mapped[str] = column(P1, PATH)
    county_code: Mapped[str] = column(P1, String(12))
    status: Mapped[str] = column(P1, String(12), default="submitted")
    status_since: Mapped[datetime] = column(P1, UTCDateTime)
    kind: Mapped[str] = column(P1, String(12))
    title: Mapped[str] = column(P1, String(60))
    description: Mapped[str] = column(P1, String(500), default="")
    unit: Mapped[str] = column(P1, String(8))
    capacity: Mapped[int] = column(P1)
    #: Changed by one conditional statement only; the check above is the second lock.
    used: Mapped[int] = column(P1, default=0)
    #: Kinds of days (weekday, weekend, holiday); empty is any.
    days: Mapped[list[str]] = column(P1, JSON, default=list)
    from_on: Mapped[date | None] = column(P1)
    to_on: Mapped[date | None] = column(P1)
    #: County codes the offer reaches, each between spaces: `` 350421 350424 ``.
    reach: Mapped[str] = column(P1, String(400), default=" ")
    contact_name: Mapped[str] = column(P2, Encrypted("resource_offers.contact_name"), default="")
    contact_phone: Mapped[str] = column(P2, Encrypted("resource_offers.contact_phone"), default="")
    #: What the county wrote when it sent the offer back.
    returned: Mapped[str] = column(P1, String(500), default="")


class ResourceLink(Identified, Stamped, Versioned, UnitScoped, Base):
    """So much of an offer, taken for a wish (later a pairing, a programme)."""

    __tablename__ = "resource_links"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        Index("ix_resource_links_subject", "subject_type", "subject_id"),
    )
    __supporter_column__ = "supporter_id"

    tenant_path: Mapped[str] = column(P1, String(120))
    offer_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("resource_offers.id"), index=True)
    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"))
    status: Mapped[str] = column(P1, String(12), default="booked")
    subject_type: Mapped[str] = column(P1, String(12))
    subject_id: Mapped[uuid.UUID] = column(P3, Uuid)
    amount: Mapped[int] = column(P1)
    on_date: Mapped[date | None] = column(P1)
    released_at: Mapped[datetime | None] = column(P1, UTCDateTime)
