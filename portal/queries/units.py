"""Reading the unit tree; units are public names, so no scope is needed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.domain.errors import NotFound
from portal.domain.settings import TenantSettings
from portal.extensions import db
from portal.models.units import Unit


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
    """Return the unit of a code; NotFound."""
    row = db.session.execute(select(*_COLUMNS).where(Unit.code == code)).first()
    if row is None:
        raise NotFound("没有这个单位：{code}", code=code)
    return UnitRow(*row)


def by_path(path: str) -> UnitRow:
    """Return the unit of a path; NotFound."""
    row = db.session.execute(select(*_COLUMNS).where(Unit.path == path)).first()
    if row is None:
        raise NotFound
    return UnitRow(*row)


def below(path: str, level: str) -> tuple[UnitRow, ...]:
    """Return the units of one level under a path, by code; statistical units are left out."""
    rows = db.session.execute(
        select(*_COLUMNS)
        .where(
            Unit.level == level,
            Unit.path >= path,
            Unit.path < path[:-1] + "0",
            Unit.is_pseudo.is_(False),
        )
        .order_by(Unit.code)
    )
    return tuple(UnitRow(*row) for row in rows)


def counties_of(tenant_path: str) -> tuple[UnitRow, ...]:
    """Return the counties of an authority, by code; a county that is its own authority is one."""
    own = by_path(tenant_path)
    return (own,) if own.level == "county" else below(tenant_path, "county")


def tenants() -> tuple[UnitRow, ...]:
    """Return the authorities, by code."""
    rows = db.session.execute(select(*_COLUMNS).where(Unit.is_tenant).order_by(Unit.code))
    return tuple(UnitRow(*row) for row in rows)


def settings(tenant_path: str) -> TenantSettings:
    """Return an authority's settings with their defaults."""
    stored = db.session.scalar(select(Unit.settings).where(Unit.path == tenant_path))
    return TenantSettings.read(stored or {})
