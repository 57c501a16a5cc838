"""A story told out of order: lines with their moments, sorted when all are there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from portal.domain import clock

Line = Mapping[str, Any]


@dataclass
class Timeline:
    """Collects lines by days before today and hour; yields them as a story."""

    _events: list[tuple[datetime, int, str, Line]] = field(default_factory=list)

    def add(self, days_ago: int, hour: str, line: Line) -> None:
        """Put a line on a day; lines of one moment keep their order."""
        day = clock.today() - timedelta(days=days_ago)
        moment = datetime.combine(day, time.fromisoformat(hour), clock.SHANGHAI)
        self._put(moment, f"today-{days_ago}d {hour}", line)

    def add_at(self, moment: str, line: Line) -> None:
        """Put a line at a moment of the form ``today-4d 10:00``."""
        day, hour = moment.removeprefix("today-").split("d ")
        self.add(int(day), hour, line)

    def add_lately(self, hours_ago: int, line: Line) -> None:
        """Put a line some hours before now, whatever the hour is."""
        self._put(clock.now() - timedelta(hours=hours_ago), f"now-{hours_ago}h", line)

    def _put(self, moment: datetime, at: str, line: Line) -> None:
        self._events.append((moment, len(self._events), at, line))

    def lines(self) -> Iterator[str]:
        """Yield the story as JSON Lines in order."""
        for *_, at, line in sorted(self._events, key=lambda event: event[:2]):
            yield json.dumps({"at": at, **line}, ensure_ascii=False)


def act(who: str, verb: str, name: str = "", expect: str = "", **given: Any) -> Line:
    """Write an act; ``with`` is left out when empty."""
    line: dict[str, Any] = {"as": who, "do": verb, "with": given}
    if name:
        line["name"] = name
    if expect:
        line["expect"] = expect
    return line


def look(who: str, sight: str, name: str, **given: Any) -> Line:
    """Write a sight whose answer later lines use."""
    return {"as": who, "see": sight, "with": given, "name": name}
