"""Times as a story writes them."""

from datetime import UTC, date, datetime

import pytest

from portal.domain.clock import SHANGHAI
from portal.scenarios.moments import day, moment

BEFORE = datetime(2026, 5, 10, 23, 30, tzinfo=SHANGHAI).astimezone(UTC)
PLAYED = datetime(2026, 11, 22, 10, 15, tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-11", "2026-05-11T09:00"),
        ("2026-05-11 8:05", "2026-05-11T08:05"),
        ("2026-05-11T18:00:30", "2026-05-11T18:00:30"),
        ("+72h", "2026-05-13T23:30"),
        ("+45m", "2026-05-11T00:15"),
        ("+2d 07:00", "2026-05-12T07:00"),
        ("next day", "2026-05-11T09:00"),
        ("next day 10:30", "2026-05-11T10:30"),
        ("today", "2026-11-22T09:00"),
        ("today-12d 14:00", "2026-11-10T14:00"),
        ("today+3d", "2026-11-25T09:00"),
        ("now", "2026-11-22T10:15"),
        ("now-90m", "2026-11-22T08:45"),
    ],
)
def test_forms(text, expected):
    assert moment(text, BEFORE, PLAYED) == datetime.fromisoformat(expected).replace(tzinfo=SHANGHAI)


def test_a_day_is_the_day_in_shanghai():
    assert day("+1h", BEFORE, PLAYED) == date(2026, 5, 11)


@pytest.mark.parametrize("text", ["tomorrow", "", "-3h", "2026-13-01", "10:00", "now+2h"])
def test_other_forms_are_refused(text):
    with pytest.raises(ValueError):
        moment(text, BEFORE, PLAYED)
