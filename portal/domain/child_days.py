"""From roll calls to child-days: a camp's three calls are one day, everywhere else one call is one.

The only place that turns the sheets into what reports, pages and workbooks count (PG session).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from portal.domain import attendance
from portal.domain.attendance import HERE, Counts
from portal.domain.figures import Share
from portal.domain.programmes import KINDS


@dataclass(frozen=True, slots=True)
class Call:
    """What stands on the sheet for one person at one roll call."""

    programme_id: UUID
    kind: str
    session_id: UUID
    enrolment_id: UUID
    day: date
    state: str


@dataclass(frozen=True, slots=True)
class ChildDay:
    """One person's day in a camp, or one session elsewhere; ``state`` of attendance.STATES."""

    programme_id: UUID
    enrolment_id: UUID
    day: date
    state: str

    @property
    def here(self) -> bool:
        """Tell whether the person was there."""
        return self.state in HERE


def fold(calls: Iterable[Call]) -> tuple[ChildDay, ...]:
    """Return the child-days of roll calls, by day: two of a camp's three make a day present."""
    found: list[ChildDay] = []
    thirds: dict[tuple[UUID, UUID, date], list[str]] = defaultdict(list)
    for call in calls:
        if KINDS[call.kind].roll_calls == "thirds":
            thirds[(call.programme_id, call.enrolment_id, call.day)].append(call.state)
        else:
            found.append(ChildDay(call.programme_id, call.enrolment_id, call.day, call.state))
    found += [ChildDay(*key, attendance.camp_day(states)) for key, states in thirds.items()]
    return tuple(sorted(found, key=lambda one: (one.day, str(one.enrolment_id))))


def counts(days: Iterable[ChildDay]) -> Counts:
    """Count child-days by what they came to."""
    return attendance.counted(one.state for one in days)


class Counted(Protocol):
    """Anything that counts who was expected, there, and on leave."""

    @property
    def here(self) -> int:
        """Return how many were there."""

    @property
    def expected(self) -> int:
        """Return how many should have been."""

    @property
    def leave(self) -> int:
        """Return how many had leave."""


def rate(counted: Counted) -> Share:
    """Return those there of those expected: 286 of 300."""
    return Share(counted.here, counted.expected)


def rate_without_leave(counted: Counted) -> Share:
    """Return those there of those expected who had no leave: 286 of 290."""
    return Share(counted.here, counted.expected - counted.leave)
