"""Know form 1 by its headings and its title lines, whatever their place and spacing."""

from __future__ import annotations

import re
from datetime import date

from portal.documents.workbook_reader import Row
from portal.domain.ledger import Column, LedgerHead
from portal.domain.ledger_normalise import squeeze, text_of

REASON_HEADER = "退回原因"
FEWEST_HEADERS = 5

_ALIASES: dict[str, Column] = {
    **{column.header: column for column in Column},
    "编号": Column.SEQ,
    "所在地区": Column.REGION,
    "所属地区": Column.REGION,
    "地址": Column.REGION,
    "姓名": Column.NAME,
    "儿童姓名": Column.NAME,
    "服务对象姓名": Column.NAME,
    "关爱对象姓名": Column.NAME,
    "出生日期": Column.BIRTH,
    "身份证号": Column.ID_NUMBER,
    "身份证号码": Column.ID_NUMBER,
    "身份证": Column.ID_NUMBER,
    "公民身份号码": Column.ID_NUMBER,
    "公民身份证号": Column.ID_NUMBER,
    "监护人姓名": Column.GUARDIAN,
    "关系": Column.RELATION,
    "与儿童关系": Column.RELATION,
    "监护人与被监护人关系": Column.RELATION,
    "与监护人关系": Column.RELATION,
    "电话": Column.PHONE,
    "电话号码": Column.PHONE,
    "联系方式": Column.PHONE,
    "手机号码": Column.PHONE,
    "儿童类别": Column.CATEGORY,
    "对象类别": Column.CATEGORY,
    "服务需求": Column.SERVICES,
    "关爱服务内容": Column.SERVICES,
    "关爱成效": Column.EFFECT,
    "服务成效": Column.EFFECT,
}
REQUIRED = (
    Column.REGION,
    Column.NAME,
    Column.ID_NUMBER,
    Column.GUARDIAN,
    Column.PHONE,
    Column.CATEGORY,
)
_HEADING_NOISE = re.compile(r"[*:()\[\]]|\(.*?\)")
_DAY = re.compile(r"日期:?(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})")
_YEAR = re.compile(r"(20\d{2})年(?:度)?")


def places_in(row: Row) -> dict[Column, int]:
    """Map each column to its place if ``row`` were the header row; the first of two counts."""
    places: dict[Column, int] = {}
    for place, cell in enumerate(row):
        if isinstance(cell, str) and cell:
            column = _ALIASES.get(_HEADING_NOISE.sub("", squeeze(cell)))
            if column is not None:
                places.setdefault(column, place)
    return places


def is_header(places: dict[Column, int]) -> bool:
    """Say whether so many known headings, a name or ID among them, make a header row."""
    return len(places) >= FEWEST_HEADERS and (Column.NAME in places or Column.ID_NUMBER in places)


def head_from(above: list[Row]) -> LedgerHead:
    """Read title, year and date from the lines over the header row."""
    lines = ["".join(squeeze(text_of(cell)) for cell in row) for row in above]
    text = "\n".join(lines)
    title = next((line for line in lines if "台账" in line), "")
    day = _day_from(text)
    year = _YEAR.search(title) or _YEAR.search(text)
    found = int(year[1]) if year else day.year if day else None
    return LedgerHead(title, found, day)


def _day_from(text: str) -> date | None:
    found = _DAY.search(text)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def merge_heads(first: LedgerHead, second: LedgerHead) -> LedgerHead:
    """Keep what the first sheet said, fill the gaps from the next."""
    return LedgerHead(
        first.title or second.title, first.year or second.year, first.day or second.day
    )
