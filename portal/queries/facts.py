"""Reading the memory: who did what, when, to what; newest first, paged by the fact's own id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, func, select

from portal.domain import clock, masking
from portal.extensions import db
from portal.models.accounts import RoleGrant, User
from portal.models.records import Fact, FactNote
from portal.models.units import Unit, UnitChange
from portal.queries.units import under

PAGE = 50


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact; a supporter who acted is masked, staff are named, the system is empty."""

    id: UUID
    at: datetime
    actor_id: UUID | None
    actor: str
    kind: str
    subject_type: str
    subject_id: UUID | None
    unit: str
    before: str | None
    after: str | None
    data: dict[str, Any]
    note: str


@dataclass(frozen=True, slots=True)
class FactFilter:
    """What to look for; everything empty means everything in the scope. Days are inclusive."""

    kind: str = ""
    subject: UUID | None = None
    actor: UUID | None = None
    unit: str = ""
    since: date | None = None
    until: date | None = None


def page(
    wanted: FactFilter, after: UUID | None = None, limit: int = PAGE
) -> tuple[tuple[FactRow, ...], UUID | None]:
    """Return a page of facts, newest first, and the cursor of the next page."""
    query = _filtered(_facts(), wanted)
    if after is not None:
        query = query.where(Fact.id < after)
    found = db.session.execute(query.order_by(Fact.id.desc()).limit(limit + 1)).all()
    rows = tuple(_row(each) for each in found[:limit])
    return rows, rows[-1].id if len(found) > limit else None


def found_ids(wanted: FactFilter, limit: int) -> list[tuple[UUID, str, str]]:
    """Return (id, who, unit) of what is found, oldest first, at most ``limit`` and one more."""
    query = _filtered(_facts(), wanted).order_by(Fact.id).limit(limit + 1)
    return [(row.id, row.actor, row.unit) for row in map(_row, db.session.execute(query))]


def of_subjects(ids: Sequence[UUID]) -> tuple[FactRow, ...]:
    """Return what happened to these subjects, oldest first."""
    found = db.session.execute(_facts().where(Fact.subject_id.in_(ids)).order_by(Fact.at, Fact.id))
    return tuple(_row(each) for each in found)


def _facts() -> Select[Any]:
    is_staff = exists().where(RoleGrant.user_id == Fact.actor_id)
    return (
        select(
            Fact.id, Fact.at, Fact.actor_id, Fact.kind, Fact.subject_type, Fact.subject_id,
            Fact.before, Fact.after, Fact.data, User.name.label("actor"),
            is_staff.label("is_staff"), _unit_name().label("unit"), FactNote.text.label("note"),
            FactNote.erased_at,
        )
        .outerjoin(User, User.id == Fact.actor_id)
        .outerjoin(Unit, Unit.path == Fact.unit_path)
        .outerjoin(FactNote, FactNote.fact_id == Fact.id)
    )  # fmt: skip


def _unit_name() -> ColumnElement[Any]:
    """Return a fact's unit: as it is called today, or as it was where the path is a former one."""
    former = (
        select(UnitChange.old_name)
        .where(UnitChange.old_path == Fact.unit_path)
        .order_by(UnitChange.id)
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(Unit.name, former)


def _filtered(query: Select[Any], wanted: FactFilter) -> Select[Any]:
    if wanted.kind:
        query = query.where(Fact.kind.startswith(wanted.kind, autoescape=True))
    if wanted.subject is not None:
        query = query.where(Fact.subject_id == wanted.subject)
    if wanted.actor is not None:
        query = query.where(Fact.actor_id == wanted.actor)
    if wanted.unit:
        query = query.where(under(Fact.unit_path, wanted.unit))
    if wanted.since is not None:
        query = query.where(Fact.at >= clock.start_of(wanted.since))
    if wanted.until is not None:
        query = query.where(Fact.at <= clock.end_of(wanted.until))
    return query


def _row(row: Row[Any]) -> FactRow:
    name = row.actor or ""
    return FactRow(
        id=row.id,
        at=row.at,
        actor_id=row.actor_id,
        actor=name if row.is_staff or not name else masking.mask_name(name),
        kind=row.kind,
        subject_type=row.subject_type,
        subject_id=row.subject_id,
        unit=row.unit or "",
        before=row.before,
        after=row.after,
        data=row.data or {},
        note="" if row.erased_at else (row.note or ""),
    )
