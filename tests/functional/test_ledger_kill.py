"""Killing an import at any instant leaves all or nothing, and a second try completes it (R5)."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests import postgres
from tests.settings import environment

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "data" / "ledger_mingxi_2026.xlsx"
TABLES = ("child_files", "guardian_links", "care_ledger_rows")

#: Runs `ledger import` twice in a process that kills itself, hard, at a named point.
SCRIPT = """
import os, signal, sys
from portal.core import faults, unit_of_work
from wsgi import app

point, arguments = sys.argv[1], sys.argv[2:]
faults.watch(lambda at: os.kill(os.getpid(), signal.SIGKILL) if at == point else None)
unit_of_work.before_commit(lambda session: faults.reached("commit.before"))
unit_of_work.after_commit(lambda session: faults.reached("commit.after"))
for _ in range(2):
    done = app.test_cli_runner().invoke(
        args=["ledger", "import", *arguments], catch_exceptions=False
    )
sys.exit(done.exit_code)
"""
POINTS = (
    "ledger.apply.begun",
    "ledger.apply.rows.31",
    "ledger.apply.written",
    "commit.before",
)


@pytest.fixture
def place(databases, worker_name, tmp_path):
    """The environment of a portal on a fresh database."""
    return environment(
        databases.copy(f"kill_{worker_name}"),
        QUEUE_URL=f"sqlite:///{tmp_path / 'queue.sqlite3'}",
        STORAGE_URL=f"file:{tmp_path / 'files'}",
    )


def bring_in(place, point):
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, point, str(SAMPLE), "--bureau", "350421"],
        check=False,
        cwd=ROOT,
        env={**os.environ, **place, "PYTHONPATH": str(ROOT)},
        capture_output=True,
    )


def rows(place, databases):
    """Count the rows as the database holds them, beneath every wall."""
    engine = create_engine(above_the_walls(place["DATABASE_URL"], databases))
    with engine.connect() as connection:
        counted = [
            connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() for table in TABLES
        ]
        applied = connection.execute(
            text("SELECT count(*) FROM import_batches WHERE status = 'applied'")
        ).scalar()
    engine.dispose()
    return [*counted, applied]


def above_the_walls(url, databases):
    """Return the address by which the database owner's superior sees every row."""
    if databases.kind == "sqlite":
        return url
    return postgres.shared().url(url.rsplit("/", 1)[1], "postgres")


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_point_nothing_is_there_and_the_next_try_brings_all(place, databases, point):
    killed = bring_in(place, point)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-2000:]
    assert rows(place, databases) == [0, 0, 0, 0]
    assert bring_in(place, "nowhere").returncode == 0
    assert rows(place, databases) == [30, 30, 30, 1]


@pytest.mark.slow
def test_killed_just_after_the_commit_everything_is_there(place, databases):
    killed = bring_in(place, "commit.after")
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-2000:]
    assert rows(place, databases) == [30, 30, 30, 1]
    assert bring_in(place, "nowhere").returncode == 0
    assert rows(place, databases) == [30, 30, 30, 1]
