"""What a programme's days leave behind: the daily report, its pictures, what was learnt, the end.

No number of attendance is kept here: it is read from the sheets whenever it is shown.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped

from portal.domain.pii import P1, P3
from portal.models.base import (
    Base,
    Encrypted,
    Identified,
    Stamped,
    TenantScoped,
    UnitScoped,
    UTCDateTime,
    Versioned,
    column,
)


class CampDay(Identified, Stamped, Versioned, TenantScoped, Base):
    """The report of one day: weather, what was done, meals, incidents; handed in once."""

    __tablename__ = "camp_days"
    __table_args__ = (UniqueConstraint("programme_id", "happens_on"),)
    __programme_column__ = "programme_id"

    programme_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programmes.id"))
    happens_on: Mapped[date] = column(P1)
    weather: Mapped[str] = column(P1, String(12), default="")
    did: Mapped[str] = column(P3, Encrypted("camp_days.did"), default="")
    #: Meals as served; an empty text where none was.
    meals: Mapped[str] = column(P3, Encrypted("camp_days.meals"), default="")
    #: Keys of domain.camp_days.MEALS that were served.
    served: Mapped[list[str]] = column(P1, JSON, default=list)
    incident: Mapped[str] = column(P3, Encrypted("camp_days.incident"), default="")
    #: A worry was told to the staff who answer for the children.
    worried: Mapped[bool] = column(P1, Boolean, default=False)
    handed_in_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class CampPhoto(Identified, Stamped, TenantScoped, Base):
    """A picture of a day, painted anew; staff only, and only children whose family agreed."""

    __tablename__ = "camp_photos"
    __table_args__ = (Index("ix_camp_photos_day", "programme_id", "happens_on"),)
    __programme_column__ = "programme_id"

    programme_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programmes.id"))
    happens_on: Mapped[date] = column(P1)
    file_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("stored_files.id"))
    #: Enrolments of the children who can be recognised; empty where nobody can.
    shows: Mapped[list[str]] = column(P1, JSON, default=list)
    words: Mapped[str] = column(P3, Encrypted("camp_photos.words"), default="")


class SessionNote(Identified, Stamped, Versioned, TenantScoped, Base):
    """What was helped with in a session (S0-4.7, S1-2.3.5b); one note a session."""

    __tablename__ = "session_notes"
    __table_args__ = (UniqueConstraint("session_id"),)
    __programme_column__ = "programme_id"

    programme_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programmes.id"), index=True)
    session_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programme_sessions.id"))
    words: Mapped[str] = column(P3, Encrypted("session_notes.words"))


class SatisfactionSlip(Identified, Stamped, Versioned, UnitScoped, Base):
    """How a child or a guardian found it, 1 to 5, once each; ``unit_path`` is the child's."""

    __tablename__ = "satisfaction_slips"
    __table_args__ = (UniqueConstraint("enrolment_id", "who"),)
    __programme_column__ = "programme_id"

    programme_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programmes.id"), index=True)
    enrolment_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("enrolments.id"))
    child_id: Mapped[uuid.UUID] = column(P3, Uuid, ForeignKey("child_files.id"), index=True)
    #: child, guardian.
    who: Mapped[str] = column(P1, String(8))
    stars: Mapped[int] = column(P1)
    words: Mapped[str] = column(P3, Encrypted("satisfaction_slips.words"), default="")
    #: typed (from paper, by staff), link (by the guardian).
    way: Mapped[str] = column(P1, String(8), default="typed")


class ProgrammeReport(Identified, Stamped, Versioned, TenantScoped, Base):
    """The end report: its words, and the numbers as they stood when it was handed in."""

    __tablename__ = "programme_reports"
    __table_args__ = (UniqueConstraint("programme_id"),)
    __programme_column__ = "programme_id"

    programme_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programmes.id"))
    words: Mapped[str] = column(P3, Encrypted("programme_reports.words"))
    #: domain.programme_reports.Numbers as plain values.
    numbers: Mapped[dict[str, Any]] = column(P1, JSON, default=dict)
    handed_in_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    handed_in_at: Mapped[datetime | None] = column(P1, UTCDateTime)
