"""What an organiser fills in for a programme, its preparation and a line of its timetable (PG)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from portal.domain.errors import Invalid
from portal.domain.programmes import KINDS, PLACES_BY, SEASONS

_HOUR = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_MOST_DAYS, _MOST_PLACES, _OLDEST = 366, 500, 17
_LENGTHS = {
    "title": 60,
    "public_words": 600,
    "venue": 120,
    "meeting_point": 120,
    "remark": 300,
    "insurance_no": 40,
    "room": 40,
}


@dataclass(frozen=True, slots=True)
class ProgrammeInput:
    """The fields of a programme; 0 for ratio and places takes the kind's own."""

    kind: str
    title: str
    starts_on: date
    ends_on: date
    season: str = ""
    capacity: int = 0
    age_min: int = -1
    age_max: int = -1
    ratio: int = 0
    public_words: str = ""
    venue: str = ""
    meeting_point: str = ""
    register_from: date | None = None
    register_until: date | None = None
    places_by: str = "first"
    budget_yuan: int = 0
    remark: str = ""

    def check(self) -> None:
        """Raise Invalid naming each field that cannot be; the checklist says what is missing."""
        problems = _too_long(self)
        if self.kind not in KINDS:
            raise Invalid("没有这种活动", {"kind": "请从列表中选择"})
        if not self.title.strip():
            problems["title"] = "请填写活动名称"
        if self.ends_on < self.starts_on:
            problems["ends_on"] = "结束日期早于开始日期"
        elif (self.ends_on - self.starts_on).days >= _MOST_DAYS:
            problems["ends_on"] = "一项活动最长一年"
        if self.season and self.season not in SEASONS:
            problems["season"] = "请从列表中选择"
        if self.places_by not in PLACES_BY:
            problems["places_by"] = "请从列表中选择"
        problems.update(self._numbers())
        _refuse(problems)

    def _numbers(self) -> dict[str, str]:
        problems = {}
        if not 0 <= self.capacity <= _MOST_PLACES:
            problems["capacity"] = "名额应在 1 到 500 之间"
        if not 0 <= self.ratio <= _MOST_PLACES:
            problems["ratio"] = "请填写一名成人照看几名参加者"
        if self.budget_yuan < 0:
            problems["budget_yuan"] = "预算不能是负数"
        if self.age_min > _OLDEST or self.age_max > _OLDEST:
            problems["age_max"] = "年龄不超过 17 岁"
        elif 0 <= self.age_max < self.age_min:
            problems["age_max"] = "最大年龄小于最小年龄"
        return problems


@dataclass(frozen=True, slots=True)
class Preparation:
    """What is made ready after the plan is written, up to the first day."""

    insurance_no: str = ""
    insured_until: date | None = None
    drill_on: date | None = None
    venue_checked_on: date | None = None

    def check(self, today: date) -> None:
        """Raise Invalid for a check or a drill that is still to come."""
        problems = _too_long(self)
        for name, day in (("drill_on", self.drill_on), ("venue_checked_on", self.venue_checked_on)):
            if day is not None and day > today:
                problems[name] = "还没有到的日子不能登记"
        _refuse(problems)


@dataclass(frozen=True, slots=True)
class LineInput:
    """A line of the timetable; hours as HH:MM in Beijing time."""

    happens_on: date
    starts: str
    ends: str
    title: str
    topic: str
    room: str = ""

    def check(self, kind: str) -> None:
        """Raise Invalid naming each field that cannot be."""
        problems = _too_long(self)
        for name in ("starts", "ends"):
            if not _HOUR.fullmatch(getattr(self, name)):
                problems[name] = "请按 09:30 的样子填写时间"
        if not problems and self.ends <= self.starts:
            problems["ends"] = "结束时间要晚于开始时间"
        if not self.title.strip():
            problems["title"] = "请填写内容"
        if self.topic not in KINDS[kind].topics:
            problems["topic"] = "请从列表中选择主题"
        _refuse(problems)


def is_hour(text: str) -> bool:
    """Tell whether a text is an hour of the day as HH:MM."""
    return bool(_HOUR.fullmatch(text))


def _too_long(asked: object) -> dict[str, str]:
    return {
        name: f"最多 {most} 个字"
        for name, most in _LENGTHS.items()
        if len(getattr(asked, name, "")) > most
    }


def _refuse(problems: dict[str, str]) -> None:
    if problems:
        why = "；".join(dict.fromkeys(problems.values()))
        raise Invalid("请修改后再保存：{why}", problems, why=why)
