"""Child-days by hand: the numbers of stories A5 and A6, and the camps of domain.md 7."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from portal.domain.attendance import Counts
from portal.domain.child_days import Call, counts, fold, rate, rate_without_leave
from portal.domain.programme_checks import Plan, missing
from portal.domain.programme_plans import PLANS, lines_of
from portal.domain.timetables import topics_by_day

pytestmark = pytest.mark.sqlite
DAY = date(2026, 7, 6)


def calls(kind, *states):
    programme, child = uuid4(), uuid4()
    return [Call(programme, kind, uuid4(), child, DAY, state) for state in states]


@pytest.mark.parametrize(
    ("states", "day"),
    [
        (("present", "late", "absent"), "present"),
        (("present", "absent", "absent"), "absent"),
        (("leave", "leave", "present"), "leave"),
        (("leave", "leave", "leave"), "leave"),
        (("leave", "absent", "present"), "absent"),
    ],
)
def test_three_calls_of_a_camp_are_one_day(states, day):
    assert [one.state for one in fold(calls("camp", *states))] == [day]


def test_elsewhere_each_call_counts():
    found = fold([*calls("interest_class", "present", "late"), *calls("carer_class", "absent")])
    assert counts(found) == Counts(present=1, late=1, absent=1)


@pytest.mark.parametrize(
    ("counted", "whole", "without"),
    [
        (Counts(present=286, leave=10, absent=4), "95.3", "98.6"),
        (Counts(present=162, leave=12, absent=6), "90.0", "96.4"),
    ],
)
def test_the_rates_of_the_stories(counted, whole, without):
    assert rate(counted).percent == Decimal(whole)
    assert rate_without_leave(counted).percent == Decimal(without)


@pytest.mark.parametrize(
    ("plan", "first", "days", "lacking"),
    [
        ("new_year", date(2026, 1, 31), 10, set()),
        ("red_hakka", date(2026, 2, 2), 10, set()),
        ("firefly", DAY, 10, set()),
        ("danxia", date(2026, 7, 20), 11, set()),
        ("stars", date(2026, 8, 10), 10, set()),
        ("firefly", DAY, 9, {"length"}),
    ],
    ids=["C1", "C2", "C3", "C4", "C5", "C6"],
)
def test_the_five_camps_are_long_enough_and_the_sixth_is_not(plan, first, days, lacking):
    every = [first + timedelta(days=n) for n in range(days)]
    found = missing(
        Plan(
            kind="camp", starts_on=every[0], ends_on=every[-1], today=date(2025, 12, 1), heads=18,
            season="summer", lines=topics_by_day(lines_of(PLANS[plan], every)),
        )
    )  # fmt: skip
    about_days = {"length", "planned", "dates", "timetable", "weekday", "outside"}
    topics = {"topic-traditional_culture", "topic-safety"}
    assert {one.code for one in found} & (about_days | topics) == lacking
