"""Attendance (PG session): every mark ever made, the sheet that follows, who fetched whom.

Marks are only added. The sheet is what domain.attendance makes of them and could be made again.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, relationship

from portal.domain.pii import P1, P2, P3
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
from portal.models.programmes import ProgrammeSession


class AttendanceMark(Identified, UnitScoped, Base):
    """One mark as a device made it; the same mark sent twice is one row."""

    __tablename__ = "attendance_marks"
    __table_args__ = (
        UniqueConstraint("session_id", "client_id"),
        Index("ix_attendance_marks_cell", "session_id", "enrolment_id"),
    )
    __programme_column__ = "programme_id"

    session_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programme_sessions.id"))
    programme_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programmes.id"))
    enrolment_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("enrolments.id"))
    #: Named by the device.
    client_id: Mapped[uuid.UUID] = column(P1, Uuid)
    device_id: Mapped[uuid.UUID] = column(P1, Uuid)
    #: The marks its maker had seen on this child: what it overrules.
    seen: Mapped[list[str]] = column(P1, JSON, default=list)
    #: present, late, leave, absent: the state aimed at, never a toggle.
    state: Mapped[str] = column(P3, String(8))
    reason: Mapped[str] = column(P3, Encrypted("attendance_marks.reason"), default="")
    #: HH:MM, where the child came later or left earlier.
    arrived: Mapped[str] = column(P3, String(5), default="")
    left: Mapped[str] = column(P3, String(5), default="")
    #: tap, badge, kiosk, paper, settle.
    way: Mapped[str] = column(P1, String(8), default="tap")
    #: The device's clock, put right by what the server knew of it.
    marked_at: Mapped[datetime] = column(P1, UTCDateTime)
    received_at: Mapped[datetime] = column(P1, UTCDateTime)
    marked_by: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"))


class AttendanceCell(Identified, Versioned, UnitScoped, Base):
    """What stands on the sheet for one child in one session; no row means present, unmarked."""

    __tablename__ = "attendance_cells"
    __table_args__ = (
        UniqueConstraint("session_id", "enrolment_id"),
        Index("ix_attendance_cells_enrolment", "enrolment_id"),
    )
    __programme_column__ = "programme_id"

    session_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programme_sessions.id"))
    programme_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programmes.id"), index=True)
    enrolment_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("enrolments.id"))
    state: Mapped[str] = column(P3, String(8))
    #: The marks that nobody overruled (client ids); more than one state among them is a conflict.
    heads: Mapped[list[Any]] = column(P1, JSON, default=list)
    conflict: Mapped[bool] = column(P1, Boolean, default=False)
    arrived: Mapped[str] = column(P3, String(5), default="")
    left: Mapped[str] = column(P3, String(5), default="")
    #: When the family and the director were told of an absence without notice.
    alerted_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class Departure(Identified, Stamped, UnitScoped, Base):
    """A child fetched after a session, or a stranger who was not let (S0-4.7)."""

    __tablename__ = "departures"
    __table_args__ = (
        UniqueConstraint("session_id", "client_id"),
        Index(
            "uq_departures_gone",
            "session_id",
            "enrolment_id",
            unique=True,
            sqlite_where=text("NOT blocked"),
            postgresql_where=text("NOT blocked"),
        ),
    )
    __programme_column__ = "programme_id"

    session_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programme_sessions.id"))
    programme_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programmes.id"))
    enrolment_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("enrolments.id"))
    client_id: Mapped[uuid.UUID] = column(P1, Uuid)
    #: Empty for a stranger.
    pickup_id: Mapped[uuid.UUID | None] = column(P1, Uuid, ForeignKey("pickup_persons.id"))
    #: code, picture; empty for a stranger.
    way: Mapped[str] = column(P1, String(8), default="")
    blocked: Mapped[bool] = column(P1, Boolean, default=False)
    #: What was said of a stranger.
    words: Mapped[str] = column(P2, Encrypted("departures.words"), default="")
    left_at: Mapped[datetime] = column(P1, UTCDateTime)
    let_go_by: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"))


class SessionUnlock(Identified, Stamped, Versioned, TenantScoped, Base):
    """A locked session opened again: a reason, and a second person's yes."""

    __tablename__ = "session_unlocks"
    __table_args__ = (
        Index(
            "uq_session_unlocks_open",
            "session_id",
            unique=True,
            sqlite_where=text("status = 'asked'"),
            postgresql_where=text("status = 'asked'"),
        ),
    )
    __programme_column__ = "programme_id"

    session_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programme_sessions.id"))
    programme_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programmes.id"), index=True)
    asked_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    reason: Mapped[str] = column(P1, String(300))
    #: asked, approved, declined.
    status: Mapped[str] = column(P1, String(12), default="asked")
    status_since: Mapped[datetime] = column(P1, UTCDateTime)
    decided_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    session: Mapped[ProgrammeSession] = relationship()

    @property
    def unit_path(self) -> str:
        """Return the programme's unit: who may decide is asked of it (domain.permissions)."""
        return self.session.unit_path
