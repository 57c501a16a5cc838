"""Time given: what one service was, which times can be true, and minutes as hours (domain.md 6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from portal.domain import clock
from portal.domain.errors import Invalid
from portal.domain.screening import Severity
from portal.domain.screening_names import KnownFacts
from portal.domain.screening_numbers import find_numbers
from portal.domain.screening_spans import Texts

#: What a service may be; the certificate names it (149号: service content).
ACTIVITY_WORDS: Mapping[str, str] = {
    "talk": "谈心交流",
    "home_visit": "入户看望",
    "tutoring": "课业辅导",
    "class": "兴趣班",
    "camp": "夏（冬）令营",
    "after_school": "课后照料",
    "festival": "节日慰问",
    "delivery": "物资递送",
    "counselling": "心理疏导",
    "event": "活动组织",
    "training": "志愿者培训",
    "other": "其他服务",
}
#: A visit to a home keeps no place: the record would tell where a child lives.
AT_HOME = "home_visit"
DAY_MINUTES = 24 * 60
TEXT_LENGTH = 80
_HOUR = Decimal(60)
_CENT = Decimal("0.01")
#: A house number, a group of a hamlet, a flat: no activity's venue is written so finely.
_DWELLING = re.compile(r"[0-9\uff10-\uff19一二三四五六七八九十百]+\s*(?:号|组|栋|幢|单元|室|户)")
_HOME_WORDS = ("孩子家", "儿童家", "家中", "家里", "住处", "住所", "宿舍")


@dataclass(frozen=True, slots=True)
class Service:
    """One service as told: a day with minutes, or a day with two times of the wall clock."""

    kind: str
    title: str
    place: str
    served_on: date
    minutes: int | None = None
    starts: time | None = None
    ends: time | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """The time one service took; both instants are None where only the minutes are known."""

    minutes: int
    started_at: datetime | None = None
    ended_at: datetime | None = None


def hours(minutes: int) -> Decimal:
    """Return minutes as hours: minutes / 60 with two decimals, half up (story A4)."""
    return (Decimal(minutes) / _HOUR).quantize(_CENT, ROUND_HALF_UP)


def check(service: Service) -> Span:
    """Return the time a service took; raise Invalid with a sentence per field that cannot be true.

    Nothing lies in the future, a day has 1440 minutes, no place is somebody's home.
    """
    problems = _word_problems(service)
    span = Span(0)
    try:
        span = _span(service)
    except Invalid as refusal:
        problems |= refusal.fields
    if problems:
        raise Invalid("{what}", problems, what="；".join(problems.values()))
    return span


def check_against(span: Span, others: Iterable[Span]) -> None:
    """Refuse what does not fit into the day beside the same person's other records.

    Raises Invalid when two times overlap or the day would hold more than 1440 minutes.
    """
    others = tuple(others)
    if any(_overlap(span, other) for other in others):
        sentence = "这段时间已经有一条记录，同一个人不能同时在两处服务"
        raise Invalid(sentence, {"starts": sentence})
    if span.minutes + sum(other.minutes for other in others) > DAY_MINUTES:
        sentence = "这一天的时长加起来超过了 24 小时"
        raise Invalid(sentence, {"minutes": sentence})


def check_standing(served_on: date, since: date | None, until: date | None) -> None:
    """Refuse a service outside the days on which the person was an approved supporter."""
    if since is None or served_on < since:
        sentence = "这一天还没有通过审核，不能记入服务时长"
        raise Invalid(sentence, {"served_on": sentence})
    if until is not None and served_on > until:
        sentence = "这一天资格已经到期，不能记入服务时长"
        raise Invalid(sentence, {"served_on": sentence})


def place_kept(service: Service) -> str:
    """Return the place that is stored: none for a visit to a home."""
    return "" if service.kind == AT_HOME else service.place.strip()


def names_a_home(place: str) -> bool:
    """Tell whether a place is written as finely as a home is."""
    return bool(_DWELLING.search(place)) or any(word in place for word in _HOME_WORDS)


def _word_problems(service: Service) -> dict[str, str]:
    problems = {}
    title, place = service.title.strip(), place_kept(service)
    if service.kind not in ACTIVITY_WORDS:
        problems["kind"] = "请选择服务类型"
    if not title or len(title) > TEXT_LENGTH:
        problems["title"] = "请用 80 字以内写明做了什么"
    elif _holds_numbers(title):
        problems["title"] = "请不要写电话、证件号码或账号"
    if service.kind == AT_HOME:
        return problems
    if not place or len(place) > TEXT_LENGTH:
        problems["place"] = "请用 80 字以内写明在哪里"
    elif names_a_home(place) or _holds_numbers(place):
        problems["place"] = "请只写场所名称，不写门牌，也不写孩子的家"
    return problems


def _holds_numbers(text: str) -> bool:
    found = find_numbers(Texts(text), KnownFacts())
    return any(one.severity is Severity.BLOCK for one in found)


def _span(service: Service) -> Span:
    if service.served_on > clock.today():
        raise _wrong("served_on", "服务日期不能晚于今天")
    if (service.starts is None) != (service.ends is None):
        raise _wrong("ends", "请把开始和结束都填上，或者都不填、只填分钟数")
    midnight = clock.start_of(service.served_on)
    if service.starts is None or service.ends is None:
        minutes = service.minutes or 0
        if not 1 <= minutes <= DAY_MINUTES:
            raise _wrong("minutes", "请填写 1 到 1440 分钟")
        if midnight + timedelta(minutes=minutes) > clock.now():
            raise _wrong("minutes", "今天还没有过这么久")
        return Span(minutes)
    start, end = _minute(service.starts), _minute(service.ends) or DAY_MINUTES
    if end <= start:
        raise _wrong("ends", "结束要晚于开始；跨天的服务请分两天填写")
    ended = midnight + timedelta(minutes=end)
    if ended > clock.now():
        raise _wrong("ends", "结束时间还没有到")
    return Span(end - start, midnight + timedelta(minutes=start), ended)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _overlap(one: Span, other: Span) -> bool:
    if not (one.started_at and one.ended_at and other.started_at and other.ended_at):
        return False
    return one.started_at < other.ended_at and other.started_at < one.ended_at


def _wrong(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, {field: sentence})
