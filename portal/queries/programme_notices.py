"""The public notices of programmes, read from their own table alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select

from portal.domain import clock
from portal.domain.errors import NotFound
from portal.domain.programmes import KINDS, Kind
from portal.extensions import db
from portal.models.programmes import ProgrammeNotice
from portal.models.units import Unit

PAGE = 24
_NOTICES = ProgrammeNotice.__table__
_COLUMNS = list(_NOTICES.c)
_NAMES = [*(column.name for column in _COLUMNS), "region"]


@dataclass(frozen=True, slots=True)
class Notice:
    """What everybody may read: no place, no hour, no child."""

    id: UUID
    code: str
    kind: str
    title: str
    words: str
    region_code: str
    region: str
    season: str
    starts_on: date
    ends_on: date
    register_from: date | None
    register_until: date | None
    age_min: int
    age_max: int
    capacity: int
    topics: tuple[str, ...]
    days: int
    state: str
    draw_seed: str
    draw_commit: str

    @property
    def rules(self) -> Kind:
        """Return the row of its kind."""
        return KINDS[self.kind]

    @property
    def takes_applications(self) -> bool:
        """Tell whether families may apply today."""
        if self.state != "open" or self.register_from is None or self.register_until is None:
            return False
        return self.register_from <= clock.today() <= self.register_until


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a visitor asks for; ``status``: coming (the default) or past."""

    q: str = ""
    region: str = ""
    kind: str = ""
    status: str = "coming"
    after: tuple[int, UUID] | None = None

    @property
    def narrowed(self) -> bool:
        """Tell whether anything was asked."""
        return bool(self.q or self.region or self.kind)


@dataclass(frozen=True, slots=True)
class NoticePage:
    """One page; ``next_after`` continues it."""

    rows: tuple[Notice, ...]
    next_after: tuple[int, UUID] | None


def page(wanted: Wanted) -> NoticePage:
    """Return notices: what is to come by its first day, what is past the newest first."""
    notices = _NOTICES.c
    coming = wanted.status != "past"
    statement = _named().where(
        notices.state.in_(("open", "running") if coming else ("finished", "cancelled"))
    )
    if wanted.q:
        like = f"%{wanted.q}%"
        statement = statement.where(or_(notices.title.like(like), notices.words.like(like)))
    if wanted.region:
        statement = statement.where(notices.region_code == wanted.region)
    if wanted.kind:
        statement = statement.where(notices.kind == wanted.kind)
    if wanted.after:
        day, last = date.fromordinal(wanted.after[0]), wanted.after[1]
        later = notices.starts_on > day if coming else notices.starts_on < day
        statement = statement.where(or_(later, and_(notices.starts_on == day, notices.id > last)))
    order = notices.starts_on if coming else notices.starts_on.desc()
    found = db.session.execute(statement.order_by(order, notices.id).limit(PAGE + 1)).all()
    rows = tuple(_notice(row) for row in found[:PAGE])
    more = len(found) > PAGE
    return NoticePage(rows, (rows[-1].starts_on.toordinal(), rows[-1].id) if more else None)


def one(code: str) -> Notice:
    """Return the notice of a code; NotFound for one that is not public."""
    row = db.session.execute(_named().where(_NOTICES.c.code == code)).one_or_none()
    if row is None:
        raise NotFound("没有这项活动的公告")
    return _notice(row)


def places() -> tuple[tuple[str, str], ...]:
    """Return code and name of every place a notice names, by code."""
    rows = db.session.execute(
        select(Unit.code, Unit.name)
        .where(Unit.code.in_(select(_NOTICES.c.region_code)))
        .order_by(Unit.code)
    ).all()
    return tuple((row.code, row.name) for row in rows)


def _named() -> Select[Any]:
    return select(*_COLUMNS, Unit.name.label("region")).join(
        Unit, Unit.code == _NOTICES.c.region_code
    )


def _notice(row: Any) -> Notice:
    values = dict(zip(_NAMES, row, strict=True))
    return Notice(**{**values, "topics": tuple(row.topics)})
