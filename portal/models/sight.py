"""Who opened which masked field, by whose leave; and which day's looking was unusual."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped

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
    time_ordered_id,
)


class AccessRow(UnitScoped, Base):
    """One look at a file, or one opened field of it. No update, no delete, in any database."""

    __tablename__ = "access_rows"
    __table_args__ = (
        Index("ix_access_rows_subject", "subject_id", "id"),
        Index("ix_access_rows_actor", "actor_id", "at"),
    )

    id: Mapped[uuid.UUID] = column(P1, Uuid, primary_key=True, default=time_ordered_id)
    at: Mapped[datetime] = column(P1, UTCDateTime, index=True)
    #: Nobody's where an operator took a ledger from the command line.
    actor_id: Mapped[uuid.UUID | None] = column(P1, Uuid)
    role: Mapped[str] = column(P1, String(24))
    subject_type: Mapped[str] = column(P1, String(24))
    subject_id: Mapped[uuid.UUID] = column(P1, Uuid)
    field: Mapped[str] = column(P1, String(24))
    reason: Mapped[str] = column(P1, String(16))
    basis: Mapped[str] = column(P1, String(12))
    #: Until then the field is shown to this person, and not a second longer.
    until: Mapped[datetime] = column(P1, UTCDateTime)
    #: The leave it was opened by, when not by the person's own post.
    sight_id: Mapped[uuid.UUID | None] = column(P1, Uuid)
    #: The fact beside which the person's own words lie, where they can be erased.
    fact_id: Mapped[uuid.UUID | None] = column(P1, Uuid)
    request_id: Mapped[str] = column(P1, String(36), default="")


class SightRequest(Identified, Stamped, Versioned, UnitScoped, Base):
    """A leave to see some fields of one file: asked by one person, given by another."""

    __tablename__ = "sight_requests"

    kind: Mapped[str] = column(P1, String(12))
    child_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("child_files.id"), index=True)
    fields: Mapped[list[str]] = column(P1, JSON, default=list)
    reason: Mapped[str] = column(P1, String(16))
    words: Mapped[str] = column(P3, Encrypted("sight_requests.words"), default="")
    status: Mapped[str] = column(P1, String(12), index=True, default="asked")
    status_since: Mapped[datetime] = column(P1, UTCDateTime)
    asked_by: Mapped[uuid.UUID] = column(P1, Uuid, index=True)
    asked_role: Mapped[str] = column(P1, String(24))
    decided_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    decided_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    opened_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    until: Mapped[datetime | None] = column(P1, UTCDateTime)


class SightOutlier(Identified, Stamped, UnitScoped, Base):
    """A person's day of looking that somebody responsible should ask about."""

    __tablename__ = "sight_outliers"
    __table_args__ = (UniqueConstraint("actor_id", "role", "day"),)

    day: Mapped[date] = column(P1, index=True)
    actor_id: Mapped[uuid.UUID] = column(P1, Uuid)
    role: Mapped[str] = column(P1, String(24))
    #: The role that answers for it, at the unit of the row or above.
    watcher: Mapped[str] = column(P1, String(24))
    opened: Mapped[int] = column(P1)
    viewed: Mapped[int] = column(P1)
    outside: Mapped[int] = column(P1)
    night: Mapped[int] = column(P1)
    signs: Mapped[list[str]] = column(P1, JSON, default=list)
    settled_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    settled_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    finding: Mapped[str] = column(P3, Encrypted("sight_outliers.finding"), default="")
