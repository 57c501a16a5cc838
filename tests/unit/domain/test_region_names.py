import csv
from pathlib import Path

import pytest

from portal.domain.region_names import Region, RegionNames

REGIONS = Path(__file__).parents[3] / "portal" / "data" / "regions.csv"


@pytest.fixture(scope="module")
def rows():
    with REGIONS.open(encoding="utf-8-sig") as file:
        return [
            Region(row["code"], row["name"], row["level"], row["parent"])
            for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="module")
def resolve(rows):
    return RegionNames(rows).resolver("350421")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("明溪县城关乡坪埠村委会", "350421200202"),
        ("明溪县城关乡坪埠村民委员会", "350421200202"),
        ("福建省三明市明溪县城关乡坪埠村", "350421200202"),
        ("三明明溪城关坪埠", "350421200202"),
        ("城关乡坪埠村", "350421200202"),
        ("明溪县坪埠村", "350421200202"),
        ("坪埠村", "350421200202"),
        (" 明溪县 / 城关乡 / 坪埠村 ", "350421200202"),
        ("明溪县雪峰镇城东村", "350421100201"),
        ("明溪县雪峰镇城东社区", "350421100001"),
        ("沙溪乡溪口社区", "350421201001"),
        ("夏阳乡杏村", "350421202209"),
        ("明溪县雪峰镇", "350421100"),
        ("雪峰", "350421100"),
    ],
)
def test_the_ways_to_write_a_place(resolve, typed, code):
    assert resolve(typed).code == code


def test_the_full_name_is_exact_and_others_are_not(resolve):
    assert resolve("明溪县城关乡坪埠村委会").exact
    match = resolve("坪埠村")
    assert not match.exact
    assert match.text == "明溪县城关乡坪埠村委会"


def test_what_follows_the_village_is_given_back(resolve):
    match = resolve("明溪县城关乡坪埠村3组12号")
    assert (match.code, match.rest) == ("350421200202", "3组12号")


def test_two_places_of_one_name_are_offered(resolve):
    match = resolve("雪峰镇城东")
    assert match.code == ""
    assert match.candidates == ("明溪县雪峰镇城东居委会", "明溪县雪峰镇城东村委会")


def test_unknown_foreign_and_coarse_places_are_told_apart(resolve):
    unknown = resolve("明溪县不存在乡无名村")
    assert (unknown.code, unknown.outside, unknown.too_coarse) == ("", False, False)
    assert resolve("三元区城关街道").outside
    assert resolve("明溪县").too_coarse
    assert resolve("").code == ""


def test_every_unit_is_found_by_its_full_name(rows):
    names = RegionNames(rows)
    resolve = names.resolver("350400")
    units = [r for r in rows if r.code.startswith("3504") and r.level in {"village", "township"}]
    assert len(units) == 147 + 1964
    assert [r.code for r in units if resolve(names.full_name(r.code)).code != r.code] == []


def test_the_tree_decides_not_the_digits():
    # 平潭 stands under 福州 by its code and reports to the province.
    names = RegionNames(
        [
            Region("350000", "福建省", "province", ""),
            Region("350100", "福州市", "city", "350000"),
            Region("350128", "平潭县", "county", "350000"),
            Region("350128100", "潭城镇", "township", "350128"),
        ]
    )
    assert names.resolver("350000")("平潭县潭城镇").code == "350128100"
    assert names.resolver("350100")("平潭县潭城镇").outside
