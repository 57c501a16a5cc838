"""Points of a pair, and the order in which needs are served; whole numbers only (PN)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from portal.domain.matches import Need, Weights
from portal.matching.table import Ints, Table

Points = Callable[[Table, Ints, Ints], Ints]

#: What each choice about brothers and sisters makes of its points.
SIGNS = {"together": 1, "apart": -1, "any": 0}
_KEY, _EMERGENCY = "key", "emergency"


def _sibling(table: Table, needs: Ints, people: Ints) -> Ints:
    sign = SIGNS[table.weights.siblings]
    return sign * table.weights.sibling * table.related("with_sibling", needs, people)


#: Each factor of a pair; how loaded somebody is comes on top (``load``).
FACTORS: Mapping[str, Points] = {
    "continuity": lambda t, n, p: t.weights.continuity * t.related("known", n, p),
    "application": lambda t, n, p: t.weights.application * t.related("applicants", n, p),
    "skill": lambda t, n, p: t.weights.skill * ((t.skills[p] & t.need_skill[n]) != 0),
    "helper": lambda t, n, p: t.weights.helper * ((t.helpers[p] & t.need_helper[n]) != 0),
    "sibling": _sibling,
    "county": lambda t, n, p: t.weights.county * (t.home[p] == t.need_county[n]),
    "offer": lambda t, _, p: t.weights.offer * t.offers[p],
}


def of(table: Table, needs: Ints, people: Ints) -> dict[str, Ints]:
    """Return the points of each pair by factor."""
    return {name: points(table, needs, people) for name, points in FACTORS.items()}


def load(weight: int, capacity: int, carried: int) -> int:
    """Return the points for who has room: all of ``weight`` when free, falling to nothing.

    Each child taken lowers it, so the load is shared: the second child of one person is worth
    less than the first of another.
    """
    return weight * max(capacity - carried, 0) // capacity if capacity > 0 else 0


def waited(need: Need, weights: Weights) -> int:
    """Return the days a need counts as having waited: its place in the order of needs."""
    days = max(need.waiting_days, 0)
    if need.care_level == _KEY:
        days += weights.key_days
    if need.care_level == _EMERGENCY:
        days += weights.emergency_days
    if need.applications == 0:
        days += weights.never_applied_days
    return days


def ranks(needs: Sequence[Need], weights: Weights) -> Ints:
    """Return each need's rank from 1 (may wait) up; equal days, equal rank."""
    days = np.array([waited(need, weights) for need in needs], dtype=np.int64)
    _, places = np.unique(days, return_inverse=True)
    return places.astype(np.int64) + 1
