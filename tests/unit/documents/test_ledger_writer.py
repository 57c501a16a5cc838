import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.documents.ledger_writer import write_ledger, write_rejects
from portal.domain.identity import Sex, fictitious_id_number
from portal.domain.ledger import Category, LedgerHead, ServiceType, Status
from portal.domain.ledger_normalise import read_text, read_word
from tests.factories import spreadsheets as make

SAMPLE = Path(__file__).parents[2] / "data" / "ledger_mingxi_2026.xlsx"
FORM_HEADERS = [
    "序号",
    "地区",
    "关爱服务对象姓名",
    "性别",
    "出生年月",
    "公民身份证号码",
    "监护人",
    "与被监护人关系",
    "联系电话",
    "类别",
    "服务内容",
    "成效",
]


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "out.xlsx"
    write_ledger(path, 2026, [make.entry(1), make.entry(3)], day=date(2026, 3, 20))
    return openpyxl.load_workbook(path).active


def test_title_date_and_headers_are_the_official_ones(sheet):
    assert sheet["A1"].value == "2026年社会散居孤儿、事实无人抚养儿童和孤独症儿童探访关爱服务台账"
    assert sheet["A2"].value == "日期:2026 年 3 月 20 日"
    assert [cell.value for cell in sheet[3]] == FORM_HEADERS


def test_rows_say_month_and_numbers_as_text(sheet):
    row = [cell.value for cell in sheet[4]]
    assert row == [
        1, "明溪县城关乡坪埠村委会", "王小明", "男", "2015年06月", "999421201506010014", "王大明",
        "父亲", "12748171740", "孤儿", "探访关爱、结对帮扶", "学习进步",
    ]  # fmt: skip
    for column in "FI":
        assert sheet[f"{column}4"].number_format == "@"
        assert sheet.column_dimensions[column].width > 12
    below = sheet.column_dimensions["F"]
    assert below.has_style
    assert openpyxl.styles.numbers.BUILTIN_FORMATS[below._style.numFmtId] == "@"


def test_drop_downs_are_real_and_go_on_below_the_last_child(sheet):
    lists = {
        str(rule.sqref).split(":")[0][0]: (str(rule.sqref), rule.formula1)
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }
    assert set(lists) == {"J", "K"}
    assert lists["J"][1] == '"孤儿,事实无人抚养儿童,孤独症儿童,其他困境儿童"'
    assert lists["K"][1].strip('"').split(",") == [
        "探访关爱", "结对帮扶", "心理疏导", "假期关爱", "亲情关爱", "司法援助", "助学帮扶",
        "实施“微心愿”", "其他服务",
    ]  # fmt: skip
    for column in "JK":
        first, last = lists[column][0].split(":")
        assert first == f"{column}4"
        assert int(last[1:]) > 100


def test_notes_stand_at_the_foot_and_pages_print_well(sheet):
    assert sheet["A6"].value.startswith("填表说明: 1.“类别”点下拉选项选择")
    assert sheet["A7"].value.startswith("2.“服务需求”点下拉选项选择")
    assert sheet.page_setup.orientation == "landscape"
    assert str(sheet.page_setup.paperSize) == "9"
    assert sheet.print_title_rows == "$1:$3"


def test_an_empty_form_leaves_lines_to_write_on_and_an_open_date(tmp_path):
    path = tmp_path / "out.xlsx"
    assert write_ledger(path, 2026, []) == 0
    sheet = openpyxl.load_workbook(path).active
    assert sheet["A2"].value == "日期:  年  月  日"
    assert sheet["A34"].value.startswith("填表说明")


def test_the_sample_goes_out_and_comes_back_the_same(check, tmp_path):
    entries = [row.entry for row in check(SAMPLE).with_status(Status.READY)]
    path = tmp_path / "out.xlsx"
    assert write_ledger(path, 2026, entries, day=date(2026, 3, 20)) == 30
    back = check(path)
    assert [row.entry for row in back.rows] == entries
    assert back.head == check(SAMPLE).head
    written = openpyxl.load_workbook(path).active
    formulas = [c for row in written.iter_rows() for c in row if c.data_type == "f"]
    assert formulas == []
    effects = {str(cell.value) for cell in written["L"]}
    assert '\'=HYPERLINK("http://example.invalid","x")' in effects


words = st.text(min_size=1, max_size=12).map(lambda text: read_word("名" + text).value)
texts = st.one_of(st.text(max_size=40), st.from_regex(r"\A\s*'*[=+\-@\uff1d].{0,10}\Z"))
children = st.lists(
    st.builds(
        lambda day, order, name, guardian, effect, services, category: make.entry(
            order,
            day,
            sex=Sex.MALE if order % 2 else Sex.FEMALE,
            id_number=fictitious_id_number("350421", day, order),
            name=name,
            guardian=guardian,
            effect=read_text(effect).value,
            services=tuple(services),
            category=category,
        ),
        st.dates(date(2009, 1, 1), date(2025, 12, 31)),
        st.integers(1, 999),
        words,
        words,
        texts,
        st.lists(st.sampled_from(list(ServiceType)), unique=True),
        st.sampled_from(list(Category)),
    ),
    min_size=1,
    max_size=15,
    unique_by=lambda child: child.id_number,
)


@settings(max_examples=40, deadline=None)
@given(children)
def test_import_of_export_is_the_same_for_any_children(region_names, tmp_path_factory, entries):
    from portal.documents.ledger_reader import check_ledger_file
    from portal.domain.ledger_check import LedgerChecker

    path = Path(tmp_path_factory.mktemp("trip"), "out.xlsx")
    write_ledger(path, 2026, entries)
    checker = LedgerChecker(
        region_names.resolver("350421"), as_of=date(2026, 3, 20), allow_fictitious=True
    )
    back = check_ledger_file(path, checker)
    assert [row.entry for row in back.rows] == entries


def test_the_rejects_carry_reasons_and_can_be_sent_again(check, tmp_path):
    ledger = check(SAMPLE)
    out = io.BytesIO()
    assert write_rejects(out, ledger.head, ledger.rows) == 10
    path = tmp_path / "back.xlsx"
    path.write_bytes(out.getvalue())
    sheet = openpyxl.load_workbook(path).active
    assert [cell.value for cell in sheet[3]] == [*FORM_HEADERS, "退回原因"]
    reasons = {row[12].value.split("。")[0]: row[12].value for row in sheet.iter_rows(4, 13)}
    assert set(reasons) == {
        f"原工作表“台账”第 {number} 行" for number in (6, 12, 17, 19, 22, 23, 28, 40, 42, 43)
    }
    assert sheet["F4"].fill.fgColor.rgb != sheet["E4"].fill.fgColor.rgb
    again = check(path)
    assert again.counts == {Status.READY: 0, Status.REFUSED: 9, Status.OVER_AGE: 1}


def test_a_corrected_rejects_workbook_comes_in(check, tmp_path):
    ledger = check(make.ledger(tmp_path / "a.xlsx", make.row(1), make.row(3, guardian=None)))
    path = tmp_path / "back.xlsx"
    assert write_rejects(path, ledger.head, ledger.rows) == 1
    book = openpyxl.load_workbook(path)
    book.active["G4"] = "王大明"
    book.save(path)
    back = check(path)
    assert [row.entry for row in back.rows] == [make.entry(3)]
    assert back.remarks[0].message.code == "row.note"


def test_digits_lost_in_a_number_never_look_whole_again(tmp_path, check):
    ledger = check(make.ledger(tmp_path / "a.xlsx", make.row(1, id_number=9.99421201506e17)))
    path = tmp_path / "back.xlsx"
    write_rejects(path, LedgerHead(year=2026), ledger.rows)
    assert openpyxl.load_workbook(path).active["F4"].value == "9.99421201506e+17"
