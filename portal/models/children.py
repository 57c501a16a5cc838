"""One child, one file (一人一档): the file, guardians, consents, and the yearly ledger row."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, relationship

from portal.domain.pii import P1, P2, P3
from portal.models.base import (
    PATH,
    Base,
    Encrypted,
    Identified,
    Stamped,
    UnitScoped,
    UTCDateTime,
    Versioned,
    column,
)


class ChildFile(Identified, Stamped, Versioned, UnitScoped, Base):
    """A child on the register. ``unit_path`` is the village (or the lowest known unit)."""

    __tablename__ = "child_files"
    __table_args__ = (
        UniqueConstraint("tenant_path", "id_hmac"),
        Index("ix_child_files_register", "tenant_path", "status", "birth_date"),
    )

    tenant_path: Mapped[str] = column(P1, PATH)
    name: Mapped[str] = column(P3, Encrypted("child_files.name"))
    gender: Mapped[str] = column(P3, String(6))
    #: Plain, because the register is counted by band and aged out by day in SQL (ADR 0006).
    birth_date: Mapped[date] = column(P3)
    id_no: Mapped[str] = column(P3, Encrypted("child_files.id_no"))
    id_hmac: Mapped[str] = column(P3, String(64))
    county_code: Mapped[str] = column(P3, String(12), index=True)
    region_code: Mapped[str] = column(P3, String(12))
    region_text: Mapped[str] = column(P3, Encrypted("child_files.region_text"), default="")
    home_address: Mapped[str | None] = column(P3, Encrypted("child_files.home_address"))
    school: Mapped[str | None] = column(P3, Encrypted("child_files.school"))
    nickname: Mapped[str | None] = column(P3, Encrypted("child_files.nickname"))
    primary_category: Mapped[str] = column(P3, String(24))
    care_level: Mapped[str | None] = column(P3, String(12))
    left_behind: Mapped[bool] = column(P3, default=False)
    #: Found by an assessment: a mentor's need asks for it (S0-4.5c).
    lacks_affection: Mapped[bool] = column(P3, default=False)
    status: Mapped[str] = column(P1, String(16), index=True, default="active")

    guardians: Mapped[list[GuardianLink]] = relationship(
        back_populates="child", order_by="GuardianLink.created_at"
    )


class GuardianLink(Identified, Stamped, Versioned, UnitScoped, Base):
    """A guardian, parent or entrusted carer of a child."""

    __tablename__ = "guardian_links"

    child_id: Mapped[uuid.UUID] = column(P3, Uuid, ForeignKey("child_files.id"), index=True)
    kind: Mapped[str] = column(P2, String(12), default="guardian")
    name: Mapped[str] = column(P2, Encrypted("guardian_links.name"))
    relation: Mapped[str] = column(P2, String(20))
    phone: Mapped[str | None] = column(P2, Encrypted("guardian_links.phone"))
    id_hmac: Mapped[str | None] = column(P2, String(64))

    child: Mapped[ChildFile] = relationship(back_populates="guardians")


class Consent(Identified, Stamped, Versioned, UnitScoped, Base):
    """A guardian's consent for one purpose (L02, L03); withdrawing is a date, never a delete."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_child_scope", "child_id", "scope"),)

    child_id: Mapped[uuid.UUID] = column(P3, Uuid, ForeignKey("child_files.id"))
    guardian_id: Mapped[uuid.UUID | None] = column(P2, Uuid, ForeignKey("guardian_links.id"))
    given_by: Mapped[str] = column(P2, Encrypted("consents.given_by"))
    relation: Mapped[str] = column(P2, String(20))
    scope: Mapped[str] = column(P1, String(16))
    method: Mapped[str] = column(P1, String(16))
    text_version: Mapped[str] = column(P1, String(16))
    given_on: Mapped[date] = column(P1)
    withdrawn_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class CareLedgerRow(Identified, Stamped, Versioned, UnitScoped, Base):
    """The child's line in a programme year's ledger (form 1): services and effect of that year."""

    __tablename__ = "care_ledger_rows"
    __table_args__ = (UniqueConstraint("tenant_path", "year", "child_id"),)

    tenant_path: Mapped[str] = column(P1, PATH)
    year: Mapped[int] = column(P1)
    seq: Mapped[int] = column(P1)
    child_id: Mapped[uuid.UUID] = column(P3, Uuid, ForeignKey("child_files.id"), index=True)
    service_types: Mapped[list[str]] = column(P3, JSON, default=list)
    effect: Mapped[str] = column(P3, Encrypted("care_ledger_rows.effect"), default="")
    #: The 地区 cell as written and matched (display text of the ledger).
    region_text: Mapped[str] = column(P3, Encrypted("care_ledger_rows.region_text"), default="")


class ImportBatch(Identified, Stamped, Versioned, UnitScoped, Base):
    """An uploaded ledger: staged, previewed, applied once (keyed by file hash and bureau)."""

    __tablename__ = "import_batches"
    __table_args__ = (Index("ix_import_batches_file", "unit_path", "sha256"),)

    filename: Mapped[str] = column(P1, String(200))
    sha256: Mapped[str] = column(P1, String(64))
    file_key: Mapped[str] = column(P1, String(100))
    year: Mapped[int | None] = column(P1)
    status: Mapped[str] = column(P1, String(12), default="reading")
    counts: Mapped[dict[str, Any]] = column(P1, JSON, default=dict)
    message: Mapped[str] = column(P1, String(400), default="")
    job_id: Mapped[uuid.UUID | None] = column(P1, Uuid)
    applied_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class ImportRow(Identified, UnitScoped, Base):
    """One row of an uploaded ledger with the verdict on it; sealed, and deleted after 30 days."""

    __tablename__ = "import_rows"
    __table_args__ = (Index("ix_import_rows_page", "batch_id", "verdict", "number"),)

    batch_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("import_batches.id"))
    sheet: Mapped[str] = column(P1, String(60), default="")
    number: Mapped[int] = column(P1)
    #: new, changed, unchanged, refused, aside (over age)
    verdict: Mapped[str] = column(P1, String(12))
    payload: Mapped[str] = column(P3, Encrypted("import_rows.payload"))
    child_id: Mapped[uuid.UUID | None] = column(P3, Uuid)
