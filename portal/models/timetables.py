"""What a timetable was before each change, so that a change can be taken back (issue 5, 1)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped

from portal.domain.pii import P1
from portal.models.base import Base, Identified, Stamped, TenantScoped, UTCDateTime, column


class TimetableStep(Identified, Stamped, TenantScoped, Base):
    """One change of a timetable: all lines as they were, who changed them, whether taken back."""

    __tablename__ = "timetable_steps"
    __table_args__ = (Index("ix_timetable_steps_newest", "programme_id", "id"),)
    __programme_column__ = "programme_id"

    programme_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programmes.id"))
    #: What was done: a key of services.timetables.WORDS.
    what: Mapped[str] = column(P1, String(12))
    #: The lines before it, as domain.timetables.Line says them.
    before: Mapped[list[Any]] = column(P1, JSON, default=list)
    undone_at: Mapped[datetime | None] = column(P1, UTCDateTime)
