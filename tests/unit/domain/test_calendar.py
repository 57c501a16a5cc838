"""Working days against the State Council's table of 2026 (国办发明电〔2025〕, by the library)."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain.calendar import NATIONAL, Calendar, DayKind, is_published, national_days


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 13), True),  # Friday before 春节
        (date(2026, 2, 14), True),  # Saturday, worked for 春节
        (date(2026, 2, 17), False),  # 春节
        (date(2026, 2, 24), True),  # Tuesday after it
        (date(2026, 2, 28), True),  # Saturday, worked
        (date(2026, 5, 9), True),  # Saturday, worked for 劳动节
        (date(2026, 5, 10), False),  # Sunday
        (date(2026, 10, 1), False),
    ],
)
def test_a_day_is_worked_as_the_national_table_says(day, works):
    assert NATIONAL.is_workday(day) is works


def test_five_working_days_leave_the_may_holiday_out():
    """29 April 2026 is a Wednesday: 30 April, 6, 7, 8 and the worked Saturday 9 May."""
    assert NATIONAL.workdays_after(date(2026, 4, 29), 5) == date(2026, 5, 9)
    assert NATIONAL.workdays_between(date(2026, 4, 29), date(2026, 5, 9)) == 5
    assert NATIONAL.workdays_between(date(2026, 5, 9), date(2026, 4, 29)) == 0


def test_the_next_working_day_is_the_day_itself_when_it_is_one():
    assert NATIONAL.next_workday(date(2026, 10, 1)) == date(2026, 10, 8)
    assert NATIONAL.next_workday(date(2026, 10, 8)) == date(2026, 10, 8)


def test_an_unpublished_year_counts_the_ordinary_week():
    assert is_published(2026)
    assert not is_published(2099)
    assert NATIONAL.is_workday(date(2099, 5, 1))  # a Friday
    assert not NATIONAL.is_workday(date(2099, 5, 2))
    assert national_days(2099) == ()


def test_an_authoritys_own_days_come_first():
    own = Calendar({date(2026, 4, 19): DayKind.WORKDAY, date(2026, 4, 20): DayKind.HOLIDAY})
    assert own.is_workday(date(2026, 4, 19))
    assert not own.is_workday(date(2026, 4, 20))
    assert own.workdays_after(date(2026, 4, 17), 1) == date(2026, 4, 19)
    assert not NATIONAL.is_workday(date(2026, 4, 19))


@pytest.mark.parametrize(
    ("day", "meets"),
    [
        (date(2026, 5, 16), True),  # Saturday
        (date(2026, 5, 17), True),  # Sunday
        (date(2026, 5, 20), False),  # the Wednesday of domain.md's fixture
        (date(2026, 5, 9), False),  # a worked Saturday
        (date(2026, 5, 4), False),  # a holiday on a Monday
    ],
)
def test_weekend_classes_meet_on_saturdays_and_sundays_only(day, meets):
    assert NATIONAL.is_weekend_class_day(day) is meets


def test_an_authority_may_name_a_further_day_for_classes():
    own = Calendar({date(2026, 5, 4): DayKind.CLASS_DAY})
    assert own.is_weekend_class_day(date(2026, 5, 4))
    assert not own.is_workday(date(2026, 5, 4))


def test_the_table_names_what_differs_from_the_ordinary_week():
    days = {one.day: (one.name, one.is_workday) for one in national_days(2026)}
    assert days[date(2026, 2, 14)] == ("春节", True)
    assert days[date(2026, 6, 19)] == ("端午节", False)
    assert date(2026, 5, 2) not in days  # a Saturday is free anyway
