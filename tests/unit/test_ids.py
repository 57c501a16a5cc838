from datetime import UTC, datetime, timedelta

from portal.domain import clock
from portal.models.base import time_ordered_id

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


def test_ids_made_in_a_row_sort_in_that_row_while_the_clock_stands():
    with clock.at(NOON):
        made = [time_ordered_id() for _ in range(40_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {one.version for one in made} == {7}
    assert {one.variant for one in made} == {"specified in RFC 4122"}


def test_a_later_moment_sorts_later():
    with clock.at(NOON + timedelta(milliseconds=1)):
        later = time_ordered_id()
    with clock.at(NOON):
        assert time_ordered_id() < later
