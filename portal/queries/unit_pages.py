"""The unit tree as an administrator walks it: branch by branch, by search, one unit at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, false, func, or_, select
from sqlalchemy.orm import aliased

from portal.domain import unit_plans
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.unit_plans import Node
from portal.extensions import db
from portal.models.accounts import RoleGrant
from portal.models.units import Unit, UnitChange
from portal.queries import unit_changes
from portal.queries.people import admin_paths
from portal.queries.units import standing, under

PAGE = 50
#: A choice of parents longer than this is found by its code.
_CHOICES = 400


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of the tree."""

    id: UUID
    code: str
    name: str
    level: str
    children: int
    is_tenant: bool
    closed: bool
    place: str = ""


@dataclass(frozen=True, slots=True)
class UnitPage:
    """One unit with what hangs on it."""

    node: Node
    parent: Branch | None
    authority: str
    valid_from: date | None
    valid_to: date | None
    is_pseudo: bool
    grants: int
    children: tuple[Branch, ...]
    history: tuple[unit_changes.ChangeRow, ...]
    #: The way down from the administrator's own unit: (id, name).
    trail: tuple[tuple[UUID, str], ...]


def roots(actor: Actor) -> tuple[Branch, ...]:
    """Return the units a person administers, the topmost ones."""
    held = sorted(set(admin_paths(actor)), key=len)
    tops = [path for path in held if not any(path != one and path.startswith(one) for one in held)]
    return _branches(Unit.path.in_(tops))


def children(actor: Actor, unit_id: UUID) -> tuple[Branch, ...]:
    """Return what stands directly below a unit of the administrator's; NotFound for others."""
    _own(actor, unit_id)
    return _branches(Unit.parent_id == unit_id)


def search(actor: Actor, q: str) -> tuple[Branch, ...]:
    """Return units of the administrator's by name or code, also by former ones."""
    text = q.strip()
    if not text:
        return ()
    mine = or_(false(), *[under(Unit.path, path) for path in admin_paths(actor)])
    before = select(UnitChange.successor_id).where(
        or_(UnitChange.old_name.contains(text, autoescape=True), UnitChange.old_code == text)
    )
    fits = or_(
        Unit.name.contains(text, autoescape=True),
        Unit.code.startswith(text, autoescape=True),
        Unit.id.in_(before),
    )
    return _branches(mine, fits, limit=PAGE)


def page(actor: Actor, unit_id: UUID) -> UnitPage:
    """Return one unit of the administrator's; NotFound for any other."""
    row = _own(actor, unit_id)
    above = _branches(Unit.id == row.parent_id) if row.parent_id else ()
    authority = db.session.scalar(select(Unit.name).where(Unit.path == row.tenant_path))
    held = select(func.count(RoleGrant.id)).where(RoleGrant.unit_id == unit_id)
    return UnitPage(
        unit_changes.node(unit_id), above[0] if above else None, authority or "",
        row.valid_from, row.valid_to, row.is_pseudo, db.session.scalar(held) or 0,
        _branches(Unit.parent_id == unit_id), unit_changes.history(unit_id),
        _trail(actor, row.path),
    )  # fmt: skip


def siblings(actor: Actor, unit_id: UUID) -> tuple[Branch, ...]:
    """Return the units that a unit could be merged with."""
    row = _own(actor, unit_id)
    return _branches(
        Unit.parent_id == row.parent_id, Unit.level == row.level, Unit.id != unit_id, standing()
    )


def parents(actor: Actor, unit_id: UUID) -> tuple[Branch, ...]:
    """Return the units of the administrator's that a unit could be moved under."""
    row = _own(actor, unit_id)
    mine = or_(false(), *[under(Unit.path, path) for path in admin_paths(actor)])
    return _branches(
        mine, Unit.level.in_(unit_plans.parents_of(row.level)), standing(),
        Unit.id != row.parent_id, limit=_CHOICES,
    )  # fmt: skip


def _own(actor: Actor, unit_id: UUID) -> Unit:
    row = db.session.get(Unit, unit_id)
    if row is None or not row.path.startswith(admin_paths(actor)):
        raise NotFound
    return row


def _branches(*conditions: ColumnElement[bool], limit: int = 2000) -> tuple[Branch, ...]:
    child, above = aliased(Unit), aliased(Unit)
    below = select(func.count(child.id)).where(child.parent_id == Unit.id).scalar_subquery()
    rows: Sequence[Row[Any]] = db.session.execute(
        select(
            Unit.id, Unit.code, Unit.name, Unit.level, below.label("below"), Unit.is_tenant,
            standing().label("stands"), above.name.label("above"),
        )
        .outerjoin(above, above.id == Unit.parent_id)
        .where(*conditions)
        .order_by(Unit.path)
        .limit(limit)
    ).all()  # fmt: skip
    return tuple(
        Branch(
            row.id, row.code, row.name, row.level, row.below, row.is_tenant, not row.stands,
            row.above or "",
        )
        for row in rows
    )  # fmt: skip


def _trail(actor: Actor, path: str) -> tuple[tuple[UUID, str], ...]:
    parts = path.strip("/").split("/")
    above = ["/" + "/".join(parts[:count]) + "/" for count in range(1, len(parts))]
    mine = tuple(one for one in above if one.startswith(admin_paths(actor)))
    rows = db.session.execute(
        select(Unit.id, Unit.name).where(Unit.path.in_(mine)).order_by(Unit.path)
    )
    return tuple((row.id, row.name) for row in rows)
