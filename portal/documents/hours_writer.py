"""Hours as a workbook: one row per record, minutes as numbers, hours summed from minutes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, BinaryIO

import xlsxwriter

from portal.documents.cells import neutralise, printable
from portal.domain.hours import ACTIVITY_WORDS, hours
from portal.domain.lifecycles.service_records import MACHINE
from portal.queries.hours_desk import QueueRow
from portal.queries.service_records import RecordRow

OWN = ("日期", "服务类型", "内容", "地点", "组织单位", "分钟", "状态")
BUREAU = ("日期", "姓名", "所属组织", "服务类型", "内容", "地点", "组织单位", "分钟", "状态")
_WIDTHS = {"日期": 12, "姓名": 12, "所属组织": 26, "服务类型": 14, "内容": 36, "地点": 24,
           "组织单位": 14, "分钟": 8, "状态": 12}  # fmt: skip
AT_HOME = "入户"
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def write_own(out: BinaryIO, records: Iterable[RecordRow]) -> None:
    """Write one person's records; only verified minutes are summed."""
    lines = (
        (row.status, row.minutes, (row.served_on.isoformat(), ACTIVITY_WORDS[row.kind], row.title,
                                   row.place or AT_HOME, row.organiser))
        for row in records
    )  # fmt: skip
    _write(out, "志愿服务时长", OWN, lines)


def write_bureau(out: BinaryIO, first: date, last: date, records: Iterable[QueueRow]) -> None:
    """Write the records of a period, each with its person; only verified minutes are summed."""
    lines = (
        (row.status, row.minutes, (row.served_on.isoformat(), row.person, row.organisation,
                                   ACTIVITY_WORDS[row.kind], row.title, row.place or AT_HOME,
                                   row.county))
        for row in records
    )  # fmt: skip
    _write(out, f"志愿服务时长 {first.isoformat()} 至 {last.isoformat()}", BUREAU, lines)


def _write(
    out: BinaryIO,
    title: str,
    headers: Sequence[str],
    lines: Iterable[tuple[str, int, Sequence[str]]],
) -> None:
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties({"title": title})
        sheet = book.add_worksheet("服务时长")
        head = book.add_format({"bold": True, "border": 1, "bg_color": "#F2EDE4"})
        plain = book.add_format({"border": 1, "valign": "top", "text_wrap": True})
        for place, header in enumerate(headers):
            sheet.set_column(place, place, _WIDTHS[header])
            sheet.write_string(0, place, header, head)
        at, total = 0, 0
        for at, (status, minutes, texts) in enumerate(lines, 1):
            for place, text in enumerate(texts):
                sheet.write_string(at, place, neutralise(printable(text)), plain)
            sheet.write_number(at, len(texts), minutes, plain)
            sheet.write_string(at, len(texts) + 1, MACHINE.states[status].label, plain)
            total += minutes if status == "verified" else 0
        _sum(sheet, at + 1, len(headers), total, head)
        sheet.freeze_panes(1, 0)


def _sum(sheet: Any, at: int, width: int, total: int, style: Any) -> None:
    """Write the verified minutes, and the same as hours."""
    for place in range(width):
        sheet.write_blank(at, place, None, style)
    sheet.write_string(at, 0, "已核实合计", style)
    sheet.write_number(at, width - 2, total, style)
    sheet.write_string(at, width - 1, f"{hours(total)} 小时", style)
