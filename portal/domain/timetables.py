"""A timetable as a value: every change gives a new one, so that any change can be taken back.

The roll calls of a programme follow from its lines by the kind's rule (PG session).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from portal.domain.errors import Invalid, NotFound
from portal.domain.programmes import KINDS, NO_ACTIVITY, THIRDS

_MINUTES, _LAST = 60, "23:59"


@dataclass(frozen=True, slots=True)
class Line:
    """One line; a new one has no id yet. ``staff_id``: who leads it."""

    happens_on: date
    starts: str
    ends: str
    title: str
    topic: str
    room: str = ""
    staff_id: UUID | None = None
    id: UUID | None = None

    @property
    def place(self) -> tuple[date, str, str, str]:
        """Return what lines are ordered by."""
        return (self.happens_on, self.starts, self.ends, self.title)


@dataclass(frozen=True, slots=True)
class Slot:
    """One roll call that a timetable asks for."""

    happens_on: date
    starts: str
    ends: str
    part: str = ""
    title: str = ""
    topic: str = ""
    room: str = ""
    teacher_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """Two lines that cannot both be: the same room, or the same person, at once."""

    first: Line
    second: Line
    over: str


Lines = tuple[Line, ...]


def ordered(lines: Iterable[Line]) -> Lines:
    """Return the lines by day and hour."""
    return tuple(sorted(lines, key=lambda line: line.place))


def by_day(lines: Iterable[Line]) -> dict[date, Lines]:
    """Return the lines of each day."""
    return {
        day: tuple(group)
        for day, group in groupby(ordered(lines), key=lambda line: line.happens_on)
    }


def topics_by_day(lines: Iterable[Line]) -> dict[date, frozenset[str]]:
    """Return the topics of each day that has an activity; meals and rest make none."""
    found: dict[date, set[str]] = {}
    for line in lines:
        if line.topic not in NO_ACTIVITY:
            found.setdefault(line.happens_on, set()).add(line.topic)
    return {day: frozenset(topics) for day, topics in found.items()}


def with_line(lines: Lines, line: Line) -> Lines:
    """Add a line."""
    return ordered((*lines, line))


def changed(lines: Lines, line: Line) -> Lines:
    """Put a line in the place of the one with its id; NotFound when there is none."""
    _find(lines, line.id)
    return ordered(line if one.id == line.id else one for one in lines)


def without(lines: Lines, line_id: UUID) -> Lines:
    """Take a line out; NotFound when there is none."""
    gone = _find(lines, line_id)
    return tuple(one for one in lines if one is not gone)


def swapped(lines: Lines, line_id: UUID, step: int) -> Lines:
    """Move a line before (-1) or after (+1) its neighbour of the day; lengths and breaks stay.

    At the edge of the day nothing changes.
    """
    line = _find(lines, line_id)
    day = [one for one in ordered(lines) if one.happens_on == line.happens_on]
    at = day.index(line)
    if not 0 <= at + step < len(day):
        return lines
    first, second = sorted((at, at + step))
    early, late = day[first], day[second]
    gap = max(minutes(late.starts) - minutes(early.ends), 0)
    middle = minutes(early.starts) + _length(late)
    moved = {
        late: replace(late, starts=early.starts, ends=hour(middle)),
        early: replace(early, starts=hour(middle + gap), ends=hour(middle + gap + _length(early))),
    }
    return ordered(moved.get(one, one) for one in lines)


def on_day(lines: Lines, line_id: UUID, day: date) -> Lines:
    """Move a line to another day, same hours."""
    line = _find(lines, line_id)
    return ordered(replace(one, happens_on=day) if one is line else one for one in lines)


def copied(lines: Lines, source: date, targets: Sequence[date]) -> Lines:
    """Put a day's lines on other days, in place of what was there; Invalid for an empty day."""
    day = [one for one in lines if one.happens_on == source]
    if not day:
        raise Invalid("这一天还没有内容可以复制", {"source": "这一天还没有内容"})
    kept = [one for one in lines if one.happens_on not in targets or one.happens_on == source]
    new = [replace(one, happens_on=to, id=None) for to in targets if to != source for one in day]
    return ordered((*kept, *new))


def cleared(lines: Lines, day: date) -> Lines:
    """Empty a day."""
    return tuple(one for one in lines if one.happens_on != day)


def clashes(lines: Iterable[Line]) -> tuple[Clash, ...]:
    """Return every pair of lines that share a room or a person at the same time."""
    found = []
    for day in by_day(lines).values():
        for at, first in enumerate(day):
            for second in day[at + 1 :]:
                if second.starts >= first.ends:
                    continue
                if first.room and first.room == second.room:
                    found.append(Clash(first, second, "room"))
                if first.staff_id is not None and first.staff_id == second.staff_id:
                    found.append(Clash(first, second, "person"))
    return tuple(found)


def slots(kind: str, lines: Iterable[Line]) -> tuple[Slot, ...]:
    """Return the roll calls the lines ask for: thirds of a camp's days, hours, or one a day."""
    days = {
        day: tuple(line for line in group if line.topic not in NO_ACTIVITY)
        for day, group in by_day(lines).items()
    }
    make = _CALLS[KINDS[kind].roll_calls]
    return tuple(slot for day, group in days.items() if group for slot in make(day, group))


def _thirds(day: date, group: Lines) -> list[Slot]:
    return [Slot(day, starts, ends, part) for part, starts, ends in THIRDS]


def _each(day: date, group: Lines) -> list[Slot]:
    """One roll call per hour at which something begins: parallel rooms share it."""
    found = []
    for starts, same in groupby(group, key=lambda line: line.starts):
        first, *others = same
        ends = max([first.ends, *(one.ends for one in others)])
        found.append(
            Slot(day, starts, ends, "", first.title, first.topic, first.room, first.staff_id)
        )
    return found


def _once(day: date, group: Lines) -> list[Slot]:
    first = group[0]
    ends = max(one.ends for one in group)
    return [Slot(day, first.starts, ends, "", "", "", first.room, first.staff_id)]


_CALLS: dict[str, Callable[[date, Lines], list[Slot]]] = {
    "thirds": _thirds,
    "each": _each,
    "once": _once,
}


def stored(line: Line) -> dict[str, Any]:
    """Return a line as JSON keeps it."""
    return {
        **asdict(line),
        "happens_on": line.happens_on.isoformat(),
        "id": str(line.id) if line.id else None,
        "staff_id": str(line.staff_id) if line.staff_id else None,
    }


def from_stored(kept: Mapping[str, Any]) -> Line:
    """Return the line that JSON kept."""
    return Line(
        **{
            **kept,
            "happens_on": date.fromisoformat(kept["happens_on"]),
            "id": UUID(kept["id"]) if kept["id"] else None,
            "staff_id": UUID(kept["staff_id"]) if kept["staff_id"] else None,
        }
    )


def minutes(text: str) -> int:
    """Return the minutes since midnight of HH:MM."""
    hours, _, rest = text.partition(":")
    return int(hours) * _MINUTES + int(rest)


def hour(count: int) -> str:
    """Return minutes since midnight as HH:MM, never past the end of the day."""
    return min(f"{count // _MINUTES:02d}:{count % _MINUTES:02d}", _LAST)


def _length(line: Line) -> int:
    return minutes(line.ends) - minutes(line.starts)


def _find(lines: Iterable[Line], line_id: UUID | None) -> Line:
    found = next((one for one in lines if one.id == line_id), None)
    if found is None or line_id is None:
        raise NotFound
    return found
