"""The three wish windows of a year and their default dates (S0-4.8c, domain.md 1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.errors import Invalid


class Occasion(StrEnum):
    """Why people give just now."""

    SPRING_FESTIVAL = "spring_festival"
    CHILDREN_DAY = "children_day"
    SCHOOL_START = "school_start"


OCCASION_LABELS: dict[Occasion, str] = {
    Occasion.SPRING_FESTIVAL: "春节",
    Occasion.CHILDREN_DAY: "六一",
    Occasion.SCHOOL_START: "开学季",
}
#: The first day of the lunar year (春节); a year beyond the table is entered by hand.
_SPRING_FESTIVAL: dict[int, date] = {
    day.year: day
    for day in (
        date(2025, 1, 29),
        date(2026, 2, 17),
        date(2027, 2, 6),
        date(2028, 1, 26),
        date(2029, 2, 13),
        date(2030, 2, 3),
        date(2031, 1, 23),
        date(2032, 2, 11),
        date(2033, 1, 31),
        date(2034, 2, 19),
        date(2035, 2, 8),
    )
}


@dataclass(frozen=True, slots=True)
class WindowDates:
    """When claims open and close, and the last day for goods to arrive; all days included."""

    opens: date
    closes: date
    deliver_by: date
    festival_on: date | None = None


def default_dates(occasion: Occasion, year: int) -> WindowDates:
    """Return the default dates of domain.md; Invalid when the lunar year is not in the table."""
    if occasion is Occasion.CHILDREN_DAY:
        festival = date(year, 6, 1)
        return WindowDates(date(year, 5, 1), date(year, 5, 25), festival, festival)
    if occasion is Occasion.SCHOOL_START:
        return WindowDates(date(year, 8, 10), date(year, 8, 25), date(year, 9, 1))
    festival_on = _SPRING_FESTIVAL.get(year)
    if festival_on is None:
        raise Invalid("{year}年的春节日期还不知道，请先填写窗口日期", year=year)
    return WindowDates(
        festival_on - timedelta(days=38),
        festival_on - timedelta(days=12),
        festival_on - timedelta(days=4),
        festival_on,
    )


def standing_open(dates: WindowDates, days: int) -> WindowDates:
    """Return the dates opened so early that the window stands for this many days."""
    return replace(dates, opens=dates.closes - timedelta(days=days - 1))


def check(dates: WindowDates) -> WindowDates:
    """Return the dates if they follow each other; Invalid with the field that does not."""
    if dates.closes < dates.opens:
        raise Invalid("截止日期不能早于开始日期", {"closes": "截止日期不能早于开始日期"})
    if dates.deliver_by < dates.closes:
        raise Invalid("送达日期不能早于截止日期", {"deliver_by": "送达日期不能早于截止日期"})
    return dates


def window_label(year: int, occasion: str) -> str:
    """Name a window: 2026年六一."""
    return f"{year}年{OCCASION_LABELS[Occasion(occasion)]}"
