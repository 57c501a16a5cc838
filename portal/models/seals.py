"""The chain over the append-only tables: seals, what each sealed, and how the last look went."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped

from portal.domain.pii import P1
from portal.models.base import Base, UTCDateTime, column, time_ordered_id


class FactSeal(Base):
    """One link: a run of committed rows of one table, hashed together with the link before."""

    __tablename__ = "fact_seals"

    no: Mapped[int] = column(P1, Integer, primary_key=True, autoincrement=False)
    source: Mapped[str] = column(P1, String(24))
    sealed_at: Mapped[datetime] = column(P1, UTCDateTime)
    first_id: Mapped[uuid.UUID] = column(P1, Uuid)
    last_id: Mapped[uuid.UUID] = column(P1, Uuid)
    rows: Mapped[int] = column(P1, Integer)
    rows_digest: Mapped[str] = column(P1, String(64))
    previous: Mapped[str] = column(P1, String(64))
    digest: Mapped[str] = column(P1, String(64))
    #: Keyed: whoever holds the database and not the keys cannot write a chain of their own.
    mac: Mapped[str] = column(P1, String(64))


class SealedRow(Base):
    """What one row said when it was sealed; its digest names the row that says otherwise now."""

    __tablename__ = "sealed_rows"
    __table_args__ = (UniqueConstraint("seal_no", "position"),)

    source: Mapped[str] = column(P1, String(24), primary_key=True)
    row_id: Mapped[uuid.UUID] = column(P1, Uuid, primary_key=True)
    seal_no: Mapped[int] = column(P1, Integer, ForeignKey("fact_seals.no"))
    position: Mapped[int] = column(P1, Integer)
    digest: Mapped[str] = column(P1, String(64))


class AuditCheck(Base):
    """One look at the whole chain, for the page that says when it was last whole."""

    __tablename__ = "audit_checks"

    id: Mapped[uuid.UUID] = column(P1, Uuid, primary_key=True, default=time_ordered_id)
    at: Mapped[datetime] = column(P1, UTCDateTime, index=True)
    by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    rows: Mapped[int] = column(P1, Integer)
    seals: Mapped[int] = column(P1, Integer)
    unsealed: Mapped[int] = column(P1, Integer)
    anchored: Mapped[int] = column(P1, Integer)
    #: Rows sealed long after the time they give themselves: written late, or backdated.
    late: Mapped[int] = column(P1, Integer)
    #: Kinds, numbers and ids, at most the first hundred.
    faults: Mapped[list[dict[str, Any]]] = column(P1, JSON)
