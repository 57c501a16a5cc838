"""Stars that staff give for a pairing, and the yearly portfolio of a mentor."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped

from portal.domain.pii import P1, P2
from portal.models.base import (
    Base,
    Encrypted,
    Identified,
    Stamped,
    UnitScoped,
    UTCDateTime,
    column,
)
from portal.models.supporters import Tied


class PairingStar(Tied, Identified, Stamped, UnitScoped, Base):
    """One star for what somebody did well; at most one a month for a pairing."""

    __tablename__ = "pairing_stars"
    __table_args__ = (UniqueConstraint("pairing_id", "month"),)
    __supporter_column__ = "supporter_id"

    pairing_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("pairings.id"))
    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"), index=True)
    #: The first day of the month it stands for.
    month: Mapped[date] = column(P1)
    #: A key of domain.recognition.STAR_REASONS.
    reason_code: Mapped[str] = column(P1, String(16))
    #: Screened words to the mentor; they name no child.
    words: Mapped[str] = column(P2, Encrypted("pairing_stars.words"), default="")
    given_by: Mapped[uuid.UUID | None] = column(P1, Uuid)


class Portfolio(Identified, Stamped, UnitScoped, Base):
    """The printed year of one mentor; ``unit_path`` is the county that vets them."""

    __tablename__ = "portfolios"
    __table_args__ = (UniqueConstraint("supporter_id", "year"),)
    __supporter_column__ = "supporter_id"

    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"))
    user_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"))
    year: Mapped[int] = column(P1)
    asked_at: Mapped[datetime] = column(P1, UTCDateTime)
    file_id: Mapped[uuid.UUID | None] = column(P1, Uuid, ForeignKey("stored_files.id"))
    #: Why there is no PDF: a code of documents.certificate, empty while one may come.
    paper_fault: Mapped[str] = column(P1, String(16), default="")


__all__ = ["PairingStar", "Portfolio"]
