from datetime import UTC, date, datetime

from portal.domain import clock


def test_the_day_is_shanghais_not_utcs():
    with clock.at(datetime(2026, 3, 25, 16, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 3, 26)


def test_until_a_day_includes_its_last_second():
    assert clock.end_of(date(2026, 3, 25)) == datetime(2026, 3, 25, 15, 59, 59, tzinfo=UTC)
    assert clock.start_of(date(2026, 3, 26)) == datetime(2026, 3, 25, 16, 0, 0, tzinfo=UTC)


def test_a_story_inside_a_story_gives_the_outer_clock_back():
    outer, inner = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    with clock.at(outer):
        with clock.at(inner):
            assert clock.now() == inner
        assert clock.now() == outer
    assert clock.now() not in (outer, inner)
