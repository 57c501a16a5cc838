"""Pairings (结对帮扶): one child, one person of tier 2, from a day until it ends."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, Uuid, select, text
from sqlalchemy.orm import Mapped, object_session

from portal.domain import clock
from portal.domain.pii import P1, P2, P3
from portal.models.base import (
    PATH,
    Base,
    Encrypted,
    Identified,
    Stamped,
    UnitScoped,
    UTCDateTime,
    Versioned,
    column,
)
from portal.models.standings import Clearance, Tied
from portal.models.supporters import Supporter

_LIVE = "status <> 'closed'"


class Pairing(Tied, Identified, Stamped, Versioned, UnitScoped, Base):
    """A pairing; ``unit_path`` is the child's. The supporter reads its state, not the child."""

    __tablename__ = "pairings"
    __table_args__ = (
        UniqueConstraint("tenant_path", "file_no"),
        Index(
            "uq_pairings_live",
            "child_id",
            "supporter_id",
            unique=True,
            sqlite_where=text(_LIVE),
            postgresql_where=text(_LIVE),
        ),
        Index("ix_pairings_supporter", "supporter_id", "status"),
    )
    __supporter_column__ = "supporter_id"

    tenant_path: Mapped[str] = column(P1, PATH)
    #: JD-YYYY-NNNN: for files and paper inside the bureau.
    file_no: Mapped[str] = column(P1, String(16))
    child_id: Mapped[uuid.UUID] = column(P3, Uuid, ForeignKey("child_files.id"))
    supporter_id: Mapped[uuid.UUID] = column(P2, Uuid, ForeignKey("supporters.id"))
    status: Mapped[str] = column(P1, String(12), default="matched", index=True)
    status_since: Mapped[datetime] = column(P1, UTCDateTime)
    matched_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    activated_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    started_on: Mapped[date | None] = column(P1)
    paused_reason: Mapped[str] = column(P1, String(24), default="")
    ended_on: Mapped[date | None] = column(P1)
    end_reason: Mapped[str] = column(P1, String(24), default="")
    words: Mapped[str] = column(P3, Encrypted("pairings.words"), default="")

    @property
    def contact_stands(self) -> bool:
        """Tell whether the person may meet children today: both tiers, read anew each time."""
        session = object_session(self)
        if session is None:
            return False
        standing = session.scalar(
            select(Clearance).where(Clearance.supporter_id == self.supporter_id)
        )
        person = session.get(Supporter, self.supporter_id)
        today = clock.today()
        return bool(standing and person and standing.holds_on(today) and person.stands_on(today))
