"""Programmes (S0-4.4, 4.7; S1-2.3.5; S2-2.5): what is planned, when, and who may work in it.

A programme and its timetable say nothing about a child: every unit of the authority reads them.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, relationship

from portal.domain.pii import P0, P1, P2
from portal.models.base import (
    PATH,
    Base,
    Encrypted,
    Identified,
    Stamped,
    TenantScoped,
    UTCDateTime,
    Versioned,
    column,
)


class Programme(Identified, Stamped, Versioned, TenantScoped, Base):
    """A camp, a class, a summer room, an after-school room, a class for carers: one noun."""

    __tablename__ = "programmes"
    __table_args__ = (
        UniqueConstraint("tenant_path", "code"),
        # The address of the public notice is one for the whole portal.
        Index("uq_programmes_code", "code", unique=True),
        Index("ix_programmes_unit", "unit_path", "status"),
    )
    __programme_column__ = "id"

    #: Whose children it is for and who approves: a county's path, or the city's.
    unit_path: Mapped[str] = column(P1, PATH)
    #: HD-YYYY-NNNN, public.
    code: Mapped[str] = column(P0, String(16))
    #: A key of domain.programmes.KINDS.
    kind: Mapped[str] = column(P0, String(20))
    title: Mapped[str] = column(P0, String(60))
    #: Said on the public notice, screened.
    public_words: Mapped[str] = column(P0, String(600), default="")
    #: winter, summer, or empty: the vacation it is counted in (S0-4.4a).
    season: Mapped[str] = column(P0, String(8), default="")
    starts_on: Mapped[date] = column(P0)
    ends_on: Mapped[date] = column(P0)
    capacity: Mapped[int] = column(P0)
    age_min: Mapped[int] = column(P0)
    age_max: Mapped[int] = column(P0)
    #: One adult for so many children at most.
    ratio: Mapped[int] = column(P1)
    #: Told to families and to the rota, never public.
    venue: Mapped[str] = column(P1, String(120), default="")
    #: A key of domain.camp_days.VENUES; empty where none was said.
    venue_kind: Mapped[str] = column(P1, String(20), default="")
    meeting_point: Mapped[str] = column(P1, String(120), default="")
    venue_checked_on: Mapped[date | None] = column(P1)
    venue_checked_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    insurance_no: Mapped[str] = column(P1, String(40), default="")
    insured_until: Mapped[date | None] = column(P1)
    plan_file_id: Mapped[uuid.UUID | None] = column(P1, Uuid, ForeignKey("stored_files.id"))
    drill_on: Mapped[date | None] = column(P1)
    budget_fen: Mapped[int] = column(P1, default=0)
    #: Costs written down at the end: [{"word": …, "fen": …}].
    costs: Mapped[list[Any]] = column(P1, JSON, default=list)
    register_from: Mapped[date | None] = column(P0)
    register_until: Mapped[date | None] = column(P0)
    #: first: first come, first served; draw: a weighted draw, reproducible from its seed.
    places_by: Mapped[str] = column(P0, String(8), default="first")
    draw_seed: Mapped[str] = column(P0, String(64), default="")
    #: The digest of the seed, published with the notice before anybody applies…
    draw_commit: Mapped[str] = column(P0, String(64), default="")
    #: …and the seed itself until the draw, when it is published.
    draw_secret: Mapped[str] = column(P1, Encrypted("programmes.draw_secret"), default="")
    drawn_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    #: draft, submitted, approved, open, running, finished, closed, cancelled.
    status: Mapped[str] = column(P1, String(12), default="draft", index=True)
    status_since: Mapped[datetime] = column(P1, UTCDateTime)
    #: Who answers for it; the account that drafted it unless handed over.
    organiser_id: Mapped[uuid.UUID | None] = column(P1, Uuid)
    drafted_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    approved_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    approved_on: Mapped[date | None] = column(P1)
    remark: Mapped[str] = column(P1, String(300), default="")
    #: The public notice while there is one.
    notice_id: Mapped[uuid.UUID | None] = column(P1, Uuid, unique=True)


class ProgrammeNotice(Identified, Base):
    """What everybody may read of a programme: a row of its own that knows no place and no child."""

    __tablename__ = "programme_notices"

    code: Mapped[str] = column(P0, String(16), unique=True)
    kind: Mapped[str] = column(P0, String(20))
    title: Mapped[str] = column(P0, String(60))
    words: Mapped[str] = column(P0, String(600), default="")
    region_code: Mapped[str] = column(P0, String(12), index=True)
    season: Mapped[str] = column(P0, String(8), default="")
    starts_on: Mapped[date] = column(P0, index=True)
    ends_on: Mapped[date] = column(P0)
    register_from: Mapped[date | None] = column(P0)
    register_until: Mapped[date | None] = column(P0)
    age_min: Mapped[int] = column(P0)
    age_max: Mapped[int] = column(P0)
    capacity: Mapped[int] = column(P0)
    topics: Mapped[list[str]] = column(P0, JSON, default=list)
    days: Mapped[int] = column(P0)
    #: open, running, finished, cancelled.
    state: Mapped[str] = column(P0, String(12))
    #: The seed of a draw, so that anybody can draw it again; before it, the seed's digest only.
    draw_seed: Mapped[str] = column(P0, String(64), default="")
    draw_commit: Mapped[str] = column(P0, String(64), default="")


class ProgrammeAccess(Identified, Stamped, Base):
    """A login that works in a programme for a time; read at sign-in, before any scope is open."""

    __tablename__ = "programme_access"
    __table_args__ = (Index("ix_programme_access_user", "user_id", "until_at"),)

    programme_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programmes.id"), index=True)
    user_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"))
    #: organiser, teacher, helper.
    role: Mapped[str] = column(P1, String(12))
    from_at: Mapped[datetime] = column(P1, UTCDateTime)
    until_at: Mapped[datetime] = column(P1, UTCDateTime)
    ended_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class TimetableItem(Identified, Stamped, Versioned, TenantScoped, Base):
    """A line of the timetable: a day, from and to, what, where, who leads it."""

    __tablename__ = "timetable_items"
    __table_args__ = (Index("ix_timetable_items_day", "programme_id", "happens_on", "starts"),)
    __programme_column__ = "programme_id"

    programme_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programmes.id"))
    happens_on: Mapped[date] = column(P1)
    #: HH:MM, Beijing time.
    starts: Mapped[str] = column(P1, String(5))
    ends: Mapped[str] = column(P1, String(5))
    title: Mapped[str] = column(P1, String(60))
    #: A key of domain.programmes.TOPICS.
    topic: Mapped[str] = column(P1, String(24))
    room: Mapped[str] = column(P1, String(40), default="")
    #: Who leads it: a person of the rota.
    staff_id: Mapped[uuid.UUID | None] = column(P1, Uuid)


class ProgrammeSession(Identified, Stamped, Versioned, TenantScoped, Base):
    """A roll call: a class hour, an afternoon, or a third of a camp day (PG session)."""

    __tablename__ = "programme_sessions"
    __table_args__ = (
        Index(
            "uq_programme_sessions_live",
            "programme_id",
            "happens_on",
            "starts",
            unique=True,
            sqlite_where=text("status <> 'cancelled'"),
            postgresql_where=text("status <> 'cancelled'"),
        ),
        Index("ix_programme_sessions_day", "happens_on", "status"),
    )
    __programme_column__ = "programme_id"

    programme_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programmes.id"))
    happens_on: Mapped[date] = column(P1)
    starts: Mapped[str] = column(P1, String(5))
    ends: Mapped[str] = column(P1, String(5))
    #: morning, afternoon, evening for a camp's thirds; empty elsewhere.
    part: Mapped[str] = column(P1, String(12), default="")
    title: Mapped[str] = column(P1, String(60), default="")
    topic: Mapped[str] = column(P1, String(24), default="")
    room: Mapped[str] = column(P1, String(40), default="")
    #: planned, open, taken, locked, cancelled.
    status: Mapped[str] = column(P1, String(12), default="planned")
    status_since: Mapped[datetime] = column(P1, UTCDateTime)
    cancel_reason: Mapped[str] = column(P1, String(200), default="")
    #: The session that stands in for a cancelled one says which.
    replaces_id: Mapped[uuid.UUID | None] = column(P1, Uuid, ForeignKey("programme_sessions.id"))
    teacher_id: Mapped[uuid.UUID | None] = column(P1, Uuid)
    #: Heads counted in the room, beside the marks.
    head_count: Mapped[int | None] = column(P1)
    taken_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    taken_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    #: Set while a locked session is open again by two people's word.
    unlocked_until: Mapped[datetime | None] = column(P1, UTCDateTime)
    programme: Mapped[Programme] = relationship()

    @property
    def unit_path(self) -> str:
        """Return the programme's unit: who may do what is asked of it (domain.permissions)."""
        return self.programme.unit_path

    @property
    def organiser_id(self) -> uuid.UUID | None:
        """Return who answers for the programme."""
        return self.programme.organiser_id


class CalendarFeed(Identified, Stamped, Base):
    """A secret address that answers with a calendar; only the hash of its token is kept."""

    __tablename__ = "calendar_feeds"

    token_hash: Mapped[str] = column(P1, String(64), unique=True)
    user_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"), index=True)
    #: Empty: everything its owner works in.
    programme_id: Mapped[uuid.UUID | None] = column(P1, Uuid, ForeignKey("programmes.id"))
    label: Mapped[str] = column(P2, Encrypted("calendar_feeds.label"), default="")
    revoked_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    last_read_at: Mapped[datetime | None] = column(P1, UTCDateTime)
