"""The counties somebody may choose from: those of the authorities they work or help in."""

from __future__ import annotations

from sqlalchemy import select

from portal.domain.actor import Actor
from portal.extensions import db
from portal.models.supporters import Supporter
from portal.queries import units


def counties_of(tenant_path: str) -> tuple[units.UnitRow, ...]:
    """Return the counties of an authority, by code; a county that is its own authority is one."""
    own = units.by_path(tenant_path)
    return (own,) if own.level == "county" else units.below(tenant_path, "county")


def counties(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return the counties of one's authorities: (code, name)."""
    tenants = sorted({grant.tenant_path for grant in actor.grants if grant.tenant_path})
    if actor.supporter_ids:
        own = db.session.scalars(
            select(Supporter.tenant_path).where(Supporter.id.in_(actor.supporter_ids)).distinct()
        )
        tenants = sorted({*tenants, *own})
    return tuple((place.code, place.name) for tenant in tenants for place in counties_of(tenant))
