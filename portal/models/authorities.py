"""What an authority decides for itself: settings, its own days, and who stands in for whom."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped

from portal.domain.pii import P0, P1
from portal.models.base import (
    Base,
    Identified,
    Stamped,
    TenantScoped,
    UTCDateTime,
    Versioned,
    column,
)


class SettingChange(Identified, Stamped, Versioned, TenantScoped, Base):
    """One setting's old and new value, who proposed it and who agreed; kept for good."""

    __tablename__ = "setting_changes"

    name: Mapped[str] = column(P1, String(40), index=True)
    status: Mapped[str] = column(P1, String(8), default="proposed")
    old: Mapped[Any] = column(P1, JSON)
    new: Mapped[Any] = column(P1, JSON)
    #: The day from which it counts; None means at once.
    effective_on: Mapped[date | None] = column(P1)
    decided_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    decided_at: Mapped[datetime | None] = column(P1, UTCDateTime)

    @property
    def unit_path(self) -> str:
        """Return the authority, as the permission table asks where a subject is."""
        return self.tenant_path


class OwnDay(Identified, Stamped, TenantScoped, Base):
    """A day that an authority takes out of the national calendar, or a day for weekend classes."""

    __tablename__ = "own_days"
    __table_args__ = (UniqueConstraint("tenant_path", "day"),)

    day: Mapped[date] = column(P0)
    kind: Mapped[str] = column(P0, String(12))
    name: Mapped[str] = column(P0, String(40), default="")


class Delegation(Identified, Stamped, Versioned, Base):
    """A role that its holder hands to a colleague for the days of a leave.

    It hangs on the holder's grant: when that ends, this does; it moves with its unit.
    """

    __tablename__ = "delegations"
    __table_args__ = (CheckConstraint("delegator_id <> delegate_id", name="two_people"),)

    grant_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("role_grants.id"), index=True)
    delegator_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"), index=True)
    delegate_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"), index=True)
    valid_from: Mapped[date] = column(P1)
    valid_to: Mapped[date] = column(P1)
    ended_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    ended_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
