"""Write form 1 exactly as the official notice prints it, and the workbook of refused rows (S0-F1).

Both open with real drop-down lists on 类别 and 服务内容, keep ID numbers and telephones as text,
print on A4 landscape with the headings on every page, and can be read back by ``ledger_reader``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal.documents.cells import neutralise, printable
from portal.documents.ledger_headers import REASON_HEADER
from portal.domain.ledger import (
    CATEGORY_WORDS,
    NOTES,
    SERVICE_SEPARATOR,
    SERVICE_WORDS,
    TITLE,
    Cell,
    CheckedRow,
    Column,
    LedgerEntry,
    LedgerHead,
    Status,
    Weight,
)
from portal.domain.ledger_normalise import text_of

SHEET_NAME = "台账"
EMPTY_DAY = "日期:  年  月  日"
_HEADER_ROW = 2
_FIRST_ROW = 3
# Lists go on below the last child, so that a clerk can add rows by hand.
_ROWS_TO_ADD = 500
_EMPTY_ROWS_OF_A_BLANK_FORM = 30
_WIDTHS: Mapping[Column, float] = {
    Column.SEQ: 5.5,
    Column.REGION: 25,
    Column.NAME: 12,
    Column.SEX: 5.5,
    Column.BIRTH: 12,
    Column.ID_NUMBER: 21,
    Column.GUARDIAN: 10,
    Column.RELATION: 10,
    Column.PHONE: 14.5,
    Column.CATEGORY: 17,
    Column.SERVICES: 30,
    Column.EFFECT: 22,
}
_REASON_WIDTH = 48
_TEXT_COLUMNS = frozenset({Column.BIRTH, Column.ID_NUMBER, Column.PHONE})
_CENTRED = frozenset(Column) - {Column.REGION, Column.SERVICES, Column.EFFECT}
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_ledger(
    out: Path | BinaryIO, year: int, entries: Iterable[LedgerEntry], *, day: date | None = None
) -> int:
    """Write the ledger of ``year`` to ``out`` and return the number of children in it.

    ``day`` fills the date line; without it the line stays open for a pen.
    """
    with xlsxwriter.Workbook(_target(out), _OPTIONS) as book:
        form = _Form(book, TITLE.format(year=year), day, ())
        for seq, entry in enumerate(entries, start=1):
            form.add((seq, *_cells_of(entry)))
        form.close()
        return form.count


def write_rejects(out: Path | BinaryIO, head: LedgerHead, rows: Iterable[CheckedRow]) -> int:
    """Write the rows that did not come in, each with its reason, and return how many.

    The workbook is form 1 with one more column: corrected, it can be sent again as it is.
    """
    title = TITLE.format(year=head.year) if head.year else head.title or SHEET_NAME
    with xlsxwriter.Workbook(_target(out), _OPTIONS) as book:
        form = _Form(book, title, head.day, (REASON_HEADER,))
        for row in rows:
            if row.status is not Status.READY:
                cells = [_as_typed(column, row.raw.cell(column)) for column in Column]
                form.add((*cells, _reason(row)), wrong=_wrong_columns(row))
        form.close()
        return form.count


def _target(out: Path | BinaryIO) -> str | BinaryIO:
    return str(out) if isinstance(out, Path) else out


def _cells_of(entry: LedgerEntry) -> tuple[str, ...]:
    return (
        entry.region_text,
        entry.name,
        entry.sex.word,
        f"{entry.birth.year:04d}年{entry.birth.month:02d}月",
        entry.id_number,
        entry.guardian,
        entry.relation,
        entry.phone,
        entry.category.word,
        SERVICE_SEPARATOR.join(service.word for service in entry.services),
        entry.effect,
    )


def _as_typed(column: Column, cell: Cell) -> Cell:
    """Return a raw cell as text; a serial number stays a number."""
    if column is Column.SEQ and isinstance(cell, int | float):
        return int(cell)
    if column is Column.BIRTH and isinstance(cell, date):
        return f"{cell.year:04d}年{cell.month:02d}月"
    if column is Column.ID_NUMBER and isinstance(cell, float):
        # Its last digits are lost: never write it so that it looks like a whole number.
        return repr(cell)
    return text_of(cell)


def _reason(row: CheckedRow) -> str:
    sheet = f"工作表“{row.raw.sheet}”" if row.raw.sheet else ""
    return f"原{sheet}第 {row.raw.number} 行。{row.reason}"


def _wrong_columns(row: CheckedRow) -> frozenset[Column]:
    return frozenset(
        remark.column
        for remark in row.remarks
        if remark.column and remark.weight is not Weight.NOTE
    )


class _Form:
    """The sheet being written, from the title down."""

    def __init__(
        self, book: xlsxwriter.Workbook, title: str, day: date | None, extra: Sequence[str]
    ) -> None:
        book.set_properties({"title": title})
        self.count = 0
        self._sheet: Worksheet = book.add_worksheet(SHEET_NAME)
        self._last = len(Column) + len(extra) - 1
        self._plain, self._wrong = self._formats(book)
        self._reason = book.add_format(_style(text_wrap=True, font_color="#9C1C1C"))
        self._note = book.add_format({"text_wrap": True, "valign": "top", "font_size": 10})
        self._set_up()
        self._write_head(book, title, day, extra)

    @staticmethod
    def _formats(book: xlsxwriter.Workbook) -> tuple[list[Format], list[Format]]:
        plain, wrong = [], []
        for column in Column:
            style = _style(text_wrap=True)
            if column in _CENTRED:
                style["align"] = "center"
            if column in _TEXT_COLUMNS:
                style["num_format"] = "@"
            plain.append(book.add_format(style))
            wrong.append(book.add_format({**style, "bg_color": "#FBE3E0"}))
        return plain, wrong

    def _set_up(self) -> None:
        sheet = self._sheet
        for column in Column:
            # The column's own format makes the empty rows below keep digits as text.
            fmt = self._plain[column.place] if column in _TEXT_COLUMNS else None
            sheet.set_column(column.place, column.place, _WIDTHS[column], fmt)
        if self._last >= len(Column):
            sheet.set_column(len(Column), self._last, _REASON_WIDTH)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, _HEADER_ROW)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        sheet.freeze_panes(_FIRST_ROW, 3)

    def _write_head(
        self, book: xlsxwriter.Workbook, title: str, day: date | None, extra: Sequence[str]
    ) -> None:
        sheet, last = self._sheet, len(Column) - 1
        big = book.add_format(
            {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}
        )
        right = book.add_format({"align": "right", "valign": "vcenter"})
        head = book.add_format(
            _style(bold=True, align="center", text_wrap=True, bg_color="#F2EDE4")
        )
        sheet.set_row(0, 32)
        sheet.merge_range(0, 0, 0, last, title, big)
        shown = f"日期:{day.year} 年 {day.month} 月 {day.day} 日" if day else EMPTY_DAY
        sheet.merge_range(1, 0, 1, last, shown, right)
        sheet.set_row(_HEADER_ROW, 32)
        for place, text in enumerate([*(column.header for column in Column), *extra]):
            sheet.write_string(_HEADER_ROW, place, text, head)

    def add(self, cells: Sequence[Cell], *, wrong: frozenset[Column] = frozenset()) -> None:
        """Write one row; ``wrong`` columns are coloured."""
        at = _FIRST_ROW + self.count
        for place, (column, cell) in enumerate(zip(Column, cells, strict=False)):
            fmt = self._wrong[place] if column in wrong else self._plain[place]
            if isinstance(cell, int):
                self._sheet.write_number(at, place, cell, fmt)
            elif cell:
                self._sheet.write_string(at, place, neutralise(printable(str(cell))), fmt)
            else:
                self._sheet.write_blank(at, place, None, fmt)
        for place in range(len(Column), len(cells)):
            text = neutralise(printable(str(cells[place])))
            self._sheet.write_string(at, place, text, self._reason)
        self.count += 1

    def close(self) -> None:
        """Write the notes at the foot and the drop-down lists."""
        sheet = self._sheet
        foot = _FIRST_ROW + (self.count or _EMPTY_ROWS_OF_A_BLANK_FORM)
        for place, note in enumerate(NOTES):
            sheet.set_row(foot + place, 18)
            sheet.merge_range(foot + place, 0, foot + place, len(Column) - 1, note, self._note)
        lowest = foot + _ROWS_TO_ADD
        self._list(
            Column.CATEGORY,
            lowest,
            list(CATEGORY_WORDS.values()),
            {
                "error_title": "类别",
                "error_message": "请从四个类别中选择一个",
            },
        )
        self._list(
            Column.SERVICES,
            lowest,
            list(SERVICE_WORDS.values()),
            {
                "input_title": "服务内容",
                "input_message": "可填多项，用“、”隔开",
                # Several services in one cell are right, so the list advises and does not forbid.
                "error_type": "information",
                "error_title": "服务内容",
                "error_message": "多项请用“、”隔开，每项须是下拉列表里的文字",
            },
        )

    def _list(self, column: Column, lowest: int, words: list[str], texts: dict[str, str]) -> None:
        options: dict[str, Any] = {"validate": "list", "source": words, **texts}
        self._sheet.data_validation(_FIRST_ROW, column.place, lowest, column.place, options)


def _style(**more: object) -> dict[str, object]:
    return {"border": 1, "border_color": "#8A8378", "valign": "vcenter", "font_size": 11, **more}
