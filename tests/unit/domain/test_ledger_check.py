from datetime import date

import pytest

from portal.domain.identity import fictitious_id_number
from portal.domain.ledger import Column, RawRow, RegionMatch, Status, Weight
from portal.domain.ledger_check import LedgerChecker
from tests.factories import spreadsheets as make

AS_OF = date(2026, 3, 20)
PLACE = "明溪县城关乡坪埠村委会"


def resolve(text):
    return RegionMatch("350421200202", PLACE, text == PLACE) if "坪埠" in text else RegionMatch()


def check(*rows, allow_fictitious=True):
    checker = LedgerChecker(resolve, as_of=AS_OF, allow_fictitious=allow_fictitious)
    raw = [RawRow("台账", number, tuple(cells)) for number, cells in enumerate(rows, start=4)]
    return checker.check(raw)


def one(**cells):
    return check(make.row(1, **cells))[0]


def test_a_clean_row_comes_in_without_a_word():
    row = one()
    assert (row.status, row.entry, row.remarks) == (Status.READY, make.entry(1), ())


@pytest.mark.parametrize(
    "typed",
    ["2015.6", "2015.06", "2015/06", "2015-6", "2015年6月", "2015年06月1日", "201506", "20150601",
     "２０１５年６月", 2015.6, 201506.0, date(2015, 6, 1), date(2015, 6, 20), 42156.0, " 2015 年 6 月 "],
)  # fmt: skip
def test_the_ways_to_write_a_month(typed):
    row = one(birth=typed)
    assert row.status is Status.READY
    assert row.entry.birth == date(2015, 6, 1)
    assert {remark.weight for remark in row.remarks} == {Weight.NOTE}


def test_a_month_that_lost_its_zero_is_decided_by_the_number():
    born = date(2015, 10, 3)
    number = fictitious_id_number("350421", born, 1)
    assert one(birth=2015.1, id_number=number).status is Status.READY
    assert one(birth="2015.1").status is Status.REFUSED


@pytest.mark.parametrize("typed", ["去年", "2015", "2015.13", "15.6", "2015年0月"])
def test_a_month_that_cannot_be_read_goes_back(typed):
    assert "看不出是哪年哪月" in one(birth=typed).reason


@pytest.mark.parametrize("typed", [None, "", "  "])
def test_empty_sex_and_birth_are_filled_from_the_number(typed):
    row = one(sex=typed, birth=typed)
    assert row.entry == make.entry(1)
    assert {remark.message.code for remark in row.remarks} == {"sex.filled", "birth.filled"}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("探访关爱,心理疏导;其它", "探访关爱、心理疏导、其他服务"),
        ("探访关爱\uff0c心理疏导\uff1b其它", "探访关爱、心理疏导、其他服务"),
        ("探访关爱/微心愿", "探访关爱、实施“微心愿”"),
        ("探访 关爱 结对帮扶", "探访关爱、结对帮扶"),
        ('实施"微心愿"', "实施“微心愿”"),
        ("法律援助\n助学", "司法援助、助学帮扶"),
        ("探访关爱、探访关爱", "探访关爱"),
    ],
)
def test_services_in_other_words(typed, words):
    row = one(services=typed)
    assert "、".join(service.word for service in row.entry.services) == words
    assert [remark.text for remark in row.remarks] == [f"读作“{words}”"]


def test_an_unknown_service_goes_back_with_the_nine():
    assert "“发红包”不在九项服务之内" in one(services="探访关爱、发红包").reason


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("社会散居孤儿", "孤儿"),
        ("自闭症儿童", "孤独症儿童"),
        ("其它困境儿童", "其他困境儿童"),
        ("孤独症儿童、孤儿", "孤儿"),
        ("孤 儿", "孤儿"),
    ],
)
def test_categories_in_other_words(typed, word):
    row = one(category=typed)
    assert row.entry.category.word == word
    assert len(row.remarks) == 1


@pytest.mark.parametrize(
    ("column", "typed", "code"),
    [
        (Column.NAME, None, "name.missing"),
        (Column.NAME, "=1+1", "word.formula"),
        (Column.NAME, "王" * 61, "too_long"),
        (Column.GUARDIAN, "  ", "guardian.missing"),
        (Column.PHONE, None, "phone.missing"),
        (Column.PHONE, "1380013800", "phone.invalid"),
        (Column.CATEGORY, None, "category.missing"),
        (Column.CATEGORY, "留守", "category.unknown"),
        (Column.REGION, None, "region.missing"),
        (Column.REGION, "天上", "region.unknown"),
        (Column.SEX, "女", "sex.contradicts_id"),
        (Column.SEX, "X", "sex.unknown"),
        (Column.BIRTH, "2015年07月", "birth.contradicts_id"),
        (Column.ID_NUMBER, None, "id.missing"),
        (Column.ID_NUMBER, 9.99421201506e17, "id.typed_as_number"),
        (Column.ID_NUMBER, 999421201506010014, "id.typed_as_number"),
        (Column.ID_NUMBER, "9.99421201506E+17", "id.typed_as_number"),
        (Column.ID_NUMBER, "999421201506010015", "id.invalid"),
        (Column.EFFECT, "好" * 2001, "too_long"),
    ],
)
def test_each_fault_is_named_with_its_row_column_and_value(column, typed, code):
    row = one(**{column.value: typed})
    assert row.status is Status.REFUSED
    assert row.entry is None
    found = {(r.column, r.message.code): r for r in row.remarks if r.weight is Weight.FAULT}
    assert (column, code) in found
    remark = found[column, code]
    assert (remark.sheet, remark.row) == ("台账", 4)
    assert remark.text in row.reason


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        (12748171740.0, "12748171740"),
        ("127 4817 1740", "12748171740"),
        ("１２７４８１７１７４０", "12748171740"),
        ("12748171740、0598-8222222", "12748171740"),
        ("0598-8222222", "0598-8222222"),
    ],
)
def test_telephones_are_tidied_with_a_remark(typed, phone):
    row = one(phone=typed)
    assert row.entry.phone == phone
    assert len(row.remarks) == (0 if typed == phone else 1)


def test_a_second_telephone_is_named_when_it_is_left_out():
    assert "没有读入：05988222222" in one(phone="12748171740/0598-8222222").remarks[0].text


def test_the_rightful_owner_of_a_number_comes_in_and_the_other_goes_back():
    first, second, third = check(make.row(1, sex="女"), make.row(1), make.row(3))
    assert [row.status for row in (first, second, third)] == [
        Status.REFUSED,
        Status.READY,
        Status.READY,
    ]
    assert "第 5 行" in first.reason


def test_where_nothing_tells_two_rows_apart_both_are_set_aside():
    rows = check(make.row(1), make.row(1, name="李明"))
    assert [row.status for row in rows] == [Status.REFUSED] * 2
    assert "第 5 行" in rows[0].reason
    assert "第 4 行" in rows[1].reason


def test_where_neither_row_agrees_with_the_number_both_go_back():
    rows = check(make.row(1, sex="女"), make.row(1, birth="2014年01月"))
    assert [row.status for row in rows] == [Status.REFUSED] * 2


def grown(born, **cells):
    number = fictitious_id_number("350421", born, 1)
    return one(birth=f"{born:%Y年%m月}", id_number=number, **cells)


def test_eighteen_today_goes_to_the_age_out_list_and_one_day_less_comes_in():
    today, tomorrow = grown(date(2008, 3, 20)), grown(date(2008, 3, 21))
    assert today.status is Status.OVER_AGE
    assert today.entry is not None
    assert "已满 18 周岁" in today.reason
    assert tomorrow.status is Status.READY


def test_over_age_with_a_gap_still_leaves_the_register_but_not_with_a_doubtful_identity():
    assert grown(date(2007, 1, 1), guardian=None).status is Status.OVER_AGE
    assert grown(date(2007, 1, 1), sex="女").status is Status.REFUSED


def test_numbers_of_nobody_stay_out_of_production():
    (row,) = check(make.row(1), allow_fictitious=False)
    assert row.status is Status.REFUSED
