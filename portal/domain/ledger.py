"""Form 1, the care ledger (探访关爱服务台账): its words, columns, rows and remarks (S0-F1).

A ledger is read in three steps that know nothing of each other: documents turn a file into
``RawRow``, ``ledger_check`` turns raw rows into a ``CheckedLedger``, services bring it in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from portal.domain.identity import Sex


class Column(StrEnum):
    """The twelve columns by meaning, in the order of the form."""

    SEQ = "seq"
    REGION = "region"
    NAME = "name"
    SEX = "sex"
    BIRTH = "birth"
    ID_NUMBER = "id_number"
    GUARDIAN = "guardian"
    RELATION = "relation"
    PHONE = "phone"
    CATEGORY = "category"
    SERVICES = "services"
    EFFECT = "effect"

    @property
    def header(self) -> str:
        """Return the heading that the official form prints over this column."""
        return HEADERS[self]

    @property
    def place(self) -> int:
        """Return the 0-based place of the column in the form and in ``RawRow.cells``."""
        return _PLACES[self]


HEADERS: Mapping[Column, str] = {
    Column.SEQ: "序号",
    Column.REGION: "地区",
    Column.NAME: "关爱服务对象姓名",
    Column.SEX: "性别",
    Column.BIRTH: "出生年月",
    Column.ID_NUMBER: "公民身份证号码",
    Column.GUARDIAN: "监护人",
    Column.RELATION: "与被监护人关系",
    Column.PHONE: "联系电话",
    Column.CATEGORY: "类别",
    Column.SERVICES: "服务内容",
    Column.EFFECT: "成效",
}
_PLACES = {column: place for place, column in enumerate(Column)}

TITLE = "{year}年社会散居孤儿、事实无人抚养儿童和孤独症儿童探访关爱服务台账"
NOTES = (
    "填表说明: 1.“类别”点下拉选项选择:孤儿、事实无人抚养儿童、孤独症儿童及其他困境儿童等;",
    (
        "2.“服务需求”点下拉选项选择:探访关爱、结对帮扶、心理疏导、假期关爱、亲情关爱、司法援助、"
        "助学帮扶、实施“微心愿”、其他服务等内容。"
    ),
)
SERVICE_SEPARATOR = "、"


class Category(StrEnum):
    """The one primary category of a child, most specific first (domain.md D-5)."""

    SCATTERED_ORPHAN = "scattered_orphan"
    DE_FACTO_UNATTENDED = "de_facto_unattended"
    AUTISM = "autism"
    OTHER = "other"

    @property
    def word(self) -> str:
        """Return the word of the form's drop-down list."""
        return CATEGORY_WORDS[self]


CATEGORY_WORDS: Mapping[Category, str] = {
    Category.SCATTERED_ORPHAN: "孤儿",
    Category.DE_FACTO_UNATTENDED: "事实无人抚养儿童",
    Category.AUTISM: "孤独症儿童",
    Category.OTHER: "其他困境儿童",
}


class ServiceType(StrEnum):
    """The eight services of S0-4.0 and "other"."""

    VISITING_CARE = "visiting_care"
    PAIRING = "pairing"
    COUNSELLING = "counselling"
    HOLIDAY_CARE = "holiday_care"
    AFFECTION_CARE = "affection_care"
    JUDICIAL_AID = "judicial_aid"
    STUDY_SUPPORT = "study_support"
    MICRO_WISH = "micro_wish"
    OTHER = "other"

    @property
    def word(self) -> str:
        """Return the word of the form's drop-down list."""
        return SERVICE_WORDS[self]


SERVICE_WORDS: Mapping[ServiceType, str] = {
    ServiceType.VISITING_CARE: "探访关爱",
    ServiceType.PAIRING: "结对帮扶",
    ServiceType.COUNSELLING: "心理疏导",
    ServiceType.HOLIDAY_CARE: "假期关爱",
    ServiceType.AFFECTION_CARE: "亲情关爱",
    ServiceType.JUDICIAL_AID: "司法援助",
    ServiceType.STUDY_SUPPORT: "助学帮扶",
    ServiceType.MICRO_WISH: "实施“微心愿”",
    ServiceType.OTHER: "其他服务",
}

Cell = str | int | float | bool | date | None


class RawRow(NamedTuple):
    """One row as it stood in the file; ``cells`` are in the order of ``Column``."""

    sheet: str
    number: int
    cells: tuple[Cell, ...]

    def cell(self, column: Column) -> Cell:
        """Return the raw value of one column."""
        return self.cells[_PLACES[column]]


class Message(NamedTuple):
    """A sentence with places, and a code that programs can rely on."""

    code: str
    text: str
    params: Mapping[str, object]

    def __str__(self) -> str:
        return self.text.format(**self.params) if self.params else self.text


def message(code: str, text: str, **params: object) -> Message:
    """Make a message; ``text`` is the Chinese message id with ``{name}`` places."""
    return Message(code, text, params)


class Weight(StrEnum):
    """What a remark does to its row."""

    NOTE = "note"
    FAULT = "fault"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said about a row or a file, with where it is and what stood there."""

    weight: Weight
    message: Message
    sheet: str = ""
    row: int = 0
    column: Column | None = None
    value: str = ""

    @property
    def text(self) -> str:
        """Return the sentence without the place."""
        return str(self.message)


class Status(StrEnum):
    """What happens to a row: comes in, goes back, or goes to the age-out list."""

    READY = "ready"
    REFUSED = "refused"
    OVER_AGE = "over_age"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One child as form 1 knows it; ``birth`` is the full date that the ID number carries."""

    region_code: str
    region_text: str
    name: str
    sex: Sex
    birth: date
    id_number: str
    guardian: str
    relation: str
    phone: str
    category: Category
    services: tuple[ServiceType, ...]
    effect: str


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A raw row, what became of it, and why; ``entry`` is there unless it was refused."""

    raw: RawRow
    status: Status
    entry: LedgerEntry | None
    remarks: tuple[Remark, ...] = ()

    @property
    def reason(self) -> str:
        """Return every fault of the row in one text, for the workbook that goes back."""
        return ";".join(
            f"{remark.column.header}:{remark.text}" if remark.column else remark.text
            for remark in self.remarks
            if remark.weight is not Weight.NOTE
        )


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """What the lines above the headers say."""

    title: str = ""
    year: int | None = None
    day: date | None = None


@dataclass(frozen=True)
class CheckedLedger:
    """A whole file after checking: every row is in it exactly once (invariant 7)."""

    head: LedgerHead
    rows: tuple[CheckedRow, ...]
    remarks: tuple[Remark, ...] = field(default=())

    @cached_property
    def counts(self) -> Mapping[Status, int]:
        """Return the number of rows per status."""
        counts = dict.fromkeys(Status, 0)
        for row in self.rows:
            counts[row.status] += 1
        return counts

    def with_status(self, status: Status) -> tuple[CheckedRow, ...]:
        """Return the rows of one status in the order of the file."""
        return tuple(row for row in self.rows if row.status is status)


@dataclass(frozen=True, slots=True)
class RegionMatch:
    """The answer to a region text: a unit, or the reason why there is none.

    ``code`` is empty unless exactly one unit fits; ``candidates`` are the full names that could
    have been meant; ``exact`` says that ``text`` is what was typed.
    """

    code: str = ""
    text: str = ""
    exact: bool = False
    outside: bool = False
    too_coarse: bool = False
    rest: str = ""
    candidates: tuple[str, ...] = ()


ResolveRegion = Callable[[str], RegionMatch]
