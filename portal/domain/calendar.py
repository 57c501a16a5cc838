"""Working days: the State Council's table of each year, and what an authority sets beside it.

Every deadline in working days and every weekend class asks here (S0-4.4b). A year whose table is
not published yet counts Monday to Friday as worked, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import chinese_calendar


class DayKind(StrEnum):
    """What an authority says of a day."""

    HOLIDAY = "holiday"
    WORKDAY = "workday"
    CLASS_DAY = "class_day"


KIND_LABELS: Mapping[str, str] = {
    DayKind.HOLIDAY: "放假",
    DayKind.WORKDAY: "上班",
    DayKind.CLASS_DAY: "可以开周末班",
}
#: The names of the State Council's table, as the library spells them.
HOLIDAY_LABELS: Mapping[str, str] = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}
_SATURDAY = 5
_DAY = timedelta(days=1)


def is_published(year: int) -> bool:
    """Tell whether the State Council's table of a year is known here."""
    return _national(date(year, 1, 1)) is not None


@dataclass(frozen=True, slots=True)
class NationalDay:
    """A day that the national table takes out of the ordinary week."""

    day: date
    name: str
    is_workday: bool


def national_days(year: int) -> tuple[NationalDay, ...]:
    """Return a year's holidays on weekdays and worked weekends, with the holiday's name."""
    found = (_exception(day) for day in _days_of(year))
    return tuple(one for one in found if one is not None)


@dataclass(frozen=True, slots=True)
class Calendar:
    """One authority's calendar: the national table under its own days."""

    own: Mapping[date, DayKind] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        """Tell whether offices work on this day."""
        said = self.own.get(day)
        if said in (DayKind.HOLIDAY, DayKind.WORKDAY):
            return said is DayKind.WORKDAY
        table = _national(day)
        return _in_week(day) if table is None else table

    def next_workday(self, day: date) -> date:
        """Return the first working day on or after this one."""
        while not self.is_workday(day):
            day += _DAY
        return day

    def workdays_after(self, day: date, count: int) -> date:
        """Return the working day so many working days after this one."""
        while count > 0:
            day += _DAY
            count -= self.is_workday(day)
        return day

    def workdays_between(self, since: date, until: date) -> int:
        """Count the working days after ``since``, up to and including ``until``."""
        days = (until - since).days
        return sum(self.is_workday(since + timedelta(days=step)) for step in range(1, days + 1))

    def is_weekend_class_day(self, day: date) -> bool:
        """Tell whether a weekend interest class may meet (S0-4.4b).

        Saturdays and Sundays, except one that is worked in exchange for a holiday; an authority
        may name further days.
        """
        if self.own.get(day) is DayKind.CLASS_DAY:
            return True
        return day.weekday() >= _SATURDAY and not self.is_workday(day)


#: The national calendar alone.
NATIONAL = Calendar()


def _in_week(day: date) -> bool:
    return day.weekday() < _SATURDAY


@lru_cache(maxsize=4096)
def _national(day: date) -> bool | None:
    """Return whether the national table works on a day; None when the year is not published."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def _exception(day: date) -> NationalDay | None:
    works = _national(day)
    if works is None or works == _in_week(day):
        return None
    _, name = chinese_calendar.get_holiday_detail(day)
    return NationalDay(day, HOLIDAY_LABELS.get(name or "", name or ""), works)


def _days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += _DAY
