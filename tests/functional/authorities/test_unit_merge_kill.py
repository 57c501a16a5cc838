"""Stopping a merge of counties at any statement, or killing it, leaves all of it or nothing (R5)."""

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import event, select

from portal.core import faults, unit_of_work
from portal.extensions import db
from portal.models import Base
from portal.models.children import ChildFile
from portal.models.units import UnitProposal
from portal.models.wishes import Wish
from portal.queries import units
from tests.factories import people, tree
from tests.factories.anything import row_of
from tests.functional.authorities.test_unit_changes import EAST, TOWN
from tests.settings import environment

ROOT = Path(__file__).resolve().parents[3]
#: Statements at which the merge is stopped, spread over all of them, the first and last included.
STOPS = 12
#: Confirms the merge in a process that kills itself, hard, at the last moment.
SCRIPT = """
import os, signal, sys
from uuid import UUID
from portal.core import faults, unit_of_work
from portal.queries import actors
from tests.factories import tree
from wsgi import app

admin, proposal = sys.argv[1:]
faults.watch(lambda at: os.kill(os.getpid(), signal.SIGKILL) if at == "commit.before" else None)
unit_of_work.before_commit(lambda session: faults.reached("commit.before"))
with app.app_context():
    tree.confirmed(actors.by_user(UUID(admin)), UUID(proposal), "梅列区")
"""


class Stopped(Exception):
    """What a test throws in the middle of the work."""


@pytest.fixture
def merge(app, clock):
    """A merge that waits for its second person, over a few rows of both counties."""
    with app.app_context():
        tree.as_of_2020()
        first, second = tree.admins()
        with unit_of_work.transaction(people.everything()):
            for model, path in ((ChildFile, EAST), (Wish, EAST), (Wish, TOWN)):
                row_of(model, path, people.SANMING)
        others = (tree.unit_id(tree.SANYUAN),)
        proposal = tree.proposed(
            first, tree.MEILIE, "merge", others=others, code=tree.NEW_SANYUAN, name="三元区"
        )
        yield second, proposal


def everything_stored():
    """Return a digest of every table, so that a single changed value shows."""
    with unit_of_work.reading(people.everything()) as session:
        return {
            table.name: hashlib.sha256(
                repr(sorted(map(repr, session.connection().execute(select(table))))).encode()
            ).hexdigest()
            for table in Base.metadata.sorted_tables
        }


def changed(before):
    after = everything_stored()
    return {name for name in before if before[name] != after[name]}


class Counter:
    """Counts the statements of a block, and throws at the one it was told."""

    def __init__(self, stop=None):
        self.seen, self.stop, self.writes = 0, stop, 0

    def __enter__(self):
        event.listen(db.engine, "after_cursor_execute", self._count)
        return self

    def __exit__(self, *_):
        event.remove(db.engine, "after_cursor_execute", self._count)

    def _count(self, _connection, _cursor, statement, *_rest):
        self.seen += 1
        self.writes += statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
        if self.seen == self.stop:
            raise Stopped


def rehearse(second, proposal, monkeypatch):
    """Do the whole merge and take it back at the very end: how many statements there are."""

    def stop(_session):
        raise Stopped

    with monkeypatch.context() as patched, Counter() as counter:
        patched.setattr(unit_of_work, "_before_commit", [*unit_of_work._before_commit, stop])
        with pytest.raises(Stopped):
            tree.confirmed(second, proposal, "梅列区")
    return counter


def test_a_merge_stopped_after_any_statement_leaves_nothing(merge, monkeypatch):
    second, proposal = merge
    before = everything_stored()
    counter = rehearse(second, proposal, monkeypatch)
    assert changed(before) == set()
    assert counter.writes > 20
    step = max(1, counter.seen // STOPS)
    stops = {*range(1, counter.seen, step), counter.seen}
    for stop in sorted(stops):
        with Counter(stop), pytest.raises(Stopped):
            tree.confirmed(second, proposal, "梅列区")
        assert changed(before) == set(), stop
    tree.confirmed(second, proposal, "梅列区")
    assert units.get(tree.NEW_SANYUAN).path == "/35/3504/350404/"
    assert {"units", "unit_changes", "unit_proposals", "child_files", "wishes"} <= changed(before)


def test_a_merge_that_is_killed_leaves_nothing_and_is_done_again(merge, app, tmp_path):
    second, proposal = merge
    before = everything_stored()
    db.session.remove()
    db.engine.dispose()
    place = environment(
        app.config["SETTINGS"].database_url,
        QUEUE_URL=f"sqlite:///{tmp_path / 'queue.sqlite3'}",
        STORAGE_URL=f"file:{tmp_path / 'files'}",
    )
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(second.user_id), str(proposal)],
        check=False, cwd=ROOT, capture_output=True,
        env={**os.environ, **place, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]
    assert changed(before) == set()
    tree.confirmed(second, proposal, "梅列区")
    with unit_of_work.reading(people.everything()):
        assert db.session.get(UnitProposal, proposal).status == "done"
    assert units.get(tree.NEW_SANYUAN).path == "/35/3504/350404/"
    assert faults._watchers == []
