"""The pool, the resource directory and the pairings as workbooks: one row each, masked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter

from portal.documents.cells import neutralise, printable
from portal.domain.cadence import LIGHTS
from portal.domain.lifecycles.pairings import MACHINE as PAIRINGS
from portal.domain.lifecycles.resources import OFFERS
from portal.domain.needs import HELPERS, RHYTHMS
from portal.domain.needs import KINDS as NEEDS
from portal.domain.pool import DAYS, LANGUAGES, SKILLS
from portal.domain.resources import KINDS
from portal.domain.vetting import CLOSE_REASONS
from portal.queries.pairings import PairingRow
from portal.queries.pool import PoolRow
from portal.queries.resources import OfferRow

_NARROW, _USUAL, _WIDE = 10, 16, 32
_NOTHING = "—"
Columns = Sequence[tuple[str, int, Callable[[Any], Any]]]


def _listed(words: Mapping[str, str], codes: Sequence[str]) -> str:
    return "、".join(words.get(code, code) for code in codes)


POOL_COLUMNS: Columns = (
    ("姓名", _NARROW, lambda row: row.name),
    ("电话", _USUAL, lambda row: row.phone),
    ("县（市、区）", _USUAL, lambda row: row.county),
    ("级别", _NARROW, lambda row: "可接触儿童" if row.tier > 1 else "物资"),
    ("有效期到", _USUAL, lambda row: row.tier_until),
    ("专长", _WIDE, lambda row: _listed(SKILLS, row.skills)),
    ("语言", _USUAL, lambda row: _listed(LANGUAGES, row.languages)),
    ("时间", _USUAL, lambda row: _listed(DAYS, row.days)),
    ("同时陪伴", _NARROW, lambda row: row.capacity),
    ("还有空余", _NARROW, lambda row: row.free),
    ("到哪天为止", _USUAL, lambda row: row.until),
    ("帮助儿童数", _NARROW, lambda row: row.helped),
    ("服务小时", _NARROW, lambda row: row.hours),
    ("荣誉", _NARROW, lambda row: row.honours),
)
OFFER_COLUMNS: Columns = (
    ("资源", _WIDE, lambda row: row.title),
    ("类别", _NARROW, lambda row: KINDS.get(row.kind, row.kind)),
    ("提供方", _WIDE, lambda row: row.giver),
    ("县（市、区）", _USUAL, lambda row: row.county),
    ("数量", _NARROW, lambda row: row.capacity),
    ("已用", _NARROW, lambda row: row.used),
    ("剩余", _NARROW, lambda row: row.left),
    ("单位", _NARROW, lambda row: row.unit),
    ("可用日子", _USUAL, lambda row: _listed(DAYS, row.days)),
    ("从", _USUAL, lambda row: row.from_on),
    ("到", _USUAL, lambda row: row.to_on),
    ("状态", _NARROW, lambda row: OFFERS.states[row.status].label),
    ("联系人", _NARROW, lambda row: row.contact_name),
    ("电话", _USUAL, lambda row: row.contact_phone),
    ("说明", _WIDE, lambda row: row.description),
)


#: No child's name: the number leads whoever may read it to the file.
PAIRING_COLUMNS: Columns = (
    ("编号", _USUAL, lambda row: row.file_no),
    ("儿童所在", _USUAL, lambda row: row.unit),
    ("结对人", _NARROW, lambda row: row.supporter),
    ("结对人身份", _USUAL, lambda row: HELPERS.get(row.helper, "")),
    ("需要", _USUAL, lambda row: NEEDS[row.kind].label if row.kind in NEEDS else ""),
    ("节奏", _USUAL, lambda row: RHYTHMS[row.rhythm].label if row.rhythm in RHYTHMS else ""),
    ("状态", _USUAL, lambda row: PAIRINGS.states[row.status].label),
    ("灯", _NARROW, lambda row: LIGHTS.get(row.light, "")),
    ("批准", _USUAL, lambda row: row.approved_on),
    ("第一次见面", _USUAL, lambda row: row.met_on),
    ("开始", _USUAL, lambda row: row.started_on),
    ("结束", _USUAL, lambda row: row.ended_on),
    ("结束原因", _USUAL, lambda row: CLOSE_REASONS.get(row.end_reason, "")),
)


def write_pairings(out: BinaryIO, rows: Sequence[PairingRow]) -> None:
    """Write the list of pairings as it was filtered."""
    _write(out, "结对", PAIRING_COLUMNS, rows)


def write_pool(out: BinaryIO, rows: Sequence[PoolRow]) -> None:
    """Write the pool; what nothing was recorded of is a dash, not a zero."""
    _write(out, "爱心家长", POOL_COLUMNS, rows)


def write_offers(out: BinaryIO, rows: Sequence[OfferRow]) -> None:
    """Write the directory; contacts are masked in every export."""
    _write(out, "资源名录", OFFER_COLUMNS, rows)


def _write(out: BinaryIO, title: str, columns: Columns, rows: Sequence[Any]) -> None:
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(title)
    plain = {"valign": "top", "text_wrap": True, "border": 1}
    head = book.add_format({**plain, "bold": True, "bg_color": "#F3EEE4"})
    text, day = book.add_format(plain), book.add_format({**plain, "num_format": "yyyy-mm-dd"})
    for at, (header, width, _value) in enumerate(columns):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, header, head)
    for number, row in enumerate(rows, start=1):
        for at, (_header, _width, value) in enumerate(columns):
            _cell(sheet, number, at, value(row), text, day)
    sheet.write_string(len(rows) + 1, 0, f"共{len(rows)}条", head)
    sheet.freeze_panes(1, 1)
    book.close()


def _cell(sheet: Any, row: int, at: int, value: object, text: Any, day: Any) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, at, value, day)
    elif isinstance(value, int | Decimal):
        sheet.write_number(row, at, float(value), text)
    else:
        sheet.write_string(row, at, neutralise(printable(str(value or _NOTHING))), text)
