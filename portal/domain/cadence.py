"""What is due, by when, and whether it was kept: the only place that knows (S0-4.5b, S1-2.3.3a).

A rule asks for something so many times in each calendar period. Page, light, board, reminder,
digest, automatic pause and statistics all read what ``reckon`` returns; docs/adr/0017-cadence.md
gives the reasons. Days are days of the calendar in Shanghai.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.domain.contacts import TALKS
from portal.domain.needs import Rhythm

TALK, VISIT = "talk", "visit"
KIND_LABELS: Mapping[str, str] = {TALK: "谈心", VISIT: "入户"}
#: What an obligation may be: the words of every page and the digest.
STATES: Mapping[str, str] = {
    "met": "已完成",
    "waiting": "待完成",
    "missed": "未完成",
    "excused": "已免除",
    "not_due": "不要求",
}
#: Why nothing is asked of a period.
BECAUSE: Mapping[str, str] = {
    "": "",
    "late_start": "开始得晚，本期不要求",
    "paused": "暂停超过一半",
    "excused": "已免除",
    "ended": "本期内结束",
}
LIGHTS: Mapping[str, str] = {"green": "正常", "amber": "提醒", "red": "告急"}
#: A start later in its month than this does not make the month due (KPI: ≤ 15th).
LAST_START_DAY = 15
#: So many missed months in a row pause the pairing (PN).
PAUSE_AFTER = 2
_DAY = timedelta(days=1)
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Rule:
    """Something asked ``times`` in every ``months`` calendar months, kept by ``counts`` kinds.

    It asks for the periods whose first day comes after ``since`` and not after ``until``.
    """

    kind: str
    months: int
    times: int
    counts: frozenset[str]
    since: date = date.min
    until: date = date.max


@dataclass(frozen=True, slots=True)
class Contact:
    """Something that happened and stands; what was voided or sent back is never one of these."""

    kind: str
    day: date
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Rest:
    """A pause: ``from_on`` rests, ``until_on`` no longer does; open while that is None."""

    from_on: date
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What a cadence is reckoned from; an excuse names a kind and the first day of its period."""

    started_on: date
    ended_on: date | None = None
    contacts: Sequence[Contact] = ()
    rests: Sequence[Rest] = ()
    excuses: frozenset[tuple[str, date]] = frozenset()


@dataclass(frozen=True, slots=True)
class Obligation:
    """One period of one rule: how often was asked, how often done, how much of it verified."""

    kind: str
    period_from: date
    period_to: date
    state: str
    asked: int
    done: int
    verified: int
    #: Whether it is counted; a period kept although nothing was asked is met and not due.
    due: bool
    because: str = ""

    @property
    def due_on(self) -> date:
        """Return the last day on which it can be kept."""
        return self.period_to

    @property
    def is_verified(self) -> bool:
        """Tell whether it stays met if every unverified entry were voided."""
        return self.state == "met" and self.verified >= self.asked


@dataclass(frozen=True, slots=True)
class Cadence:
    """The answer everybody reads."""

    obligations: tuple[Obligation, ...]
    light: str
    #: The trail of missed talks that no talk has ended yet, oldest first.
    missed_talks: tuple[Obligation, ...] = ()
    #: The same of visits.
    missed_visits: tuple[Obligation, ...] = ()
    last_contact: date | None = None
    today: date = field(default=date.min, repr=False)

    def of(self, kind: str) -> tuple[Obligation, ...]:
        """Return the obligations of one kind, oldest first."""
        return tuple(one for one in self.obligations if one.kind == kind)

    def current(self, kind: str) -> Obligation | None:
        """Return the obligation of the period that runs today, if there is one."""
        found = (one for one in self.of(kind) if one.period_from <= self.today <= one.period_to)
        return next(found, None)

    @property
    def pauses(self) -> bool:
        """Tell whether it is to be paused: two missed months in a row (PN)."""
        return len(self.missed_talks) >= PAUSE_AFTER


@dataclass(frozen=True, slots=True)
class Tally:
    """Compliance: met ÷ due over periods that are over; ``unverified`` of the met wait for it."""

    met: int = 0
    due: int = 0
    unverified: int = 0


def rules_of(rhythm: Rhythm) -> tuple[Rule, ...]:
    """Return what a pairing's rhythm asks; a home visit keeps the month's talk, too."""
    asked = (
        Rule(TALK, 1, rhythm.talks_a_month, TALKS),
        Rule(VISIT, 3, rhythm.visits_a_quarter, frozenset({"home_visit"})),
    )
    return tuple(rule for rule in asked if rule.times)


def period_of(day: date, months: int) -> tuple[date, date]:
    """Return the first and the last day of the calendar period of ``months`` that holds a day."""
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return first, _next(first, months) - _DAY


def reckon(rules: Iterable[Rule], course: Course, today: date) -> Cadence:
    """Return every obligation from the start to the period that runs today, and the light.

    A voided or returned contact must not be in ``course``; one before the start, after the end or
    after today counts for nothing.
    """
    obligations = sorted(
        (one for rule in rules for one in _obligations(rule, course, today)),
        key=lambda one: (one.period_from, one.kind),
    )
    trails = {kind: _trail(obligations, kind, course.rests, today) for kind in (TALK, VISIT)}
    days = [contact.day for contact in _standing(course, today)]
    return Cadence(
        obligations=tuple(obligations),
        light=_light(trails),
        missed_talks=trails[TALK],
        missed_visits=trails[VISIT],
        last_contact=max(days, default=None),
        today=today,
    )


def tally(obligations: Iterable[Obligation], *, before: date) -> Tally:
    """Count the due obligations whose period was over before a day (KPI: mentor compliance)."""
    closed = [one for one in obligations if one.due and one.period_to < before]
    met = [one for one in closed if one.state == "met"]
    return Tally(len(met), len(closed), sum(not one.is_verified for one in met))


def _obligations(rule: Rule, course: Course, today: date) -> Iterator[Obligation]:
    kept: dict[date, list[Contact]] = defaultdict(list)
    for contact in _standing(course, today):
        if contact.kind in rule.counts:
            kept[period_of(contact.day, rule.months)[0]].append(contact)
    last = min(today, course.ended_on or today)
    first, until = period_of(course.started_on, rule.months)
    while first <= last:
        if rule.since < first <= rule.until:
            yield _obligation(rule, course, (first, until), kept[first], today)
        first, until = period_of(until + _DAY, rule.months)


def _obligation(
    rule: Rule, course: Course, period: tuple[date, date], kept: list[Contact], today: date
) -> Obligation:
    first, until = period
    because = _because(rule, course, period)
    asked, done = _asked(rule, course, period), len(kept)
    if done >= asked:
        state = "met"
    elif because == "excused":
        state = "excused"
    elif because:
        state = "not_due"
    else:
        state = "waiting" if today <= until else "missed"
    proven = sum(contact.verified for contact in kept)
    return Obligation(rule.kind, first, until, state, asked, done, proven, not because, because)


def _because(rule: Rule, course: Course, period: tuple[date, date]) -> str:
    """Say why nothing is asked of a period; an empty text where something is."""
    first, until = period
    if (rule.kind, first) in course.excuses:
        return "excused"
    if course.ended_on is not None and course.ended_on < until:
        return "ended"
    start = course.started_on
    in_first_month = (start.year, start.month) == (first.year, first.month)
    if start > first and not (start.day <= LAST_START_DAY if rule.months == 1 else in_first_month):
        return "late_start"
    run = (until - max(first, start)).days + 1
    return "paused" if 2 * _rested(course, period) > run else ""


def _asked(rule: Rule, course: Course, period: tuple[date, date]) -> int:
    """Return the full number in a full period, in part of one its share rounded down, ≥ 1."""
    first, until = period
    ends = min(until, course.ended_on or until)
    runs = max((ends - max(first, course.started_on)).days + 1 - _rested(course, period), 0)
    return max(1, rule.times * runs // ((until - first).days + 1))


def _rested(course: Course, period: tuple[date, date]) -> int:
    """Count the days of a period in which the pairing ran by its dates and rested."""
    first = max(period[0], course.started_on)
    until = min(period[1], course.ended_on or period[1])
    days: set[int] = set()
    for rest in course.rests:
        since = max(first, rest.from_on).toordinal()
        # The day it goes on is no day of rest.
        over = until.toordinal() + 1
        days.update(range(since, min(over, rest.until_on.toordinal()) if rest.until_on else over))
    return len(days)


def _standing(course: Course, today: date) -> list[Contact]:
    last = min(today, course.ended_on or today)
    return [one for one in course.contacts if course.started_on <= one.day <= last]


def _trail(
    obligations: Sequence[Obligation], kind: str, rests: Sequence[Rest], today: date
) -> tuple[Obligation, ...]:
    """Return the missed obligations after the last one kept, oldest first.

    Whoever resumed a pairing decided that it goes on: what was missed before no longer counts.
    Excused periods and those in which nothing was due neither break the trail nor lengthen it.
    """
    over = [rest.until_on for rest in rests if rest.until_on and rest.until_on <= today]
    again = max(over, default=date.min)
    trail: list[Obligation] = []
    for one in reversed(obligations):
        if one.kind != kind or one.state not in ("met", "missed"):
            continue
        if one.state == "met" or one.period_to < again:
            break
        trail.append(one)
    return tuple(reversed(trail))


def _light(trails: Mapping[str, Sequence[Obligation]]) -> str:
    """Return red for a missed visit or two missed talks in a row, amber for one missed talk."""
    if trails[VISIT] or len(trails[TALK]) >= PAUSE_AFTER:
        return "red"
    return "amber" if trails[TALK] else "green"


def _next(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, _YEAR)
    return date(first.year + years, month + 1, 1)
