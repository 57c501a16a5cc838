"""What a programme's plan still lacks: one rule, one sentence, one place on the page (PG).

Pure: the service and the page ask the same function, while one types and before each step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.domain.calendar import NATIONAL, Calendar
from portal.domain.day_words import said, weekday
from portal.domain.explanations import Sentence
from portal.domain.programmes import (
    ADULTS,
    APPLY_DAYS,
    CAMP_DAYS,
    CLOSE_DAYS,
    DRILL_DAYS,
    KINDS,
    RATIO,
    TOPICS,
    adults_needed,
    may_meet,
    why_not,
)

_DAY = timedelta(days=1)
_MANY = 3
#: The steps in their order; what one asks for, every later one asks for as well.
STAGES = ("submit", "approve", "open", "start")
#: The deadline of the application itself.
APPLY = "apply"


@dataclass(frozen=True, slots=True)
class Rules:
    """What an authority has set for a kind (domain.settings)."""

    ratio: int = RATIO
    adults: int = ADULTS
    camp_days: int = CAMP_DAYS
    camps_a_vacation: int = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """A programme as the checks see it.

    ``lines`` says which topics each day has; ``adults`` how many people of tier 2 look after
    children on a day, ``lapsed`` the days on which somebody on the rota is not of tier 2;
    ``heads`` the children counted for the ratio (the places, the roster once it stands).
    """

    kind: str
    starts_on: date
    ends_on: date
    today: date
    heads: int
    title: str = ""
    season: str = ""
    ratio: int = RATIO
    lines: Mapping[date, frozenset[str]] = field(default_factory=dict)
    adults: Mapping[date, int] = field(default_factory=dict)
    lapsed: tuple[date, ...] = ()
    venue: str = ""
    venue_checked_on: date | None = None
    insurance_no: str = ""
    insured_until: date | None = None
    has_plan: bool = False
    drill_on: date | None = None
    budget_fen: int = 0
    register_from: date | None = None
    register_until: date | None = None
    #: Other camps of the same unit in the same vacation.
    other_camps: int = 0
    calendar: Calendar = NATIONAL
    rules: Rules = Rules()

    @property
    def days(self) -> tuple[date, ...]:
        """Return every day from the first to the last."""
        count = (self.ends_on - self.starts_on).days + 1
        return tuple(self.starts_on + _DAY * step for step in range(count))

    @property
    def active(self) -> tuple[date, ...]:
        """Return the days with an activity on them, inside the dates."""
        return tuple(day for day in sorted(self.lines) if self.starts_on <= day <= self.ends_on)

    @property
    def topics(self) -> frozenset[str]:
        """Return every topic of the timetable."""
        return frozenset().union(*self.lines.values())

    @property
    def least_days(self) -> int:
        """Return the fewest days of this kind; a camp's may be set higher, never lower."""
        least = KINDS[self.kind].min_days
        return max(least, self.rules.camp_days) if least else 0


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing: its sentence, its field, the first step it stops.

    ``stage`` empty: it only warns; ``apply``: it stops the submission and no later step.
    """

    code: str
    said: Sentence
    where: str
    stage: str = "submit"

    def blocks(self, stage: str) -> bool:
        """Tell whether this stops a step: each step asks for what the steps before it asked."""
        if self.stage == APPLY:
            return stage == "submit"
        return bool(self.stage) and STAGES.index(self.stage) <= STAGES.index(stage)

    def __str__(self) -> str:
        return str(self.said)


def missing(plan: Plan) -> tuple[Lack, ...]:
    """Return everything the plan lacks or is warned of, in the order of the page."""
    return tuple(lack for rule in _RULES for lack in rule(plan))


def _lack(code: str, where: str, template: str, stage: str = "submit", **params: object) -> Lack:
    return Lack(code, Sentence(template, params), where, stage)


def _length(plan: Plan) -> Iterator[Lack]:
    """S0-4.4a: a camp has ten days at least, counted on the calendar."""
    days, least = len(plan.days), plan.least_days
    if days < 1:
        yield _lack("dates", "ends_on", "结束日期早于开始日期")
    elif days < least:
        yield _lack(
            "length", "ends_on", "还差 {gap} 天：起止日期共 {days} 天，每期不少于 {least} 天",
            gap=least - days, days=days, least=least,
        )  # fmt: skip


def _planned(plan: Plan) -> Iterator[Lack]:
    """Every day of a camp has something on it; nothing has no day at all."""
    days, active = len(plan.days), len(plan.active)
    if not active:
        yield _lack("timetable", "timetable", "日程表还是空的：先排活动内容")
        return
    wanted = max(days, plan.least_days)
    if KINDS[plan.kind].every_day and active < wanted:
        empty = [day for day in plan.days if day not in plan.lines]
        if empty:
            yield _lack(
                "planned", "timetable", "还差 {gap} 天：已排 {active} / {wanted} 天（{which}）",
                gap=wanted - active, active=active, wanted=wanted, which=_named(empty),
            )  # fmt: skip


def _topics(plan: Plan) -> Iterator[Lack]:
    """S0-4.4c: traditional culture and safety in every camp; the five topics are reported."""
    for topic in KINDS[plan.kind].required_topics:
        if plan.lines and topic not in plan.topics:
            yield _lack(f"topic-{topic}", "timetable", "日程里还没有“{topic}”", topic=TOPICS[topic])


def _weekdays(plan: Plan) -> Iterator[Lack]:
    """S0-4.4b: a class on Saturday or Sunday; after-school rooms on days worked."""
    wrong = [day for day in plan.active if not may_meet(plan.kind, day, plan.calendar)]
    for day in wrong[:_MANY]:
        yield _lack("weekday", "timetable", why_not(plan.kind), day=said(day), weekday=weekday(day))
    outside = [day for day in sorted(plan.lines) if not plan.starts_on <= day <= plan.ends_on]
    if outside:
        yield _lack(
            "outside", "timetable", "日程里有起止日期之外的日子：{which}", which=_named(outside)
        )


def _season(plan: Plan) -> Iterator[Lack]:
    """S0-4.4a, D-3: one or two camps a vacation; a third warns and is not refused."""
    if not KINDS[plan.kind].seasonal:
        return
    if not plan.season:
        yield _lack("season", "season", "请选择属于寒假还是暑假")
    elif plan.other_camps >= plan.rules.camps_a_vacation:
        yield _lack(
            "third", "season",
            "这个假期已有 {n} 期营：每个假期一般举办 1 至 {most} 期，再办请说明理由",
            stage="", n=plan.other_camps, most=plan.rules.camps_a_vacation,
        )  # fmt: skip


def _ratio(plan: Plan) -> Iterator[Lack]:
    """PG: one adult for eight children at most; stricter may be set."""
    if not 1 <= plan.ratio <= plan.rules.ratio:
        yield _lack(
            "ratio", "ratio", "一名成人最多照看 {most} 名参加者（1:{most}），可以更严，不能更宽",
            most=plan.rules.ratio,
        )  # fmt: skip


def _venue(plan: Plan) -> Iterator[Lack]:
    if not plan.venue.strip():
        yield _lack("venue", "venue", "还没有填写场地")
    elif KINDS[plan.kind].needs_venue_check and plan.venue_checked_on is None:
        yield _lack("venue-check", "venue_checked_on", "场地还没有查看：请实地查看后登记日期")


def _money(plan: Plan) -> Iterator[Lack]:
    if KINDS[plan.kind].needs_budget and plan.budget_fen <= 0:
        yield _lack("budget", "budget", "还没有填写预算")


def _registration(plan: Plan) -> Iterator[Lack]:
    """PG: applied for twenty days before; families apply until five days before the first day."""
    if plan.register_from is None or plan.register_until is None:
        yield _lack("registration", "register_until", "还没有填写报名的起止日期")
        return
    last = plan.starts_on - timedelta(days=CLOSE_DAYS)
    if plan.register_until > last:
        yield _lack(
            "register-late", "register_until", "报名要在开始前 {n} 天截止，最晚 {last}",
            n=CLOSE_DAYS, last=said(last),
        )  # fmt: skip
    if plan.register_from > plan.register_until:
        yield _lack("register-order", "register_from", "报名开始的日子晚于截止的日子")


def _in_time(plan: Plan) -> Iterator[Lack]:
    last = plan.starts_on - timedelta(days=APPLY_DAYS)
    if plan.today > last:
        yield _lack(
            "too-late", "starts_on",
            "要在开始前 {n} 天提交申请（最晚 {last}）：请把日期往后排",
            stage=APPLY, n=APPLY_DAYS, last=said(last),
        )  # fmt: skip


def _insurance(plan: Plan) -> Iterator[Lack]:
    if not KINDS[plan.kind].needs_insurance:
        return
    if not plan.insurance_no.strip():
        yield _lack("insurance", "insurance_no", "还没有填写保险单号", stage="open")
    elif plan.insured_until is None or plan.insured_until < plan.ends_on:
        yield _lack(
            "insured", "insured_until", "保险要保到最后一天（{last}）",
            stage="open", last=said(plan.ends_on),
        )  # fmt: skip


def _emergency(plan: Plan) -> Iterator[Lack]:
    """S3-7a: no camp opens without a plan and a drill of the last ninety days."""
    if not KINDS[plan.kind].needs_drill:
        return
    if not plan.has_plan:
        yield _lack("plan", "plan_file", "还没有上传应急预案", stage="open")
    earliest = plan.starts_on - timedelta(days=DRILL_DAYS)
    if plan.drill_on is None:
        yield _lack("drill", "drill_on", "还没有登记应急演练的日期", stage="open")
    elif plan.drill_on < earliest:
        yield _lack(
            "drill-old", "drill_on", "上次演练是 {day}，开始前 {n} 天内要演练过",
            stage="open", day=said(plan.drill_on), n=DRILL_DAYS,
        )  # fmt: skip
    elif plan.drill_on > plan.today:
        yield _lack("drill-to-come", "drill_on", "演练日期还没有到，演练后再登记", stage="open")


def _adults(plan: Plan) -> Iterator[Lack]:
    """PG: two adults at least and one for so many children, all of tier 2, on every day."""
    if plan.lapsed:
        yield _lack(
            "lapsed", "rota", "有人当天没有接触儿童的资格：{which}",
            stage="open", which=_named(plan.lapsed),
        )  # fmt: skip
    needed = adults_needed(plan.heads, min(plan.ratio, plan.rules.ratio), plan.rules.adults)
    short = [day for day in plan.active if plan.adults.get(day, 0) < needed]
    if short:
        yield _lack(
            "adults", "rota", "每天要有 {needed} 名有资格的成人在岗，还不够的日子：{which}",
            stage="open", needed=needed, which=_named(short),
        )  # fmt: skip


_RULES: tuple[Callable[[Plan], Iterator[Lack]], ...] = (
    _length, _planned, _topics, _weekdays, _season, _ratio, _in_time, _registration, _venue,
    _money, _insurance, _emergency, _adults,
)  # fmt: skip


def _named(days: list[date] | tuple[date, ...]) -> str:
    names = "、".join(said(day) for day in days[:_MANY])
    return f"{names} 等 {len(days)} 天" if len(days) > _MANY else names
