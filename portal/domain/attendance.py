"""The sheet that follows from marks (PG session): any order, twice, late, from several phones.

A mark names the state it aims at and the marks its maker had seen on this child; it overrules those
and no others. What nobody overruled are the heads: all of one state, and that is the sheet; of two,
and a person settles it with a mark that has seen them all. Nothing here knows which came first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

STATES: Mapping[str, str] = {
    "present": "到",
    "late": "迟到",
    "leave": "请假",
    "absent": "缺席",
}
#: In the room, whenever they came.
HERE = frozenset({"present", "late"})
#: While two phones disagree, the sheet shows what would worry a guardian most.
_GRAVEST = ("absent", "leave", "late", "present")
#: Why a child is not there; ``unknown`` until somebody has asked.
REASONS: Mapping[str, str] = {
    "unknown": "还不知道",
    "ill": "生病",
    "family": "家中有事",
    "road": "路上不便",
    "other": "其他",
}
#: How a mark came about. ``roll``: nobody said anything of the child when the roll was closed.
WAYS: Mapping[str, str] = {
    "tap": "点名",
    "badge": "扫胸牌",
    "kiosk": "门口签到",
    "paper": "纸质表补录",
    "settle": "核对",
    "roll": "点名完成，默认到场",
}
ROLL = "roll"
#: A badge shown so long after the start, or later, is late.
LATE_AFTER = timedelta(minutes=10)
#: A sheet closes for good so long after its session's end (PG), and opens again for so long.
LOCK_AFTER, UNLOCKED_FOR = timedelta(hours=48), timedelta(hours=24)
#: The guardian hears of an absence within this time (PG); a phone that errs has the first minutes.
ALERT_WITHIN, ALERT_GRACE = timedelta(minutes=30), timedelta(minutes=10)
#: So many roll calls missed in a row without a word, and somebody goes to see.
VISIT_AFTER = 2
#: Roll calls of a camp day at which a child must be there for the day to count: two of three.
OF_A_DAY = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark on one child in one session, named by the device that made it."""

    id: str
    state: str
    marked_at: datetime
    seen: frozenset[str] = frozenset()
    arrived: str = ""
    left: str = ""
    way: str = "tap"


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands on the sheet for one child; ``heads`` sorted, so that equal sheets are equal."""

    state: str
    heads: tuple[str, ...]
    conflict: bool = False
    arrived: str = ""
    left: str = ""


def merge(marks: Iterable[Mark]) -> Cell | None:
    """Return what a child's marks in one session come to; None where there is none."""
    found = {mark.id: mark for mark in marks}
    # What stands by default gives way to anything that somebody said.
    said = {name: mark for name, mark in found.items() if mark.way != ROLL} or found
    if not said:
        return None
    overruled = {name for mark in said.values() for name in mark.seen if name != mark.id}
    # Marks that overrule each other in a ring were made up: then all of them stand, in conflict.
    heads = [mark for name, mark in said.items() if name not in overruled] or list(said.values())
    states = {mark.state for mark in heads}
    latest = sorted(heads, key=lambda mark: (mark.marked_at, mark.id), reverse=True)
    return Cell(
        state=next(state for state in _GRAVEST if state in states),
        heads=tuple(sorted(mark.id for mark in heads)),
        conflict=len(states) > 1,
        arrived=next((mark.arrived for mark in latest if mark.arrived), ""),
        left=next((mark.left for mark in latest if mark.left), ""),
    )


def camp_day(states: Sequence[str]) -> str:
    """Return what the roll calls of one day come to: present, leave or absent.

    There at two of three (at the only one of one) is a day present. Of a day missed, an absence
    without a word weighs more than a leave. Raises ValueError for a day without a roll call.
    """
    if not states:
        msg = "a day without a roll call counts for nothing"
        raise ValueError(msg)
    there = sum(state in HERE for state in states)
    if there >= min(OF_A_DAY, len(states)):
        return "present"
    return "absent" if "absent" in states else "leave"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of a list were what."""

    present: int = 0
    late: int = 0
    leave: int = 0
    absent: int = 0

    @property
    def here(self) -> int:
        """Return how many were in the room."""
        return self.present + self.late

    @property
    def expected(self) -> int:
        """Return how many should have been."""
        return self.present + self.late + self.leave + self.absent

    @property
    def rate(self) -> Decimal | None:
        """Return the rate of attendance in per cent, one decimal: 286 of 300 are 95.3."""
        return percent(self.here, self.expected)

    @property
    def rate_without_leave(self) -> Decimal | None:
        """Return the rate among those who had not asked for leave: 286 of 290 are 98.6."""
        return percent(self.here, self.expected - self.leave)


def counted(states: Iterable[str]) -> Counts:
    """Count states; a word that is none raises TypeError."""
    return Counts(**Counter(states))


def percent(part: int, whole: int) -> Decimal | None:
    """Return part of whole in per cent with one decimal, halves up; None of nothing."""
    if whole <= 0:
        return None
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def put_right(marked_at: datetime, device_now: datetime, now: datetime) -> datetime:
    """Return when a mark was made by the server's clock; never in the future.

    ``device_now`` is what the device's clock said when it sent, ``now`` what ours said then.
    """
    return min(marked_at + (now - device_now), now)


def in_a_row(states: Sequence[str]) -> int:
    """Return how many roll calls, up to the last one, were missed without a word."""
    missed = 0
    for state in reversed(states):
        if state != "absent":
            break
        missed += 1
    return missed
