"""Hours as domain.md 6 and story A4 count them: what time can be true, minutes / 60 half up."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from portal.domain import clock
from portal.domain.certificates import new_serial, read_serial, shown_serial
from portal.domain.errors import Invalid
from portal.domain.hours import (
    Service,
    Span,
    check,
    check_against,
    check_standing,
    hours,
    names_a_home,
    place_kept,
)

TODAY = date(2026, 5, 20)
NOW = datetime(2026, 5, 20, 10, 0, tzinfo=clock.SHANGHAI)


@pytest.fixture(autouse=True)
def ten_in_the_morning():
    with clock.at(NOW):
        yield


def service(**changes):
    given = {"kind": "talk", "title": "陪孩子聊天", "place": "儿童之家", "served_on": TODAY,
             "minutes": 60}  # fmt: skip
    return Service(**{**given, **changes})


def fields(**changes):
    with pytest.raises(Invalid) as refused:
        check(service(**changes))
    return set(refused.value.fields)


def at(hour, minute=0):
    return datetime(2026, 5, 20, hour, minute, tzinfo=clock.SHANGHAI)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(60, "1.00"), (255, "4.25"), (50, "0.83"), (100, "1.67"), (1, "0.02"), (1440, "24.00")],
)
def test_hours_are_minutes_over_sixty_half_up(minutes, expected):
    assert hours(minutes) == Decimal(expected)


def test_the_sum_is_taken_before_it_is_rounded():
    assert hours(20 + 20 + 20) == Decimal("1.00")
    assert sum(hours(each) for each in (20, 20, 20)) == Decimal("0.99")


def test_two_times_make_the_minutes():
    span = check(service(minutes=None, starts=time(8, 30), ends=time(10, 0)))
    assert (span.minutes, span.started_at, span.ended_at) == (90, at(8, 30), at(10))


def test_midnight_may_end_a_day():
    yesterday = date(2026, 5, 19)
    span = check(service(minutes=None, served_on=yesterday, starts=time(22), ends=time(0)))
    assert (span.minutes, span.ended_at) == (120, at(0))


@pytest.mark.parametrize("minutes", [None, 0, -5, 1441])
def test_a_day_holds_one_to_1440_minutes(minutes):
    assert fields(served_on=date(2026, 5, 18), minutes=minutes) == {"minutes"}


def test_a_whole_day_is_taken():
    assert check(service(served_on=date(2026, 5, 18), minutes=1440)).minutes == 1440


def test_nothing_lies_in_the_future():
    assert fields(served_on=date(2026, 5, 21)) == {"served_on"}
    assert fields(minutes=601) == {"minutes"}
    assert check(service(minutes=600)).minutes == 600
    assert fields(minutes=None, starts=time(9), ends=time(10, 1)) == {"ends"}
    assert check(service(minutes=None, starts=time(9), ends=time(10))).minutes == 60


@pytest.mark.parametrize(
    ("starts", "ends"), [(time(9), None), (None, time(9)), (time(9), time(9)), (time(9), time(8))]
)
def test_two_times_come_together_and_in_order(starts, ends):
    assert fields(minutes=30, starts=starts, ends=ends) == {"ends"}


@pytest.mark.parametrize(
    "place",
    ["解放路12号", "雪峰镇三组", "花园小区3栋", "２单元", "孩子家", "小明家里", "", "长" * 81],
)
def test_a_place_is_never_a_home(place):
    assert fields(place=place) == {"place"}


@pytest.mark.parametrize("place", ["雪峰镇儿童之家", "县图书馆", "实验小学操场", "线上"])
def test_a_venue_is_a_place(place):
    assert not names_a_home(place)
    assert check(service(place=place)).minutes == 60


def test_a_visit_to_a_home_keeps_no_place():
    told = service(kind="home_visit", place="城西村三组李家")
    check(told)
    assert place_kept(told) == ""


@pytest.mark.parametrize("title", ["", "长" * 81, "电话13812345678", "350421201506010014"])
def test_a_title_says_what_and_holds_no_number(title):
    assert fields(title=title) == {"title"}


def test_an_unknown_kind_is_refused():
    assert fields(kind="party") == {"kind"}


@pytest.mark.parametrize(
    ("first", "second"), [((8, 9), (8, 10)), ((8, 10), (9, 11)), ((8, 12), (9, 10))]
)
def test_one_person_is_not_in_two_places(first, second):
    one, other = (Span(60, at(*pair[:1]), at(*pair[1:])) for pair in (first, second))
    with pytest.raises(Invalid, match="同时"):
        check_against(one, [other])


def test_one_may_begin_when_the_other_ends():
    check_against(Span(60, at(8), at(9)), [Span(60, at(9), at(10)), Span(60, at(7), at(8))])


def test_a_day_is_full_at_1440():
    check_against(Span(440), [Span(1000)])
    with pytest.raises(Invalid, match="24 小时"):
        check_against(Span(441), [Span(1000)])


def test_only_days_of_the_standing_count():
    since, until = date(2026, 1, 20), date(2028, 1, 19)
    check_standing(since, since, until)
    check_standing(until, since, until)
    for wrong in (date(2026, 1, 19), date(2028, 1, 20)):
        with pytest.raises(Invalid):
            check_standing(wrong, since, until)
    with pytest.raises(Invalid):
        check_standing(TODAY, None, None)


def test_a_serial_is_read_as_it_is_printed_or_spoken():
    serials = {new_serial() for _ in range(200)}
    assert len(serials) == 200
    for serial in serials:
        assert len(serial) == 20
        assert read_serial(shown_serial(serial).lower()) == serial
    assert read_serial("O0I1L-00000-00000-00000") == "00111000000000000000"
    for wrong in ("", "ABC", "U" * 20, "0" * 21, "<script>alert(1)</script"):
        assert read_serial(wrong) == ""
