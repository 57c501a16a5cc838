"""Reading an authority's calendar: the national table under its own days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.core import scope
from portal.domain.calendar import Calendar, DayKind
from portal.extensions import db
from portal.models.authorities import OwnDay


@dataclass(frozen=True, slots=True)
class OwnDayRow:
    """A day that an authority set."""

    id: UUID
    day: date
    kind: DayKind
    name: str


def of(tenant_path: str | None) -> Calendar:
    """Return the calendar by which an authority counts; the national one for none.

    Whoever waits for an answer counts by it too, so it asks for nobody's post.
    """
    if tenant_path is None:
        return Calendar()
    known = scope.Scope(tenants=(tenant_path,), reason="days off concern everybody who waits")
    with scope.within(known, db.session()):
        rows = db.session.execute(
            select(OwnDay.day, OwnDay.kind).where(OwnDay.tenant_path == tenant_path)
        ).all()
    return Calendar({row.day: DayKind(row.kind) for row in rows})


def own_days(tenant_path: str, year: int) -> tuple[OwnDayRow, ...]:
    """Return what an authority set in a year, by day."""
    rows = db.session.scalars(
        select(OwnDay)
        .where(
            OwnDay.tenant_path == tenant_path,
            OwnDay.day >= date(year, 1, 1),
            OwnDay.day <= date(year, 12, 31),
        )
        .order_by(OwnDay.day)
    )
    return tuple(OwnDayRow(row.id, row.day, DayKind(row.kind), row.name) for row in rows)
