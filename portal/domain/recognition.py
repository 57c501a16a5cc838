"""The child's own words at three moments, the staff's star, the years of a pairing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

MOMENTS: Mapping[str, str] = {"start": "开始时", "middle": "过程中", "end": "结束时"}
#: Shown as words: a small child points at one of three drawn faces on the sheet.
FACES: Mapping[str, str] = {"happy": "开心", "so_so": "一般", "sad": "不开心"}
VOICE_LENGTH, THANKS_LENGTH, STAR_LENGTH = 500, 60, 80
STAR_REASONS: Mapping[str, str] = {
    "steady": "说到做到，从不失约",
    "listening": "耐心倾听",
    "progress": "孩子有了进步",
    "hard_time": "难的时候一直在",
    "creative": "用心想办法陪伴",
    "teamwork": "和工作人员配合得好",
}


def month_of(day: date) -> date:
    """Return the first day of the month."""
    return day.replace(day=1)


def years_on(started: date, day: date) -> int:
    """Return how many whole years end on this very day; 0 when none does.

    A pairing that began on 29 February has its day on the 28th in common years.
    """
    years = day.year - started.year
    if years <= 0:
        return 0
    try:
        turned = started.replace(year=day.year)
    except ValueError:
        turned = date(day.year, 2, 28)
    return years if turned == day else 0
