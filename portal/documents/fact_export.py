"""Facts as files: a workbook to read, and lines of JSON that scripts/verify_facts.py proves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

import xlsxwriter

from portal.documents.cells import neutralise, printable
from portal.domain import clock, fact_words, seals
from portal.queries.fact_export import ExportedFact, FactExport
from portal.queries.seals import Link

_NARROW, _USUAL, _WIDE = 10, 20, 40

FACT_COLUMNS: tuple[tuple[str, int, Callable[[ExportedFact], Any]], ...] = (
    ("时间", _USUAL, lambda one: _moment(one.row["at"])),
    ("谁", _NARROW, lambda one: one.actor or "系统"),
    ("做了什么", _USUAL, lambda one: fact_words.words_of(one.row["kind"])),
    ("变化前", _NARROW, lambda one: _state(one, "before")),
    ("变化后", _NARROW, lambda one: _state(one, "after")),
    ("单位", _USUAL, lambda one: one.unit),
    ("对象", _NARROW, lambda one: fact_words.SUBJECTS.get(one.row["subject_type"], "")),
    ("对象编号", _WIDE, lambda one: str(one.row["subject_id"] or "")),
    ("记录编号", _WIDE, lambda one: str(one.row["id"])),
    ("封存号", _NARROW, lambda one: one.seal or "未封存"),
    ("摘要", _WIDE, lambda one: one.digest),
)
SEAL_COLUMNS: tuple[tuple[str, int, Callable[[Link], Any]], ...] = (
    ("封存号", _NARROW, lambda link: link.seal.no),
    ("时间", _USUAL, lambda link: _moment(link.seal.sealed_at)),
    ("条数", _NARROW, lambda link: link.seal.rows),
    ("摘要", _WIDE, lambda link: link.digest),
    ("上一封存的摘要", _WIDE, lambda link: link.seal.previous),
)


def write_workbook(out: BinaryIO, export: FactExport) -> None:
    """Write the workbook: one sheet of facts, one of the seals that hold them."""
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    head = book.add_format({"bold": True, "bg_color": "#e8eaf2"})
    _sheet(book.add_worksheet("操作记录"), head, FACT_COLUMNS, export.facts)
    _sheet(book.add_worksheet("封存"), head, SEAL_COLUMNS, export.links)
    book.close()


def _sheet(
    sheet: Any,
    head: Any,
    columns: Sequence[tuple[str, int, Callable[[Any], Any]]],
    rows: Sequence[Any],
) -> None:
    sheet.freeze_panes(1, 0)
    for at, (header, width, _) in enumerate(columns):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, header, head)
    for number, row in enumerate(rows, start=1):
        for at, (_, _, value) in enumerate(columns):
            sheet.write_string(number, at, neutralise(printable(str(value(row)))))


def write_lines(out: BinaryIO, export: FactExport) -> None:
    """Write one JSON object a line: a head, the facts with their proofs, then the seals."""
    head = {"type": "head", "made_at": export.made_at, "facts": len(export.facts)}
    out.write(_line(head))
    out.writelines(_line(
                {
                    "type": "row", "source": "facts", "row": one.row, "digest": one.digest,
                    "seal": one.seal, "position": one.position, "proof": one.proof,
                }
            ) for one in export.facts)  # fmt: skip
    for link in export.links:
        seal = link.seal
        out.write(
            _line(
                {
                    "type": "seal", "no": seal.no, "source": seal.source,
                    "sealed_at": seal.sealed_at, "first_id": seal.first_id,
                    "last_id": seal.last_id, "rows": seal.rows,
                    "rows_digest": seal.rows_digest, "previous": seal.previous,
                    "digest": link.digest,
                }
            )
        )  # fmt: skip


def _line(value: dict[str, Any]) -> bytes:
    return f"{seals.canonical(value)}\n".encode()


def _moment(at: Any) -> str:
    return clock.local(at).strftime("%Y-%m-%d %H:%M:%S")


def _state(one: ExportedFact, name: str) -> str:
    return fact_words.words_of_state(one.row["subject_type"], one.row[name])
