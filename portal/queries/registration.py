"""Where one may register: the counties of every authority; public names, so no scope is needed."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.errors import Invalid
from portal.queries import units


@dataclass(frozen=True, slots=True)
class County:
    """A place that vets applicants, with the authority it belongs to."""

    code: str
    name: str
    path: str
    tenant_path: str
    tenant_name: str


def counties() -> tuple[County, ...]:
    """Return every place to register at, authority by authority, by code.

    An authority that is a county or a town itself vets for itself.
    """
    found: list[County] = []
    for tenant in units.tenants():
        below = units.below(tenant.path, "county") if tenant.level == "city" else (tenant,)
        found += [
            County(unit.code, unit.name, unit.path, tenant.path, tenant.name) for unit in below
        ]
    return tuple(found)


def county(code: str) -> County:
    """Return one of ``counties``; Invalid on the field ``county`` for any other code."""
    for place in counties():
        if place.code == code:
            return place
    raise Invalid("请选择所在的县（市、区）", {"county": "请选择所在的县（市、区）"})
