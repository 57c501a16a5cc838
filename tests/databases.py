"""The databases of the tests: migrated templates, copies of them, and the demo year.

A template is a file on SQLite, a database on PostgreSQL. All are made once per run, under a lock,
in the run's state folder (tests/postgres.py), which the stages of `make test` share.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from tests import postgres
from tests.processes import flask
from tests.renewal import Renewable
from tests.settings import environment

SQLITE, POSTGRESQL = "sqlite", "postgresql"


class Databases:
    """The databases of one kind: a migrated template, and copies of it."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        self.folder = folder
        self._renewable: Renewable | None = None
        with postgres.locked(f"template-{kind}"):
            self.template = self._make_template()

    def _make_template(self) -> str:
        state = postgres.open_state()
        if self.kind == SQLITE:
            path = state / "template.sqlite3"
            if not path.exists():
                half = state / "half.sqlite3"
                fill(f"sqlite:///{half}")
                fold_journal(half)
                half.rename(path)
            return str(path)
        cluster = postgres.shared()
        done = state / "template-postgresql.done"
        if not done.exists():
            cluster.create("template_portal")
            fill(cluster.url("template_portal", postgres.OWNER))
            done.touch()
        return "template_portal"

    def demo(self) -> str:
        """Return the template that holds the demo year, played once per run as the app's role."""
        with postgres.locked(f"demo-{self.kind}") as state:
            beside = state if self.kind == SQLITE else state / "demo-postgresql"
            beside.mkdir(exist_ok=True)
            folders = {
                "MAIL_DIR": str(beside / "mail"),
                "STORAGE_URL": f"file:{beside / 'files'}",
                "QUEUE_URL": f"sqlite:///{beside / 'queue.sqlite3'}",
            }
            if self.kind == SQLITE:
                path = state / "demo.sqlite3"
                if not path.exists():
                    half = state / "demo-half.sqlite3"
                    shutil.copyfile(self.template, half)
                    flask(environment(f"sqlite:///{half}", **folders), "demo")
                    fold_journal(half)
                    half.rename(path)
                return str(path)
            cluster, done = postgres.shared(), state / "demo-postgresql.done"
            if not done.exists():
                cluster.create("template_demo", self.template)
                flask(environment(cluster.url("template_demo"), **folders), "demo")
                done.touch()
            return "template_demo"

    def copy(self, name: str, template: str | None = None) -> str:
        """Make (or make again) a fresh copy; return its address for the application role."""
        template = template or self.template
        if self.kind == SQLITE:
            path = self.folder / f"{name}.sqlite3"
            # A new file, not the old one overwritten: a connection that a failed test still
            # holds keeps its locks on the old one.
            for suffix in ("", "-wal", "-shm"):
                Path(f"{path}{suffix}").unlink(missing_ok=True)
            shutil.copyfile(template, path)
            return f"sqlite:///{path}"
        cluster = postgres.shared()
        if self._renewable and self._renewable.name == name:
            self.close()
        # PostgreSQL copies a template for one at a time.
        with postgres.locked("copy"):
            cluster.create(name, template)
        return cluster.url(name)

    def renew(self, name: str) -> bool:
        """Make the database of a test like the template; true when connections to it live on."""
        if self._renewable and self._renewable.name == name and self._renewable.renew():
            return True
        self.copy(name)
        if self.kind == POSTGRESQL:
            self.close()
            self._renewable = Renewable(postgres.shared(), name)
        return False

    def close(self) -> None:
        """Let go of what is open."""
        if self._renewable:
            self._renewable.close()
            self._renewable = None

    def empty(self, name: str) -> str:
        """Make a database without any table; return its address for the owner role."""
        if self.kind == SQLITE:
            path = self.folder / f"{name}.sqlite3"
            path.unlink(missing_ok=True)
            return f"sqlite:///{path}"
        cluster = postgres.shared()
        cluster.create(name)
        return cluster.url(name, postgres.OWNER)


def fill(url: str) -> None:
    """Migrate an empty database and load the unit tree."""
    flask(environment(url), "db", "upgrade")
    flask(environment(url), "units", "load")


def fold_journal(path: Path) -> None:
    """Write a WAL database back into its one file, so that copying the file copies everything."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
