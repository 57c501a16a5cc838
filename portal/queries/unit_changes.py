"""Changes of the unit tree: what one would touch, which wait, and what was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, false, func, or_, select

from portal.domain.errors import NotFound
from portal.domain.fact_words import machine_of
from portal.domain.unit_plans import Node, Step
from portal.extensions import db
from portal.models import Base
from portal.models.accounts import RoleGrant, User
from portal.models.units import Unit, UnitChange, UnitProposal
from portal.queries.units import standing, under

#: What may not be changed keeps the path it was written at, with the notes that hang on it.
KEEPS_PATH = frozenset({"facts", "fact_notes", "access_rows", "unit_changes"})
PAGE = 50
_PATH_COLUMNS = ("unit_path", "tenant_path", "from_path")


@dataclass(frozen=True, slots=True)
class Touched:
    """How many rows of one table a change moves."""

    table: str
    model: str
    rows: int


@dataclass(frozen=True, slots=True)
class Impact:
    """What a change touches."""

    tables: tuple[Touched, ...]
    people: int
    grants: int
    open_work: tuple[tuple[str, str, int], ...]

    @property
    def rows(self) -> int:
        """Return how many rows move in all."""
        return sum(one.rows for one in self.tables)


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposed or decided change as the list shows it."""

    id: UUID
    kind: str
    status: str
    unit: str
    effective_on: date
    document_no: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What one unit was before a change, and what it became."""

    kind: str
    old_code: str
    new_code: str
    old_name: str
    new_name: str
    effective_on: date
    document_no: str
    is_merged_away: bool


def path_columns() -> tuple[tuple[Table, Any], ...]:
    """Return every column of every table that says where a row belongs and may be changed.

    Found from the registry, so that a table of tomorrow is moved like those of today; the tree's
    own paths are planned unit by unit.
    """
    return tuple(
        (table, table.c[name])
        for table in Base.metadata.sorted_tables
        for name in _PATH_COLUMNS
        if name in table.c and table.name not in KEEPS_PATH
    )


def node(unit_id: UUID) -> Node:
    """Return a unit as a plan sees it; NotFound."""
    found = _nodes(Unit.id == unit_id)
    if not found:
        raise NotFound
    return found[0]


def below(path: str) -> tuple[Node, ...]:
    """Return everything under a unit, closed units included: they are somebody's history."""
    return _nodes(under(Unit.path, path), Unit.path != path)


def codes_taken(besides: Iterable[UUID]) -> dict[str, UUID]:
    """Return each code that a unit has or had, with the unit that it means today."""
    moving = set(besides)
    had = db.session.execute(select(UnitChange.old_code, UnitChange.successor_id))
    has = db.session.execute(select(Unit.code, Unit.id))
    taken = {code: unit_id for code, unit_id in had if unit_id not in moving}
    return taken | {code: unit_id for code, unit_id in has if unit_id not in moving}


def paths_taken(paths: Iterable[str], besides: Iterable[UUID]) -> frozenset[str]:
    """Return which of these paths belong, or belonged, to other units than ``besides``."""
    wanted, moving = list(paths), list(besides)
    has = select(Unit.path).where(Unit.path.in_(wanted), Unit.id.not_in(moving))
    had = select(UnitChange.old_path).where(
        UnitChange.old_path.in_(wanted), UnitChange.successor_id.not_in(moving)
    )
    return frozenset(db.session.scalars(has)) | frozenset(db.session.scalars(had))


def impact(steps: Iterable[Step]) -> Impact:
    """Count what the steps touch: rows per table, people and roles, work that is not finished."""
    tops = roots(steps)
    tables = [
        Touched(table.name, _model_of(table), rows)
        for table, column in path_columns()
        if column.name == "unit_path" or "unit_path" not in table.c
        if table.name not in {"units", "role_grants"}
        and (rows := _count(table, or_(false(), *[under(column, path) for path in tops])))
    ]
    held = or_(false(), *[under(RoleGrant.unit_path, path) for path in tops])
    people, grants = db.session.execute(
        select(func.count(func.distinct(RoleGrant.user_id)), func.count(RoleGrant.id)).where(held)
    ).one()
    return Impact(tuple(tables), people, grants, _open_work(tops))


def rows_of_another_authority(path: str) -> int:
    """Count the rows below a path that an authority shares: they cannot leave it silently."""
    return sum(
        _count(table, under(table.c.unit_path, path))
        for table, column in path_columns()
        if column.name == "tenant_path"
        and "unit_path" in table.c
        and table.name not in {"units", "role_grants"}
    )


def live_grants(path: str, day: date) -> int:
    """Count the roles at or below a unit that still count on a day."""
    live = or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= day)
    found = select(func.count(RoleGrant.id)).where(under(RoleGrant.unit_path, path), live)
    return db.session.scalar(found) or 0


def open_children(unit_id: UUID) -> int:
    """Count the units directly below that still stand."""
    found = select(func.count(Unit.id)).where(Unit.parent_id == unit_id, standing())
    return db.session.scalar(found) or 0


def index(*, waiting: bool | None = None) -> tuple[ProposalRow, ...]:
    """Return the changes of the open scope, the newest first."""
    chosen = select(UnitProposal, Unit.name).join(Unit, Unit.id == UnitProposal.unit_id)
    if waiting is not None:
        is_waiting = UnitProposal.status == "proposed"
        chosen = chosen.where(is_waiting if waiting else ~is_waiting)
    rows = db.session.execute(
        chosen.order_by(UnitProposal.created_at.desc(), UnitProposal.id).limit(PAGE)
    ).all()
    names = _names({who for row, _ in rows for who in (row.created_by, row.decided_by) if who})
    return tuple(_row(row, unit, names) for row, unit in rows)


def history(unit_id: UUID) -> tuple[ChangeRow, ...]:
    """Return what a unit, and those merged into it, were before, the newest change first."""
    rows = db.session.scalars(
        select(UnitChange)
        .where(or_(UnitChange.unit_id == unit_id, UnitChange.successor_id == unit_id))
        .order_by(UnitChange.id.desc())
        .limit(PAGE)
    )
    return tuple(
        ChangeRow(
            row.kind, row.old_code, row.new_code, row.old_name, row.new_name,
            row.effective_on, row.document_no, row.unit_id != row.successor_id,
        )
        for row in rows
    )  # fmt: skip


def done(proposal_id: UUID) -> tuple[Step, ...]:
    """Return what a change did, as it was written down."""
    rows = db.session.scalars(
        select(UnitChange).where(UnitChange.proposal_id == proposal_id).order_by(UnitChange.id)
    )
    return tuple(
        Step(
            row.unit_id, row.successor_id, None, row.level, row.old_code, row.new_code,
            row.old_name, row.new_name, row.old_path, row.new_path,
        )
        for row in rows
    )  # fmt: skip


def roots(steps: Iterable[Step]) -> list[str]:
    """Return the topmost of the paths that the steps leave."""
    paths = sorted({step.old_path for step in steps}, key=len)
    kept: list[str] = []
    for path in paths:
        if not path.startswith(tuple(kept)):
            kept.append(path)
    return kept


def _open_work(tops: list[str]) -> tuple[tuple[str, str, int], ...]:
    """Count what stands in a state that is not final, per lifecycle and state."""
    found: list[tuple[str, str, int]] = []
    for mapper in Base.registry.mappers:
        model: Any = mapper.class_
        machine = machine_of(model.__name__)
        if machine is None or not {"status", "unit_path"} <= set(mapper.columns.keys()):
            continue
        going = [name for name, state in machine.states.items() if not state.final]
        rows = db.session.execute(
            select(model.status, func.count())
            .where(
                model.status.in_(going),
                or_(false(), *[under(model.unit_path, path) for path in tops]),
            )
            .group_by(model.status)
        )
        found += [(machine.label, machine.states[status].label, n) for status, n in rows]
    return tuple(sorted(found))


def _count(table: Table, condition: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(condition)) or 0


def _model_of(table: Table) -> str:
    return next(m.class_.__name__ for m in Base.registry.mappers if m.local_table is table)


def _nodes(*conditions: ColumnElement[bool]) -> tuple[Node, ...]:
    rows = db.session.execute(
        select(
            Unit.id, Unit.code, Unit.name, Unit.level, Unit.path, Unit.parent_id,
            Unit.tenant_path, Unit.is_tenant, standing().label("stands"),
        )
        .where(*conditions)
        .order_by(Unit.path)
    )  # fmt: skip
    return tuple(Node(*row[:8], closed=not row.stands) for row in rows)


def _names(user_ids: set[UUID]) -> dict[UUID, str]:
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(user_ids)))
    return {row.id: row.name for row in rows}


def _row(row: UnitProposal, unit: str, names: dict[UUID, str]) -> ProposalRow:
    return ProposalRow(
        row.id, row.kind, row.status, unit, row.effective_on, row.document_no,
        names.get(row.created_by, "") if row.created_by else "", row.created_at,
        names.get(row.decided_by, "") if row.decided_by else "", row.decided_at, row.version,
    )  # fmt: skip
