"""Family video calls (S1-2.3.3d): a room with hours, and who speaks with whom in which slot.

Nothing of a call is recorded; there is no column that could hold it.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped

from portal.domain.pii import P1, P2, P3
from portal.models.base import (
    PATH,
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

_TAKEN = "status <> 'cancelled'"


class VideoRoom(Identified, Stamped, Versioned, TenantScoped, Base):
    """A room with a screen: its days of the week, its hours, how long one call may be."""

    __tablename__ = "video_rooms"

    #: Whose room it is; whoever works at this unit or below it books.
    unit_path: Mapped[str] = column(P1, PATH, index=True)
    name: Mapped[str] = column(P1, String(40))
    #: Days of the week as digits, Monday 1 to Sunday 7.
    weekdays: Mapped[str] = column(P1, String(7))
    #: HH:MM, Beijing time.
    opens: Mapped[str] = column(P1, String(5))
    closes: Mapped[str] = column(P1, String(5))
    slot_minutes: Mapped[int] = column(P1)
    closed_on: Mapped[date | None] = column(P1)


class VideoCall(Identified, Stamped, Versioned, UnitScoped, Base):
    """One booked slot; ``unit_path`` is the child's."""

    __tablename__ = "video_calls"
    __table_args__ = (
        Index(
            "uq_video_calls_slot",
            "room_id",
            "happens_on",
            "starts",
            unique=True,
            sqlite_where=text(_TAKEN),
            postgresql_where=text(_TAKEN),
        ),
        Index("ix_video_calls_day", "happens_on", "status"),
    )

    room_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("video_rooms.id"))
    child_id: Mapped[uuid.UUID] = column(P3, Uuid, ForeignKey("child_files.id"), index=True)
    happens_on: Mapped[date] = column(P1)
    starts: Mapped[str] = column(P1, String(5))
    parent_name: Mapped[str] = column(P2, Encrypted("video_calls.parent_name"))
    relation: Mapped[str] = column(P2, String(12), default="")
    parent_phone: Mapped[str | None] = column(P2, Encrypted("video_calls.parent_phone"))
    #: booked, done, missed, cancelled.
    status: Mapped[str] = column(P1, String(12), default="booked")
    status_since: Mapped[datetime] = column(P1, UTCDateTime)
    #: How long they spoke, once it is done.
    minutes: Mapped[int | None] = column(P1)
    reminded_at: Mapped[datetime | None] = column(P1, UTCDateTime)
