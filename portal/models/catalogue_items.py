"""What an authority changes on the shipped catalogue: an overlay, and items of its own."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped

from portal.domain.pii import P0, P1
from portal.models.base import (
    PATH,
    Base,
    Identified,
    Stamped,
    TenantScoped,
    UTCDateTime,
    Versioned,
    column,
)


class CatalogueSetting(Identified, Stamped, Versioned, TenantScoped, Base):
    """An authority's word on one item: off the shelf or on it, usual cost and cap in 分."""

    __tablename__ = "catalogue_settings"
    __table_args__ = (UniqueConstraint("tenant_path", "item_code"),)

    item_code: Mapped[str] = column(P1, String(24))
    retired: Mapped[bool] = column(P1, default=False)
    cost_fen: Mapped[int | None] = column(P1, Integer)
    cap_fen: Mapped[int | None] = column(P1, Integer)


class CatalogueProposal(Identified, Stamped, Versioned, TenantScoped, Base):
    """An item one person of the authority proposes; it is in no draft before another approves."""

    __tablename__ = "catalogue_proposals"

    #: The authority's own unit: only who works there decides.
    unit_path: Mapped[str] = column(P1, PATH)
    code: Mapped[str] = column(P1, String(24), unique=True)
    status: Mapped[str] = column(P1, String(12), default="proposed")
    #: The item's fields as the form gave them, already checked.
    fields: Mapped[dict[str, Any]] = column(P1, JSON, default=dict)
    approved_by: Mapped[uuid.UUID | None] = column(P1, Uuid)


class CatalogueAddition(Base):
    """An approved item of an authority: public vocabulary like the shipped file, never changed."""

    __tablename__ = "catalogue_additions"

    code: Mapped[str] = column(P0, String(24), primary_key=True)
    tenant_path: Mapped[str] = column(P0, PATH, index=True)
    fields: Mapped[dict[str, Any]] = column(P0, JSON)
    approved_at: Mapped[datetime] = column(P0, UTCDateTime)
