"""Small rules of a pairing: who helps, what a child may be called, an hour of the day."""

import pytest

from portal.domain import pairings
from portal.domain.needs import HELPERS
from portal.domain.pairings import Person

WOMAN, MAN = Person(sex="female"), Person(sex="male")
TEACHER = Person(is_teacher=True, sex="female")


@pytest.mark.parametrize(
    ("person", "kind", "wanted", "helper"),
    [
        (WOMAN, "affection", "", "mother"),
        (MAN, "affection", "", "father"),
        (WOMAN, "affection", "father", "mother"),
        (MAN, "affection", "father", "father"),
        (Person(), "affection", "mother", "citizen"),
        (WOMAN, "study", "", "citizen"),
        (TEACHER, "study", "", "teacher"),
        (WOMAN, "study", "teacher", "citizen"),
        (TEACHER, "study", "teacher", "teacher"),
        (WOMAN, "career", "entrepreneur", "entrepreneur"),
    ],
)
def test_the_kind_of_helper_is_what_somebody_is(person, kind, wanted, helper):
    assert pairings.usual_helper(person, kind, wanted) == helper
    assert helper in HELPERS


@pytest.mark.parametrize("called", ["林小雨", "林 小雨", "林·小·雨", "小林小雨", "【林小雨】"])
def test_a_whole_name_is_told_however_it_is_spaced(called):
    assert pairings.tells_name(called, "林小雨")


@pytest.mark.parametrize("called", ["小雨", "雨", "林家小妹", "禾禾"])
def test_a_part_of_a_name_is_no_whole_name(called):
    assert not pairings.tells_name(called, "林小雨")


@pytest.mark.parametrize(
    ("text", "is_hour"),
    [("09:30", True), ("23:59", True), ("24:00", False), ("9:30", False), ("09:60", False)],
)
def test_an_hour_is_two_signs_a_colon_and_two_signs(text, is_hour):
    assert pairings.is_hour(text) is is_hour
