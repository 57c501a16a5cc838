"""The applications of a programme as its county and its organiser see them: places and the line.

Given names only: the organiser holds no role at the children's villages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from portal.domain.enrolments import PLACED, last_day
from portal.domain.lifecycles.enrolments import ENROLMENTS
from portal.extensions import db
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme
from portal.models.units import Unit

#: In the order of the page.
_ORDER = (
    "applied", "consented", "offered", "waitlisted", "enrolled", "attended", "refused", "dropped",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One application."""

    id: UUID
    version: int
    status: str
    called: str
    age: int | None
    unit: str
    applied_at: datetime
    consented_on: date | None
    together: bool
    wait_no: int | None
    roster_no: int | None
    answer_by: datetime | None
    draw_rank: int | None
    #: For staff who may use them, never public: how many tickets the child held.
    draw_tickets: int | None
    reason: str
    lot: str


@dataclass(frozen=True, slots=True)
class Places:
    """The applications of a programme in the order of the page, with the places counted."""

    rows: tuple[PlaceRow, ...]
    counts: Mapping[str, int]
    capacity: int
    taken: int
    last_day: date
    drawn_at: datetime | None

    @property
    def free(self) -> int:
        """Return how many places are left."""
        return max(self.capacity - self.taken, 0)


def of(programme_id: UUID) -> Places:
    """Return the places of a programme that the caller has opened."""
    programme = db.session.get_one(Programme, programme_id)
    found = db.session.execute(
        select(Enrolment, Unit.name.label("unit"))
        .join(Unit, Unit.path == Enrolment.unit_path)
        .where(Enrolment.programme_id == programme_id)
    ).all()
    rows = [_row(row.Enrolment, row.unit) for row in found]
    rows.sort(key=lambda row: (_ORDER.index(row.status), row.wait_no or 0, row.roster_no or 0))
    counts = {name: sum(row.status == name for row in rows) for name in ENROLMENTS.states}
    return Places(
        tuple(rows),
        counts,
        programme.capacity,
        sum(counts[name] for name in PLACED),
        last_day(programme.starts_on, programme.register_until),
        programme.drawn_at,
    )


def _row(one: Enrolment, unit: str) -> PlaceRow:
    return PlaceRow(
        one.id, one.version, one.status, one.called or "", one.age, unit, one.applied_at,
        one.consented_on, one.together is not None, one.wait_no, one.roster_no, one.answer_by,
        one.draw_rank, one.draw_tickets, one.reason, str(one.together or one.id),
    )  # fmt: skip
