"""People and organisations who want to help, and what was looked at before they may."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped

from portal.domain.pii import P1, P2, P4
from portal.models.base import (
    PATH,
    Base,
    Encrypted,
    Identified,
    Stamped,
    TenantScoped,
    UTCDateTime,
    Versioned,
    column,
)


class Supporter(Identified, Stamped, Versioned, TenantScoped, Base):
    """A supporter at one authority: vetting, tier, quota and block-list are per authority."""

    __tablename__ = "supporters"
    __table_args__ = (
        UniqueConstraint("tenant_path", "uscc_hmac"),
        UniqueConstraint("tenant_path", "id_hmac"),
    )
    #: A supporter reads their own row without holding a role in the authority.
    __supporter_column__ = "id"

    kind: Mapped[str] = column(P1, String(12))
    status: Mapped[str] = column(P1, String(12), default="draft", index=True)
    tier: Mapped[int] = column(P1, default=0)
    #: The path of the county whose staff vet; the row itself is shared in the authority.
    unit_path: Mapped[str] = column(P1, PATH)
    county_code: Mapped[str] = column(P1, String(12))
    name: Mapped[str] = column(P2, Encrypted("supporters.name"))
    #: Keyed marks by which a part of the sealed name is found (domain.name_search).
    name_marks: Mapped[str] = column(P2, Text, default="")
    uscc: Mapped[str | None] = column(P1, String(18))
    uscc_hmac: Mapped[str | None] = column(P1, String(64))
    id_no: Mapped[str | None] = column(P2, Encrypted("supporters.id_no"))
    id_hmac: Mapped[str | None] = column(P2, String(64))
    birth_date: Mapped[date | None] = column(P2)
    phone: Mapped[str | None] = column(P2, Encrypted("supporters.phone"))
    address: Mapped[str | None] = column(P2, Encrypted("supporters.address"))
    is_teacher: Mapped[bool] = column(P2, default=False)
    fundraising_no: Mapped[str | None] = column(P1, String(40))
    details: Mapped[dict[str, Any]] = column(P2, JSON, default=dict)
    pledge_version: Mapped[str | None] = column(P1, String(16))
    privacy_version: Mapped[str | None] = column(P1, String(16))
    submitted_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    approved_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    approved_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    valid_to: Mapped[date | None] = column(P1)
    #: Sentence per returned field: {field: reason}.
    returned_fields: Mapped[dict[str, str]] = column(P1, JSON, default=dict)
    claims_blocked_until: Mapped[date | None] = column(P1)


class SupporterMember(Identified, Stamped, Base):
    """A login that speaks for a supporter; read at sign-in, before any scope is open."""

    __tablename__ = "supporter_members"
    __table_args__ = (UniqueConstraint("supporter_id", "user_id"),)

    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"))
    user_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"), index=True)
    role: Mapped[str] = column(P1, String(12), default="contact")
    ended_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class SupporterDocument(Identified, Stamped, TenantScoped, Base):
    """A document a supporter handed in (licence, certificate, ID picture)."""

    __tablename__ = "supporter_documents"
    __supporter_column__ = "supporter_id"

    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"), index=True)
    kind: Mapped[str] = column(P1, String(24))
    file_id: Mapped[uuid.UUID] = column(P2, Uuid, ForeignKey("stored_files.id"))


class VettingCheck(Identified, Stamped, Versioned, TenantScoped, Base):
    """One check of a supporter with its expiry; an offence check keeps a result code only."""

    __tablename__ = "vetting_checks"
    __supporter_column__ = "supporter_id"

    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"), index=True)
    kind: Mapped[str] = column(P1, String(16))
    done_on: Mapped[date] = column(P1)
    expires_on: Mapped[date | None] = column(P1)
    office: Mapped[str] = column(P1, String(80), default="")
    result: Mapped[str] = column(P4, Encrypted("vetting_checks.result"), default="")


class BlockEntry(Identified, Stamped, TenantScoped, Base):
    """A hash on the authority's block-list, with a reason code and no name."""

    __tablename__ = "block_entries"
    __table_args__ = (UniqueConstraint("tenant_path", "hmac"),)

    hmac: Mapped[str] = column(P2, String(64))
    reason_code: Mapped[str] = column(P4, String(24))
    lifted_at: Mapped[datetime | None] = column(P1, UTCDateTime)
