"""Killing an import at any instant leaves all or nothing, and a second try completes it (R5)."""

import json
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

#: Imports the portal once; then, for each line, a child of its own runs `ledger import` twice and
#: kills itself, hard, at a named point. Answers how the child ended.
SCRIPT = """
import json, os, signal, sys
import portal

def bring_in(point, arguments):
    from portal.core import faults, unit_of_work
    from wsgi import app

    faults.watch(lambda at: os.kill(os.getpid(), signal.SIGKILL) if at == point else None)
    unit_of_work.before_commit(lambda session: faults.reached("commit.before"))
    unit_of_work.after_commit(lambda session: faults.reached("commit.after"))
    for _ in range(2):
        done = app.test_cli_runner().invoke(
            args=["ledger", "import", *arguments], catch_exceptions=False
        )
    return done.exit_code

for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if child == 0:
        os.environ.update(asked["place"])
        code = 70
        try:
            code = bring_in(asked["point"], asked["arguments"])
        finally:
            sys.stderr.flush()
            os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
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


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    """The process whose children are killed, and where they write what went wrong."""
    said = tmp_path_factory.mktemp("runner") / "stderr"
    with said.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
            text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
        )  # fmt: skip
    with process:
        yield process, said
        process.stdin.close()


@pytest.fixture
def bring_in(runner, place):
    """Bring the sample in, with a process that dies at a point; how it ended."""
    process, said = runner

    def run(point):
        arguments = [str(SAMPLE), "--bureau", "350421"]
        asked = {"point": point, "place": place, "arguments": arguments}
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        assert answer, said.read_text()[-2000:]
        return int(answer)

    return run


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
def test_killed_at_a_point_nothing_is_there_and_the_next_try_brings_all(
    place, databases, bring_in, runner, point
):
    assert bring_in(point) == -signal.SIGKILL, runner[1].read_text()[-2000:]
    assert rows(place, databases) == [0, 0, 0, 0]
    assert bring_in("nowhere") == 0
    assert rows(place, databases) == [30, 30, 30, 1]


@pytest.mark.slow
def test_killed_just_after_the_commit_everything_is_there(place, databases, bring_in, runner):
    assert bring_in("commit.after") == -signal.SIGKILL, runner[1].read_text()[-2000:]
    assert rows(place, databases) == [30, 30, 30, 1]
    assert bring_in("nowhere") == 0
    assert rows(place, databases) == [30, 30, 30, 1]
