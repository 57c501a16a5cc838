"""For which units somebody may plan a programme: a county's children, or a whole city's."""

from __future__ import annotations

from portal.domain.actor import Actor
from portal.domain.permissions import Permission, carries
from portal.queries import units
from portal.queries.units import UnitRow

_TAKES = frozenset({"county", "city"})


def of(actor: Actor) -> tuple[UnitRow, ...]:
    """Return the units whose children the actor's programmes may take, by code.

    Who works in a township or an agency plans for the county it lies in.
    """
    found = {
        place.code: place
        for grant in actor.grants
        if carries(actor, grant, Permission.PROGRAMME_DRAFT)
        and (place := _place(grant.path)) is not None
    }
    return tuple(found[code] for code in sorted(found))


def _place(path: str) -> UnitRow | None:
    """Return the nearest unit at or above a path that programmes belong to."""
    parts = path.strip("/").split("/")
    for depth in range(len(parts), 0, -1):
        unit = units.by_path("/" + "/".join(parts[:depth]) + "/")
        if unit.level in _TAKES and unit.tenant_path is not None:
            return unit
    return None
