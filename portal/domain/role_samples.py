"""What each role would see of an invented child and an invented supporter (never a real row).

Shown through the same masks and the same permission table as the pages themselves: an
administrator reads here what a role can see without opening anybody's file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from portal.domain.actor import Actor, Grant, Role
from portal.domain.identity import fictitious_id_number
from portal.domain.masking import mask
from portal.domain.permissions import POLICY, Permission
from portal.domain.sight import CHILD_FIELDS, SUPPORTER_FIELDS, is_assigned, show

_SOMEBODY = UUID(int=2)
_VILLAGE = "/35/3504/350421/350421100/350421100202/"
CHILD: Mapping[str, str] = {
    "name": "林小雨",
    "id_no": fictitious_id_number("350421", date(2015, 6, 1), 12),
    "home_address": "福建省三明市明溪县雪峰镇下坊路12号",
    "school": "雪峰镇实验小学",
    "guardian_name": "林建国",
    "guardian_phone": "12059861234",
}
SUPPORTER: Mapping[str, str] = {
    "name": "王晓燕",
    "id_number": fictitious_id_number("350421", date(1985, 3, 2), 24),
    "phone": "12042100001",
}


class Way(StrEnum):
    """How a role comes to read a field in full."""

    SEEN = "seen"
    OPENS = "opens"
    ASKS = "asks"
    EMERGENCY = "emergency"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Place:
    """What the rules look at in a row: where it belongs."""

    unit_path: str = _VILLAGE


@dataclass(frozen=True, slots=True)
class Cell:
    """One field as a role sees it, and how it may be opened; empty text: not shown at all."""

    label: str
    text: str
    way: Way


@dataclass(frozen=True, slots=True)
class Sample:
    """Both invented people as one role sees them; a NEVER row has no page to see."""

    role: Role
    child: tuple[Cell, ...]
    supporter: tuple[Cell, ...]


def samples() -> tuple[Sample, ...]:
    """Return the sample of every role, in the order of the roles."""
    return tuple(Sample(role, _child(_holder(role)), _supporter(_holder(role))) for role in Role)


def _holder(role: Role) -> Actor:
    grant = Grant(role, "/35/3504/350421/", _SOMEBODY)
    return Actor(user_id=_SOMEBODY, grants=(grant,), email_verified=True)


def _may(actor: Actor, permission: Permission) -> bool:
    return POLICY[permission](actor, Place())


def _child(actor: Actor) -> tuple[Cell, ...]:
    reads = _may(actor, Permission.CHILD_READ)
    found = []
    for name, field in CHILD_FIELDS.items():
        shown = show(actor, field.kind, CHILD[name], _VILLAGE) if reads else ""
        if shown == CHILD[name]:
            way = Way.SEEN
        elif reads and is_assigned(actor, field, _VILLAGE):
            way = Way.OPENS
        elif _may(actor, Permission.SIGHT_ASK):
            way = Way.ASKS
        else:
            way = Way.EMERGENCY if _may(actor, Permission.SIGHT_BREAK_GLASS) else Way.NEVER
        found.append(Cell(field.label, shown, way))
    return tuple(found)


def _supporter(actor: Actor) -> tuple[Cell, ...]:
    vets = _may(actor, Permission.SUPPORTER_VET)
    named = _may(actor, Permission.SUPPORTER_READ)
    hears = _may(actor, Permission.COMMITMENT_READ) or _may(actor, Permission.FACT_READ)
    name = SUPPORTER["name"] if named else mask("name", SUPPORTER["name"]) if hears else ""
    cells = [Cell("姓名", name, Way.SEEN if named else Way.NEVER)]
    for key, field in SUPPORTER_FIELDS.items():
        shown = mask(field.kind, SUPPORTER[key]) if vets else ""
        cells.append(Cell(field.label, shown, Way.OPENS if vets else Way.NEVER))
    return tuple(cells)
