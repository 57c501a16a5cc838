"""Who sees which kind of personal data in full, and who sees its mask (invariant 3; domain.md 3).

An ID number is masked for everybody once it is entered: opening it asks a reason and leaves a row
(the sight of the accounts issue). A village director and a county clerk know their children by
name; a city reads them masked.
"""

from __future__ import annotations

from collections.abc import Mapping

from portal.domain.actor import Actor, Role
from portal.domain.masking import Kind, mask

_FIELD = frozenset({Role.CHILD_DIRECTOR, Role.CHILD_SUPERVISOR, Role.COUNTY_STAFF})

#: Kind of value of a child or guardian → the roles that read it unmasked in their own unit.
SEEN_BY: Mapping[Kind, frozenset[Role]] = {
    Kind.NAME: _FIELD,
    Kind.PHONE: _FIELD,
    Kind.ADDRESS: _FIELD,
    Kind.TEXT: _FIELD,
    Kind.ID_NUMBER: frozenset(),
    Kind.EMAIL: frozenset(),
}


def show(actor: Actor, kind: Kind, value: str | None, unit_path: str) -> str:
    """Return ``value`` or its mask, as this person may see it at that unit."""
    if any(actor.has(role, unit_path) for role in SEEN_BY[kind]):
        return value or ""
    return mask(kind, value)
