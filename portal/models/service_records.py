"""Time that supporters gave, and the certificates that are issued about it."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped

from portal.domain.pii import P1, P2
from portal.models.base import (
    Base,
    Encrypted,
    Identified,
    Stamped,
    UnitScoped,
    UTCDateTime,
    Versioned,
    column,
)
from portal.models.supporters import Tied


class ServiceRecord(Tied, Identified, Stamped, Versioned, UnitScoped, Base):
    """One service of one person, kept by the unit that organised it."""

    __tablename__ = "service_records"
    __table_args__ = (
        Index("ix_service_records_person_day", "user_id", "served_on"),
        UniqueConstraint("subject_type", "subject_id", "user_id"),
    )
    __supporter_column__ = "supporter_id"

    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"), index=True)
    #: Who served: the individual, or a member of the organisation.
    user_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"))
    status: Mapped[str] = column(P1, String(12), default="recorded", index=True)
    kind: Mapped[str] = column(P1, String(16))
    title: Mapped[str] = column(P2, Encrypted("service_records.title"))
    place: Mapped[str] = column(P2, Encrypted("service_records.place"))
    served_on: Mapped[date] = column(P1)
    minutes: Mapped[int] = column(P1)
    started_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    ended_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    #: What it came from (a promise, a contact log, a session); empty when told by the volunteer.
    subject_type: Mapped[str | None] = column(P1, String(24))
    subject_id: Mapped[uuid.UUID | None] = column(P1, Uuid)
    #: Whoever last wrote what the record says.
    recorded_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    verified_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    verified_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    #: The last words of whoever sent it back or voided it.
    remark: Mapped[str] = column(P2, Encrypted("service_records.remark"), default="")


class RecordCorrection(Identified, Stamped, Versioned, UnitScoped, Base):
    """A volunteer's request to correct a record, answered in writing (67号令)."""

    __tablename__ = "record_corrections"
    __supporter_column__ = "supporter_id"

    record_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("service_records.id"), index=True)
    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"))
    user_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"), index=True)
    words: Mapped[str] = column(P2, Encrypted("record_corrections.words"))
    answer: Mapped[str] = column(P2, Encrypted("record_corrections.answer"), default="")
    granted: Mapped[bool | None] = column(P1)
    answered_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    answered_at: Mapped[datetime | None] = column(P1, UTCDateTime, index=True)


class Certificate(Tied, Identified, Stamped, Versioned, UnitScoped, Base):
    """A certificate of one person's verified services of a period at one unit."""

    __tablename__ = "certificates"
    __table_args__ = (UniqueConstraint("serial"),)
    __supporter_column__ = "supporter_id"

    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"), index=True)
    user_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"), index=True)
    status: Mapped[str] = column(P1, String(12), default="requested", index=True)
    period_from: Mapped[date] = column(P1)
    period_to: Mapped[date] = column(P1)
    volunteer_no: Mapped[str] = column(P2, Encrypted("certificates.volunteer_no"), default="")
    minutes: Mapped[int] = column(P1)
    record_count: Mapped[int] = column(P1)
    publicised_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    publicity_from: Mapped[date | None] = column(P1)
    publicity_until: Mapped[date | None] = column(P1)
    open_objections: Mapped[int] = column(P1, default=0)
    issued_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    issued_on: Mapped[date | None] = column(P1)
    serial: Mapped[str | None] = column(P1, String(24))
    #: The paper as issued (domain.certificates.Paper), frozen.
    paper: Mapped[str | None] = column(P2, Encrypted("certificates.paper"))
    file_id: Mapped[uuid.UUID | None] = column(P1, Uuid, ForeignKey("stored_files.id"))
    #: Why there is no PDF: a code of documents.certificate, empty while one may come.
    paper_fault: Mapped[str] = column(P1, String(16), default="")
    ended_on: Mapped[date | None] = column(P1)
    remark: Mapped[str] = column(P2, Encrypted("certificates.remark"), default="")


class CertificateRecord(Identified, UnitScoped, Base):
    """A record that a certificate is built on."""

    __tablename__ = "certificate_records"
    __table_args__ = (UniqueConstraint("certificate_id", "record_id"),)
    __supporter_column__ = "supporter_id"

    certificate_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("certificates.id"))
    record_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("service_records.id"), index=True)
    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"))


class CertificateObjection(Identified, Stamped, UnitScoped, Base):
    """A colleague's objection during publicity, with its answer; the volunteer never reads it."""

    __tablename__ = "certificate_objections"

    certificate_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("certificates.id"), index=True)
    words: Mapped[str] = column(P2, Encrypted("certificate_objections.words"))
    answer: Mapped[str] = column(P2, Encrypted("certificate_objections.answer"), default="")
    answered_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    answered_at: Mapped[datetime | None] = column(P1, UTCDateTime)


__all__ = [
    "Certificate",
    "CertificateObjection",
    "CertificateRecord",
    "RecordCorrection",
    "ServiceRecord",
]
