"""Pairings in numbers as a workbook: one sheet per table of the page; numbers only, no names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO

import xlsxwriter

from portal.documents.cells import neutralise, printable
from portal.domain.figures import Share
from portal.queries.pairing_figures import Figures

_WIDE, _USUAL = 26, 14
_NOT_SAID = "没有填写"


def write(out: BinaryIO, found: Figures, helpers: Mapping[str, str]) -> None:
    """Write the workbook: by area, by kind of helper, by month."""
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    title = f"{found.place}结对情况（截至{found.as_of:%Y-%m-%d}）"
    sheet(
        book, "按地区", title, ("地区", "在册儿童", "已结对", "结对率"),
        [
            *((area.name, *_counted(area.paired)) for area in found.areas),
            ("合计", *_counted(found.paired)),
        ],
    )  # fmt: skip
    sheet(
        book, "按结对人", title, ("结对人", "结对中"),
        [
            *((helpers.get(key, _NOT_SAID), number) for key, number in found.helpers),
            ("合计", found.active),
        ],
    )  # fmt: skip
    sheet(
        book, f"{found.asked.year}年各月", title,
        ("月份", "开始", "结束", "月末结对中", "应做到", "已做到", "履约率"),
        [
            (
                f"{month.first:%Y-%m}", month.started, month.ended, month.standing,
                month.kept.due, month.kept.met, month.share.text,
            )
            for month in found.months
        ],
    )  # fmt: skip
    book.close()


def _counted(share: Share) -> tuple[int, int, str]:
    return share.whole, share.part, share.text


def sheet(
    book: Any, name: str, title: str, heads: Sequence[str], rows: Iterable[Sequence[str | int]]
) -> None:
    """Add a sheet to a workbook: a title, a row of heads, rows of texts and numbers."""
    page = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bg_color": "#F3EEE4", "border": 1})
    plain = book.add_format({"border": 1})
    big = book.add_format({"bold": True, "font_size": 14})
    page.set_column(0, 0, _WIDE)
    page.set_column(1, len(heads) - 1, _USUAL)
    page.write_string(0, 0, neutralise(printable(title)), big)
    for at, head in enumerate(heads):
        page.write_string(1, at, head, bold)
    for number, row in enumerate(rows, start=2):
        for at, value in enumerate(row):
            if isinstance(value, int):
                page.write_number(number, at, value, plain)
            else:
                page.write_string(number, at, neutralise(printable(value)), plain)
    page.freeze_panes(2, 1)
