"""The journal of a pairing: who met or called the child, when, how it was (PN; S0-4.5b)."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped

from portal.domain.pii import P1, P2, P3
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


class ContactLog(Tied, Identified, Stamped, Versioned, UnitScoped, Base):
    """One talk, visit, call, letter or video; ``unit_path`` is the pairing's."""

    __tablename__ = "contact_logs"
    __table_args__ = (
        UniqueConstraint("pairing_id", "client_id"),
        Index("ix_contact_logs_pairing_day", "pairing_id", "happened_on"),
        CheckConstraint("minutes >= 1", name="minutes_positive"),
    )
    __supporter_column__ = "supporter_id"

    pairing_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("pairings.id"))
    #: Who wrote it: the mentor, or a substitute.
    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"))
    user_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"))
    #: Made by the writer's device, so that a page sent twice is one entry.
    client_id: Mapped[uuid.UUID] = column(P1, Uuid)
    #: talk, home_visit, call, letter, video (domain.contacts.KINDS).
    kind: Mapped[str] = column(P1, String(12))
    happened_on: Mapped[date] = column(P1)
    minutes: Mapped[int] = column(P1)
    #: recorded, verified, returned, void.
    status: Mapped[str] = column(P1, String(12), default="recorded", index=True)
    status_since: Mapped[datetime] = column(P1, UTCDateTime)
    accompanied_by: Mapped[str] = column(P2, Encrypted("contact_logs.accompanied_by"), default="")
    did: Mapped[str] = column(P3, Encrypted("contact_logs.did"), default="")
    #: A key of domain.contacts.MOODS.
    mood: Mapped[str] = column(P3, Encrypted("contact_logs.mood"), default="")
    child_state: Mapped[str] = column(P3, Encrypted("contact_logs.child_state"), default="")
    next_step: Mapped[str] = column(P3, Encrypted("contact_logs.next_step"), default="")
    worried: Mapped[bool] = column(P3, default=False)
    worry: Mapped[str] = column(P3, Encrypted("contact_logs.worry"), default="")
    photo_id: Mapped[uuid.UUID | None] = column(P1, Uuid, ForeignKey("stored_files.id"))
    verified_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    verified_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    #: The last words of whoever sent it back or voided it.
    remark: Mapped[str] = column(P2, Encrypted("contact_logs.remark"), default="")
