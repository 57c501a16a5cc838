"""The slots of a room with a screen: pure reckoning of days, hours and what may be booked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.domain import clock
from portal.domain.errors import Invalid

#: Who a child may speak with; the words a booking keeps.
RELATIONS: Mapping[str, str] = {
    "father": "父亲",
    "mother": "母亲",
    "both": "父母",
    "grandparent": "祖父母、外祖父母",
    "other": "其他亲属",
}
WEEKDAYS: Mapping[str, str] = {
    "1": "星期一", "2": "星期二", "3": "星期三", "4": "星期四", "5": "星期五", "6": "星期六",
    "7": "星期日",
}  # fmt: skip
#: So far ahead a slot may be booked, in days.
AHEAD = 60
MIN_SLOT, MAX_SLOT = 10, 120
MAX_MINUTES = 180
_HOUR = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Hours:
    """When a room is open: digits of weekdays (Monday 1), two times HH:MM, minutes per slot."""

    weekdays: str
    opens: str
    closes: str
    slot_minutes: int

    def on(self, day: date) -> tuple[str, ...]:
        """Return the slots of a day as HH:MM, each whole inside the hours."""
        if str(day.isoweekday()) not in self.weekdays:
            return ()
        return tuple(self._starts())

    def all(self) -> tuple[str, ...]:
        """Return the slots of any open day."""
        return tuple(self._starts())

    def _starts(self) -> Iterator[str]:
        at, end = _minutes(self.opens), _minutes(self.closes)
        while at + self.slot_minutes <= end:
            yield f"{at // 60:02d}:{at % 60:02d}"
            at += self.slot_minutes


def checked(hours: Hours) -> Hours:
    """Return the hours; raise Invalid naming the field where they hold no slot."""
    wrong: dict[str, str] = {}
    if not hours.weekdays or set(hours.weekdays) - set(WEEKDAYS):
        wrong["weekdays"] = "请选择开放的日子"
    for name in ("opens", "closes"):
        if not _HOUR.fullmatch(getattr(hours, name)):
            wrong[name] = "时间请写成 17:30 这样"
    if not MIN_SLOT <= hours.slot_minutes <= MAX_SLOT:
        wrong["slot_minutes"] = "每次 10 到 120 分钟"
    if not wrong and not hours.all():
        wrong["closes"] = "开放的时间放不下一次连线"
    if wrong:
        raise Invalid("{what}", wrong, what="；".join(wrong.values()))
    return hours


def check_slot(hours: Hours, day: date, starts: str) -> None:
    """Raise Invalid unless the slot is one of the room's, not past, and not too far ahead."""
    if starts not in hours.on(day):
        sentence = "这间连线室那个时间不开放，请另选时段"
    elif begins(day, starts) <= clock.now():
        sentence = "这个时段已经过了，请选后面的"
    elif day > clock.today() + timedelta(days=AHEAD):
        sentence = "最多可以预约 60 天以内的时段"
    else:
        return
    raise Invalid(sentence, {"starts": sentence})


def check_minutes(minutes: int | None) -> int:
    """Return how long a call was; raise Invalid outside 1 to 180 minutes."""
    if minutes is None or not 1 <= minutes <= MAX_MINUTES:
        sentence = "连线了多少分钟，请填 1 到 180"
        raise Invalid(sentence, {"minutes": sentence})
    return minutes


def begins(day: date, starts: str) -> datetime:
    """Return the instant at which a slot begins."""
    hour, minute = map(int, starts.split(":"))
    return datetime.combine(day, time(hour, minute), clock.SHANGHAI)


def _minutes(hour: str) -> int:
    return int(hour[:2]) * 60 + int(hour[3:])
