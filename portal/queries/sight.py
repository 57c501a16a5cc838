"""Who has what open, who has looked at a file, and whether the glass was broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.lifecycles.sights import BREAK_GLASS
from portal.domain.sight import BANNER_FOR, FILE, LEDGER
from portal.extensions import db
from portal.models.accounts import User
from portal.models.records import FactNote
from portal.models.sight import AccessRow, SightRequest

PAGE = 30


@dataclass(frozen=True, slots=True)
class LookRow:
    """One look at a file: who, in which role, what, why, by whose leave, until when."""

    id: UUID
    at: datetime
    actor: str
    role: str
    field: str
    reason: str
    words: str
    basis: str
    until: datetime
    sight_id: UUID | None


@dataclass(frozen=True, slots=True)
class Looks:
    """A page of looks, newest first; ``after`` continues it."""

    rows: tuple[LookRow, ...]
    after: UUID | None


def opened(actor: Actor, subject_id: UUID) -> Mapping[str, datetime]:
    """Return which fields of a file this person has open now, each with its end.

    The only source: a field without a standing row is masked (no row, no sight).
    """
    rows = db.session.execute(
        select(AccessRow.field, func.max(AccessRow.until).label("until"))
        .where(
            AccessRow.subject_id == subject_id,
            AccessRow.actor_id == actor.user_id,
            AccessRow.until > clock.now(),
            AccessRow.field != FILE,
        )
        .group_by(AccessRow.field)
    )
    return {row.field: row.until for row in rows}


def looks(child_id: UUID, unit_path: str, after: UUID | None = None, limit: int = PAGE) -> Looks:
    """Return who has looked at a file, newest first; the caller has shown the file itself.

    A whole ledger that was taken along is a look at every file in it, for who reads that far up.
    """
    in_a_ledger = and_(AccessRow.field == LEDGER, AccessRow.unit_path.in_(_above(unit_path)))
    query = (
        select(
            AccessRow.id, AccessRow.at, User.name, AccessRow.role, AccessRow.field,
            AccessRow.reason, AccessRow.basis, AccessRow.until, AccessRow.sight_id,
            FactNote.text, FactNote.erased_at,
        )
        .outerjoin(User, User.id == AccessRow.actor_id)
        .outerjoin(FactNote, FactNote.fact_id == AccessRow.fact_id)
        .where(or_(AccessRow.subject_id == child_id, in_a_ledger))
        .order_by(AccessRow.id.desc())
        .limit(limit + 1)
    )  # fmt: skip
    if after is not None:
        query = query.where(AccessRow.id < after)
    found = db.session.execute(query).all()
    rows = tuple(_look(row) for row in found[:limit])
    return Looks(rows, rows[-1].id if len(found) > limit else None)


def _above(path: str) -> list[str]:
    """Return a unit's path and every path above it."""
    return [path[: at + 1] for at, sign in enumerate(path) if sign == "/" and at]


def _look(row: Any) -> LookRow:
    words = "" if row.erased_at else (row.text or "")
    return LookRow(
        row.id, row.at, row.name or "", row.role, row.field, row.reason, words, row.basis,
        row.until, row.sight_id,
    )  # fmt: skip


def broken_glass(child_id: UUID) -> tuple[tuple[UUID, datetime], ...]:
    """Return the emergency openings of the last 30 days: the leave and when, newest first."""
    rows = db.session.execute(
        select(SightRequest.id, SightRequest.opened_at)
        .where(
            SightRequest.child_id == child_id,
            SightRequest.kind == BREAK_GLASS,
            SightRequest.opened_at > clock.now() - BANNER_FOR,
        )
        .order_by(SightRequest.opened_at.desc(), SightRequest.id)
    )
    return tuple((row.id, row.opened_at) for row in rows)
