"""Who may work in a programme, and until when: 24 hours after its last day (security.md 3.4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select

from portal.domain import clock
from portal.extensions import db
from portal.models.programmes import Programme, ProgrammeAccess

#: The roles of an access: who runs it, who teaches, who helps.
ORGANISER = "organiser"


def open_for(programme: Programme, user_id: UUID, role: str = ORGANISER) -> None:
    """Let a login work in a programme from now on; one that stands gets the programme's dates."""
    row = standing(programme.id, user_id)
    if row is None:
        row = ProgrammeAccess(
            programme_id=programme.id, user_id=user_id, role=role, from_at=clock.now()
        )
        db.session.add(row)
    row.until_at = last_moment(programme)


def follow_dates(programme: Programme) -> None:
    """Give every access that stands the programme's present end."""
    for row in db.session.scalars(_standing(programme.id)):
        row.until_at = last_moment(programme)


def end(programme_id: UUID, user_id: UUID) -> None:
    """End a login's access at once."""
    if (row := standing(programme_id, user_id)) is not None:
        row.ended_at = clock.now()


def end_all(programme_id: UUID) -> None:
    """End every access of a programme at once, the organiser's apart: they answer for it."""
    for row in db.session.scalars(_standing(programme_id)):
        if row.role != ORGANISER:
            row.ended_at = clock.now()


def standing(programme_id: UUID, user_id: UUID) -> ProgrammeAccess | None:
    """Return a login's access that was not ended."""
    return db.session.scalar(_standing(programme_id).where(ProgrammeAccess.user_id == user_id))


def last_moment(programme: Programme) -> datetime:
    """Return 24 hours after the programme's last day."""
    return clock.start_of(programme.ends_on + timedelta(days=2))


def _standing(programme_id: UUID) -> Select[ProgrammeAccess]:
    return select(ProgrammeAccess).where(
        ProgrammeAccess.programme_id == programme_id, ProgrammeAccess.ended_at.is_(None)
    )
