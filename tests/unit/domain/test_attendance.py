"""Marks from several phones come to one sheet, whatever the order; days and rates by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.attendance import (
    Counts,
    Mark,
    camp_day,
    counted,
    in_a_row,
    merge,
    percent,
    put_right,
)

START = datetime(2026, 7, 6, 0, 30, tzinfo=UTC)
STATES = ("present", "late", "leave", "absent")


def mark(name, state, *seen, minute=0, **more):
    return Mark(name, state, START + timedelta(minutes=minute), frozenset(seen), **more)


def test_a_later_mark_overrules_what_its_maker_saw_and_nothing_else():
    first = mark("a", "absent")
    assert merge([]) is None
    assert merge([first]).state == "absent"
    seen = mark("b", "late", "a", minute=5, arrived="08:40")
    cell = merge([seen, first, first])
    assert (cell.state, cell.heads, cell.conflict, cell.arrived) == ("late", ("b",), False, "08:40")
    # Another phone had not seen the first one: two heads that say two things.
    unseen = mark("c", "present", minute=9)
    cell = merge([first, unseen])
    assert (cell.state, cell.heads, cell.conflict) == ("absent", ("a", "c"), True)
    # Two that say the same are no conflict; whoever has seen both settles one.
    assert merge([first, mark("d", "absent", minute=1)]).conflict is False
    settled = mark("e", "present", "a", "c", minute=20, way="settle")
    assert merge([settled, unseen, first]).state == "present"
    assert merge([settled, unseen, first]).conflict is False


def test_a_default_gives_way_and_a_ring_of_marks_is_a_conflict():
    roll = mark("r", "present", way="roll")
    assert merge([roll]).state == "present"
    assert merge([roll, mark("a", "absent")]).state == "absent"
    assert merge([roll, mark("a", "absent")]).conflict is False
    ring = [mark("a", "leave", "b"), mark("b", "present", "a")]
    assert merge(ring) == merge(ring[::-1])
    assert merge(ring).conflict
    assert merge([mark("a", "leave", "a")]).heads == ("a",)


@st.composite
def histories(draw):
    """Play marks on up to four phones that hear of each other now and then.

    Returns every mark, and per mark the marks its phone knew: what really happened.
    """
    phones = draw(st.integers(1, 4))
    knows = [set() for _ in range(phones)]
    marks, knew = [], {}
    for number in range(draw(st.integers(1, 9))):
        if draw(st.booleans()) and phones > 1:
            one, other = draw(st.permutations(range(phones)))[:2]
            knows[one] |= knows[other]
        phone = draw(st.integers(0, phones - 1))
        name = f"m{number}"
        # A phone's clock may be wrong by hours: no result may hang on it.
        minute = draw(st.integers(-600, 600))
        marks.append(mark(name, draw(st.sampled_from(STATES)), *knows[phone], minute=minute))
        knew[name] = set(knows[phone])
        knows[phone].add(name)
    return marks, knew


@settings(max_examples=150, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_any_interleaving_duplication_and_delay_end_in_one_sheet(history, random):
    marks, knew = history
    # By hand: a mark stands when nobody who knew of it has marked since.
    standing = {name for name in knew if not any(name in seen for seen in knew.values())}
    state_of = {one.id: one.state for one in marks}
    expected = {state_of[name] for name in standing}
    arrivals = [*marks, *random.choices(marks, k=len(marks))]
    random.shuffle(arrivals)
    kept: dict[str, Mark] = {}
    for one in arrivals:
        kept.setdefault(one.id, one)
        cell = merge(kept.values())
    assert set(kept) == set(knew)
    assert set(cell.heads) == standing
    assert cell.conflict == (len(expected) > 1)
    assert cell.state in expected
    assert cell == merge(marks)


def test_a_day_counts_with_two_of_three_and_rates_are_those_of_the_seeds():
    for calls in permutations(["present", "late", "absent"]):
        assert camp_day(calls) == "present"
    assert camp_day(["present", "leave", "absent"]) == "absent"
    assert camp_day(["late", "leave", "leave"]) == "leave"
    assert camp_day(["present"]) == "present"
    assert camp_day(["present", "leave"]) == "leave"
    with pytest.raises(ValueError, match="roll call"):
        camp_day([])
    # A5: 300 child-days, 286 present, 10 leave, 4 absent. A6: 162, 12, 6 of 180.
    camp = Counts(present=280, late=6, leave=10, absent=4)
    assert (camp.here, camp.expected) == (286, 300)
    assert (camp.rate, camp.rate_without_leave) == (Decimal("95.3"), Decimal("98.6"))
    lessons = counted(["present"] * 162 + ["leave"] * 12 + ["absent"] * 6)
    assert (lessons.expected, lessons.rate) == (180, Decimal("90.0"))
    assert percent(1, 0) is None
    assert percent(1, 16) == Decimal("6.3")


def test_a_wrong_clock_is_put_right_and_absences_in_a_row_are_counted_from_the_end():
    now = START + timedelta(hours=5)
    ahead = timedelta(hours=3)
    assert put_right(START + ahead, now + ahead, now) == START
    assert put_right(now + timedelta(hours=1), now, now) == now
    assert in_a_row(["absent", "present", "absent", "absent"]) == 2
    assert in_a_row(["absent", "leave"]) == 0
    assert in_a_row([]) == 0
