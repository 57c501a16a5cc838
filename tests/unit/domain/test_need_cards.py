"""What a need's card says and keeps back (security.md 2, A4: no detail may predict a diagnosis)."""

import csv
from collections import Counter
from pathlib import Path

import pytest

import portal
from portal.domain.anonymity import Disclosure, Face
from portal.domain.bands import Band
from portal.domain.need_cards import (
    PUBLIC_RHYTHMS,
    TELLING,
    Asked,
    faces_of,
    need_fields,
    public_rhythm,
)
from portal.domain.needs import FACES, HELPERS, KINDS, RHYTHMS
from portal.domain.pool import DAYS, LANGUAGES

PATH = ("350421", "350400", "350000")
NAMES = {"350421": "明溪县", "350400": "三明市", "350000": "福建省"}
LEVELS = {"350421": "county", "350400": "city", "350000": "province"}
SHOWN = Disclosure(
    Face("350421", Band.A9_11), 0, None, shows_size=False, fitting=12, crowd=12, k=10
)
DEMO = Path(portal.__file__).parent / "data" / "demo" / "needs.csv"


def card(asked, shown=SHOWN, common=()):
    return need_fields(asked, shown, NAMES, LEVELS, PATH, common)


@pytest.mark.parametrize("kind", sorted(TELLING))
@pytest.mark.parametrize("rhythm", sorted(RHYTHMS))
@pytest.mark.parametrize("helper", ["professional", "mother", ""])
def test_a_telling_need_is_written_like_an_ordinary_one_byte_for_byte(kind, rhythm, helper):
    ordinary = {"company": "affection", "daily": "daily_life"}[KINDS[kind].face]
    asked = Asked(kind, rhythm, ("weekday",), "sign", helper)
    usual = {"company": "monthly_quarterly", "daily": "monthly"}[KINDS[kind].face]
    assert card(asked, common=LANGUAGES) == card(Asked(ordinary, usual), common=LANGUAGES)


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("rhythm", sorted(RHYTHMS))
def test_every_rhythm_on_a_card_has_words_for_visitors(kind, rhythm):
    assert public_rhythm(kind, rhythm) in PUBLIC_RHYTHMS
    assert KINDS[kind].face in FACES


def test_no_public_detail_doubles_the_odds_of_a_telling_kind_among_the_sample_needs():
    with DEMO.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20
    everybody = sum(row["kind"] in TELLING for row in rows) / len(rows)
    all_of, telling = Counter(), Counter()
    for row in rows:
        days = (row["days"],) if row["days"] else ()
        shown = card(Asked(row["kind"], row["rhythm"], days, "", row["helper"]))
        sign = (shown.need, shown.rhythm, tuple(shown.days), shown.language, shown.helper)
        for part in (sign, shown.illustration, shown.need, (shown.need, shown.rhythm)):
            all_of[part] += 1
            telling[part] += row["kind"] in TELLING
    lifts = {part: telling[part] / all_of[part] / everybody for part in all_of}
    assert {part: lift for part, lift in lifts.items() if lift > 2} == {}


def test_a_language_is_shown_only_when_enough_needs_ask_for_it():
    asked = Asked("study", "weekends", ("weekend",), "hakka", "teacher")
    assert card(asked).language == ""
    assert card(asked, common={"hakka"}).language == "hakka"
    assert card(asked).days == ["weekend"]
    assert card(asked).helper == "teacher"


@pytest.mark.parametrize("helper", ["mother", "father", "professional", "civil_affairs", "cadre"])
def test_a_helper_who_says_something_about_the_child_is_kept_back(helper):
    assert helper in HELPERS
    assert card(Asked("study", "weekends", (), "", helper)).helper == ""


def test_the_place_and_band_are_the_rule_s():
    wide = Disclosure(
        Face("350400", Band.PRIMARY), 1, None, shows_size=False, fitting=10, crowd=10, k=10
    )
    shown = card(Asked("reading", "weekends", tuple(DAYS)), wide)
    assert (shown.region_name, shown.city_code, shown.band, shown.stage) == (
        "三明市", "350400", "primary", "primary",
    )  # fmt: skip


def test_search_knows_only_the_vocabulary():
    assert faces_of("数学") == ("study",)
    assert faces_of("心理") == ("company",)
    assert faces_of("想找人陪伴") == ("company",)
    assert faces_of("林小雨") == ()
    assert faces_of(" ") == ()
