"""``ledger check | import | export`` as an operator runs them (design.md 9)."""

import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from portal.domain import clock as portal_clock
from tests.factories import spreadsheets as make

SAMPLE = Path(__file__).parents[1] / "data" / "ledger_mingxi_2026.xlsx"


@pytest.fixture
def ledger(app, clock):
    clock.move_to(datetime(2026, 3, 20, 10, tzinfo=portal_clock.SHANGHAI))
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=["ledger", *map(str, arguments)])


def test_check_names_each_row_and_changes_nothing(ledger):
    told = ledger("check", SAMPLE, "--bureau", "350421", "--json")
    assert told.exit_code == 1
    report = json.loads(told.output)
    assert report["year"] == 2026
    assert report["counts"] == {"new": 30, "changed": 0, "unchanged": 0, "refused": 9, "aside": 1}
    by_row = {row["row"]: row for row in report["rows"]}
    assert set(by_row) == set(range(4, 44))
    assert by_row[43]["remarks"][0]["code"] == "id.typed_as_number"
    assert by_row[18]["verdict"] == "new"
    again = ledger("check", SAMPLE, "--bureau", "350421")
    assert "新增 30" in again.output
    assert "第 6 行 出生年月 “1999年01月”" in again.output


def test_import_twice_then_export_and_import_again_changes_nothing(ledger, tmp_path):
    rejects, out = tmp_path / "back.xlsx", tmp_path / "out.xlsx"
    told = ledger("import", SAMPLE, "--bureau", "350421", "--rejects", rejects)
    assert told.exit_code == 0, told.output
    assert "新增 30 · 变动 0 · 不变 0 · 退回 9 · 超龄 1" in told.output
    assert openpyxl.load_workbook(rejects).active.max_row >= 13
    assert "没有再改动" in ledger("import", SAMPLE, "--bureau", "350421").output
    told = ledger("export", "--bureau", "350421", "--year", "2026", out)
    assert "30 名儿童" in told.output
    told = ledger("check", out, "--bureau", "350421")
    assert told.exit_code == 0
    assert "新增 0 · 变动 0 · 不变 30" in told.output


def test_a_left_behind_child_is_no_line_of_form_1_and_a_new_file_without_line_is_named(
    ledger, app, tmp_path
):
    from portal.core import unit_of_work
    from portal.extensions import db
    from portal.models.children import CareLedgerRow
    from tests.factories import people

    ledger("import", SAMPLE, "--bureau", "350421")
    with app.app_context(), unit_of_work.transaction(people.everything()):
        db.session.delete(db.session.query(CareLedgerRow).first())
    told = ledger("export", "--bureau", "350421", "--year", "2026", tmp_path / "out.xlsx")
    assert "29 名儿童" in told.output
    assert "没有列入 2026 年台账的还有 1 名" in told.output


@pytest.mark.parametrize(
    ("file", "bureau", "sentence"),
    [
        ("bomb", "350421", "大得不正常"),
        ("sample", "999999", "没有这个单位"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence_with_code_2(
    ledger, tmp_path, file, bureau, sentence
):
    path = SAMPLE if file == "sample" else make.zip_bomb(tmp_path / "bomb.xlsx")
    for act in ("check", "import"):
        told = ledger(act, path, "--bureau", bureau)
        assert told.exit_code == 2
        assert sentence in told.output
        assert "Traceback" not in told.output
