"""Look at an uploaded spreadsheet before any parser does, and refuse what is not one.

Decides by content, never by the file's name. A zip is measured while it is unpacked and dropped
(size, entries, ratio), XML with a DOCTYPE is refused, and what a parser does not tell is noted on
the way: hidden rows.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from portal.domain.errors import Invalid

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_ENTRIES = 2000
MAX_UNPACKED_BYTES = 400 * 1024 * 1024
MAX_RATIO = 100
# Small files of repeated cells compress well; the ratio only counts above this size.
RATIO_COUNTS_FROM = 8 * 1024 * 1024
_CHUNK = 1024 * 1024
_OVERLAP = 4096

_ZIP = b"PK\x03\x04"
_ZIP_EMPTY = b"PK\x05\x06"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_FOREIGN = {
    b"%PDF": "PDF 文件",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"GIF8": "图片",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
    b"{\\rtf": "文字文档",
}
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\bhidden\s*=\s*[\"'](?:1|true)[\"'][^>]*>")
_ROW_NUMBER = re.compile(rb"\br\s*=\s*[\"'](\d+)[\"']")


class Kind(StrEnum):
    """The file formats that can be read."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"


@dataclass(slots=True)
class Inspected:
    """What the guard found: the kind, and hidden row numbers by the part they are in."""

    kind: Kind
    hidden_rows: dict[str, list[int]] = field(default_factory=dict)


def inspect(path: Path) -> Inspected:
    """Return the kind of file at ``path``; raise ``Invalid`` with a helpful sentence otherwise."""
    size = path.stat().st_size
    if size == 0:
        raise Invalid("文件是空的，请确认选对了文件")
    if size > MAX_FILE_BYTES:
        raise Invalid("文件超过 {limit} MB，请拆成几个文件", limit=MAX_FILE_BYTES // 1024 // 1024)
    with path.open("rb") as file:
        head = file.read(8192)
        if head.startswith(_ZIP):
            return _inspect_zip(path)
        if head.startswith(_ZIP_EMPTY):
            raise Invalid("文件是空的压缩包，不是表格")
        if head.startswith(_OLE):
            return _inspect_ole(file)
    return _inspect_text(head)


def _inspect_text(head: bytes) -> Inspected:
    for magic, what in _FOREIGN.items():
        if head.startswith(magic):
            raise Invalid("这是{what}，不是表格；请上传 xlsx、xls、ods 或 csv", what=what)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:512].lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<head", b"<meta", b"<body")):
        raise Invalid("这是改了名的网页，不是表格；请用表格软件另存为 .xlsx 再上传")
    if start.startswith(b"<"):
        raise Invalid("这是 XML 文件，不是可以读的表格；请用表格软件另存为 .xlsx 再上传")
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Invalid("认不出这种文件；请上传 xlsx、xls、ods 或 csv")
    return Inspected(Kind.CSV)


def _inspect_ole(file: BinaryIO) -> Inspected:
    file.seek(0)
    content = file.read()
    if _ENCRYPTED_PACKAGE in content:
        raise Invalid("文件有打开密码；请在表格软件里去掉密码后再上传")
    if "Workbook".encode("utf-16-le") not in content and "Book".encode("utf-16-le") not in content:
        raise Invalid("这不是表格（可能是文字文档）；请上传 xlsx、xls、ods 或 csv")
    return Inspected(Kind.XLS)


def _inspect_zip(path: Path) -> Inspected:
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
            kind = _kind_of_zip(package, {entry.filename for entry in entries})
            _check_declared(entries)
            found = Inspected(kind)
            budget = _Budget()
            for entry in entries:
                _drain(package, entry, budget, found)
            return found
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise Invalid("文件不完整或已损坏，可能没有传完；请重新保存后再上传") from error
    except RuntimeError as error:
        raise Invalid("文件有打开密码；请去掉密码后再上传") from error


def _kind_of_zip(package: zipfile.ZipFile, names: set[str]) -> Kind:
    if "xl/workbook.xml" in names:
        return Kind.XLSX
    if "xl/workbook.bin" in names:
        raise Invalid("这是二进制工作簿（.xlsb）；请用表格软件另存为 .xlsx 再上传")
    if "content.xml" in names and "mimetype" in names:
        with package.open("mimetype") as file:
            spreadsheet = b"spreadsheet" in file.read(200)
        if spreadsheet:
            return Kind.ODS
    if "word/document.xml" in names:
        raise Invalid("这是文字文档，不是表格；请上传 xlsx、xls、ods 或 csv")
    raise Invalid("压缩包里没有表格；请直接上传 xlsx、xls、ods 或 csv")


def _check_declared(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise Invalid("文件里的部件太多（{count} 个），不像正常的表格", count=len(entries))
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise _bomb()
    if any(entry.flag_bits & 1 for entry in entries):
        raise Invalid("文件有打开密码；请去掉密码后再上传")


def _bomb() -> Invalid:
    return Invalid("文件展开后大得不正常，为安全起见没有打开；请用表格软件另存为 .xlsx 再上传")


@dataclass(slots=True)
class _Budget:
    """How much has been unpacked from the whole file."""

    unpacked: int = 0

    def spend(self, size: int, entry: zipfile.ZipInfo, from_entry: int) -> None:
        """Count ``size`` bytes more; raise when a limit is passed."""
        self.unpacked += size
        too_dense = from_entry > RATIO_COUNTS_FROM and from_entry > MAX_RATIO * max(
            entry.compress_size, 1
        )
        if self.unpacked > MAX_UNPACKED_BYTES or too_dense:
            raise _bomb()


def _drain(
    package: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: _Budget, found: Inspected
) -> None:
    """Unpack one entry in pieces, counting, and look at its XML on the way."""
    is_xml = entry.filename.endswith((".xml", ".rels"))
    is_sheet = entry.filename.startswith("xl/worksheets/")
    rest = b""
    from_entry = 0
    with package.open(entry) as file:
        while piece := file.read(_CHUNK):
            from_entry += len(piece)
            budget.spend(len(piece), entry, from_entry)
            if not is_xml:
                continue
            window = rest + piece
            _check_xml(window)
            if is_sheet and b"hidden" in window:
                _note_hidden(window, found.hidden_rows.setdefault(entry.filename, []))
            rest = window[-_OVERLAP:]


def _check_xml(window: bytes) -> None:
    if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
        raise Invalid(
            "文件里有不该出现的外部引用，为安全起见没有打开；请用表格软件另存为 .xlsx 再上传"
        )
    if b"encryption-data" in window:
        raise Invalid("文件有打开密码；请去掉密码后再上传")


def _note_hidden(window: bytes, numbers: list[int]) -> None:
    for tag in _HIDDEN_ROW.finditer(window):
        number = _ROW_NUMBER.search(tag.group())
        if number and int(number[1]) not in numbers[-3:]:
            numbers.append(int(number[1]))
