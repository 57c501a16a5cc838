"""From the bytes of an upload to a checked ledger: one call for pages, jobs and commands."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile

from portal.documents.ledger_reader import check_ledger_file
from portal.domain import clock
from portal.domain.ledger import CheckedLedger
from portal.domain.ledger_check import LedgerChecker
from portal.queries import ledger
from portal.queries.units import UnitRow


def check_upload(data: bytes, bureau: UnitRow, *, allow_fictitious: bool) -> CheckedLedger:
    """Read and check an upload for a bureau as of today; raises ``Invalid`` for a bad file."""
    with NamedTemporaryFile(prefix="ledger-") as file:
        file.write(data)
        file.flush()
        return check_file(Path(file.name), bureau, allow_fictitious=allow_fictitious)


def check_file(path: Path, bureau: UnitRow, *, allow_fictitious: bool) -> CheckedLedger:
    """Read and check the ledger at ``path`` for a bureau as of today."""
    checker = LedgerChecker(
        ledger.region_resolver(bureau), as_of=clock.today(), allow_fictitious=allow_fictitious
    )
    return check_ledger_file(path, checker)
