"""Whether a supporter's ID number is theirs: the consent that was asked for it, and each answer."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, Uuid
from sqlalchemy.orm import Mapped

from portal.domain.pii import P1, P2
from portal.models.base import Base, Identified, Stamped, TenantScoped, UTCDateTime, column


class IdentityConsent(Identified, Stamped, TenantScoped, Base):
    """The separate consent to compare name and number (PIPL 29); it can be taken back."""

    __tablename__ = "identity_consents"
    __supporter_column__ = "supporter_id"

    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"), index=True)
    #: online (the person themselves), paper or in_person (recorded by staff).
    method: Mapped[str] = column(P1, String(12))
    text_version: Mapped[str] = column(P1, String(16))
    withdrawn_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class IdentityCheck(Identified, Stamped, TenantScoped, Base):
    """One comparison: by whom, with what, the verdict, and the number as far as it may be kept."""

    __tablename__ = "identity_checks"
    __supporter_column__ = "supporter_id"

    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"), index=True)
    consent_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("identity_consents.id"))
    provider: Mapped[str] = column(P1, String(8))
    #: By hand: which document lay there.
    document: Mapped[str] = column(P1, String(16), default="")
    verdict: Mapped[str] = column(P1, String(10))
    masked_number: Mapped[str] = column(P2, String(18))
    #: Which number was compared: a corrected one is compared again.
    id_hmac: Mapped[str] = column(P2, String(64))
