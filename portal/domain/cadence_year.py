"""A cadence as a picture: the last twelve months, a cell each, and the quarters below them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from portal.domain.cadence import TALK, VISIT, Cadence, Obligation, period_of

MONTHS = 12
_DAY = timedelta(days=1)
#: What a cell may say: a sign for the eye, words for everybody.
WORDS: Mapping[str, str] = {
    "met": "已完成",
    "unverified": "已完成，待核实",
    "waiting": "待完成",
    "missed": "未完成",
    "excused": "已免除",
    "paused": "暂停",
    "free": "不要求",
    "none": "没有结对",
}
SIGNS: Mapping[str, str] = {
    "met": "✓",
    "unverified": "✓?",
    "waiting": "待",
    "missed": "缺",
    "excused": "免",
    "paused": "停",
    "free": "–",
    "none": "",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One period in the picture; ``months`` is how many of the twelve it covers."""

    first: date
    state: str
    months: int = 1
    done: int = 0
    asked: int = 0

    @property
    def sign(self) -> str:
        """Return the sign in the cell: no state is told by colour alone."""
        return SIGNS[self.state]

    @property
    def words(self) -> str:
        """Return the state in words (a message id)."""
        return WORDS[self.state]


@dataclass(frozen=True, slots=True)
class Year:
    """Twelve months of talks, and the quarters of visits that lie in them."""

    talks: tuple[Cell, ...]
    visits: tuple[Cell, ...]


def picture(cadence: Cadence, today: date) -> Year:
    """Return the twelve months up to the one that runs today."""
    months = [period_of(today, 1)[0]]
    while len(months) < MONTHS:
        months.insert(0, period_of(months[0] - _DAY, 1)[0])
    return Year(_talks(cadence, months), _visits(cadence, months))


def _talks(cadence: Cadence, months: list[date]) -> tuple[Cell, ...]:
    known = {one.period_from: one for one in cadence.of(TALK)}
    return tuple(_cell(first, known.get(first)) for first in months)


def _visits(cadence: Cadence, months: list[date]) -> tuple[Cell, ...]:
    known = {one.period_from: one for one in cadence.of(VISIT)}
    if not known:
        return ()
    quarters: dict[date, int] = {}
    for month in months:
        first = period_of(month, 3)[0]
        quarters[first] = quarters.get(first, 0) + 1
    return tuple(_cell(first, known.get(first), span) for first, span in quarters.items())


def _cell(first: date, one: Obligation | None, span: int = 1) -> Cell:
    if one is None:
        return Cell(first, "none", span)
    return Cell(first, _state(one), span, one.done, one.asked)


def _state(one: Obligation) -> str:
    if one.state == "met":
        return "met" if one.is_verified else "unverified"
    if one.state == "not_due":
        return "paused" if one.because == "paused" else "free"
    return one.state
