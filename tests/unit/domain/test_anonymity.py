"""K over the register, the ladder, and the crowd behind every face (security.md decisions, A6)."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.anonymity import (
    BAND_LABELS,
    LADDER,
    AgeRange,
    Asked,
    Band,
    ChildFacts,
    Disclosure,
    Face,
    Held,
    HeldReason,
    Register,
    RegisterRow,
    Rung,
    band_of,
    choose_disclosure,
)
from portal.domain.explanations import explain

MINGXI, TAINING, JIANNING = "350421", "350429", "350430"
CITY, PROVINCE, PINGTAN = "3504", "35", "350128"
NAMES = {MINGXI: "明溪县", TAINING: "泰宁县", CITY: "三明市", PROVINCE: "福建省"}
BAND_RANGE = {
    "3-5": (3, 5), "6-8": (6, 8), "9-11": (9, 11), "12-14": (12, 14), "15-17": (15, 17),
    "preschool": (3, 5), "primary": (6, 11), "secondary": (12, 17),
}  # fmt: skip


def county(code, counts, sex="female"):
    """Rows of one county of 三明: {age: count}."""
    return [RegisterRow((code, CITY, PROVINCE), age, sex, n) for age, n in counts.items()]


def child(age, code=MINGXI, sex="female"):
    return ChildFacts((code, CITY, PROVINCE), age, sex)


@pytest.mark.parametrize(
    ("age", "band"),
    [(2, None), (3, "3-5"), (5, "3-5"), (6, "6-8"), (8, "6-8"), (9, "9-11"), (11, "9-11"),
     (12, "12-14"), (14, "12-14"), (15, "15-17"), (17, "15-17"), (18, None)],
)  # fmt: skip
def test_bands_are_the_five_of_the_domain_page(age, band):
    assert band_of(age) == band


def test_ten_in_the_band_are_shown_as_the_band():
    shown = choose_disclosure(Register(county(MINGXI, {9: 4, 11: 6})), child(9), Asked())
    assert isinstance(shown, Disclosure)
    assert shown.face == Face(MINGXI, Band.A9_11)
    assert (shown.fitting, shown.crowd, shown.dropped) == (10, 10, ())


def test_nine_in_the_band_roll_up_to_the_stage():
    register = Register(county(MINGXI, {7: 9, 10: 9}))
    shown = choose_disclosure(register, child(10), Asked())
    assert shown.face == Face(MINGXI, Band.PRIMARY)
    assert shown.fitting == 18
    said = "".join(map(str, explain(shown, NAMES)))
    assert "明溪县·9–11岁 只有 9 名在册儿童，不足 10 名，放宽为 明溪县·小学" in said
    assert "明溪县·小学 共 18 名在册儿童，可以公开" in said


def test_a_neighbouring_band_goes_along_so_that_nobody_is_left_over():
    register = Register(county(MINGXI, {7: 14, 10: 4}))
    for age in (7, 10):
        shown = choose_disclosure(register, child(age), Asked())
        assert shown.face == Face(MINGXI, Band.PRIMARY)
        assert shown.crowd == 18
    assert "排除法" in str(explain(choose_disclosure(register, child(7), Asked()), NAMES)[0])


def test_region_rolls_up_after_the_band_and_takes_the_smallest_neighbour_along():
    rows = county(MINGXI, {4: 6}) + county(TAINING, {4: 40}) + county(JIANNING, {4: 12})
    register = Register(rows)
    shown = choose_disclosure(register, child(4), Asked())
    assert shown.face == Face(CITY, Band.PRESCHOOL)
    assert (shown.fitting, shown.crowd, shown.rolled_up) == (58, 18, 1)
    assert choose_disclosure(register, child(4, JIANNING), Asked()).face.place == CITY
    assert choose_disclosure(register, child(4, TAINING), Asked()).face == Face(TAINING, Band.A3_5)


def test_region_reaches_the_province_and_a_county_that_skips_the_city():
    rows = [*county(MINGXI, {4: 6}), RegisterRow((PINGTAN, PROVINCE), 4, "male", 5)]
    shown = choose_disclosure(Register(rows), child(4), Asked())
    assert (shown.face.place, shown.crowd, shown.rolled_up) == (PROVINCE, 11, 2)
    far = choose_disclosure(Register(rows), ChildFacts((PINGTAN, PROVINCE), 4, "male"), Asked())
    assert (far.face.place, far.crowd) == (PROVINCE, 11)


def test_too_few_in_the_whole_province_is_held_with_a_reason():
    held = choose_disclosure(Register(county(MINGXI, {16: 9})), child(16), Asked())
    assert isinstance(held, Held)
    assert held.reason is HeldReason.TOO_FEW
    assert "福建省·中学" in str(explain(held, NAMES)[0])
    assert "只有 9 名" in str(explain(held, NAMES)[0])


def test_a_tenant_may_raise_k_and_never_lower_it_under_five():
    register = Register(county(MINGXI, {9: 12}))
    assert choose_disclosure(register, child(9), Asked(), k=12).face.band == Band.A9_11
    assert isinstance(choose_disclosure(register, child(9), Asked(), k=13), Held)
    assert isinstance(choose_disclosure(register, child(9), Asked(), k=5), Disclosure)
    with pytest.raises(ValueError, match="at least 5"):
        choose_disclosure(register, child(9), Asked(), k=4)


def test_sex_is_shown_only_where_needed_and_only_if_both_sexes_stay_at_k():
    rows = county(MINGXI, {9: 10}) + county(MINGXI, {9: 10}, sex="male")
    clothing, lamp = Asked(needs_sex=True), Asked()
    assert choose_disclosure(Register(rows), child(9), clothing).sex == "female"
    assert choose_disclosure(Register(rows), child(9), lamp).sex is None
    fewer_boys = county(MINGXI, {9: 10}) + county(MINGXI, {9: 9}, sex="male")
    shown = choose_disclosure(Register(fewer_boys), child(9), clothing)
    assert (shown.sex, shown.dropped) == (None, (Rung.SEX,))
    assert "性别不公开" in str(explain(shown, NAMES)[-1])


def test_the_item_narrows_the_population():
    register = Register(county(MINGXI, {12: 20, 16: 9}))
    assert choose_disclosure(register, child(16), Asked()).face.band == Band.SECONDARY
    senior = Asked(ages=AgeRange(15, 17))
    assert isinstance(choose_disclosure(register, child(16), senior), Held)
    misfit = choose_disclosure(register, child(12), senior)
    assert isinstance(misfit, Held)
    assert misfit.reason is HeldReason.AGE_MISFIT


def test_a_size_that_points_at_few_is_told_after_the_claim():
    register = Register(county(MINGXI, {6: 3, 7: 4, 8: 12}))
    common = choose_disclosure(register, child(8), Asked(size_ages=AgeRange(7, 9)))
    rare = choose_disclosure(register, child(6), Asked(size_ages=AgeRange(5, 6)))
    odd = choose_disclosure(register, child(8), Asked(size_ages=AgeRange(12, 17)))
    assert (common.shows_size, rare.shows_size, odd.shows_size) == (True, False, False)
    assert rare.dropped == odd.dropped == (Rung.SIZE,)
    assert rare.face == Face(MINGXI, Band.A6_8)


def test_a_child_outside_every_band_is_never_public():
    register = Register(county(MINGXI, {2: 50, 18: 50, 9: 50}))
    for age in (2, 18):
        held = choose_disclosure(register, child(age), Asked())
        assert isinstance(held, Held)
        assert held.reason is HeldReason.NO_BAND


#: For every rung a register in which the full ladder publishes and the ladder without it cannot.
WITNESS = {
    Rung.SEX: (county(MINGXI, {9: 12}), Asked(needs_sex=True)),
    Rung.SIZE: (county(MINGXI, {9: 12}), Asked(size_ages=AgeRange(12, 17))),
    Rung.BAND: (county(MINGXI, {9: 6, 7: 6}), Asked()),
    Rung.REGION: (county(MINGXI, {9: 6}) + county(TAINING, {9: 6}), Asked()),
}


@pytest.mark.parametrize("rung", LADDER)
def test_each_rung_is_needed(rung):
    rows, asked = WITNESS[rung]
    register = Register([*rows, RegisterRow(("350100", "3501", "99"), 4, "male", 1)])
    assert isinstance(choose_disclosure(register, child(9), asked), Disclosure)
    without = [one for one in LADDER if one is not rung]
    assert isinstance(choose_disclosure(register, child(9), asked, ladder=without), Held)


PATHS = [("c1", "A", "P"), ("c2", "A", "P"), ("c3", "A", "P"), ("d1", "B", "P"), ("d2", "B", "P"),
         ("e1", "P")]  # fmt: skip
rows_strategy = st.lists(
    st.builds(
        RegisterRow,
        st.sampled_from(PATHS),
        st.integers(0, 19),
        st.sampled_from(["male", "female"]),
        st.integers(1, 14),
    ),
    min_size=1,
    max_size=40,
)
asked_strategy = st.builds(
    Asked,
    ages=st.sampled_from([AgeRange(3, 17), AgeRange(6, 11), AgeRange(15, 17), AgeRange(3, 8)]),
    needs_sex=st.booleans(),
    size_ages=st.sampled_from([None, AgeRange(5, 8), AgeRange(9, 14)]),
)


@settings(max_examples=400, deadline=None)
@given(rows=rows_strategy, asked=asked_strategy, k=st.integers(5, 20))
def test_whatever_the_register_no_published_cell_is_below_k(rows, asked, k):
    """Count by hand: who fits what the card says, and whose own card would say the same."""
    register = Register(rows)
    crowds, cards = Counter(), []
    for row in rows:
        result = choose_disclosure(register, ChildFacts(row.path, row.age, row.sex), asked, k)
        if isinstance(result, Held):
            continue
        low, high = BAND_RANGE[result.face.band]
        assert low <= row.age <= high
        assert result.face.place in row.path
        size = asked.size_ages if result.shows_size else None
        fitting = sum(
            other.count
            for other in rows
            if result.face.place in other.path
            and low <= other.age <= high
            and other.age in asked.ages
            and (result.sex is None or other.sex == result.sex)
            and (size is None or other.age in size)
        )
        assert fitting >= k
        crowds[result.face] += row.count
        cards.append(result)
    for card in cards:
        assert crowds[card.face] == card.crowd >= k


@settings(max_examples=100, deadline=None)
@given(rows=rows_strategy)
def test_more_children_never_hold_a_card_back(rows):
    register = Register(rows)
    bigger = Register([*rows, *rows])
    for row in rows:
        one = ChildFacts(row.path, row.age, row.sex)
        if isinstance(choose_disclosure(register, one, Asked()), Disclosure):
            assert isinstance(choose_disclosure(bigger, one, Asked()), Disclosure)


def test_labels_are_written_as_people_read_them():
    assert BAND_LABELS[Band.A9_11] == "9–11岁"
    assert [BAND_LABELS[b] for b in (Band.PRESCHOOL, Band.PRIMARY, Band.SECONDARY)] == [
        "学龄前", "小学", "中学"]  # fmt: skip
