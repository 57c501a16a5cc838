"""The passport's arithmetic: what holds, until when, and what is missing (SV; L14)."""

from datetime import date, timedelta

import pytest

from portal.domain import passport
from portal.domain.passport import Check
from portal.domain.settings import TenantSettings

TODAY = date(2026, 5, 20)
LATE = date(2030, 1, 1)


def check(kind, *, done=TODAY, until=LATE, result="", minutes=0):
    return Check(kind, done, until, result, minutes)


def complete(**changed):
    """Return five checks that are in order, some of them replaced or left out (None)."""
    found = {
        "identity": check("identity"),
        "offence": check("offence", result="none"),
        "interview": check("interview", result="suitable"),
        "training": check("training", minutes=120),
        "pledge": check("pledge"),
    }
    found.update(changed)
    return [one for one in found.values() if one is not None]


def states(checks, day=TODAY):
    return {item.kind: item.state for item in passport.read(checks, day)}


def test_five_checks_in_order_leave_no_gap():
    items = passport.read(complete(), TODAY)
    assert passport.gaps(items) == ()
    assert passport.valid_until(items) == LATE


@pytest.mark.parametrize("kind", ["identity", "offence", "interview", "training", "pledge"])
def test_each_of_the_five_is_missed(kind):
    items = passport.read(complete(**{kind: None}), TODAY)
    assert [item.kind for item in passport.gaps(items)] == [kind]
    assert passport.valid_until(items) is None


def test_the_first_check_that_runs_out_decides_the_last_day():
    soon = check("offence", result="none", until=date(2026, 6, 1))
    items = passport.read(complete(offence=soon), TODAY)
    assert passport.valid_until(items) == date(2026, 6, 1)
    assert passport.runs_out_first(items, date(2026, 6, 1)) == "offence"


def test_an_offence_check_holds_365_days_and_not_on_day_366():
    done = date(2026, 3, 6)
    last = passport.last_day("offence", done, TenantSettings())
    assert last == date(2027, 3, 6)
    assert (last - done).days == 365
    row = check("offence", done=done, until=last, result="none")
    assert states([row], last)["offence"] == "good"
    assert states([row], last + timedelta(days=1))["offence"] == "expired"


def test_a_leap_year_does_not_lengthen_an_offence_check():
    assert passport.last_day("offence", date(2027, 3, 5), TenantSettings()) == date(2028, 3, 4)


def test_the_authority_sets_how_long_the_others_hold():
    rules = TenantSettings(interview_months=6, training_months=12, pledge_months=36)
    ends = {k: passport.last_day(k, TODAY, rules) for k in ("interview", "training", "pledge")}
    assert ends == {
        "interview": date(2026, 11, 20), "training": date(2027, 5, 20),
        "pledge": date(2029, 5, 20),
    }  # fmt: skip


def test_the_newest_result_counts_even_when_an_older_one_was_good():
    older = check("offence", done=date(2026, 1, 1), result="none")
    newer = check("offence", done=date(2026, 5, 1), result="found")
    assert states([older, newer])["offence"] == "failed"
    assert states([check("interview", result="unsuitable")])["interview"] == "failed"


@pytest.mark.parametrize(
    ("minutes", "state"), [((119,), "short"), ((120,), "good"), ((60, 60), "good"), ((), "missing")]
)
def test_training_adds_up_to_two_hours(minutes, state):
    assert states([check("training", minutes=each) for each in minutes])["training"] == state


def test_hours_that_ran_out_do_not_count_and_the_shorter_lived_ones_decide():
    gone = check("training", minutes=120, until=TODAY - timedelta(days=1))
    soon = check("training", minutes=60, until=date(2026, 7, 1))
    late = check("training", minutes=60, until=date(2027, 7, 1))
    items = {item.kind: item for item in passport.read([gone, soon, late], TODAY)}
    assert (items["training"].state, items["training"].until) == ("good", date(2026, 7, 1))
    assert states([gone, soon])["training"] == "short"


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_checks_of_one_day_the_one_that_does_not_pass_counts(order):
    day = date(2026, 5, 20)
    two = [Check("offence", day, date(2027, 5, 20), result) for result in ("none", "found")]
    items = {item.kind: item.state for item in passport.read(two[::order], day)}
    assert items["offence"] == "failed"
