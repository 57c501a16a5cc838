"""What a mail may say of a roll: a programme's title, a day and an hour; never a child."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.domain.actor import Role
from portal.extensions import db
from portal.models.attendance import AttendanceCell, Departure, SessionUnlock
from portal.models.programmes import Programme, ProgrammeSession
from portal.notices.news import News


def _of_session(model: Any) -> Callable[[list[UUID]], dict[UUID, News]]:
    """Return a reader of rows about a session; whoever organises it is its owner."""

    def read(ids: list[UUID]) -> dict[UUID, News]:
        rows = db.session.execute(
            select(model, ProgrammeSession.happens_on, ProgrammeSession.starts, Programme)
            .join(ProgrammeSession, ProgrammeSession.id == model.session_id)
            .join(Programme, Programme.id == model.programme_id)
            .where(model.id.in_(ids))
        )
        return {row.id: _news(row, day, starts, of) for row, day, starts, of in rows}

    return read


def _news(row: Any, day: Any, starts: str, programme: Programme) -> News:
    child_unit = isinstance(row, AttendanceCell)
    asked_by = row.asked_by if isinstance(row, SessionUnlock) else programme.organiser_id
    return News(
        unit_path=row.unit_path if child_unit else programme.unit_path,
        owner=asked_by,
        roles=(Role.COUNTY_STAFF,),
        item={"file_no": programme.code, "title": f"{programme.title} {day.isoformat()} {starts}"},
    )


READERS: Mapping[str, Callable[[list[UUID]], dict[UUID, News]]] = {
    "AttendanceCell": _of_session(AttendanceCell),
    "Departure": _of_session(Departure),
    "SessionUnlock": _of_session(SessionUnlock),
}
