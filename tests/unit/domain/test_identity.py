from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import Invalid
from portal.domain.identity import (
    Sex,
    age_on,
    check_digit,
    fictitious_id_number,
    is_adult,
    parse_id_number,
    parse_phone,
    parse_uscc,
)

TODAY = date(2026, 3, 20)


def parse(number, **options):
    return parse_id_number(number, today=TODAY, allow_fictitious=True, **options)


@pytest.mark.parametrize(
    ("number", "birth", "sex"),
    [
        ("999421201506010014", date(2015, 6, 1), Sex.MALE),
        ("999404202402290048", date(2024, 2, 29), Sex.FEMALE),
        # The example of GB 11643 itself, and the lower-case x that people type.
        ("11010519491231002X", date(1949, 12, 31), Sex.FEMALE),
        ("11010519491231002x", date(1949, 12, 31), Sex.FEMALE),
    ],
)
def test_the_number_tells_birth_and_sex(number, birth, sex):
    found = parse(number)
    assert (found.birth, found.sex) == (birth, sex)
    assert found.number == number.upper()
    assert found.fictitious is number.startswith("999")


def test_numbers_of_nobody_need_permission():
    with pytest.raises(Invalid, match="第一位应为 1 至 8") as refused:
        parse_id_number("999421201506010014", today=TODAY)
    assert set(refused.value.fields) == {"id_number"}


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("99942120150601001", "应为 18 位"),
        ("110105491231002", "15 位旧号码"),
        ("99942120150601001A", "17 位数字"),
        ("999421201506010015", "校验位"),
        ("999421201502300014", "不是一个存在的日期"),
        (fictitious_id_number("350421", date(2026, 3, 21), 1), "今天之后"),
        (fictitious_id_number("350421", date(1899, 12, 31), 1), "不是一个存在的日期"),
        ("911421201506010014", "第一位应为 1 至 8"),
        ("012421201506010014", "第一位应为 1 至 8"),
        ("９９９421201506010014", "17 位数字"),
    ],
)
def test_refusals_say_what_is_wrong(number, sentence):
    with pytest.raises(Invalid, match=sentence):
        parse(number)


def test_the_county_of_an_old_number_is_never_asked():
    # 350403 (三元区 before 2021) no longer exists; the card does.
    number = "35040320100101001"
    assert parse(number + check_digit(number)).birth == date(2010, 1, 1)


@given(st.dates(date(1950, 1, 1), TODAY), st.integers(1, 999))
def test_made_numbers_pass_and_one_wrong_digit_never_does(birth, order):
    number = fictitious_id_number("350421", birth, order)
    assert parse(number).birth == birth
    place = order % 17
    wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    with pytest.raises(Invalid):
        parse(wrong)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2008, 3, 20), TODAY, 18),
        (date(2008, 3, 21), TODAY, 17),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_age_turns_on_the_birthday(birth, day, age):
    assert age_on(birth, day) == age
    assert is_adult(birth, day) is (age >= 18)


@pytest.mark.parametrize(
    "number",
    ["91999404MADEM0A019", "51999421MADEM0B02R", "52999429MADEM0C033", "53999400MADEM0D04P"],
)
def test_demonstration_codes_pass_only_with_permission(number):
    assert parse_uscc(number.lower(), allow_fictitious=True) == number
    with pytest.raises(Invalid, match="行政区划"):
        parse_uscc(number)


def test_a_real_code_passes_and_its_neighbours_do_not():
    assert parse_uscc(" 91350100M000100Y43 ") == "91350100M000100Y43"
    for wrong, sentence in {
        "91350100M000100Y44": "校验位",
        "91350100M000100Y4": "18 位",
        "91350100M000100I43": "校验位",
    }.items():
        with pytest.raises(Invalid, match=sentence) as refused:
            parse_uscc(wrong)
        assert set(refused.value.fields) == {"uscc"}


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13800138000", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("12748171740", "12748171740"),
        ("0598-8222222", "0598-8222222"),
        ("(0598)8222222", "0598-8222222"),
        ("05988222222", "0598-8222222"),
        ("010-62345678", "010-62345678"),
    ],
)
def test_telephones(typed, number):
    assert parse_phone(typed, allow_fictitious=True) == number


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1380013800", "应为 11 位，这里有 10 位"),
        ("8222222", "请带区号"),
        ("0598-1", "请带区号"),
        ("没有", "请带区号"),
        ("", "请带区号"),
    ],
)
def test_telephones_that_nobody_can_call(typed, sentence):
    with pytest.raises(Invalid, match=sentence):
        parse_phone(typed, allow_fictitious=True)


def test_demonstration_telephones_need_permission():
    with pytest.raises(Invalid):
        parse_phone("12748171740")
