"""Reading the unit tree; units are public names, so no scope is needed.

Former codes, names and paths of a unit go on being understood: a ledger of last year finds the
unit of today.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import aliased

from portal.domain import clock
from portal.domain.errors import NotFound
from portal.domain.settings import TenantSettings
from portal.extensions import db
from portal.models.units import Unit, UnitChange


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as pages and services see it."""

    id: UUID
    code: str
    name: str
    level: str
    path: str
    tenant_path: str | None


_COLUMNS = (Unit.id, Unit.code, Unit.name, Unit.level, Unit.path, Unit.tenant_path)


def get(code: str) -> UnitRow:
    """Return the unit of a code, of today or of before a change; NotFound."""
    row = _first(Unit.code == code, standing()) or _successor(UnitChange.old_code == code)
    if row is None and (row := _first(Unit.code == code)) is None:
        raise NotFound("没有这个单位：{code}", code=code)
    return UnitRow(*row)


def by_path(path: str) -> UnitRow:
    """Return the unit of a path, of today or of before a change; NotFound."""
    row = _first(Unit.path == path, standing()) or _successor(UnitChange.old_path == path)
    if row is None and (row := _first(Unit.path == path)) is None:
        raise NotFound
    return UnitRow(*row)


def standing() -> ColumnElement[bool]:
    """Return the condition that a unit has not been closed or merged away."""
    return or_(Unit.valid_to.is_(None), Unit.valid_to > clock.today())


def below(path: str, level: str) -> tuple[UnitRow, ...]:
    """Return the units of one level under a path, by code; statistical and closed ones left out."""
    rows = db.session.execute(
        select(*_COLUMNS)
        .where(
            Unit.level == level, under(Unit.path, path), Unit.is_pseudo.is_(False), standing()
        )
        .order_by(Unit.code)
    )  # fmt: skip
    return tuple(UnitRow(*row) for row in rows)


def above(path: str) -> tuple[UnitRow, ...]:
    """Return the units at and above a path, the highest first."""
    ups = [path[: at + 1] for at, sign in enumerate(path) if sign == "/" and at]
    rows = db.session.execute(
        select(*_COLUMNS).where(Unit.path.in_(ups), standing()).order_by(Unit.path)
    )
    return tuple(UnitRow(*row) for row in rows)


def tenants() -> tuple[UnitRow, ...]:
    """Return the authorities, by code."""
    rows = db.session.execute(
        select(*_COLUMNS).where(Unit.is_tenant, standing()).order_by(Unit.code)
    )
    return tuple(UnitRow(*row) for row in rows)


def settings(tenant_path: str) -> TenantSettings:
    """Return an authority's settings with their defaults, as they count today."""
    stored = db.session.scalar(select(Unit.settings).where(Unit.path == tenant_path))
    return TenantSettings.read(stored or {})


def under(column: Any, path: str) -> ColumnElement[bool]:
    """Return the condition that a path column lies at or below ``path``."""
    return and_(column >= path, column < path[:-1] + "0")


def former_paths(paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return, for each path, where units now at or below it stood before and it does not cover.

    What was written there and may not be changed (facts, access rows) keeps its old path: whoever
    answers for the unit today reads it there.
    """
    wanted = tuple(dict.fromkeys(paths))
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Unit.path, UnitChange.old_path)
        .join(UnitChange, UnitChange.successor_id == Unit.id)
        .where(
            or_(false(), *[under(Unit.path, path) for path in wanted]),
            UnitChange.old_path != UnitChange.new_path,
            _latest(UnitChange.old_path),
        )
    ).all()
    return {path: _widest(path, rows) for path in wanted}


def former_names(path: str) -> tuple[tuple[str, str, str, str], ...]:
    """Return what units now under a path were called before, for reading old ledgers.

    Each is (code of today, former name, level, code of the unit above).
    """
    parent = aliased(Unit)
    rows = db.session.execute(
        select(Unit.code, UnitChange.old_name, Unit.level, parent.code)
        .join(UnitChange, UnitChange.successor_id == Unit.id)
        .join(parent, parent.id == Unit.parent_id)
        .where(under(Unit.path, path), UnitChange.old_name != Unit.name)
        .distinct()
    )
    return tuple((row[0], row[1], row[2], row[3]) for row in rows)


def _widest(path: str, rows: Iterable[Any]) -> tuple[str, ...]:
    kept: list[str] = []
    old = {row.old_path for row in rows if row.path.startswith(path)}
    for one in sorted(old, key=lambda old: (len(old), old)):
        if not one.startswith((path, *kept)):
            kept.append(one)
    return tuple(kept)


def _latest(column: Any) -> ColumnElement[bool]:
    """Return the condition that no later change speaks of the same old value."""
    later = aliased(UnitChange)
    same = getattr(later, column.key) == column
    return ~select(later.id).where(same, later.id > UnitChange.id).exists()


def _first(*conditions: ColumnElement[bool]) -> tuple[Any, ...] | None:
    row = db.session.execute(select(*_COLUMNS).where(*conditions).order_by(Unit.path)).first()
    return tuple(row) if row else None


def _successor(condition: ColumnElement[bool]) -> tuple[Any, ...] | None:
    """Return the unit that goes on after the latest change that fits; one hop is enough.

    A later merge writes the earlier codes and paths of what it ends anew.
    """
    row = db.session.execute(
        select(*_COLUMNS)
        .join(UnitChange, UnitChange.successor_id == Unit.id)
        .where(condition)
        .order_by(UnitChange.id.desc())
    ).first()
    return tuple(row) if row else None
