"""The child's own words about a pairing, and what of them was passed on as thanks."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import ForeignKey, String, Uuid
from sqlalchemy.orm import Mapped

from portal.domain.pii import P1, P3
from portal.models.base import (
    Base,
    Encrypted,
    Identified,
    Stamped,
    UnitScoped,
    Versioned,
    column,
)


class ChildVoice(Identified, Stamped, Versioned, UnitScoped, Base):
    """What a child said at the start, in the middle or at the end; only staff read it."""

    __tablename__ = "child_voices"

    pairing_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("pairings.id"), index=True)
    child_id: Mapped[uuid.UUID] = column(P3, Uuid, ForeignKey("child_files.id"), index=True)
    #: start, middle, end (domain.recognition.MOMENTS).
    moment: Mapped[str] = column(P1, String(8))
    #: A key of domain.recognition.FACES; empty when the child only talked.
    face: Mapped[str] = column(P3, Encrypted("child_voices.face"), default="")
    words: Mapped[str] = column(P3, Encrypted("child_voices.words"), default="")
    recorded_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    recorded_on: Mapped[date] = column(P1)


class PairingThanks(Identified, Stamped, UnitScoped, Base):
    """One screened sentence of a child that was passed to the mentor."""

    __tablename__ = "pairing_thanks"
    __supporter_column__ = "supporter_id"

    pairing_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("pairings.id"), index=True)
    child_id: Mapped[uuid.UUID] = column(P3, Uuid, ForeignKey("child_files.id"), index=True)
    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"), index=True)
    voice_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("child_voices.id"), index=True)
    words: Mapped[str] = column(P3, Encrypted("pairing_thanks.words"))
    passed_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    passed_on: Mapped[date] = column(P1)


__all__ = ["ChildVoice", "PairingThanks"]
