"""The archive of a year's wishes as a workbook: one row per wish, the sum of the receipts below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, BinaryIO

import xlsxwriter

from portal.documents.cells import neutralise, printable
from portal.queries.archive import ArchiveRow

KINDS = {"individual": "个人", "enterprise": "爱心企业", "charity": "慈善组织"}
_FEN = 100
_NARROW, _USUAL, _WIDE = 10, 14, 30

#: Header, width and value of each column, in order; money in 元.
COLUMNS: tuple[tuple[str, int, Callable[[ArchiveRow], Any]], ...] = (
    ("档案编号", _USUAL, lambda row: row.file_no),
    ("时节", _NARROW, lambda row: row.occasion),
    ("地区", _USUAL, lambda row: row.unit),
    ("儿童", _NARROW, lambda row: row.child),
    ("心愿", _WIDE, lambda row: row.wish),
    ("数量", _NARROW, lambda row: row.quantity),
    ("孩子的话", _WIDE, lambda row: row.own_words),
    ("预计费用（元）", _USUAL, lambda row: row.est_cost_fen / _FEN),
    ("爱心人士", _WIDE, lambda row: row.supporter),
    ("类型", _NARROW, lambda row: KINDS.get(row.supporter_kind, row.supporter_kind)),
    ("认领日期", _USUAL, lambda row: row.claimed_on),
    ("最晚送达日", _USUAL, lambda row: row.deliver_by),
    ("收货日期", _USUAL, lambda row: row.delivered_on),
    ("晚到天数", _NARROW, lambda row: row.late_days),
    ("收货价值（元）", _USUAL, lambda row: row.value_fen / _FEN),
    ("捐赠票据号", _USUAL, lambda row: row.donation_receipt_no),
    ("转交日期", _USUAL, lambda row: row.handed_over_on),
    ("签收人", _USUAL, lambda row: row.signed_by),
    ("感谢的话", _WIDE, lambda row: row.thanks),
    ("归档日期", _USUAL, lambda row: row.archived_on),
)
_VALUE = next(at for at, column in enumerate(COLUMNS) if column[0] == "收货价值（元）")


def write(out: BinaryIO, year: int, unit: str, rows: Sequence[ArchiveRow]) -> None:
    """Write the workbook: title, headers, rows, and the number of wishes with their value."""
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("微心愿档案")
    looks = _looks(book)
    sheet.merge_range(0, 0, 0, len(COLUMNS) - 1, _text(f"{unit}{year}年微心愿档案"), looks["title"])
    for at, (header, width, _value) in enumerate(COLUMNS):
        sheet.set_column(at, at, width)
        sheet.write_string(1, at, header, looks["head"])
    for number, row in enumerate(rows, start=2):
        for at, (_header, _width, value) in enumerate(COLUMNS):
            _cell(sheet, number, at, value(row), looks)
    last = len(rows) + 2
    sheet.write_string(last, 0, f"共{len(rows)}个", looks["head"])
    sheet.write_number(last, _VALUE, sum(row.value_fen for row in rows) / _FEN, looks["money"])
    sheet.freeze_panes(2, 1)
    book.close()


def _cell(sheet: Any, row: int, at: int, value: object, looks: dict[str, Any]) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, at, value, looks["day"])
    elif isinstance(value, float):
        sheet.write_number(row, at, value, looks["money"])
    elif isinstance(value, int):
        sheet.write_number(row, at, value, looks["text"])
    else:
        sheet.write_string(row, at, _text(str(value or "")), looks["text"])


def _text(value: str) -> str:
    """Keep a text from being run by a spreadsheet program (security.md, row 13)."""
    return neutralise(printable(value))


def _looks(book: Any) -> dict[str, Any]:
    plain = {"valign": "top", "text_wrap": True, "border": 1}
    return {
        "title": book.add_format({"bold": True, "font_size": 16, "align": "center"}),
        "head": book.add_format({**plain, "bold": True, "bg_color": "#F3EEE4"}),
        "text": book.add_format(plain),
        "day": book.add_format({**plain, "num_format": "yyyy-mm-dd"}),
        "money": book.add_format({**plain, "num_format": "0.00"}),
    }
