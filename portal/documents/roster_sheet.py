"""A roster as a workbook: given names, ages, telephones; who took it stands on every page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

import xlsxwriter

from portal.documents.cells import neutralise, printable
from portal.queries.rosters import Head, RosterRow

_YES, _NO = "同意", "不同意"
COLUMNS: Sequence[tuple[str, int, Callable[[RosterRow], Any]]] = (
    ("编号", 6, lambda row: row.number),
    ("称呼", 10, lambda row: row.called),
    ("年龄", 6, lambda row: row.age),
    ("监护人", 10, lambda row: row.guardian),
    ("监护人电话", 14, lambda row: row.guardian_phone),
    ("第二联系人", 12, lambda row: row.second_contact),
    ("第二联系人电话", 14, lambda row: row.second_phone),
    ("拍照", 8, lambda row: _YES if row.photo else _NO),
    ("送医", 8, lambda row: _YES if row.medical else _NO),
    ("乘车", 8, lambda row: _YES if row.transport else _NO),
)


def write(out: BinaryIO, head: Head, rows: Sequence[RosterRow], mark: str) -> None:
    """Write the roster without a word of health: that is for who is on duty, on the day.

    ``mark`` says who took the file and when; it heads the sheet and foots every printed page.
    """
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("花名册")
    cell = book.add_format({"border": 1, "valign": "top"})
    bold = book.add_format({"border": 1, "bold": True, "bg_color": "#F3EEE4"})
    sheet.write_string(
        0, 0, printable(f"{head.code} {head.title}"), book.add_format({"bold": True})
    )
    sheet.write_string(1, 0, printable(mark), book.add_format({"font_color": "#6B6257"}))
    for at, (word, width, _value) in enumerate(COLUMNS):
        sheet.set_column(at, at, width)
        sheet.write_string(2, at, word, bold)
    for number, row in enumerate(rows, start=3):
        for at, (_word, _width, value) in enumerate(COLUMNS):
            told = value(row)
            if isinstance(told, int):
                sheet.write_number(number, at, told, cell)
            else:
                sheet.write_string(number, at, neutralise(printable(str(told or "—"))), cell)
    sheet.set_footer(f"&C{mark.replace('&', '&&')}")
    sheet.set_landscape()
    sheet.freeze_panes(3, 2)
    book.close()
