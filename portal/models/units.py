"""The tree of units: province, city, county, township, village, and agencies under contract.

The tree decides, not the digits of a code: 平潭 (350128) reports to the province although its code
sits under 福州, so its path is ``/35/350128/``.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped

from portal.domain.pii import P0, P1
from portal.models.base import (
    PATH,
    Base,
    Identified,
    Stamped,
    UnitScoped,
    UTCDateTime,
    Versioned,
    column,
    time_ordered_id,
)


class Unit(Identified, Stamped, Versioned, Base):
    """One unit of the tree. ``tenant_path`` names the authority it belongs to."""

    __tablename__ = "units"
    __table_args__ = (UniqueConstraint("code", "level"),)

    code: Mapped[str] = column(P0, String(24))
    name: Mapped[str] = column(P0, String(60))
    level: Mapped[str] = column(P0, String(12), index=True)
    parent_id: Mapped[uuid.UUID | None] = column(P0, Uuid, ForeignKey("units.id"), index=True)
    path: Mapped[str] = column(P0, PATH, unique=True)
    tenant_path: Mapped[str | None] = column(P0, PATH, index=True)
    is_tenant: Mapped[bool] = column(P0, default=False)
    #: Statistical units of the source (township part ≥ 400): never counted as townships.
    is_pseudo: Mapped[bool] = column(P0, default=False)
    valid_from: Mapped[date | None] = column(P0)
    valid_to: Mapped[date | None] = column(P0)
    #: Only an authority has settings; ``domain.settings`` knows the names and defaults.
    settings: Mapped[dict[str, Any]] = column(P1, JSON, default=dict)


class UnitProposal(Identified, Stamped, Versioned, UnitScoped, Base):
    """A change of the tree that somebody proposes; ``unit_path`` is the unit above all of it."""

    __tablename__ = "unit_proposals"

    kind: Mapped[str] = column(P1, String(8))
    status: Mapped[str] = column(P1, String(8), default="proposed")
    unit_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("units.id"), index=True)
    #: What the kind needs: name, code, parent_id, others (ids), codes (old to new).
    plan: Mapped[dict[str, Any]] = column(P1, JSON, default=dict)
    effective_on: Mapped[date] = column(P1)
    document_no: Mapped[str] = column(P0, String(60), default="")
    decided_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    decided_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class UnitChange(Base):
    """What a unit was called and where it stood before a change. No update, no delete.

    One row per unit that a change touched. ``successor_id`` is the unit that goes on: itself, or
    the one it was merged into. Public like the tree: old codes and paths go on being understood.
    """

    __tablename__ = "unit_changes"

    id: Mapped[uuid.UUID] = column(P1, Uuid, primary_key=True, default=time_ordered_id)
    proposal_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("unit_proposals.id"), index=True)
    kind: Mapped[str] = column(P0, String(8))
    unit_id: Mapped[uuid.UUID] = column(P0, Uuid, ForeignKey("units.id"), index=True)
    successor_id: Mapped[uuid.UUID] = column(P0, Uuid, ForeignKey("units.id"), index=True)
    level: Mapped[str] = column(P0, String(12))
    old_code: Mapped[str] = column(P0, String(24), index=True)
    new_code: Mapped[str] = column(P0, String(24))
    old_name: Mapped[str] = column(P0, String(60))
    new_name: Mapped[str] = column(P0, String(60))
    old_path: Mapped[str] = column(P0, PATH, index=True)
    new_path: Mapped[str] = column(P0, PATH)
    effective_on: Mapped[date] = column(P0)
    document_no: Mapped[str] = column(P0, String(60), default="")
    at: Mapped[datetime] = column(P1, UTCDateTime)
    actor_id: Mapped[uuid.UUID | None] = column(P1, Uuid)
