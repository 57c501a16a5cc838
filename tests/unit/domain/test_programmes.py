"""What a plan lacks, and what a timetable asks for (S0-4.4; PG): numbers of domain.md."""

from dataclasses import replace
from datetime import date, timedelta

from portal.domain.calendar import NATIONAL, Calendar, DayKind
from portal.domain.programme_checks import Plan, missing
from portal.domain.programme_plans import PLANS, lines_of
from portal.domain.programmes import KINDS, adults_needed, may_meet
from portal.domain.timetables import clashes, slots, swapped, topics_by_day

FIRST = date(2026, 7, 6)


def camp(last: date, plan: str = "firefly") -> Plan:
    """Return C3 with everything ready but what a test takes away."""
    days = [FIRST + timedelta(days=step) for step in range((last - FIRST).days + 1)]
    return Plan(
        kind="camp", starts_on=FIRST, ends_on=last, today=date(2026, 5, 20), heads=30,
        season="summer", lines=topics_by_day(lines_of(PLANS[plan], days)),
        adults=dict.fromkeys(days, 4), venue="活动中心", venue_checked_on=date(2026, 5, 1),
        insurance_no="1", insured_until=last, has_plan=True, drill_on=date(2026, 5, 1),
        budget_fen=1, register_from=date(2026, 6, 1), register_until=date(2026, 7, 1),
    )  # fmt: skip


def codes(plan: Plan) -> list[str]:
    return [one.code for one in missing(plan)]


def test_ten_days_are_a_camp_and_nine_are_not():
    assert codes(camp(date(2026, 7, 15))) == []
    assert codes(camp(date(2026, 7, 14))) == ["length"]


def test_each_rule_names_what_it_misses():
    whole = camp(date(2026, 7, 15))
    for change, code in (
        ({"register_until": date(2026, 7, 2)}, "register-late"),
        ({"today": date(2026, 6, 17)}, "too-late"),
        ({"ratio": 9}, "ratio"),
        ({"drill_on": FIRST - timedelta(days=91)}, "drill-old"),
        ({"insured_until": date(2026, 7, 14)}, "insured"),
        ({"adults": dict.fromkeys(whole.days, 3)}, "adults"),
        ({"other_camps": 2}, "third"),
    ):
        assert codes(replace(whole, **change)) == [code]
    assert codes(replace(whole, today=date(2026, 6, 16))) == []
    assert codes(replace(whole, drill_on=FIRST - timedelta(days=90))) == []
    third = missing(replace(whole, other_camps=2))[0]
    assert not third.blocks("start")


def test_classes_meet_on_weekends_that_are_not_worked():
    assert may_meet("interest_class", date(2026, 6, 14), NATIONAL)
    assert not may_meet("interest_class", date(2026, 6, 17), NATIONAL)
    # 2026-02-14, a Saturday, is worked for the Spring Festival.
    assert not may_meet("interest_class", date(2026, 2, 14), NATIONAL)
    own = Calendar({date(2026, 6, 17): DayKind.CLASS_DAY})
    assert may_meet("interest_class", date(2026, 6, 17), own)
    assert not may_meet("after_school", date(2026, 6, 14), NATIONAL)


def test_a_camp_day_has_three_roll_calls_and_a_swap_keeps_lengths_and_breaks():
    lines = lines_of(PLANS["new_year"], [FIRST])
    assert [slot.starts for slot in slots("camp", lines)] == ["08:30", "14:20", "20:00"]
    given = tuple(
        replace(one, id=f"00000000-0000-0000-0000-{n:012d}") for n, one in enumerate(lines)
    )
    moved = swapped(given, given[2].id, -1)
    assert [(one.starts, one.ends) for one in moved[1:3]] == [
        ("08:30", "09:40"),
        ("10:00", "11:30"),
    ]
    assert moved[1].title == given[2].title
    assert clashes(moved) == ()


def test_two_adults_at_least_and_one_for_eight():
    assert [adults_needed(heads, 8) for heads in (1, 16, 17, 30)] == [2, 2, 3, 4]
    assert adults_needed(18, 3) == 6
    assert {kind.ratio for name, kind in KINDS.items() if name != "carer_class"} == {8}
