"""Rights of the people concerned: requests, guardian links, protection, complaints, texts."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped

from portal.domain.pii import P1, P2, P3, P4
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
    time_ordered_id,
)


class RightsRequest(Identified, Stamped, Versioned, UnitScoped, Base):
    """What a person asks about their own data, or a guardian about a child's (L06).

    A supporter's request names the supporter, a guardian's the child and the guardian.
    """

    __tablename__ = "rights_requests"
    __table_args__ = (Index("ix_rights_requests_queue", "status", "due_on"),)
    __supporter_column__ = "supporter_id"

    tenant_path: Mapped[str] = column(P1, PATH)
    #: copy, correct, withdraw or erase (domain.lifecycles.requests.KINDS)
    kind: Mapped[str] = column(P1, String(12))
    supporter_id: Mapped[uuid.UUID | None] = column(P1, Uuid, ForeignKey("supporters.id"))
    child_id: Mapped[uuid.UUID | None] = column(P3, Uuid, ForeignKey("child_files.id"), index=True)
    guardian_id: Mapped[uuid.UUID | None] = column(P2, Uuid, ForeignKey("guardian_links.id"))
    asker_id: Mapped[uuid.UUID | None] = column(P1, Uuid, index=True)
    #: Which value is wrong, of a correction; empty otherwise.
    field: Mapped[str] = column(P1, String(24), default="")
    words: Mapped[str] = column(P3, Encrypted("rights_requests.words"), default="")
    status: Mapped[str] = column(P1, String(12), default="received")
    received_at: Mapped[datetime] = column(P1, UTCDateTime)
    due_on: Mapped[date] = column(P1)
    answer: Mapped[str] = column(P3, Encrypted("rights_requests.answer"), default="")
    answered_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    answered_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class GuardianAccess(Identified, Stamped, Versioned, UnitScoped, Base):
    """A link by which a guardian without an account reaches one child's page, for a time.

    The token is made from this row with the portal's key; only its keyed hash is kept.
    """

    __tablename__ = "guardian_accesses"

    child_id: Mapped[uuid.UUID] = column(P3, Uuid, ForeignKey("child_files.id"), index=True)
    guardian_id: Mapped[uuid.UUID] = column(P2, Uuid, ForeignKey("guardian_links.id"))
    token_hash: Mapped[str] = column(P1, String(64), unique=True)
    #: paper or sms
    medium: Mapped[str] = column(P1, String(8))
    expires_at: Mapped[datetime] = column(P1, UTCDateTime)
    revoked_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    last_used_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class ChildProtection(Identified, Stamped, Versioned, UnitScoped, Base):
    """Whereabouts kept from guardians, or one guardian kept out, until it is lifted (threat 23)."""

    __tablename__ = "child_protections"

    child_id: Mapped[uuid.UUID] = column(P3, Uuid, ForeignKey("child_files.id"), index=True)
    #: Set: this guardian is suspended. Empty: the child's whereabouts are protected.
    guardian_id: Mapped[uuid.UUID | None] = column(P2, Uuid, ForeignKey("guardian_links.id"))
    reason: Mapped[str] = column(P4, Encrypted("child_protections.reason"))
    set_at: Mapped[datetime] = column(P1, UTCDateTime)
    lifted_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    lifted_by: Mapped[uuid.UUID | None] = column(P1, Uuid)


class Grievance(Identified, Stamped, Versioned, UnitScoped, Base):
    """A complaint from anybody; its answer is looked up with a receipt code (L19)."""

    __tablename__ = "grievances"
    __table_args__ = (Index("ix_grievances_queue", "status", "due_on"),)

    tenant_path: Mapped[str] = column(P1, PATH)
    category: Mapped[str] = column(P1, String(12))
    words: Mapped[str] = column(P3, Encrypted("grievances.words"))
    contact: Mapped[str] = column(P2, Encrypted("grievances.contact"), default="")
    receipt_hash: Mapped[str] = column(P1, String(64), unique=True)
    status: Mapped[str] = column(P1, String(12), default="received")
    received_at: Mapped[datetime] = column(P1, UTCDateTime)
    due_on: Mapped[date] = column(P1)
    answer: Mapped[str] = column(P3, Encrypted("grievances.answer"), default="")
    answered_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    answered_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class AuthorityText(Identified, Stamped, Versioned, TenantScoped, Base):
    """One version of a text that people read and accept: drafted by one, published by another."""

    __tablename__ = "authority_texts"
    __table_args__ = (UniqueConstraint("tenant_path", "kind", "number"),)

    kind: Mapped[str] = column(P1, String(24))
    #: The version people accept, such as 2026-02.
    number: Mapped[str] = column(P1, String(16))
    body: Mapped[str] = column(P1, Text)
    status: Mapped[str] = column(P1, String(12), default="draft")
    drafted_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    published_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    published_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    in_force_from: Mapped[date | None] = column(P1)

    @property
    def unit_path(self) -> str:
        """Return the authority's own path: a text is the whole authority's act."""
        return self.tenant_path


class TextAcceptance(Identified, TenantScoped, Base):
    """Which supporter accepted which version of which text, when, by whose hand."""

    __tablename__ = "text_acceptances"
    __table_args__ = (UniqueConstraint("supporter_id", "kind", "number"),)
    __supporter_column__ = "supporter_id"

    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"))
    kind: Mapped[str] = column(P1, String(24))
    number: Mapped[str] = column(P1, String(16))
    accepted_at: Mapped[datetime] = column(P1, UTCDateTime)
    user_id: Mapped[uuid.UUID | None] = column(P1, Uuid)


class Tombstone(Base):
    """That something was erased: a kind and an id, nothing of what it held.

    A restored backup reads the list again, so that nobody erased comes back (L18, R9).
    """

    __tablename__ = "tombstones"
    __table_args__ = (UniqueConstraint("kind", "row_id"),)

    id: Mapped[uuid.UUID] = column(P1, Uuid, primary_key=True, default=time_ordered_id)
    kind: Mapped[str] = column(P1, String(24))
    row_id: Mapped[uuid.UUID] = column(P1, Uuid)
    at: Mapped[datetime] = column(P1, UTCDateTime)
    reason: Mapped[str] = column(P1, String(24))
