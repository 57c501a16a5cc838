"""From the bytes of an upload to a checked ledger: one call for pages, jobs and commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from portal.documents import workbook_guard
from portal.documents.ledger_reader import check_ledger_file
from portal.domain import clock
from portal.domain.ledger import CheckedLedger
from portal.domain.ledger_check import LedgerChecker
from portal.queries import ledger
from portal.queries.units import UnitRow


def guard_upload(data: bytes) -> None:
    """Raise ``Invalid`` at once for bytes that are no spreadsheet or a hostile one."""
    with _kept(data) as path:
        workbook_guard.inspect(path)


def check_upload(data: bytes, bureau: UnitRow, *, allow_fictitious: bool) -> CheckedLedger:
    """Read and check an upload for a bureau as of today; raises ``Invalid`` for a bad file."""
    with _kept(data) as path:
        return check_file(path, bureau, allow_fictitious=allow_fictitious)


@contextmanager
def _kept(data: bytes) -> Iterator[Path]:
    with NamedTemporaryFile(prefix="ledger-") as file:
        file.write(data)
        file.flush()
        yield Path(file.name)


def check_file(path: Path, bureau: UnitRow, *, allow_fictitious: bool) -> CheckedLedger:
    """Read and check the ledger at ``path`` for a bureau as of today."""
    checker = LedgerChecker(
        ledger.region_resolver(bureau), as_of=clock.today(), allow_fictitious=allow_fictitious
    )
    return check_ledger_file(path, checker)
