"""The tree of units: province, city, county, township, village, and agencies under contract.

The tree decides, not the digits of a code: 平潭 (350128) reports to the province although its code
sits under 福州, so its path is ``/35/350128/``.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped

from portal.domain.pii import P0, P1
from portal.models.base import PATH, Base, Identified, Stamped, Versioned, column


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
