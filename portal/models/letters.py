"""Letters between a child and a mentor; staff read every one before it crosses (PN)."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Uuid, select
from sqlalchemy.orm import Mapped, object_session

from portal.domain.pii import P1, P3
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
from portal.models.pairings import Pairing
from portal.models.supporters import tied_staff


class Letter(Identified, Stamped, Versioned, UnitScoped, Base):
    """One letter; ``unit_path`` is the pairing's.

    ``supporter_id`` is who may read the row from outside: the mentor for a letter of their own,
    nobody for a child's letter until it is handed over. The wall holds it, not the page.
    """

    __tablename__ = "letters"
    __table_args__ = (
        Index("ix_letters_pairing_day", "pairing_id", "written_on"),
        Index("ix_letters_supporter", "supporter_id", "pairing_id"),
    )
    __supporter_column__ = "supporter_id"

    pairing_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("pairings.id"))
    child_id: Mapped[uuid.UUID] = column(P3, Uuid, ForeignKey("child_files.id"), index=True)
    supporter_id: Mapped[uuid.UUID | None] = column(P1, Uuid, ForeignKey("supporters.id"))
    #: to_child or to_mentor (domain.letters.DIRECTIONS).
    direction: Mapped[str] = column(P1, String(10))
    status: Mapped[str] = column(P1, String(14), default="written", index=True)
    status_since: Mapped[datetime] = column(P1, UTCDateTime)
    written_on: Mapped[date] = column(P1)
    text: Mapped[str] = column(P3, Encrypted("letters.text"))
    #: The child's handwriting, painted anew; the mentor sees it only with ``with_picture``.
    scan_id: Mapped[uuid.UUID | None] = column(P1, Uuid, ForeignKey("stored_files.id"))
    with_picture: Mapped[bool] = column(P1, default=False)
    read_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    read_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    #: The last words of whoever sent it back.
    remark: Mapped[str] = column(P3, Encrypted("letters.remark"), default="")
    handed_over_on: Mapped[date | None] = column(P1)
    handed_over_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    #: The journal entry it became when it was handed over.
    log_id: Mapped[uuid.UUID | None] = column(P1, Uuid, ForeignKey("contact_logs.id"))

    @property
    def pairing_status(self) -> str:
        """Return the state of the pairing, read anew; letters cross only while it is active."""
        return str(self._of_pairing(Pairing.status) or "")

    @property
    def mentor_id(self) -> uuid.UUID | None:
        """Return whose pairing it is, also while the row is closed to them."""
        found: uuid.UUID | None = self._of_pairing(Pairing.supporter_id)
        return found

    @property
    def tied_staff(self) -> frozenset[uuid.UUID]:
        """Return the staff who declared a tie with the mentor; read anew each time."""
        mentor = self.mentor_id
        return tied_staff(self, mentor) if mentor else frozenset()

    def _of_pairing(self, what: Any) -> Any:
        session = object_session(self)
        return session and session.scalar(select(what).where(Pairing.id == self.pairing_id))


__all__ = ["Letter"]
