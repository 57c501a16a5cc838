"""Who works in a programme, on which days (PG; S0-4.4): every adult is of tier 2 on every day."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, declared_attr, relationship

from portal.domain.pii import P1, P2
from portal.models.base import (
    Base,
    Encrypted,
    Identified,
    Stamped,
    TenantScoped,
    UTCDateTime,
    Versioned,
    column,
)
from portal.models.programmes import Programme

_STANDING = "status <> 'removed'"
_KEPT = "status IN ('planned', 'done')"


class OfProgramme:
    """Mixin of rows that lie with their programme: its unit and its organiser decide on them."""

    @declared_attr
    @classmethod
    def programme(cls) -> Mapped[Programme]:
        """Relate to the programme."""
        return relationship()

    @property
    def unit_path(self) -> str:
        """Return the programme's unit."""
        return self.programme.unit_path

    @property
    def organiser_id(self) -> uuid.UUID | None:
        """Return who answers for the programme (domain.permissions.organising)."""
        return self.programme.organiser_id


class ProgrammeStaff(OfProgramme, Identified, Stamped, Versioned, TenantScoped, Base):
    """An adult on a programme's rota: a vetted person, and the login they use."""

    __tablename__ = "programme_staff"
    __table_args__ = (
        Index(
            "uq_programme_staff_standing",
            "programme_id",
            "supporter_id",
            unique=True,
            sqlite_where=text(_STANDING),
            postgresql_where=text(_STANDING),
        ),
    )
    __supporter_column__ = "supporter_id"
    __programme_column__ = "programme_id"

    programme_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programmes.id"), index=True)
    supporter_id: Mapped[uuid.UUID] = column(P2, Uuid, ForeignKey("supporters.id"), index=True)
    user_id: Mapped[uuid.UUID | None] = column(P1, Uuid, ForeignKey("users.id"), index=True)
    #: The name as the rota prints it.
    name: Mapped[str] = column(P2, Encrypted("programme_staff.name"))
    #: lead, teacher, helper, nurse, driver, cook.
    role: Mapped[str] = column(P1, String(12))
    #: invited, confirmed, removed.
    status: Mapped[str] = column(P1, String(12), default="invited")
    status_since: Mapped[datetime] = column(P1, UTCDateTime)
    removed_reason: Mapped[str] = column(P1, String(24), default="")


class Duty(OfProgramme, Identified, Stamped, Versioned, TenantScoped, Base):
    """A person's hours on one day of a programme."""

    __tablename__ = "programme_duties"
    __table_args__ = (
        Index(
            "uq_programme_duties_kept",
            "staff_id",
            "happens_on",
            "starts",
            unique=True,
            sqlite_where=text(_KEPT),
            postgresql_where=text(_KEPT),
        ),
        Index("ix_programme_duties_day", "supporter_id", "happens_on"),
    )
    __supporter_column__ = "supporter_id"
    __programme_column__ = "programme_id"

    programme_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programmes.id"), index=True)
    staff_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programme_staff.id"))
    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"))
    happens_on: Mapped[date] = column(P1)
    starts: Mapped[str] = column(P1, String(5))
    ends: Mapped[str] = column(P1, String(5))
    #: planned, done, given (swapped away), removed (a check lapsed).
    status: Mapped[str] = column(P1, String(12), default="planned")
    #: Minutes really worked, once the day is over; they become a service record.
    minutes: Mapped[int | None] = column(P1)


class DutySwap(OfProgramme, Identified, Stamped, Versioned, TenantScoped, Base):
    """A duty offered to a colleague; the organiser says yes or no."""

    __tablename__ = "duty_swaps"
    __table_args__ = (
        Index(
            "uq_duty_swaps_open",
            "duty_id",
            unique=True,
            sqlite_where=text("status = 'asked'"),
            postgresql_where=text("status = 'asked'"),
        ),
    )
    __supporter_column__ = "supporter_id"
    __programme_column__ = "programme_id"

    programme_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programmes.id"), index=True)
    duty_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programme_duties.id"))
    #: Who asks.
    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"))
    #: The colleague who would take it.
    to_staff_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programme_staff.id"))
    words: Mapped[str] = column(P1, String(200), default="")
    #: asked, approved, declined, withdrawn.
    status: Mapped[str] = column(P1, String(12), default="asked")
    status_since: Mapped[datetime] = column(P1, UTCDateTime)
    decided_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
