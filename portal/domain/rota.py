"""The rota of a programme: who works when, how many adults a day needs (S0-4.4, PG)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from portal.domain import clock
from portal.domain.errors import Invalid

#: A person on the rota opens the roster so many days before the first duty…
ACCESS_BEFORE = timedelta(days=7)
#: …and until so long after the programme's last day.
ACCESS_AFTER = timedelta(hours=24)
REMOVED: Mapping[str, str] = {
    "declined": "本人没有接受",
    "left": "本人退出",
    "organiser": "组织者调整",
    "lapsed": "接触儿童的资格不再有效",
    "cancelled": "活动取消",
}
#: Roles of an access row (models.programmes): by what the person does on the rota.
ACCESS_ROLES: Mapping[str, str] = {"lead": "teacher", "teacher": "teacher"}
HELPER = "helper"
#: A day of work that no law and no child bears.
LONGEST_MINUTES = 15 * 60
#: Days ahead for which the desk looks for too few adults.
LOOK_AHEAD_DAYS = 14
WORDS_LENGTH = 200
_HOUR = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


def minutes(starts: str, ends: str) -> int:
    """Return the minutes between two times of a day, HH:MM; negative when turned round."""
    return _minute(ends) - _minute(starts)


def overlap(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Tell whether two spans of a day share a minute; one may begin when the other ends."""
    return one[0] < other[1] and other[0] < one[1]


def check_hours(starts: str, ends: str) -> None:
    """Refuse hours that are none, turned round, or longer than fifteen hours."""
    if not _HOUR.fullmatch(starts) or not _HOUR.fullmatch(ends):
        raise Invalid("时间请写成 09:30 的样子", {"starts": "时间请写成 09:30 的样子"})
    if not 0 < minutes(starts, ends) <= LONGEST_MINUTES:
        said = "结束时间要在开始时间之后，一天不超过15小时"
        raise Invalid(said, {"ends": said})


def access_span(first_duty: date, ends_on: date) -> tuple[datetime, datetime]:
    """Return from when and until when a duty opens the roster: 7 days before to 24 hours after."""
    opens = clock.start_of(first_duty) - ACCESS_BEFORE
    return opens, clock.start_of(ends_on + timedelta(days=1)) + ACCESS_AFTER


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])
