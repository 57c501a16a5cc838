"""Odd and hostile spreadsheets, made by code: nothing binary lies in the repository but the sample."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import xlsxwriter

from portal.domain.identity import Sex, fictitious_id_number
from portal.domain.ledger import Category, Column, LedgerEntry, ServiceType

HEADERS = [column.header for column in Column]
COUNTY = "350421"
TITLE = "2026年社会散居孤儿、事实无人抚养儿童和孤独症儿童探访关爱服务台账"


def entry(order: int = 1, born: date = date(2015, 6, 1), **changes: object) -> LedgerEntry:
    """Return a child that passes every check of 明溪县."""
    values: dict[str, object] = {
        "region_code": "350421200202",
        "region_text": "明溪县城关乡坪埠村委会",
        "name": "王小明",
        "sex": Sex.MALE if order % 2 else Sex.FEMALE,
        "birth": born,
        "id_number": fictitious_id_number(COUNTY, born, order),
        "guardian": "王大明",
        "relation": "父亲",
        "phone": "12748171740",
        "category": Category.SCATTERED_ORPHAN,
        "services": (ServiceType.VISITING_CARE, ServiceType.PAIRING),
        "effect": "学习进步",
    }
    return LedgerEntry(**{**values, **changes})


def row(order: int = 1, born: date = date(2015, 6, 1), **changes: object) -> list[object]:
    """Return the twelve cells of one clean child; ``changes`` are by column."""
    child = entry(order, born)
    cells: dict[str, object] = {
        Column.SEQ: order,
        Column.REGION: child.region_text,
        Column.NAME: child.name,
        Column.SEX: child.sex.word,
        Column.BIRTH: f"{born:%Y年%m月}",
        Column.ID_NUMBER: child.id_number,
        Column.GUARDIAN: child.guardian,
        Column.RELATION: child.relation,
        Column.PHONE: child.phone,
        Column.CATEGORY: child.category.word,
        Column.SERVICES: "探访关爱、结对帮扶",
        Column.EFFECT: child.effect,
    }
    return list({**cells, **changes}.values())


def xlsx(path: Path, sheets: dict[str, Sequence[Sequence[object]]], **marks: object) -> Path:
    """Write plain sheets; ``hidden_rows``, ``hidden_sheets`` and ``merged`` mark them.

    ``hidden_rows`` are row numbers as people count, ``merged`` are (top, left, bottom, right)
    counted from 0; both are of the first sheet.
    """
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        dates = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            _write_cells(sheet, rows, dates)
            if name in marks.get("hidden_sheets", ()):
                sheet.hide()
        first = book.worksheets()[0]
        for number in marks.get("hidden_rows", ()):
            first.set_row(number - 1, None, None, {"hidden": True})
        for top, left, bottom, right in marks.get("merged", ()):
            text = next(iter(sheets.values()))[top][left]
            first.merge_range(top, left, bottom, right, text)
    return path


def _write_cells(sheet, rows, dates) -> None:
    for at, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                sheet.write_datetime(at, column, cell, dates)
            elif cell is not None:
                sheet.write(at, column, cell)


def ledger_rows(*rows_: Sequence[object]) -> list[Sequence[object]]:
    """Put title, date and headers over rows."""
    return [[TITLE], ["日期:2026 年 3 月 20 日"], HEADERS, *rows_]


def ledger(path: Path, *rows_: Sequence[object], **marks: object) -> Path:
    """Write a form 1 workbook of these rows; the first one stands in row 4."""
    return xlsx(path, {"台账": ledger_rows(*rows_)}, **marks)


def ods(path: Path, rows: Iterable[Sequence[object]], doctype: str = "") -> Path:
    """Write an OpenDocument spreadsheet by hand."""
    body = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell if cell is not None else ""}'
            "</text:p></table:table-cell>"
            for cell in cells
        )
        + "</table:table-row>"
        for cells in rows
    )
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<office:document-content'
        f' xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0"'
        f' xmlns:text="{space}:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="台账">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<manifest:manifest xmlns:manifest="{space}:manifest:1.0"><manifest:file-entry'
        f' manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", kind, zipfile.ZIP_STORED)
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", manifest)
    return path


_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(path: Path, streams: dict[str, bytes]) -> Path:
    """Write a compound file (the box of .xls and of encrypted workbooks) with these streams."""
    padded = {name: data.ljust(4096, b"\x00") for name, data in streams.items()}
    chains: list[int] = []
    places: dict[str, int] = {}
    directory_sectors = (len(streams) + 1 + 3) // 4
    at = 1 + directory_sectors
    for name, data in padded.items():
        count = -(-len(data) // _SECTOR)
        places[name] = at
        chains += [*range(at + 1, at + count), _END]
        at += count
    fat = [_FAT, *range(2, 1 + directory_sectors), _END, *chains]
    assert len(fat) <= _SECTOR // 4, "one FAT sector is enough for tests"
    fat += [_FREE] * (_SECTOR // 4 - len(fat))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    entries = [_directory("Root Entry", 5, child=1, start=_END, size=0)]
    names = list(padded)
    for place, name in enumerate(names):
        right = place + 2 if place + 1 < len(names) else _FREE
        entries.append(_directory(name, 2, start=places[name], size=len(padded[name]), right=right))
    entries += [bytes(128)] * (directory_sectors * 4 - len(entries))
    body = b"".join(
        data.ljust(-(-len(data) // _SECTOR) * _SECTOR, b"\0") for data in padded.values()
    )
    path.write_bytes(header + struct.pack(f"<{len(fat)}I", *fat) + b"".join(entries) + body)
    return path


def _directory(
    name: str, kind: int, *, start: int, size: int, child: int = _FREE, right: int = _FREE
) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    data = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    data += struct.pack("<III", _FREE, right, child) + bytes(36)
    return data + struct.pack("<IQ", start, size)


def xls(path: Path, rows: Iterable[Sequence[object]], *, protected: bool = False) -> Path:
    """Write an Excel 97 workbook of text and numbers; ``protected`` marks it as encrypted."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def text(value: str) -> bytes:
        return struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")

    bof = struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)
    lock = record(0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(48)) if protected else b""
    codepage = record(0x42, struct.pack("<H", 1200))
    name = "台账"
    bound_size = 4 + 6 + 2 + len(name) * 2
    start = len(record(0x809, bof)) + len(lock) + len(codepage) + bound_size + 4
    bound = struct.pack("<IBB", start, 0, 0) + struct.pack("<BB", len(name), 1)
    stream = record(0x809, bof) + lock + codepage
    stream += record(0x85, bound + name.encode("utf-16-le")) + record(0x0A, b"")
    stream += record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for at, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            where = struct.pack("<HHH", at, column, 0)
            if isinstance(cell, str):
                stream += record(0x204, where + text(cell))
            elif isinstance(cell, int | float):
                stream += record(0x203, where + struct.pack("<d", cell))
    return compound(path, {"Workbook": stream + record(0x0A, b"")})


def encrypted_xlsx(path: Path) -> Path:
    """Write what Excel writes for a workbook with a password."""
    return compound(path, {"EncryptedPackage": bytes(5000), "EncryptionInfo": bytes(500)})


def zip_bomb(path: Path, *, lie: bool = False, blocks: int = 30) -> Path:
    """Write a workbook of about 500 KB that unfolds to 480 MB (30 blocks of 16 MB).

    ``lie`` hides the true size in the directory of the zip.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        with package.open("xl/worksheets/sheet1.xml", "w") as sheet:
            block = b" " * (1 << 24)
            for _ in range(blocks):
                sheet.write(block)
    if lie:
        _shrink_declared_size(path, blocks << 24, 1000)
    return path


def _shrink_declared_size(path: Path, size: int, declared: int) -> None:
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<I", size), struct.pack("<I", declared)))


def sheet_xml(path: Path, xml: str) -> Path:
    """Write a workbook whose only sheet is exactly this XML."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package_space = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "[Content_Types].xml", f'<Types xmlns="{package_space}/content-types"></Types>'
        )
        package.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package_space}/relationships"><Relationship Id="rId1"'
            f' Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        package.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{relation}"><sheets>'
            '<sheet name="台账" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        package.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package_space}/relationships"><Relationship Id="rId1"'
            f' Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        package.writestr("xl/worksheets/sheet1.xml", xml)
    return path


def sparse(path: Path, far: str = "XFD1048576") -> Path:
    """Write two cells far apart: a dense reader would ask for memory for all between (400 GB)."""
    row = far.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cell = '<c r="{ref}" t="n"><v>1</v></c>'
    return sheet_xml(
        path,
        f'<worksheet xmlns="{space}"><sheetData><row r="1">{cell.format(ref="A1")}</row>'
        f'<row r="{row}">{cell.format(ref=far)}</row></sheetData></worksheet>',
    )


def external_entity(path: Path) -> Path:
    """Write a sheet that asks for a file of the machine."""
    return sheet_xml(
        path,
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        "<worksheet><sheetData><row><c><v>&e;</v></c></row></sheetData></worksheet>",
    )
