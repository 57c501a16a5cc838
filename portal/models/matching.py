"""Runs of the matching and the pairs that staff keep or avoid (PN)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped

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

_LIVE = "ended_at IS NULL"
_KEPT = "ended_at IS NULL AND rule = 'keep'"


class MatchRun(Identified, Stamped, UnitScoped, Base):
    """One answer for all open needs of a county at once; ``unit_path`` is the county's."""

    __tablename__ = "match_runs"
    __table_args__ = (Index("ix_match_runs_made", "unit_path", "asked_at"),)

    tenant_path: Mapped[str] = column(P1, PATH)
    asked_at: Mapped[datetime] = column(P1, UTCDateTime)
    #: queued while the worker has it, then done.
    stage: Mapped[str] = column(P1, String(8), default="done")
    job_id: Mapped[uuid.UUID | None] = column(P1, Uuid)
    needs: Mapped[int] = column(P1, default=0)
    people: Mapped[int] = column(P1, default=0)
    candidates: Mapped[int] = column(P1, default=0)
    #: Needs and children served, and points: the best assignment, the best pair first, and the
    #: best as if nobody had kept or avoided a pair.
    served: Mapped[int] = column(P1, default=0)
    children: Mapped[int] = column(P1, default=0)
    score: Mapped[int] = column(P1, default=0)
    greedy_served: Mapped[int] = column(P1, default=0)
    greedy_children: Mapped[int] = column(P1, default=0)
    greedy_score: Mapped[int] = column(P1, default=0)
    free_served: Mapped[int] = column(P1, default=0)
    free_score: Mapped[int] = column(P1, default=0)
    took_ms: Mapped[int] = column(P1, default=0)
    #: Proposals with their sentences, needs left, what kept pairs change: ids and words, no names.
    result: Mapped[str | None] = column(P3, Encrypted("match_runs.result"))


class MatchRule(Identified, Stamped, Versioned, UnitScoped, Base):
    """A pair that staff keep or avoid, and why; ``unit_path`` is the need's."""

    __tablename__ = "match_rules"
    __table_args__ = (
        Index(
            "uq_match_rules_live",
            "need_id",
            "supporter_id",
            unique=True,
            sqlite_where=text(_LIVE),
            postgresql_where=text(_LIVE),
        ),
        Index(
            "uq_match_rules_kept",
            "need_id",
            unique=True,
            sqlite_where=text(_KEPT),
            postgresql_where=text(_KEPT),
        ),
    )

    tenant_path: Mapped[str] = column(P1, PATH)
    need_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("pairing_needs.id"))
    supporter_id: Mapped[uuid.UUID] = column(P2, Uuid, ForeignKey("supporters.id"))
    #: keep: this pair and no other for the need; avoid: never this pair.
    rule: Mapped[str] = column(P1, String(6))
    reason: Mapped[str] = column(P3, Encrypted("match_rules.reason"))
    ended_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    ended_by: Mapped[uuid.UUID | None] = column(P1, Uuid)


__all__ = ["MatchRule", "MatchRun"]
