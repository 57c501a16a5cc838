"""``make bench``: every benchmark, and what it said, into benchmarks/RESULTS.md.

Only ratios inside one run mean anything: these are whole programs on a shared machine.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"
WALL = (
    "The wall, 1,000,000 wishes and 500,000 children, against a bare Flask route of the same "
    "bytes. Aims: uncached at least 0.38 (SQLite) and 0.35 (PostgreSQL), cached at least 0.60; "
    "page 10,000 at most 1.1 times page 1."
)
CLAIM = (
    "Claims by 50 clients on PostgreSQL against a signed-in POST that only commits one row. "
    "Aim: at least 0.5, and one winner always."
)
LEDGER = (
    "A ledger of 100,000 rows: reading and checking against calamine's bare read. Aim: at most 3, "
    "memory at most 600 MB."
)
MATCHING = (
    "A province matched at once: 10,000 needs, 10,000 people, about 50 candidates each, from the "
    "candidates to proposals with sentences. Aim: the optimum (SciPy judges), at most 3 s and "
    "400 MB, the solver's share at least half."
)
ROLL = (
    "A mark on a roster of 200 children, 50 teachers marking at once on PostgreSQL, against a "
    "signed-in POST that does nothing. Aim: the 95th percentile below 100 ms, at most twice that."
)
RUNS = {
    "benchmarks.wall": WALL,
    "benchmarks.claim": CLAIM,
    "benchmarks.ledger_read": LEDGER,
    "benchmarks.matching": MATCHING,
    "benchmarks.roll": ROLL,
}


def main() -> None:
    """Run each benchmark, show its output as it comes, write the page at the end."""
    day = datetime.now(UTC).date().isoformat()  # noqa: TID251 -- a measurement is made in real time
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    head = (
        f"Written by `make bench` on {day} ({machine}). Ratios within one run are what counts; "
        "absolute figures differ from machine to machine and hour to hour."
    )
    parts = ["# Results", head]
    for module, what in RUNS.items():
        print(f"== {module}", flush=True)
        said = run(module)
        parts += [f"## {module}", what, f"```\n{said.strip()}\n```"]
    RESULTS.write_text("\n\n".join(parts) + "\n")


def run(module: str) -> str:
    """Return what a benchmark printed, showing it meanwhile; end when it fails."""
    lines = []
    with subprocess.Popen(
        [sys.executable, "-m", module], stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line)
    if process.returncode:
        sys.exit(f"{module} ended with {process.returncode}")
    return "".join(lines)


if __name__ == "__main__":
    main()
