import csv
from datetime import date
from pathlib import Path

import pytest

from portal.documents.ledger_reader import check_ledger_file
from portal.domain.ledger_check import LedgerChecker
from portal.domain.region_names import Region, RegionNames

REGIONS = Path(__file__).parents[3] / "portal" / "data" / "regions.csv"
AS_OF = date(2026, 3, 20)


@pytest.fixture(scope="session")
def region_names():
    with REGIONS.open(encoding="utf-8-sig") as file:
        return RegionNames(
            Region(row["code"], row["name"], row["level"], row["parent"])
            for row in csv.DictReader(file)
        )


@pytest.fixture
def check(region_names):
    """Read and check a file as 明溪县 would on 20 March 2026."""

    def run(path, *, as_of=AS_OF, allow_fictitious=True, bureau="350421"):
        checker = LedgerChecker(
            region_names.resolver(bureau), as_of=as_of, allow_fictitious=allow_fictitious
        )
        return check_ledger_file(path, checker)

    return run
