"""Read .xlsx, .xls, .ods and .csv as sheets of rows, without trusting the file.

The guard looks first; the parser then runs in a process of its own with limits on memory and
time (security row 14), and its rows stream back, so that checking overlaps with parsing.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO
from xml.etree import ElementTree as ET

from portal.documents.cells import restore
from portal.documents.workbook_guard import Inspected, Kind, inspect
from portal.domain.errors import Invalid
from portal.domain.ledger import Cell

CHILD_MEMORY_BYTES = 1536 * 1024 * 1024
CHILD_SECONDS = 20
MAX_CSV_FIELD = 100_000
_CHILD = Path(__file__).with_name("workbook_child.py")
_RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CSV_DELIMITERS = ",;\t"
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}

Row = list[Cell]
MergedRange = tuple[tuple[int, int], tuple[int, int]]


@dataclass(slots=True)
class Sheet:
    """One worksheet; ``rows`` can be walked once and starts at the first row of the sheet."""

    name: str
    rows: Iterator[Row]
    visible: bool = True
    merged: list[MergedRange] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()


def read_sheets(path: Path) -> Iterator[Sheet]:
    """Yield the sheets of the spreadsheet at ``path``; finish each before asking for the next.

    Raises ``Invalid`` with a sentence for the person who chose the file when it is not a
    spreadsheet, is damaged, protected, hostile or too large.
    """
    found = inspect(path)
    if found.kind is Kind.CSV:
        yield _read_csv(path)
        return
    with TemporaryDirectory(prefix="sheet-") as folder:
        # The parser believes a file's extension; the guard knows better.
        named = Path(folder, f"book.{found.kind}")
        named.symlink_to(path.resolve())
        yield from _read_in_child(named, _hidden_by_sheet(path, found))


def _hidden_by_sheet(path: Path, found: Inspected) -> dict[str, frozenset[int]]:
    """Give the hidden rows that the guard noted the names of their sheets."""
    if not any(found.hidden_rows.values()):
        return {}
    with zipfile.ZipFile(path) as package:
        book = ET.fromstring(package.read("xl/workbook.xml"))  # noqa: S314
        links = ET.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    parts = {
        link.get("Id", ""): PurePosixPath("xl", link.get("Target", "").removeprefix("/xl/"))
        for link in links
    }
    return {
        sheet.get("name", ""): frozenset(
            found.hidden_rows.get(str(parts.get(sheet.get(_RELATIONSHIP, ""))), ())
        )
        for sheet in book.findall(".//{*}sheet")
    }


def _read_in_child(path: Path, hidden: dict[str, frozenset[int]]) -> Iterator[Sheet]:
    command = [sys.executable, "-I", "-X", "utf8", str(_CHILD), str(path)]
    limits = [str(CHILD_MEMORY_BYTES), str(CHILD_SECONDS)]
    with subprocess.Popen(  # noqa: S603  our own script, arguments are not a shell's
        [*command, *limits],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        bufsize=1024 * 1024,
    ) as child:
        # A parser that sleeps burns no processor time; the clock on the wall ends it too.
        watchdog = threading.Timer(CHILD_SECONDS, child.kill)
        watchdog.start()
        try:
            if child.stdout is not None:
                yield from _Stream(child.stdout, hidden).sheets()
        finally:
            watchdog.cancel()
            child.kill()


class _Stream:
    """The lines of the child, cut into sheets."""

    def __init__(self, lines: IO[str], hidden: dict[str, frozenset[int]]) -> None:
        self._lines = lines
        self._hidden = hidden
        self._next: dict[str, object] | None = None

    def sheets(self) -> Iterator[Sheet]:
        """Yield sheets until the child says that it is done."""
        self._advance()
        while True:
            about = self._next
            if about is None:
                raise Invalid(
                    "文件太复杂，表格程序没能在限定的内存和时间里读完；请另存为 .xlsx 再上传"
                )
            if "error" in about:
                raise _refusal(str(about["error"]))
            if "end" in about:
                return
            name = str(about["sheet"])
            rows = self._rows()
            merged = [_range(each) for each in _list(about["merged"])]
            hidden = self._hidden.get(name, frozenset())
            yield Sheet(name, rows, bool(about["visible"]), merged, hidden)
            for _ in rows:
                """Whatever the caller left is read past."""

    def _rows(self) -> Iterator[Row]:
        while True:
            batch = self._advance()
            if batch is None:
                return
            yield from (row or [] for row in batch)

    def _advance(self) -> list[Row] | None:
        """Return the next batch of rows, or put aside the next announcement."""
        line = self._lines.readline()
        if not line.endswith("\n"):
            self._next = None
            return None
        value = json.loads(line, object_hook=_date_of)
        if isinstance(value, dict):
            self._next = value
            return None
        batch: list[Row] = value
        if "\"'" in line:
            # Only a line that holds such a text pays for looking at each cell.
            return [[restore(c) if isinstance(c, str) else c for c in row or ()] for row in batch]
        return batch


def _date_of(value: dict[str, object]) -> object:
    return date.fromisoformat(str(value["d"])) if "d" in value else value


def _list(value: object) -> list[list[list[int]]]:
    return value if isinstance(value, list) else []


def _range(value: list[list[int]]) -> MergedRange:
    (top, left), (bottom, right) = value
    return (top, left), (bottom, right)


def _refusal(kind: str) -> Invalid:
    if kind == "password":
        return Invalid("文件有打开密码；请在表格软件里去掉密码后再上传")
    return Invalid("文件不完整或已损坏，可能没有传完；请重新保存后再上传")


def _read_csv(path: Path) -> Sheet:
    text = _decode(path.read_bytes())
    first = next((line for line in io.StringIO(text) if line.count("\t") or "," in line), "")
    delimiter = max(_CSV_DELIMITERS, key=first.count)
    csv.field_size_limit(MAX_CSV_FIELD)
    return Sheet("", _csv_rows(text, delimiter))


def _csv_rows(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            yield [restore(cell) for cell in row]
    except csv.Error as error:
        raise Invalid("CSV 第 {row} 行读不出来，请检查引号是否成对", row=reader.line_num) from error


def _decode(content: bytes) -> str:
    for bom, encoding in _BOMS.items():
        if content.startswith(bom):
            return _strict(content, encoding) or _unreadable()
    return _strict(content, "utf-8") or _strict(content, "gb18030") or _unreadable()


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _unreadable() -> str:
    raise Invalid("CSV 的文字编码读不出来；请另存为 UTF-8 或直接上传 .xlsx")
