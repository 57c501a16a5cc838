"""What a mail may say of a programme or a session: its public title, its number, a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.extensions import db
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme, ProgrammeAccess, ProgrammeSession
from portal.notices.audiences import People, Person
from portal.notices.news import News

_GONE = ("dropped", "refused")


def involved(people: People, news: News) -> Iterable[Person]:
    """Return who organises, works in it, or applied for a child: each once."""
    return list(dict.fromkeys(one for who in news.others for one in people.account(who)))


def _programmes(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.scalars(select(Programme).where(Programme.id.in_(ids))).all()
    others = _others(ids)
    return {row.id: _news(row, others.get(row.id, ())) for row in rows}


def _sessions(ids: list[UUID]) -> dict[UUID, News]:
    """Name the day; where the whole programme is called off its own mail tells it."""
    rows = db.session.execute(
        select(ProgrammeSession, Programme)
        .join(Programme, Programme.id == ProgrammeSession.programme_id)
        .where(ProgrammeSession.id.in_(ids))
    ).all()
    others = _others([programme.id for _, programme in rows])
    return {
        session.id: _news(
            programme,
            () if programme.status == "cancelled" else others.get(programme.id, ()),
            f"{programme.title} {session.happens_on.isoformat()} {session.starts}",
        )
        for session, programme in rows
    }


def _news(programme: Programme, others: tuple[UUID, ...], title: str = "") -> News:
    return News(
        unit_path=programme.unit_path,
        owner=programme.organiser_id,
        others=others,
        item={"file_no": programme.code, "title": title or programme.title},
    )


def _others(ids: list[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    found: dict[UUID, list[UUID]] = {}
    works: Any = select(ProgrammeAccess.programme_id, ProgrammeAccess.user_id).where(
        ProgrammeAccess.programme_id.in_(ids)
    )
    applied: Any = (
        select(Enrolment.programme_id, Enrolment.applied_by)
        .where(
            Enrolment.programme_id.in_(ids),
            Enrolment.applied_by.is_not(None),
            Enrolment.status.not_in(_GONE),
        )
        .distinct()
    )
    for statement in (works, applied):
        for programme_id, user_id in db.session.execute(statement):
            found.setdefault(programme_id, []).append(user_id)
    return {programme_id: tuple(dict.fromkeys(users)) for programme_id, users in found.items()}


READERS: Mapping[str, Callable[[list[UUID]], dict[UUID, News]]] = {
    "Programme": _programmes,
    "ProgrammeSession": _sessions,
}
