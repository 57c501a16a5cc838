"""Taking part: who may, what a family agrees to, who waits how long (PG enrolment; S0-4.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.domain import clock
from portal.domain.ledger import Category
from portal.domain.programmes import CLOSE_DAYS

#: The family's consents, one by one; without the first nobody takes part.
CONSENTS: Mapping[str, str] = {
    "activity": "参加活动",
    "photo": "拍照留念（只给家庭和工作人员看，不公开）",
    "medical": "紧急情况下送医并先行处置",
    "transport": "乘坐活动安排的车辆",
}
#: The edition of the sentences above that a consent was given to.
CONSENT_VERSION = "2026-1"
METHODS: Mapping[str, str] = {
    "written": "纸质签字",
    "phone": "电话确认",
    "in_person": "当面口头确认",
    "link": "监护人链接",
}
SOURCES: Mapping[str, str] = {"director": "儿童主任", "guardian": "监护人", "staff": "工作人员"}
#: Days in which a family that moved up accepts or passes.
ANSWER_DAYS = 3
#: Notes about health and meals go so many days after the end.
FORGET_DAYS = 30
NOTE_LENGTH, NAME_LENGTH, REASON_LENGTH = 300, 40, 200
#: A child in one of these holds a place.
PLACED = frozenset({"enrolled", "offered", "attended"})
LIVE = frozenset({"applied", "consented", "enrolled", "waitlisted", "offered"})
#: Whose names stand on the roster.
ON_ROSTER = frozenset({"enrolled", "attended"})
#: Why the system refuses or ends one, in the words that the family reads.
REASONS: Mapping[str, str] = {
    "age": "开营（开班）当天的年龄不在招收范围内",
    "no_consent": "报名截止前没有收到参加活动的同意",
    "declined": "监护人没有同意参加活动",
    "lapsed": "候补到的名额没有在期限内答复",
    "passed": "家庭放弃了候补到的名额",
    "withdrawn": "监护人退出了报名",
    "cancelled": "活动取消了",
    "never_came": "没有参加过活动",
    "over": "活动已经结束，没有轮到",
}
#: Tickets in a draw beside everybody's one: what a county knows of need (never public).
_CATEGORY_TICKETS: Mapping[str, int] = {
    Category.SCATTERED_ORPHAN: 2,
    Category.DE_FACTO_UNATTENDED: 2,
    Category.AUTISM: 1,
}
_LEFT_BEHIND, _LACKS_AFFECTION, _NEVER_BEFORE = 1, 1, 1


@dataclass(frozen=True, slots=True)
class Need:
    """What counts in a weighted draw."""

    category: str
    left_behind: bool = False
    lacks_affection: bool = False
    took_part_before: bool = False


def tickets(need: Need) -> int:
    """Return how many tickets a child holds: one, and more for need and for a first time."""
    return (
        1
        + _CATEGORY_TICKETS.get(need.category, 0)
        + _LEFT_BEHIND * need.left_behind
        + _LACKS_AFFECTION * need.lacks_affection
        + _NEVER_BEFORE * (not need.took_part_before)
    )


def last_day(starts_on: date, until: date | None) -> date:
    """Return the last day to apply: as announced, never later than five days before (PG)."""
    latest = starts_on - timedelta(days=CLOSE_DAYS)
    return min(until, latest) if until is not None else latest


def answer_by(starts_on: date, now: datetime) -> datetime:
    """Return until when a family that moved up may answer: three days, or the eve of the start."""
    latest = clock.local(now).date() + timedelta(days=ANSWER_DAYS)
    eve = starts_on - timedelta(days=1)
    if clock.local(now).date() <= eve:
        latest = min(latest, eve)
    return clock.end_of(latest)


def days_of(starts_on: date, ends_on: date, held: Iterable[date]) -> frozenset[date]:
    """Return the days a programme takes: those it meets on, every day while none is planned."""
    meets = frozenset(held)
    if meets:
        return meets
    span = (ends_on - starts_on).days
    return frozenset(starts_on + timedelta(days=step) for step in range(span + 1))
