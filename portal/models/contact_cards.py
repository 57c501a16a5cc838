"""Contact cards (联系卡) of pairings: one valid at a time, checked by its serial (S0-4.2a)."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped

from portal.domain.pii import P1, P2
from portal.models.base import (
    Base,
    Encrypted,
    Identified,
    Stamped,
    UnitScoped,
    Versioned,
    column,
)
from portal.models.supporters import Tied

_VALID = "status = 'valid'"


class ContactCard(Tied, Identified, Stamped, Versioned, UnitScoped, Base):
    """One card as issued; ``unit_path`` is the pairing's. Nothing in it is about the child."""

    __tablename__ = "contact_cards"
    __table_args__ = (
        UniqueConstraint("serial"),
        Index(
            "uq_contact_cards_valid",
            "pairing_id",
            unique=True,
            sqlite_where=text(_VALID),
            postgresql_where=text(_VALID),
        ),
    )
    __supporter_column__ = "supporter_id"

    pairing_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("pairings.id"), index=True)
    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"), index=True)
    serial: Mapped[str] = column(P1, String(24))
    status: Mapped[str] = column(P1, String(8), default="valid", index=True)
    issued_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    issued_on: Mapped[date] = column(P1)
    #: The card as issued (domain.contact_cards.CardPaper), frozen.
    paper: Mapped[str | None] = column(P2, Encrypted("contact_cards.paper"))
    file_id: Mapped[uuid.UUID | None] = column(P1, Uuid, ForeignKey("stored_files.id"))
    #: Why there is no PDF: a code of documents.certificate, empty while one may come.
    paper_fault: Mapped[str] = column(P1, String(16), default="")
    ended_on: Mapped[date | None] = column(P1)
    #: A key of domain.contact_cards.VOID_REASONS.
    void_reason: Mapped[str] = column(P1, String(16), default="")


__all__ = ["ContactCard"]
