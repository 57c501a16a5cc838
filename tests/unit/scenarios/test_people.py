"""The people of the demo: nobody exists twice, and nobody exists."""

from datetime import date

import pytest

from portal.domain.identity import age_on, parse_id_number, parse_phone
from portal.domain.ledger import Category
from portal.scenarios import people

TODAY = date(2026, 11, 22)
PLACES = [people.Place(f"350421100{n:03d}", f"甲{n}村", "乙镇", n < 3) for n in range(10)]

#: domain.md 7: orphan, de facto, autism, F2 register, left-behind.
TABLE = {
    "350404": (17, 60, 41, 118, 31), "350405": (12, 40, 28, 80, 21),
    "350421": (6, 19, 13, 38, 10), "350423": (7, 24, 16, 47, 13),
    "350424": (15, 53, 36, 104, 28), "350425": (17, 59, 40, 116, 31),
    "350426": (20, 70, 48, 138, 37), "350428": (8, 28, 19, 55, 15),
    "350429": (6, 20, 14, 40, 11), "350430": (7, 24, 16, 47, 12),
    "350481": (17, 59, 41, 117, 31),
}  # fmt: skip


def everybody():
    return {code: people.children(code, PLACES, TODAY) for code in people.counties()}


def count(children, category):
    return sum(c.entry.category is category and not c.left_behind for c in children)


@pytest.mark.parametrize("county", TABLE)
def test_each_county_is_counted_as_planned(county):
    children = people.children(county, PLACES, TODAY)
    main = [count(children, one) for one in list(Category)[:3]]
    assert (*main, sum(main), sum(c.left_behind for c in children)) == TABLE[county]


def test_the_city_has_900_60_and_240():
    city = [c for code in TABLE for c in people.children(code, PLACES, TODAY)]
    others = count(city, Category.OTHER)
    left_behind = sum(c.left_behind for c in city)
    assert (len(city) - others - left_behind, others, left_behind) == (900, 60, 240)


def test_everybody_is_a_child_with_a_number_that_belongs_to_nobody():
    numbers = []
    for children in everybody().values():
        for child in children:
            entry = child.entry
            read = parse_id_number(entry.id_number, today=TODAY, allow_fictitious=True)
            assert read.fictitious
            assert (read.birth, read.sex) == (entry.birth, entry.sex)
            assert 3 <= age_on(entry.birth, TODAY) <= 17
            assert parse_phone(entry.phone, allow_fictitious=True).startswith("12")
            numbers.append(entry.id_number)
    assert len(set(numbers)) == len(numbers)


def test_the_same_day_brings_the_same_people():
    assert everybody() == everybody()
