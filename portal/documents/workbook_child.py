"""Parse one spreadsheet in a process of its own and write its rows to standard output.

Started by ``workbook_reader`` as a plain script: it must not import the portal. Limits are set
before the file is touched, so that a hostile file can only kill this process. The output is one
JSON value per line: ``{"sheet": …}`` opens a sheet, a list is a batch of rows, ``{"error": …}``
ends it. A date is written as ``{"d": "2015-06-01"}``.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import date, datetime
from typing import Any, TextIO

from python_calamine import (
    CalamineError,
    CalamineSheet,
    PasswordError,
    SheetVisibleEnum,
    load_workbook,
)

BATCH = 500


def _limit(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return {"d": value.isoformat()[:10]}
    return str(value)


def _put(out: TextIO, value: object) -> None:
    out.write(json.dumps(value, ensure_ascii=False, default=_plain))
    out.write("\n")


def _write_sheet(out: TextIO, sheet: CalamineSheet, *, visible: bool) -> None:
    _put(
        out,
        {
            "sheet": sheet.name,
            "visible": visible,
            "merged": sheet.merged_cell_ranges or [],
        },
    )
    batch: list[Any] = []
    for row in sheet.iter_rows():
        # A blank row still counts: people quote row numbers.
        batch.append(row if any(row) else None)
        if len(batch) == BATCH:
            _put(out, batch)
            batch.clear()
    if batch:
        _put(out, batch)


def main(path: str, memory: int, seconds: int) -> None:
    """Write every worksheet of the file at ``path`` to standard output."""
    _limit(memory, seconds)
    out = sys.stdout
    try:
        with load_workbook(path) as workbook:
            for place, about in enumerate(workbook.sheets_metadata):
                visible = about.visible == SheetVisibleEnum.Visible
                _write_sheet(out, workbook.get_sheet_by_index(place), visible=visible)
        _put(out, {"end": True})
    except PasswordError:
        _put(out, {"error": "password"})
    except (CalamineError, OSError, ValueError) as error:
        _put(out, {"error": "broken", "detail": str(error)[:200]})


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
