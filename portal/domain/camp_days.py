"""What the report of a day says, and what an end report must (issue 5.3): words only, no numbers.

Numbers of attendance are read from the sheets; nobody types them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from portal.domain import clock
from portal.domain.errors import Conflict, Invalid

WEATHER: Mapping[str, str] = {
    "sunny": "晴",
    "cloudy": "多云",
    "rain": "雨",
    "storm": "雷雨大风",
    "hot": "高温",
    "cold": "寒冷",
}
MEALS: Mapping[str, str] = {
    "breakfast": "早餐",
    "lunch": "午餐",
    "snack": "点心",
    "dinner": "晚餐",
}
#: Where an after-school room is held (S0-4.7); other programmes may name theirs, too.
VENUES: Mapping[str, str] = {
    "protection_station": "未保站",
    "childrens_home": "儿童之家",
    "happiness_home": "幸福院",
    "school": "学校",
    "other": "其他",
}
WHO: Mapping[str, str] = {"child": "孩子", "guardian": "监护人"}
STARS = range(1, 6)
TEXT_LENGTH, SHORT_LENGTH, COSTS_MOST = 2000, 300, 20
_FEN_MOST, _YUAN = 10_000_000_00, 100


@dataclass(frozen=True, slots=True)
class Day:
    """The report of a day as it was written."""

    weather: str = ""
    did: str = ""
    served: Sequence[str] = ()
    meals: str = ""
    incident: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """A line of what was spent, in fen."""

    word: str
    fen: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of an end report as they stood when it was handed in."""

    enrolled: int = 0
    expected: int = 0
    here: int = 0
    leave: int = 0
    absent: int = 0
    sessions: int = 0
    cancelled: int = 0
    topics: Mapping[str, int] = field(default_factory=dict)
    #: Slips by who gave them: how many, and the sum of their stars.
    slips: Mapping[str, Sequence[int]] = field(default_factory=dict)
    spent_fen: int = 0
    budget_fen: int = 0
    duty_minutes: int = 0


def check_day(day: Day, on: date, first: date, last: date) -> None:
    """Raise Invalid for words that are too long or unknown, Conflict for a day that is not one."""
    if not first <= on <= last:
        raise Conflict("这一天不在活动的日子里")
    if on > clock.today():
        raise Conflict("还没到这一天，当天或之后再写")
    wrong: dict[str, str] = {}
    if day.weather and day.weather not in WEATHER:
        wrong["weather"] = "请选择天气"
    if set(day.served) - set(MEALS):
        wrong["served"] = "请选择列表里的餐次"
    for name in ("did", "incident", "meals"):
        if len(getattr(day, name)) > TEXT_LENGTH:
            wrong[name] = "最多 2000 个字"
    _refuse(wrong)


def check_handed_in(day: Day) -> None:
    """Raise Invalid while a report lacks what a reader needs."""
    _refuse({"did": "请写写这一天做了什么"} if not day.did.strip() else {})


def check_costs(costs: Sequence[Cost]) -> list[dict[str, str | int]]:
    """Return costs as they are stored; raise Invalid for a line that is none."""
    if len(costs) > COSTS_MOST:
        _refuse({"costs": "最多 20 行"})
    for one in costs:
        if not one.word.strip() or not 0 <= one.fen <= _FEN_MOST:
            _refuse({"costs": "每一行都要写明用途和金额"})
    return [{"word": one.word.strip()[:SHORT_LENGTH], "fen": one.fen} for one in costs]


def fen_of(yuan: str) -> int:
    """Return an amount typed in yuan as fen; raise Invalid for what is none."""
    try:
        value = Decimal(yuan.strip())
    except InvalidOperation:
        value = Decimal(-1)
    fen = value * _YUAN
    if not 0 <= fen <= _FEN_MOST or fen != int(fen):
        _refuse({"costs": "金额请写成 128.50 这样"})
    return int(fen)


def check_slip(who: str, stars: int) -> None:
    """Raise Invalid for a slip that is none."""
    wrong = {} if who in WHO else {"who": "请选择是谁的评价"}
    if stars not in STARS:
        wrong["stars"] = "请选 1 到 5 分"
    _refuse(wrong)


def _refuse(wrong: dict[str, str]) -> None:
    if wrong:
        raise Invalid("{what}", wrong, what="；".join(wrong.values()))
