"""The cadence: the two worked examples of the seeds, each rule, and a slow oracle over years."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.cadence import (
    TALK,
    VISIT,
    Contact,
    Course,
    Rest,
    Tally,
    period_of,
    reckon,
    rules_of,
    tally,
)
from portal.domain.needs import RHYTHMS

pytestmark = pytest.mark.sqlite

MENTOR = rules_of(RHYTHMS["monthly_quarterly"])
DAY = timedelta(days=1)


def on(text):
    return date.fromisoformat(text)


def talks(*days):
    return [Contact("talk", on(day)) for day in days]


def states(cadence, kind=TALK):
    return {one.period_from.isoformat()[:7]: one.state for one in cadence.of(kind)}


def at(course, today, rules=MENTOR):
    return reckon(rules, course, on(today))


A4 = Course(
    on("2026-02-03"),
    contacts=[
        *talks("2026-02-12", "2026-03-15", "2026-04-18"),
        Contact("home_visit", on("2026-03-22")),
    ],
)


def test_story_a4_reads_as_written():
    """Amber on 1 June, red and to be paused on 1 July; the visit of Q1 was nobody's duty (A4)."""
    assert at(A4, "2026-05-31").light == "green"
    assert at(A4, "2026-06-01").light == "amber"
    assert at(A4, "2026-06-30").light == "amber"
    assert not at(A4, "2026-06-30").pauses
    july = at(A4, "2026-07-01")
    assert july.light == "red" and july.pauses
    assert states(july) == {
        "2026-02": "met", "2026-03": "met", "2026-04": "met",
        "2026-05": "missed", "2026-06": "missed", "2026-07": "waiting",
    }  # fmt: skip
    first, second, _third = july.of(VISIT)
    assert (first.state, first.due, first.because) == ("met", False, "late_start")
    assert (second.state, second.due, second.due_on) == ("missed", True, on("2026-06-30"))
    # Five months and one quarter are due and over; three months were kept.
    assert tally(july.obligations, before=on("2026-07-01")) == Tally(3, 6)


@pytest.mark.parametrize("visited", [True, False])
def test_a_first_quarter_with_and_without_its_visit(visited):
    """S0-4.5b: active since December, talks in Q1; the visit decides between met and red."""
    contacts = talks("2026-01-10", "2026-02-10", "2026-03-10")
    if visited:
        contacts.append(Contact("home_visit", on("2026-02-20")))
    course = Course(on("2025-12-20"), contacts=contacts)
    before, after = at(course, "2026-03-31"), at(course, "2026-04-01")
    assert before.light == "green"
    assert after.light == ("green" if visited else "red")
    assert states(after, VISIT)["2026-01"] == ("met" if visited else "missed")
    assert not after.pauses


@pytest.mark.parametrize(
    ("start", "month", "quarter"),
    [
        ("2026-04-01", True, True),
        ("2026-04-15", True, True),
        ("2026-04-16", False, True),
        ("2026-04-30", False, True),
        ("2026-05-01", True, False),
        ("2024-02-15", True, False),
        ("2024-02-16", False, False),
        ("2024-02-29", False, False),
        ("2026-12-31", False, False),
    ],
)
def test_the_start_decides_its_month_and_its_quarter(start, month, quarter):
    """Due are the month up to the 15th, the quarter in its first month (KPI formulas)."""
    cadence = at(Course(on(start)), start)
    assert cadence.current(TALK).due is month
    assert cadence.current(VISIT).due is quarter
    assert cadence.current(TALK).state == ("waiting" if month else "not_due")


def test_what_counts_for_which_obligation():
    """A home visit is a talk, too; a call keeps a talk and no visit; a letter keeps nothing."""
    for kind, talk, visit in (
        ("home_visit", "met", "met"),
        ("talk", "met", "missed"),
        ("call", "met", "missed"),
        ("video", "met", "missed"),
        ("letter", "missed", "missed"),
    ):
        course = Course(on("2026-01-01"), contacts=[Contact(kind, on("2026-03-31"))])
        april = at(course, "2026-04-01")
        assert (states(april)["2026-03"], states(april, VISIT)["2026-01"]) == (talk, visit), kind


def test_an_unverified_contact_keeps_the_light_and_is_told_apart():
    """One answer for light and statistics; how much of it waits for the director stands beside."""
    course = Course(on("2026-03-01"), contacts=[Contact("talk", on("2026-03-09"), verified=False)])
    cadence = at(course, "2026-04-01")
    (march, _april) = cadence.of(TALK)
    assert (march.state, march.is_verified, cadence.light) == ("met", False, "green")
    assert tally(cadence.obligations, before=on("2026-04-01")) == Tally(1, 1, unverified=1)


def test_contacts_outside_the_pairing_count_for_nothing():
    """Neither before the first day, nor after the last, nor one of tomorrow."""
    course = Course(on("2026-03-10"), on("2026-05-20"), talks("2026-03-09", "2026-05-21"))
    assert states(at(course, "2026-06-01")) == {
        "2026-03": "missed", "2026-04": "missed", "2026-05": "not_due",
    }  # fmt: skip
    tomorrow = Course(on("2026-03-10"), contacts=talks("2026-03-12"))
    assert at(tomorrow, "2026-03-11").current(TALK).state == "waiting"
    assert at(tomorrow, "2026-03-11").last_contact is None


@pytest.mark.parametrize(
    ("rest", "state"),
    [
        # April has 30 days: fifteen of them are half, sixteen are more.
        (("2026-04-10", "2026-04-25"), "missed"),
        (("2026-04-10", "2026-04-26"), "not_due"),
        (("2026-04-16", "2026-05-01"), "missed"),
        (("2026-04-15", None), "not_due"),
        (("2026-03-01", "2026-04-16"), "missed"),
    ],
)
def test_a_month_rested_for_more_than_half_is_not_due(rest, state):
    """Days of rest run from the pause to the day before it goes on."""
    since, until = rest
    rests = [Rest(on(since), on(until) if until else None)]
    course = Course(on("2026-02-01"), contacts=talks("2026-02-02"), rests=rests)
    assert states(at(course, "2026-05-01"))["2026-04"] == state


def test_an_excuse_frees_its_kind_and_its_period_only():
    """An excused May is neither missed nor counted, and does not end a trail either."""
    excuses = frozenset({(TALK, on("2026-05-01"))})
    course = Course(on("2026-03-01"), contacts=talks("2026-03-02"), excuses=excuses)
    july = at(course, "2026-07-01")
    assert states(july)["2026-05"] == "excused"
    assert states(july, VISIT)["2026-04"] == "missed"
    assert [one.period_from.month for one in july.missed_talks] == [4, 6]
    assert july.pauses
    assert tally(july.obligations, before=on("2026-07-01")) == Tally(1, 4)


def test_two_missed_months_apart_do_not_pause():
    """A talk between them ends the trail, from the day it is written."""
    course = Course(on("2026-01-05"), contacts=talks("2026-02-03", "2026-04-02"))
    assert at(course, "2026-04-01").missed_talks[0].period_from == on("2026-03-01")
    assert len(at(course, "2026-04-01").missed_talks) == 1
    assert at(course, "2026-04-02").missed_talks == ()


def test_resuming_begins_the_trail_anew():
    """Otherwise the month after a pause for silence would pause it again at once."""
    rests = [Rest(on("2026-07-01"), on("2026-07-20"))]
    course = Course(A4.started_on, contacts=A4.contacts, rests=rests)
    assert at(course, "2026-07-19").light == "red"
    assert at(course, "2026-07-20").light == "green"
    assert at(course, "2026-08-01").light == "green"
    assert at(course, "2026-09-01").light == "amber"
    red = at(course, "2026-10-01")
    assert red.light == "red" and red.pauses
    # What was missed stays in the statistics: May, June, Q2, August, September and Q3.
    assert tally(red.obligations, before=on("2026-10-01")) == Tally(3, 9)


def test_the_edges_of_a_period():
    """Resumed or ended on a month's last day, the month counts; it is over on the day after."""
    short = Course(on("2026-04-02"), rests=[Rest(on("2026-04-20"), on("2026-04-30"))])
    assert at(short, "2026-05-01").light == "amber"
    whole = Course(on("2026-04-02"), on("2026-04-30"))
    assert states(at(whole, "2026-05-01")) == {"2026-04": "missed"}
    assert tally(at(whole, "2026-05-01").obligations, before=on("2026-04-30")) == Tally()
    assert tally(at(whole, "2026-05-01").obligations, before=on("2026-05-01")) == Tally(0, 1)


@pytest.mark.parametrize(
    ("rhythm", "start", "end_of", "asked"),
    [
        ("weekly", "2026-01-01", "2026-01", 4),
        # 15–31 January: 4 × 17 ÷ 31 = 2.19, rounded down.
        ("weekly", "2026-01-15", "2026-01", 2),
        ("biweekly", "2026-01-15", "2026-01", 1),
        ("monthly", "2026-01-15", "2026-01", 1),
    ],
)
def test_part_of_a_month_asks_for_its_share(rhythm, start, end_of, asked):
    """The full number belongs to full months; never less than one."""
    cadence = at(Course(on(start)), "2026-02-01", rules_of(RHYTHMS[rhythm]))
    (month,) = [one for one in cadence.of(TALK) if str(one.period_from)[:7] == end_of]
    assert month.asked == asked


def test_a_rhythm_without_numbers_asks_for_nothing():
    cadence = at(Course(on("2026-01-01")), "2026-12-31", rules_of(RHYTHMS["festivals"]))
    assert (cadence.obligations, cadence.light, cadence.pauses) == ((), "green", False)


DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))
NEAR = st.integers(0, 900)


@st.composite
def courses(draw):
    """A start that likes the edges, contacts, pauses that do not overlap, excuses, an end."""
    year = draw(st.integers(2019, 2028))
    edges = [(1, 1), (1, 31), (2, 15), (2, 28), (3, 1), (4, 15), (4, 16), (7, 15), (12, 31)]
    edge = draw(st.sampled_from(edges))
    start = draw(st.one_of(st.just(date(year, *edge)), DAYS))
    contact = st.builds(
        Contact,
        st.sampled_from(["talk", "home_visit", "call", "letter"]),
        st.integers(-40, 900).map(lambda n: start + n * DAY),
        st.booleans(),
    )
    marks = sorted(draw(st.lists(NEAR, max_size=6, unique=True)))
    rests = [
        Rest(start + a * DAY, start + b * DAY)
        for a, b in zip(marks[::2], marks[1::2], strict=False)
    ]
    if len(marks) % 2:
        rests.append(Rest(start + marks[-1] * DAY))
    months = st.integers(0, 30).map(lambda n: period_of(start + 30 * n * DAY, 1)[0])
    quarters = st.integers(0, 10).map(lambda n: period_of(start + 91 * n * DAY, 3)[0])
    excuse = st.one_of(st.tuples(st.just(TALK), months), st.tuples(st.just(VISIT), quarters))
    return Course(
        start,
        draw(st.none() | NEAR.map(lambda n: start + n * DAY)),
        draw(st.lists(contact, max_size=25)),
        rests,
        frozenset(draw(st.lists(excuse, max_size=4))),
    )


def walk(first, last):
    while first <= last:
        yield first
        first += DAY


def slow_periods(rule, course, today):
    """Look at every single day: the plain reading of the rules, with sets of days only."""
    ends = course.ended_on or date.max
    groups = {}
    year = course.started_on.year
    for day in walk(date(year, 1, 1), date(today.year, 12, 31)):
        groups.setdefault((day.year, (day.month - 1) // rule.months), []).append(day)
    for days in groups.values():
        lived = [day for day in days if course.started_on <= day <= min(today, ends)]
        if not lived:
            continue
        from_start = [day for day in days if day >= course.started_on]
        rested = [
            day
            for day in from_start
            if day <= ends
            and any(r.from_on <= day and (r.until_on is None or day < r.until_on)
                    for r in course.rests)
        ]  # fmt: skip
        begun_here = from_start != days
        if rule.months == 1:
            late = begun_here and from_start[0].day > 15
        else:
            late = begun_here and from_start[0].month != days[0].month
        freed = (rule.kind, days[0]) in course.excuses or ends < days[-1] or late
        freed = freed or len(rested) > len(from_start) / 2
        full = len([day for day in from_start if day <= ends]) - len(rested)
        asked = max(1, int(rule.times * full / len(days) + 1e-9))
        kept = [c for c in course.contacts if c.kind in rule.counts and c.day in lived]
        if len(kept) >= asked:
            state = "met"
        elif freed:
            state = "excused" if (rule.kind, days[0]) in course.excuses else "not_due"
        else:
            state = "waiting" if today <= days[-1] else "missed"
        yield days[0], days[-1], state, not freed, asked, len(kept)


def slow_streak(periods, course, today):
    """Live day by day: a period that ends missed adds one, one met or a resumption wipes it."""
    ends = {last: state for _first, last, state, *_rest in periods}
    resumed = {rest.until_on for rest in course.rests}
    streak = 0
    for day in walk(course.started_on, today):
        before = ends.get(day - DAY)
        streak = 0 if before == "met" else streak + (before == "missed")
        if day in resumed:
            streak = 0
    running = [state for _first, last, state, *_rest in periods if last >= today]
    return 0 if "met" in running else streak


@settings(max_examples=250, deadline=None)
@given(courses(), NEAR, st.sampled_from(["monthly_quarterly", "weekly", "biweekly", "monthly"]))
def test_the_reckoning_agrees_with_a_walk_through_every_day(course, ahead, rhythm):
    today = course.started_on + ahead * DAY
    rules = rules_of(RHYTHMS[rhythm])
    cadence = reckon(rules, course, today)
    streaks = {TALK: 0, VISIT: 0}
    for rule in rules:
        slow = list(slow_periods(rule, course, today))
        fast = [
            (one.period_from, one.period_to, one.state, one.due, one.asked, one.done)
            for one in cadence.of(rule.kind)
        ]
        assert fast == slow
        streaks[rule.kind] = slow_streak(slow, course, today)
    assert len(cadence.missed_talks) == streaks[TALK]
    expected = "amber" if streaks[TALK] else "green"
    if streaks[VISIT] or streaks[TALK] >= 2:
        expected = "red"
    assert cadence.light == expected
