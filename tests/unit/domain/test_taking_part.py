"""Rules of taking part and of the rota that need no database (PG; issue 5)."""

from datetime import UTC, date, datetime

import pytest

from portal.domain import clock, enrolments, pickup_codes, rota
from portal.domain.enrolments import Need
from portal.domain.errors import Invalid

pytestmark = pytest.mark.sqlite
SIXTH = date(2026, 7, 6)


def test_registration_closes_five_days_before_whatever_was_announced():
    assert enrolments.last_day(SIXTH, None) == date(2026, 7, 1)
    assert enrolments.last_day(SIXTH, date(2026, 7, 4)) == date(2026, 7, 1)
    assert enrolments.last_day(SIXTH, date(2026, 6, 20)) == date(2026, 6, 20)


def test_a_family_has_three_days_to_answer_or_up_to_the_eve():
    at_noon = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
    assert enrolments.answer_by(SIXTH, at_noon) == clock.end_of(date(2026, 7, 4))
    assert enrolments.answer_by(date(2026, 7, 3), at_noon) == clock.end_of(date(2026, 7, 2))
    # A weekly class that runs already: three days again.
    assert enrolments.answer_by(date(2026, 6, 1), at_noon) == clock.end_of(date(2026, 7, 4))


@pytest.mark.parametrize(
    ("need", "tickets"),
    [
        (Need("other", took_part_before=True), 1),
        (Need("other"), 2),
        (Need("scattered_orphan", took_part_before=True), 3),
        (Need("autism", left_behind=True, lacks_affection=True), 5),
        (Need("de_facto_unattended", left_behind=True, lacks_affection=True), 6),
    ],
)
def test_need_gives_tickets(need, tickets):
    assert enrolments.tickets(need) == tickets


def test_hours_meet_at_a_minute_without_overlap():
    assert not rota.overlap(("08:00", "12:00"), ("12:00", "13:00"))
    assert rota.overlap(("08:00", "12:01"), ("12:00", "13:00"))
    assert rota.minutes("08:30", "11:30") == 180
    for starts, ends in (
        ("8:00", "12:00"),
        ("12:00", "08:00"),
        ("05:00", "21:00"),
        ("24:00", "25:00"),
    ):
        with pytest.raises(Invalid):
            rota.check_hours(starts, ends)


def test_a_duty_opens_a_roster_from_seven_days_before_to_a_day_after():
    opens, ends = rota.access_span(date(2026, 7, 8), date(2026, 7, 15))
    assert opens == clock.start_of(date(2026, 7, 1))
    assert ends == clock.start_of(date(2026, 7, 17))


def test_a_pickup_code_is_kept_as_a_slow_hash_with_a_salt_of_its_own():
    code = pickup_codes.new_code()
    assert len(code) == 6
    assert code.isdecimal()
    one, two = pickup_codes.hashed(code, rounds=1000), pickup_codes.hashed(code, rounds=1000)
    assert one != two
    assert pickup_codes.matches(one, f" {code} ")
    assert not pickup_codes.matches(one, "000000" if code != "000000" else "000001")
    assert not pickup_codes.matches("", code)
    assert pickup_codes.hashed(code).split("$")[1] == "300000"
