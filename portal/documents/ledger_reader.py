"""Find form 1 in a spreadsheet: its title lines, its header row, its rows, its notes.

Columns are found by what their heading means, never by their place. Whatever is not read is
named in ``remarks`` (invariant 7).
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

from portal.documents.ledger_headers import (
    FEWEST_HEADERS,
    REASON_HEADER,
    REQUIRED,
    head_from,
    is_header,
    merge_heads,
    places_in,
)
from portal.documents.workbook_reader import Row, Sheet, read_sheets
from portal.domain.errors import Invalid
from portal.domain.ledger import (
    Cell,
    CheckedLedger,
    Column,
    LedgerHead,
    RawRow,
    Remark,
    Weight,
    message,
)
from portal.domain.ledger_check import LedgerChecker
from portal.domain.ledger_normalise import squeeze, text_of

MAX_ROWS = 200_000
_LOOK_FOR_HEADER = 60
_LONGEST_QUOTE = 20

# Cells merged over several rows mean the same for each of them, but never for who the child is.
_FILLED_DOWN = frozenset(Column) - {Column.SEQ, Column.NAME, Column.ID_NUMBER, Column.BIRTH}
_NOTE = re.compile(
    r"(填表说明|说明|注|备注|填表|填报|制表|审核|复核|负责人|单位|联系人|合计|总计|小计|\d+[.、].*下拉)"
)
_DAY = re.compile(r"日期:?(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})")
_YEAR = re.compile(r"(20\d{2})年(?:度)?")


@dataclass(slots=True)
class LedgerFile:
    """A ledger being read; ``head`` and ``remarks`` are complete once ``rows`` is used up."""

    path: Path
    head: LedgerHead = field(default_factory=LedgerHead)
    remarks: list[Remark] = field(default_factory=list)
    count: int = 0

    def rows(self) -> Iterator[RawRow]:
        """Yield the rows of every visible sheet that holds form 1.

        Raises ``Invalid`` when the file cannot be read or holds no such sheet.
        """
        found = 0
        for sheet in read_sheets(self.path):
            reader = _SheetReader(sheet, self)
            if reader.find_header():
                found += 1
                yield from reader.rows()
        if not found:
            raise Invalid(
                "没有找到台账的表头；表头一行应写有：{headers}",
                headers="、".join(column.header for column in Column),
            )
        if not self.count:
            raise Invalid("台账里没有一行数据")

    def say(self, code: str, text: str, *, sheet: str = "", row: int = 0, **params: object) -> None:
        """Add a remark about the file, a sheet or a row."""
        self.remarks.append(Remark(Weight.NOTE, message(code, text, **params), sheet, row))


def check_ledger_file(path: Path, checker: LedgerChecker) -> CheckedLedger:
    """Read and check the ledger at ``path``; raises ``Invalid`` when it cannot be read at all."""
    file = LedgerFile(path)
    with _collector_paused():
        rows = checker.check(file.rows())
    return CheckedLedger(file.head, rows, tuple(file.remarks))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Let a hundred thousand rows grow without the cycle collector walking them again and again.

    Rows hold no cycles, so nothing is lost by waiting; the pause is a second or two.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _SheetReader:
    """One sheet: its header row, then its rows."""

    def __init__(self, sheet: Sheet, file: LedgerFile) -> None:
        self._sheet = sheet
        self._file = file
        self._number = 0
        self._id_heading: Cell = None
        self._places: dict[Column, int] = {}
        self._carried: dict[int, Cell] = {}
        self._only_numbered: list[int] = []
        self._hidden: list[int] = []

    def find_header(self) -> bool:
        """Read down to the header row; say why when there is none."""
        above: list[Row] = []
        for row in self._sheet.rows:
            self._number += 1
            places = places_in(row)
            if is_header(places):
                return self._take_header(row, places, above)
            above.append(row)
            if len(above) >= _LOOK_FOR_HEADER:
                break
        if any(map(any, above)) and self._sheet.visible:
            text = "工作表“{name}”里没有台账的表头，没有读入"
            self._file.say("sheet.no_header", text, name=self._sheet.name)
        return False

    def _take_header(self, row: Row, places: dict[Column, int], above: list[Row]) -> bool:
        if not self._sheet.visible:
            text = "工作表“{name}”是隐藏的，没有读入；需要的话请取消隐藏后再上传"
            self._file.say("sheet.hidden", text, name=self._sheet.name)
            return False
        missing = [column.header for column in REQUIRED if column not in places]
        if missing:
            raise Invalid("表头缺少：{names}", names="、".join(missing))
        self._places = places
        self._id_heading = row[places[Column.ID_NUMBER]]
        self._file.head = merge_heads(self._file.head, head_from(above))
        known = {*places.values()}
        extra = [text_of(cell).strip() for at, cell in enumerate(row) if cell and at not in known]
        extra = [name for name in extra if squeeze(name) != REASON_HEADER]
        if extra:
            text = "表外的列没有读入：{names}"
            self._say("columns.extra", text, names="、".join(extra))
        return True

    def rows(self) -> Iterator[RawRow]:
        """Yield the rows under the header; notes and blank lines are left out and named."""
        name, file = self._sheet.name, self._file
        pick = itemgetter(*(self._places.get(column, -1) for column in Column))
        fill = self._fill_down()
        hidden = self._sheet.hidden_rows
        at_name, at_id = Column.NAME.place, Column.ID_NUMBER.place
        widest = max(self._places.values())
        for row in self._sheet.rows:
            self._number = number = self._number + 1
            if fill:
                self._fill(row, number, fill)
            if not any(row):
                continue
            # Short rows (CSV) are padded; place -1 is an empty cell for a missing column.
            row.extend([None] * (widest + 2 - len(row)) if len(row) <= widest else [None])
            cells: tuple[Cell, ...] = pick(row)
            incomplete = not (cells[at_name] and cells[at_id]) or cells[at_id] == self._id_heading
            if incomplete and self._left_out(row, cells):
                continue
            if hidden and number in hidden:
                self._hidden.append(number)
            file.count += 1
            if file.count > MAX_ROWS:
                raise Invalid("超过 {limit} 行，请按乡镇或县区拆成几个文件", limit=MAX_ROWS)
            yield RawRow(name, number, cells)
        self._report()

    def _left_out(self, row: Row, cells: tuple[Cell, ...]) -> bool:
        """Say whether an incomplete row is no data, and name it in the remarks."""
        filled = [text_of(cell).strip() for cell in row if text_of(cell).strip()]
        if not filled:
            return True
        if len(filled) == 1 and text_of(cells[0]).strip().isdigit():
            self._only_numbered.append(self._number)
            return True
        if len(places_in(row)) >= FEWEST_HEADERS:
            self._say("row.header_again", "重复的表头，没有读入", row=self._number)
            return True
        is_note = _NOTE.match(squeeze(filled[0])) and not cells[Column.ID_NUMBER.place]
        if is_note or (len(filled) == 1 and not cells[Column.ID_NUMBER.place]):
            shown = filled[0][:_LONGEST_QUOTE] + ("…" if len(filled[0]) > _LONGEST_QUOTE else "")
            text = "看作说明文字，没有读入：{shown}"
            self._say("row.note", text, row=self._number, shown=shown)
            return True
        return False

    def _fill_down(self) -> dict[tuple[int, int], tuple[int, Column]]:
        """Map (row number, place) of a merged cell's lower rows to its first row."""
        columns = {self._places[c]: c for c in _FILLED_DOWN if c in self._places}
        return {
            (row + 1, left): (top + 1, columns[left])
            for (top, left), (bottom, _) in self._sheet.merged
            if top >= self._number and left in columns
            for row in range(top, min(bottom, top + MAX_ROWS) + 1)
        }

    def _fill(self, row: Row, number: int, fill: dict[tuple[int, int], tuple[int, Column]]) -> None:
        if not any(row):
            return
        for place in set(self._places.values()):
            origin = fill.get((number, place))
            if origin is None or place >= len(row):
                continue
            top, column = origin
            if number == top:
                self._carried[place] = row[place]
            elif not row[place]:
                row[place] = self._carried.get(place)
                text = "“{header}”是合并单元格，取第 {top} 行的内容"
                self._say("cell.merged", text, row=number, header=column.header, top=top)

    def _report(self) -> None:
        if self._only_numbered:
            text = "第 {rows} 行只有序号，没有读入"
            self._say("rows.only_numbered", text, rows=spans(self._only_numbered))
        if self._hidden:
            text = "第 {rows} 行在表格里是隐藏的，也已读入"
            self._say("rows.hidden", text, rows=spans(self._hidden))

    def _say(self, code: str, text: str, *, row: int = 0, **params: object) -> None:
        self._file.say(code, text, sheet=self._sheet.name, row=row, **params)


def spans(numbers: list[int]) -> str:
    """Write ascending numbers shortly: 3、5–7、9."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][-1] + 1:
            parts[-1] = [parts[-1][0], number]
        else:
            parts.append([number])
    return "、".join("–".join(map(str, part)) for part in parts)
