"""A 100,000-row ledger: our reading and checking against calamine's bare reading, in one run.

Each measurement runs in a process of its own and reports its wall time and the peak memory of
itself and its children. Aim: ratio at most 3, memory at most 600 MB.

    python -m benchmarks.ledger_read [ROWS] [ROUNDS]
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from portal.documents.ledger_reader import check_ledger_file
from portal.documents.ledger_writer import write_ledger
from portal.domain.identity import Sex, fictitious_id_number
from portal.domain.ledger import Category, LedgerEntry, ServiceType, Status
from portal.domain.ledger_check import LedgerChecker
from portal.domain.region_names import Region, RegionNames

SEED = 350400
YEAR, AS_OF = 2026, date(2026, 3, 20)
COUNTY = "350421"
MEGABYTE = 1024
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
_GIVEN = "明华秀英志强丽敏静磊洋艳勇军杰娟涛超霞平刚桂芳"
_WORDS = ("情绪稳定", "学习进步", "家庭监护改善", "", "已申请助学金,下月回访")


def regions() -> RegionNames:
    """Return one county of ten townships with forty villages each."""
    rows = [Region(COUNTY, "明溪县", "county", "")]
    for town in range(10):
        code = f"{COUNTY}{100 + town}"
        rows.append(Region(code, f"{_GIVEN[town]}溪镇", "township", COUNTY))
        for village in range(40):
            name = f"{_GIVEN[village % 23]}{_SURNAMES[village % 20]}村委会"
            rows.append(Region(f"{code}{200 + village}", name, "village", code))
    return RegionNames(rows)


def entries(rows: int) -> list[LedgerEntry]:
    """Return ``rows`` different fictitious children."""
    rng = random.Random(SEED)
    names = regions()
    villages = [f"{COUNTY}{100 + t}{200 + v}" for t in range(10) for v in range(40)]
    numbers = count()
    made = []
    for _ in range(rows):
        place = next(numbers)
        birth = date(2009, 1, 1) + timedelta(days=place % 6000)
        order = place // 6000 * 2 + 1 + rng.randrange(2)
        code = rng.choice(villages)
        made.append(
            LedgerEntry(
                code,
                names.full_name(code),
                rng.choice(_SURNAMES) + "".join(rng.choices(_GIVEN, k=2)),
                Sex.MALE if order % 2 else Sex.FEMALE,
                birth,
                fictitious_id_number(COUNTY, birth, order),
                rng.choice(_SURNAMES) + rng.choice(_GIVEN),
                rng.choice(("父亲", "母亲", "祖父", "祖母", "外祖母")),
                f"12{rng.randrange(10**9):09d}",
                rng.choice(list(Category)),
                tuple(rng.sample(list(ServiceType), rng.randrange(1, 4))),
                rng.choice(_WORDS),
            )
        )
    return made


def bare(path: str) -> int:
    """Read with calamine alone, as rows of Python values."""
    from python_calamine import load_workbook

    with load_workbook(path) as workbook:
        return len(workbook.get_sheet_by_index(0).to_python())


def ours(path: str) -> int:
    """Read and check the whole file."""
    checker = LedgerChecker(regions().resolver(COUNTY), as_of=AS_OF, allow_fictitious=True)
    return check_ledger_file(Path(path), checker).counts[Status.READY]


def measure(what: str, path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.ledger_read", "--one", what, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def one(what: str, path: str) -> None:
    """Time one reading inside this process and print the figures."""
    started = time.perf_counter()
    rows = {"bare": bare, "ours": ours}[what](path)
    seconds = time.perf_counter() - started
    peak = sum(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(json.dumps({"rows": rows, "seconds": seconds, "mb": peak / MEGABYTE}))


def main(rows: int = 100_000, rounds: int = 5) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ledger.xlsx")
        write_ledger(path, YEAR, entries(rows), day=AS_OF)
        size = path.stat().st_size / 1e6
        print(f"{rows} rows, {size:.1f} MB")
        ratios = []
        for turn in range(rounds):
            first, second = measure("bare", path), measure("ours", path)
            if second["rows"] != rows:
                raise SystemExit(f"only {second['rows']} of {rows} rows came through")
            ratios.append(second["seconds"] / first["seconds"])
            print(
                f"round {turn + 1}: calamine {first['seconds']:.2f} s {first['mb']:.0f} MB; "
                f"read and check {second['seconds']:.2f} s {second['mb']:.0f} MB; "
                f"ratio {ratios[-1]:.2f}"
            )
        print(f"median ratio {sorted(ratios)[len(ratios) // 2]:.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:4])
    else:
        main(*map(int, sys.argv[1:3]))
