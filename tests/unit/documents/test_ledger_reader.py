import time
from datetime import date
from pathlib import Path

import pytest

from portal.domain.errors import Invalid
from portal.domain.ledger import Column, Status, Weight
from tests.factories import spreadsheets as make

SAMPLE = Path(__file__).parents[2] / "data" / "ledger_mingxi_2026.xlsx"

# What samples/README.md says about each row: status, column and code of the remark.
SAMPLE_ROWS = {
    6: (Status.REFUSED, {("birth", "birth.contradicts_id")}),
    11: (Status.READY, {("services", "services.read_as")}),
    12: (Status.REFUSED, {("sex", "sex.contradicts_id")}),
    16: (Status.READY, {("effect", "formula.kept")}),
    17: (
        Status.REFUSED,
        {
            ("id_number", "id.duplicate"),
            ("birth", "birth.contradicts_id"),
            ("sex", "sex.contradicts_id"),
        },
    ),
    18: (Status.READY, {("birth", "birth.read_as")}),
    19: (Status.REFUSED, {("region", "region.unknown")}),
    22: (Status.REFUSED, {("guardian", "guardian.missing")}),
    23: (Status.OVER_AGE, {("birth", "over_age")}),
    28: (Status.REFUSED, {("category", "category.unknown")}),
    38: (Status.READY, {("name", "tidied")}),
    39: (Status.READY, {("id_number", "id.tidied")}),
    40: (Status.REFUSED, {("phone", "phone.invalid")}),
    42: (Status.REFUSED, {("id_number", "id.invalid")}),
    43: (Status.REFUSED, {("id_number", "id.typed_as_number")}),
}


@pytest.fixture
def sample(check):
    return check(SAMPLE)


def by_number(ledger):
    return {row.raw.number: row for row in ledger.rows}


@pytest.mark.parametrize("number", range(4, 44))
def test_each_row_of_the_sample_is_treated_as_its_readme_says(sample, number):
    row = by_number(sample)[number]
    status, said = SAMPLE_ROWS.get(number, (Status.READY, set()))
    assert row.status is status
    assert {(remark.column.value, remark.message.code) for remark in row.remarks} == said
    assert all(remark.row == number for remark in row.remarks)


def test_the_sample_counts_30_in_9_back_1_over_age(sample):
    assert sample.counts == {Status.READY: 30, Status.REFUSED: 9, Status.OVER_AGE: 1}
    assert sample.head.year == 2026
    assert sample.head.day == date(2026, 3, 20)
    assert [(remark.row, remark.message.code) for remark in sample.remarks] == [(44, "row.note")]


def test_the_accepted_oddities_of_the_sample_come_in_as_meant(sample):
    rows = by_number(sample)
    assert [service.word for service in rows[11].entry.services] == [
        "探访关爱",
        "心理疏导",
        "其他服务",
    ]
    assert rows[16].entry.effect == '=HYPERLINK("http://example.invalid","x")'
    assert rows[18].entry.birth == date(2015, 9, 24)
    assert rows[38].entry.name == "彭怡豪"
    assert rows[39].entry.id_number == "999421202307224807"
    assert rows[35].entry.id_number == rows[17].raw.cell(Column.ID_NUMBER)
    assert "第 35 行" in rows[17].reason


def test_every_row_over_again_in_production_is_refused_for_its_number(check):
    ledger = check(SAMPLE, allow_fictitious=False)
    assert ledger.counts[Status.READY] == 0


def test_headings_are_found_by_meaning_wherever_they_stand(check, tmp_path):
    headings = list(make.HEADERS)
    cells = make.row()
    order = [5, 2, 1, 9, 6, 8, 3, 4, 7, 10, 11, 0]
    spaced = [" ".join(headings[place]) for place in order]
    path = make.xlsx(
        tmp_path / "a.xlsx",
        {
            "x": [
                [],
                [None, None, make.TITLE],
                [],
                [None, "日期:2026-03-20"],
                [],
                [None, *spaced],
                [None, *(cells[place] for place in order)],
            ]
        },
    )
    ledger = check(path)
    assert [row.entry for row in ledger.rows] == [make.entry()]
    assert ledger.rows[0].raw.number == 7
    assert ledger.head.day == date(2026, 3, 20)


def test_a_missing_required_column_is_named(check, tmp_path):
    headings = [name for name in make.HEADERS if name not in {"监护人", "类别"}]
    path = make.xlsx(tmp_path / "a.xlsx", {"x": [headings, make.row()]})
    with pytest.raises(Invalid, match="表头缺少：监护人、类别"):
        check(path)


def test_columns_that_are_not_of_the_form_are_named(check, tmp_path):
    path = make.xlsx(
        tmp_path / "a.xlsx",
        {"x": [[*make.HEADERS, "学校", "退回原因"], [*make.row(), "一小", "?"]]},
    )
    ledger = check(path)
    assert [str(remark.message) for remark in ledger.remarks] == ["表外的列没有读入：学校"]


def test_two_sheets_are_one_ledger_and_a_third_without_headings_is_named(check, tmp_path):
    path = make.xlsx(
        tmp_path / "a.xlsx",
        {
            "城关乡": make.ledger_rows(make.row(1)),
            "雪峰镇": make.ledger_rows(make.row(3), make.row(1)),
            "说明": [["请各乡镇按时填报"]],
        },
    )
    ledger = check(path)
    assert [(row.raw.sheet, row.status) for row in ledger.rows] == [
        ("城关乡", Status.REFUSED),
        ("雪峰镇", Status.READY),
        ("雪峰镇", Status.REFUSED),
    ]
    assert "工作表“雪峰镇”第 5 行" in ledger.rows[0].reason
    assert [remark.text for remark in ledger.remarks] == ["工作表“说明”里没有台账的表头，没有读入"]


def test_hidden_rows_come_in_and_are_named(check, tmp_path):
    rows = [make.row(order) for order in (1, 3, 5, 7)]
    ledger = check(make.ledger(tmp_path / "a.xlsx", *rows, hidden_rows=(5, 6)))
    assert ledger.counts[Status.READY] == 4
    assert [remark.text for remark in ledger.remarks] == ["第 5–6 行在表格里是隐藏的，也已读入"]


def test_a_hidden_sheet_stays_out_and_is_named(check, tmp_path):
    path = make.xlsx(
        tmp_path / "a.xlsx",
        {"现在": make.ledger_rows(make.row(1)), "旧表": make.ledger_rows(make.row(1))},
        hidden_sheets=("旧表",),
    )
    ledger = check(path)
    assert ledger.counts == {Status.READY: 1, Status.REFUSED: 0, Status.OVER_AGE: 0}
    assert "工作表“旧表”是隐藏的" in ledger.remarks[0].text


def test_a_merged_cell_counts_for_each_of_its_rows_but_never_who_the_child_is(check, tmp_path):
    guardian, name = Column.GUARDIAN.place, Column.NAME.place
    rows = [make.row(1), make.row(3, guardian=None), make.row(5, guardian=None)]
    path = make.ledger(tmp_path / "a.xlsx", *rows, merged=[(3, guardian, 5, guardian)])
    ledger = check(path)
    assert [row.entry.guardian for row in ledger.rows] == ["王大明"] * 3
    assert [(remark.row, remark.message.code) for remark in ledger.remarks] == [
        (5, "cell.merged"),
        (6, "cell.merged"),
    ]
    rows = [make.row(1), make.row(3, name=None)]
    path = make.ledger(tmp_path / "b.xlsx", *rows, merged=[(3, name, 4, name)])
    assert check(path).rows[1].status is Status.REFUSED


def test_notes_blank_lines_and_repeated_headings_are_no_children(check, tmp_path):
    numbered = [[2, *[None] * 11], [3, *[None] * 11]]
    path = make.ledger(
        tmp_path / "a.xlsx",
        make.row(1),
        *numbered,
        [],
        make.HEADERS,
        make.row(3),
        ["合计", "2 人"],
        ["填表人:", None, "李四", None, "审核人:", None, "王五"],
    )
    ledger = check(path)
    assert [row.raw.number for row in ledger.rows] == [4, 9]
    assert {(remark.row, remark.message.code) for remark in ledger.remarks} == {
        (8, "row.header_again"),
        (10, "row.note"),
        (11, "row.note"),
        (0, "rows.only_numbered"),
    }


def test_a_row_without_name_and_number_but_with_content_goes_back(check, tmp_path):
    path = make.ledger(tmp_path / "a.xlsx", make.row(1), make.row(3, name=None, id_number=None))
    row = check(path).rows[1]
    assert row.status is Status.REFUSED
    assert "没有填写姓名" in row.reason
    assert "没有填写公民身份证号码" in row.reason


def test_dates_and_numbers_as_cells(check, tmp_path):
    path = make.ledger(
        tmp_path / "a.xlsx",
        make.row(1, birth=date(2015, 6, 1), name="李明"),
        make.row(3, birth=2015.6, phone=12748171740),
    )
    ledger = check(path)
    assert [row.status for row in ledger.rows] == [Status.READY] * 2
    assert ledger.rows[1].entry.phone == "12748171740"
    assert all(remark.weight is Weight.NOTE for row in ledger.rows for remark in row.remarks)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_csv_in_the_encodings_that_offices_write(check, tmp_path, encoding, delimiter):
    path = tmp_path / "a.csv"
    lines = [delimiter.join(map(str, cells)) for cells in make.ledger_rows(make.row(1))]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    ledger = check(path)
    assert [row.entry for row in ledger.rows] == [make.entry(1)]
    assert ledger.head.year == 2026


def test_ods_and_xls(check, tmp_path):
    rows = make.ledger_rows(make.row(1), make.row(3))
    for path in (make.ods(tmp_path / "a.ods", rows), make.xls(tmp_path / "a.xls", rows)):
        ledger = check(path)
        assert [row.entry for row in ledger.rows] == [make.entry(1), make.entry(3)]


def html_named_xls(path):
    path.write_text("<html><body><table><tr><td>姓名</td></tr></table></body></html>")
    return path


def truncated(path):
    whole = make.ledger(path, *[make.row(order) for order in range(1, 60, 2)])
    whole.write_bytes(whole.read_bytes()[:-400])
    return whole


def broken_inside(path):
    whole = make.ledger(path, make.row(1))
    content = bytearray(whole.read_bytes())
    for place in range(300, 900, 7):
        content[place] ^= 0x5A
    whole.write_bytes(content)
    return whole


def with_bytes(content):
    def write(path):
        path.write_bytes(content)
        return path

    return write


def not_a_ledger(path):
    return make.xlsx(path, {"x": [["日期", "金额"], ["2026-01-01", 5]]})


REFUSED_FILES = {
    "empty": (with_bytes(b""), "文件是空的"),
    "empty workbook": (lambda path: make.xlsx(path, {"x": [[]]}), "没有找到台账的表头"),
    "headers only": (make.ledger, "没有一行数据"),
    "another table": (not_a_ledger, "没有找到台账的表头"),
    "password xlsx": (make.encrypted_xlsx, "打开密码"),
    "password xls": (lambda p: make.xls(p, [["a"]], protected=True), "打开密码"),
    "bomb": (make.zip_bomb, "大得不正常"),
    "bomb that lies": (lambda p: make.zip_bomb(p, lie=True), "损坏"),
    "dense": (lambda p: make.zip_bomb(p, blocks=4), "大得不正常"),
    "sparse": (make.sparse, "太复杂"),
    "sparse within a machine's memory": (lambda p: make.sparse(p, "ALL90000"), "太复杂"),
    "html as xls": (html_named_xls, "网页"),
    "xxe": (make.external_entity, "外部引用"),
    "xxe ods": (
        lambda p: make.ods(p, [["a"]], '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hosts">]>'),
        "外部引用",
    ),
    "truncated": (truncated, "不完整"),
    "broken inside": (broken_inside, "不完整"),
    "pdf": (with_bytes(b"%PDF-1.7\n..."), "PDF"),
    "picture": (with_bytes(b"\x89PNG\r\n\x1a\n"), "图片"),
    "bytes": (with_bytes(bytes(range(256)) * 9), "认不出|编码"),
    "unclosed quote": (with_bytes('姓名,"'.encode() + b"x" * 200_000), "CSV|表头"),
}


@pytest.mark.parametrize("case", REFUSED_FILES)
def test_a_file_that_cannot_be_a_ledger_is_refused_in_words_and_at_once(check, tmp_path, case):
    make_file, sentence = REFUSED_FILES[case]
    path = make_file(tmp_path / "upload.xls")
    started = time.perf_counter()
    with pytest.raises(Invalid, match=sentence):
        check(path)
    assert time.perf_counter() - started < 2


def test_a_formula_left_behind_by_a_program_is_read_as_its_last_value(check, tmp_path):
    path = tmp_path / "a.xlsx"
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, make.HEADERS)
        sheet.write_row(1, 0, make.row(1))
        sheet.write_formula(1, Column.BIRTH.place, '="2015年"&"06月"', None, "2015年06月")
    assert check(path).rows[0].entry == make.entry(1)
