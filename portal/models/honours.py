"""Honours inside the bureau, and the rows that the public roll is made of."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped

from portal.domain.pii import P0, P1
from portal.models.base import Base, Identified, Stamped, UnitScoped, Versioned, column


class Honour(Identified, Stamped, Versioned, UnitScoped, Base):
    """One honour of a supporter: proposed by one person, approved by another (S1-2.3.3c)."""

    __tablename__ = "honours"
    #: A supporter sees what is said of them.
    __supporter_column__ = "supporter_id"

    tenant_path: Mapped[str] = column(P1, String(120))
    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"), index=True)
    status: Mapped[str] = column(P1, String(12), default="proposed", index=True)
    year: Mapped[int] = column(P1)
    reason_code: Mapped[str] = column(P1, String(24))
    #: One screened sentence; it names no child.
    sentence: Mapped[str] = column(P1, String(80), default="")
    approved_by: Mapped[uuid.UUID | None] = column(P1, Uuid)


class HonourCard(Identified, Base):
    """What the public roll shows of an honour, and all of it; readable by anybody.

    The name stands as the publicity consent of this moment allows; withdrawing rewrites the row.
    """

    __tablename__ = "honour_cards"
    __table_args__ = (Index("ix_honour_cards_roll", "year", "region_code", "id"),)

    #: Not a foreign key: the public side cannot be joined to the inside.
    honour_id: Mapped[uuid.UUID] = column(P1, Uuid, unique=True)
    year: Mapped[int] = column(P0)
    region_code: Mapped[str] = column(P0, String(24))
    region_name: Mapped[str] = column(P0, String(60))
    kind: Mapped[str] = column(P0, String(12))
    shown_name: Mapped[str] = column(P0, String(60))
    reason_code: Mapped[str] = column(P0, String(24))
    sentence: Mapped[str] = column(P0, String(80), default="")
