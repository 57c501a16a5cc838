"""The wish wall at a million wishes against a bare Flask route of the same bytes, in one run.

Both run under gunicorn with the same settings on loopback; wrk asks them in turn, A B A B, and
the medians of the ratios are what counts (these machines are noisy).

    python -m benchmarks.wall [--database sqlite|postgresql] [--wishes N] [--children N]
                              [--seconds S] [--rounds R]
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from portal import create_app
from portal.domain.wall import PAGE, WallFilter
from portal.extensions import db
from portal.models.wishes import WishCard
from portal.web import wall_page
from tests import postgres
from tests.processes import BIN, ROOT, Portal, flask
from tests.settings import environment

STORE = ROOT / "var" / "bench"
CONNECTIONS = 8
DEEP_PAGE = 10_000


@dataclass(frozen=True)
class Case:
    """One address of the wall and what it is compared with."""

    name: str
    path: str
    cached: bool = False


def measure(url: str, seconds: int) -> float:
    """Return the requests per second of one address; raises when any answer was an error."""
    done = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", url],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        sys.exit(f"{url} answered errors:\n{done.stdout}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if not found:
        sys.exit(f"wrk said nothing of {url}:\n{done.stdout}")
    return float(found.group(1))


@contextmanager
def ruler(size: int) -> Iterator[str]:
    """Run the constant page of ``size`` bytes under the portal's gunicorn settings."""
    port = postgres.free_port()
    process = subprocess.Popen(
        [str(BIN / "gunicorn"), "benchmarks.hello:app", "--worker-class", "gthread",
         "--workers", "1", "--threads", "8", "--bind", f"127.0.0.1:{port}",
         "--no-control-socket", "--log-level", "warning"],
        cwd=ROOT, env={**os.environ, "HELLO_BYTES": str(size)},
    )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(20)


def wait_for(url: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(url, timeout=2).read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"{url} does not answer")


@contextmanager
def database(kind: str, wishes: int, children: int) -> Iterator[str]:
    """Give a filled database: a kept file on SQLite, a server of the run's own on PostgreSQL."""
    size = ("--wishes", str(wishes), "--children", str(children))
    if kind == "sqlite":
        STORE.mkdir(parents=True, exist_ok=True)
        path = STORE / f"wall-{wishes}-{children}.sqlite3"
        url = f"sqlite:///{path}"
        if not path.exists():
            half = path.with_suffix(".half")
            half.unlink(missing_ok=True)
            fill(f"sqlite:///{half}", size)
            half.rename(path)
        yield url
        return
    cluster = postgres.start(("fsync=off", "shared_buffers=1GB", "max_wal_size=8GB"))
    try:
        cluster.create("wall")
        flask(environment(cluster.url("wall", postgres.OWNER)), "db", "upgrade")
        fill(cluster.url("wall"), size, migrate=False)
        with cluster.connect("wall") as connection:
            connection.execute("VACUUM ANALYZE")
        yield cluster.url("wall")
    finally:
        postgres.stop(cluster)


def fill(url: str, size: tuple[str, ...], *, migrate: bool = True) -> None:
    """Migrate and fill a database; says how long it took."""
    started = time.monotonic()
    if migrate:
        flask(environment(url), "db", "upgrade")
    flask(environment(url), "scale-data", *size)
    print(f"  filled in {time.monotonic() - started:.0f} s", flush=True)


def cases(url: str) -> list[Case]:
    """Name the pages; the deep one's address comes from the portal's own cursor."""
    return [
        Case("page 1", "/wishes"),
        Case("page 1, cached", "/wishes", cached=True),
        Case("filtered (county and stage)", "/wishes?region=350421&age=primary"),
        Case("two-character search", "/wishes?q=%E5%8F%B0%E7%81%AF"),
        Case(f"page {DEEP_PAGE}", deep_path(url)),
    ]


def deep_path(url: str) -> str:
    """Return the address of page DEEP_PAGE, found by an offset that no visitor can use."""
    os.environ.update(environment(url))
    app = create_app()
    with app.test_request_context():
        cards = WishCard
        row = db.session.execute(
            select(cards.shuffle, cards.id)
            .where(cards.status == "open")
            .order_by(cards.shuffle, cards.id)
            .offset(DEEP_PAGE * PAGE)
            .limit(1)
        ).one_or_none()
        return wall_page.link(WallFilter(), (row.shuffle, row.id)) if row else "/wishes"


def compare(kind: str, options: argparse.Namespace) -> None:
    """Measure every case of one database and print its line."""
    print(f"{kind}: {options.wishes} wishes, {options.children} children", flush=True)
    with (
        database(kind, options.wishes, options.children) as url,
        tempfile.TemporaryDirectory() as folder,
    ):
        portals = {
            cached: Portal(
                environment(
                    url,
                    PORTAL_ENV="development",
                    WALL_CACHE_SECONDS="30" if cached else "0",
                    LOG_LEVEL="WARNING",
                ),
                Path(folder) / str(cached),
            )
            for cached in (False, True)
        }
        try:
            for portal in portals.values():
                portal.start(worker=False)
            for case in cases(url):
                report(case, portals[case.cached].url + case.path, options)
        finally:
            for portal in portals.values():
                portal.stop()


def report(case: Case, url: str, options: argparse.Namespace) -> None:
    body = urllib.request.urlopen(url, timeout=60).read()
    cards = body.count(b'class="wish-card')
    ratios, ours, theirs = [], [], []
    with ruler(len(body)) as hello:
        measure(url, 1)
        measure(hello, 1)
        for _ in range(options.rounds):
            theirs.append(measure(hello, options.seconds))
            ours.append(measure(url, options.seconds))
            ratios.append(ours[-1] / theirs[-1])
    print(
        f"  {case.name:<30} {len(body) / 1024:6.1f} KiB {cards:3} cards"
        f"  hello {statistics.median(theirs):7.0f}/s  wall {statistics.median(ours):7.0f}/s"
        f"  ratio {statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--wishes", type=int, default=1_000_000)
    parser.add_argument("--children", type=int, default=500_000)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    kinds = ["sqlite", "postgresql"] if options.database == "both" else [options.database]
    for kind in kinds:
        compare(kind, options)


if __name__ == "__main__":
    main()
