"""A day as sentences say it."""

from __future__ import annotations

from datetime import date

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def said(day: date) -> str:
    """Return a day as sentences say it: 7月6日."""
    return f"{day.month}月{day.day}日"


def weekday(day: date) -> str:
    """Return the word for the day of the week."""
    return WEEKDAYS[day.weekday()]
