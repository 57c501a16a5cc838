"""Which day's looking is unusual: the brief's numbers, by hand."""

from datetime import datetime, timedelta

import pytest

from portal.domain.actor import Role
from portal.domain.clock import SHANGHAI
from portal.domain.outliers import Look, is_night, judge, watcher_of

NOON = datetime(2026, 5, 20, 12, 0, tzinfo=SHANGHAI)


def openings(count, *, basis="assignment", at=NOON, field="id_no"):
    return [Look(field, basis, at) for _ in range(count)]


def signs(looks, before=300):
    """300 openings in the 30 days before: ten on a usual day."""
    return judge(looks, before=before, most_opened=20, most_viewed=100).signs


def test_twenty_openings_a_day_are_usual_and_twenty_one_are_not():
    assert signs(openings(20)) == ()
    assert signs(openings(21)) == ("many",)


def test_more_than_three_times_the_own_mean_is_unusual():
    assert signs(openings(6), before=60) == ()
    assert signs(openings(7), before=60) == ("unusual",)


def test_a_newcomers_first_four_openings_are_no_sign():
    assert signs(openings(4), before=0) == ()
    assert signs(openings(5), before=0) == ("unusual",)


def test_an_opening_by_another_leave_than_ones_post_is_named():
    assert signs(openings(1, basis="grant")) == ("outside",)
    assert signs(openings(1, basis="break_glass")) == ("outside",)


def test_looking_at_files_has_a_number_of_its_own():
    assert signs(openings(100, field="file")) == ()
    assert signs(openings(101, field="file")) == ("viewed",)


@pytest.mark.parametrize(
    ("hour", "minute", "night"),
    [(21, 59, False), (22, 0, True), (0, 0, True), (5, 59, True), (6, 0, False), (12, 0, False)],
)
def test_the_night_is_from_ten_to_six_in_shanghai(hour, minute, night):
    at = NOON.replace(hour=hour, minute=minute)
    assert is_night(at) is night
    assert signs(openings(1, at=at)) == (("night",) if night else ())


def test_the_numbers_of_a_day_are_counted():
    looks = [
        *openings(2), *openings(1, basis="grant"), *openings(3, field="file"),
        *openings(1, at=NOON + timedelta(hours=11)),
    ]  # fmt: skip
    day = judge(looks, before=300, most_opened=20, most_viewed=100)
    assert (day.opened, day.viewed, day.outside, day.night) == (4, 3, 1, 1)


def test_nobody_watches_their_own_kind():
    assert watcher_of("child_director") is Role.COUNTY_STAFF
    assert watcher_of("child_supervisor") is Role.COUNTY_STAFF
    assert watcher_of("county_staff") is Role.CITY_STAFF
    assert watcher_of("city_staff") is Role.AUDITOR
    assert watcher_of("platform_admin") is Role.AUDITOR
    assert watcher_of("") is Role.AUDITOR
