"""The sessions of a programme as its organiser sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.extensions import db
from portal.models.programmes import ProgrammeSession


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One roll call; ``made_up_on``: the day that stands in for it, where it was called off."""

    id: UUID
    version: int
    happens_on: date
    starts: str
    ends: str
    part: str
    title: str
    room: str
    status: str
    cancel_reason: str
    replaces_id: UUID | None
    made_up_on: date | None


def of(programme_id: UUID) -> tuple[SessionRow, ...]:
    """Return every session of a programme by day and hour, the called-off ones among them."""
    found = db.session.scalars(
        select(ProgrammeSession)
        .where(ProgrammeSession.programme_id == programme_id)
        .order_by(ProgrammeSession.happens_on, ProgrammeSession.starts, ProgrammeSession.id)
    ).all()
    made_up = {one.replaces_id: one.happens_on for one in found if one.replaces_id is not None}
    return tuple(
        SessionRow(
            one.id, one.version, one.happens_on, one.starts, one.ends, one.part, one.title,
            one.room, one.status, one.cancel_reason, one.replaces_id, made_up.get(one.id),
        )
        for one in found
    )  # fmt: skip


def held(rows: Sequence[SessionRow]) -> int:
    """Count the sessions that stand: the called-off ones left out, their stand-ins counted."""
    return sum(1 for row in rows if row.status != "cancelled")
