"""Times as a story writes them: dates in Shanghai, or relative to the step before, or to today."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from portal.domain import clock

#: When a line names a day and no hour: the bureau opens.
OPENING = time(9, 0)

_SPAN = re.compile(r"\+(\d+)(m|h|d)(?: (\d{1,2}:\d{2}))?")
_NEXT_DAY = re.compile(r"next day(?: (\d{1,2}:\d{2}))?")
_TODAY = re.compile(r"today(?:([+-]\d+)d)?(?: (\d{1,2}:\d{2}))?")
_NOW = re.compile(r"now(?:-(\d+)(m|h))?")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{1,2}:\d{2}(?::\d{2})?))?")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}

FORMS = (
    ("2026-05-10 10:00", "that moment in Shanghai; without an hour, 09:00"),
    ("+72h · +30m · +2d · +2d 09:00", "after the step before; with an hour, on that later day"),
    ("next day 09:00", "the day after the step before"),
    ("today-12d 09:00 · today", "counted from the day the story is played"),
    ("now-90m · now-2h · now", "counted from the moment the story is played"),
)


def moment(text: str, before: datetime, played: datetime) -> datetime:
    """Return the UTC instant of an ``at``.

    ``before`` is the step before, ``played`` the real moment of playing. ValueError with a
    sentence for a form that is not known.
    """
    local_before, local_played = clock.local(before), clock.local(played)
    if match := _DATE.fullmatch(text):
        return _at(date.fromisoformat(match[1]), match[2])
    if match := _SPAN.fullmatch(text):
        later = local_before + timedelta(**{_UNITS[match[2]]: int(match[1])})
        return _at(later.date(), match[3]) if match[3] else later.astimezone(UTC)
    if match := _NEXT_DAY.fullmatch(text):
        return _at(local_before.date() + timedelta(days=1), match[1])
    if match := _TODAY.fullmatch(text):
        return _at(local_played.date() + timedelta(days=int(match[1] or 0)), match[2])
    if match := _NOW.fullmatch(text):
        ago = timedelta(**{_UNITS[match[2]]: int(match[1])}) if match[1] else timedelta()
        return played - ago
    msg = f"“{text}” is not a time that a story knows"
    raise ValueError(msg)


def day(text: str, present: datetime, played: datetime) -> date:
    """Return the Shanghai day of a date argument: the forms of ``moment``, hours left out."""
    return clock.local(moment(text, present, played)).date()


def _at(day_: date, hour: str | None) -> datetime:
    at = time.fromisoformat(hour.zfill(5)) if hour else OPENING
    return datetime.combine(day_, at, clock.SHANGHAI).astimezone(UTC)
