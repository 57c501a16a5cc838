"""A volunteer's own hours: what was told, what counts, what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, or_, select

from portal.domain.actor import VIEWER, Actor
from portal.domain.errors import NotFound
from portal.extensions import db
from portal.models.service_records import RecordCorrection, ServiceRecord
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.queries import units

PAGE = 20


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record as its volunteer reads it."""

    id: UUID
    supporter_id: UUID
    kind: str
    title: str
    place: str
    served_on: date
    minutes: int
    started_at: datetime | None
    ended_at: datetime | None
    status: str
    remark: str
    version: int
    organiser: str
    organiser_code: str


@dataclass(frozen=True, slots=True)
class Totals:
    """Minutes that count, and how many records wait or came back."""

    verified_minutes: int = 0
    verified: int = 0
    waiting: int = 0
    returned: int = 0


@dataclass(frozen=True, slots=True)
class Speaker:
    """A supporter in whose name one may record: the own, or an organisation one is a member of."""

    id: UUID
    name: str
    kind: str
    approved_on: datetime | None
    county_code: str
    organisers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """A request to correct a record, and the answer when there is one."""

    id: UUID
    words: str
    asked_at: datetime
    answer: str
    granted: bool | None
    answered_at: datetime | None
    version: int


def mine(actor: Actor, after: str = "") -> tuple[tuple[RecordRow, ...], str]:
    """Return a page of one's own records, the latest service first, and the next page's cursor."""
    query = _rows(actor)
    if (cursor := _cursor(after)) is not None:
        day, last = cursor
        earlier = and_(ServiceRecord.served_on == day, ServiceRecord.id < last)
        query = query.where(or_(ServiceRecord.served_on < day, earlier))
    found = db.session.execute(query.limit(PAGE + 1)).all()
    rows = tuple(RecordRow(*row) for row in found[:PAGE])
    more = len(found) > PAGE
    return rows, f"{rows[-1].served_on.isoformat()}~{rows[-1].id}" if more else ""


def all_mine(actor: Actor) -> tuple[RecordRow, ...]:
    """Return all of one's own records, the latest service first (for the workbook)."""
    return tuple(RecordRow(*row) for row in db.session.execute(_rows(actor)))


def own_one(actor: Actor, record_id: UUID) -> RecordRow:
    """Return one own record; NotFound for anybody else's."""
    row = db.session.execute(_rows(actor).where(ServiceRecord.id == record_id)).first()
    if row is None:
        raise NotFound
    return RecordRow(*row)


def totals(actor: Actor) -> Totals:
    """Return the sums over all of one's own records, in one query."""
    verified = ServiceRecord.status == "verified"
    row = db.session.execute(
        select(
            func.sum(case((verified, ServiceRecord.minutes), else_=0)),
            func.sum(case((verified, 1), else_=0)),
            func.sum(case((ServiceRecord.status == "recorded", 1), else_=0)),
            func.sum(case((ServiceRecord.status == "returned", 1), else_=0)),
        ).where(ServiceRecord.user_id == actor.user_id)
    ).one()
    return Totals(*(int(each or 0) for each in row))


def corrections_of(record_id: UUID) -> tuple[Correction, ...]:
    """Return the requests about one record, the newest first."""
    rows = db.session.execute(
        select(
            RecordCorrection.id, RecordCorrection.words, RecordCorrection.created_at,
            RecordCorrection.answer, RecordCorrection.granted, RecordCorrection.answered_at,
            RecordCorrection.version,
        )
        .where(RecordCorrection.record_id == record_id)
        .order_by(RecordCorrection.created_at.desc(), RecordCorrection.id)
    )  # fmt: skip
    return tuple(Correction(*row) for row in rows)


def speakers(actor: Actor) -> tuple[Speaker, ...]:
    """Return the supporters one may record for: approved once, and one is no mere viewer."""
    mine = [one for one in actor.supporter_ids if actor.role_in(one) != VIEWER]
    rows = db.session.execute(
        select(
            Supporter.id, Supporter.name, Supporter.kind, Supporter.approved_at,
            Supporter.county_code, Supporter.tenant_path,
        )
        .where(Supporter.id.in_(mine), Supporter.approved_at.is_not(None))
        .order_by(Supporter.created_at, Supporter.id)
    ).all()  # fmt: skip
    counties = {path: _counties(path) for path in {row.tenant_path for row in rows}}
    return tuple(Speaker(*row[:5], organisers=counties[row.tenant_path]) for row in rows)


def _counties(tenant_path: str) -> tuple[tuple[str, str], ...]:
    return tuple((unit.code, unit.name) for unit in units.below(tenant_path, "county"))


def _rows(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            ServiceRecord.id, ServiceRecord.supporter_id, ServiceRecord.kind, ServiceRecord.title,
            ServiceRecord.place, ServiceRecord.served_on, ServiceRecord.minutes,
            ServiceRecord.started_at, ServiceRecord.ended_at, ServiceRecord.status,
            ServiceRecord.remark, ServiceRecord.version, Unit.name, Unit.code,
        )
        .join(Unit, Unit.path == ServiceRecord.unit_path)
        .where(
            ServiceRecord.user_id == actor.user_id,
            ServiceRecord.supporter_id.in_(actor.supporter_ids),
        )
        .order_by(ServiceRecord.served_on.desc(), ServiceRecord.id.desc())
    )  # fmt: skip


def _cursor(after: str) -> tuple[date, UUID] | None:
    day, _, last = after.partition("~")
    try:
        return date.fromisoformat(day), UUID(last)
    except ValueError:
        return None
