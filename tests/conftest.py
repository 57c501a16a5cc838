"""What every test may ask for: a migrated database of each kind, the app, a client, the clock.

The database is a copy of a migrated template: a file on SQLite, CREATE DATABASE … TEMPLATE on
PostgreSQL. On PostgreSQL the template is migrated by the owner role and used by an application
role that owns nothing, as in production.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain import clock as portal_clock
from tests import postgres
from tests.processes import flask
from tests.settings import SECRETS, environment

#: A working day in the 六一 window of the demo year, ten in the morning in Shanghai.
MORNING = datetime(2026, 5, 20, 10, 0, tzinfo=portal_clock.SHANGHAI)
SQLITE, POSTGRESQL = "sqlite", "postgresql"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--db",
        choices=[SQLITE, POSTGRESQL, "both"],
        default=SQLITE,
        help="the database kind of the tests that use one (default: sqlite)",
    )


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        os.environ["PYTEST_CONTROLLER"] = str(os.getpid())
        postgres.open_state()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and postgres.STATE in os.environ:
        postgres.close_state()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" not in metafunc.fixturenames:
        return
    chosen = metafunc.config.getoption("--db")
    kinds = [SQLITE, POSTGRESQL] if chosen == "both" else [chosen]
    for only in (SQLITE, "postgres"):
        if metafunc.definition.get_closest_marker(only):
            kinds = [SQLITE if only == SQLITE else POSTGRESQL]
    metafunc.parametrize("database_kind", kinds, indirect=True, scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "database_kind" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    """sqlite or postgresql; tests are repeated for each kind that --db chose."""
    return request.param


@pytest.fixture(scope="session")
def worker_name(request: pytest.FixtureRequest) -> str:
    """A name of this test process that no other has."""
    return getattr(request.config, "workerinput", {}).get("workerid", "alone")


class Databases:
    """The databases of one kind: a migrated template, and copies of it."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        self.folder = folder
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
            folders = {
                "MAIL_DIR": str(state / "mail"),
                "STORAGE_URL": f"file:{state / 'files'}",
                "QUEUE_URL": f"sqlite:///{state / 'queue.sqlite3'}",
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
        # PostgreSQL copies a template for one at a time.
        with postgres.locked("copy"):
            cluster.create(name, template)
        return cluster.url(name)

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


@pytest.fixture(scope="session")
def databases(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """The maker of migrated copies of this kind."""
    return Databases(database_kind, tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session")
def app_of_worker(
    databases: Databases, worker_name: str, tmp_path_factory: pytest.TempPathFactory
) -> Flask:
    """One application per test process; its database is renewed for each test by ``app``."""
    # Tests of pure rules must not pay for the whole application: it is imported when asked for.
    from portal import create_app
    from portal.config import Settings

    folder = tmp_path_factory.mktemp("state")
    return create_app(
        Settings.for_tests(
            DATABASE_URL=databases.copy(f"worker_{worker_name}"),
            QUEUE_URL=f"sqlite:///{folder / 'queue.sqlite3'}",
            STORAGE_URL=f"file:{folder / 'files'}",
            MAIL_DIR=folder / "mail",
            **SECRETS,
        )
    )


@pytest.fixture
def app(app_of_worker: Flask, databases: Databases, worker_name: str) -> Iterator[Flask]:
    """The application on a fresh migrated database; no scope is open, nobody is signed in."""
    from portal.extensions import db

    with app_of_worker.app_context():
        db.engine.dispose()
    databases.copy(f"worker_{worker_name}")
    yield app_of_worker
    with app_of_worker.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def demo_app(app: Flask, databases: Databases, worker_name: str) -> Flask:
    """The application on a copy of the demo year."""
    databases.copy(f"worker_{worker_name}", databases.demo())
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser."""
    return app.test_client()


@pytest.fixture
def client_as(app: Flask) -> Callable[..., FlaskClient]:
    """Make a browser in which somebody is signed in.

    ``client_as("county_staff")`` and ``client_as("county_staff", "320681")`` for staff,
    ``client_as("enterprise")`` for a supporter of tier 1, ``client_as(actor)`` for anybody.
    The actor is ``client.actor``.
    """
    from portal.domain.actor import Actor
    from tests.factories import people

    def sign_in(who: str | Actor, unit: str | None = None) -> FlaskClient:
        with app.app_context():
            if isinstance(who, Actor):
                actor = who
            elif who in people.SUPPORTER_KINDS:
                actor = people.supporter(who)
            elif who == "newcomer":
                actor = people.account("newcomer")
            else:
                actor = people.staff(who, unit)
            visitor = people.sign_in(app.test_client(), actor)
        visitor.actor = actor
        return visitor

    return sign_in


class Clock:
    """The portal's clock, standing still until a test moves it."""

    def __init__(self) -> None:
        self._block = None
        self.move_to(MORNING)

    def move_to(self, moment: datetime) -> datetime:
        """Stand at ``moment``; a moment without a zone is Shanghai's."""
        self.release()
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=portal_clock.SHANGHAI)
        self._block = portal_clock.at(moment)
        self._block.__enter__()
        return moment

    def advance(self, **span: float) -> datetime:
        """Move on by a timedelta's arguments: ``advance(hours=72)``."""
        return self.move_to(portal_clock.now() + timedelta(**span))

    def release(self) -> None:
        """Let the clock run again."""
        if self._block:
            self._block.__exit__(None, None, None)
            self._block = None


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The clock at 2026-05-20 10:00 in Shanghai, until the test moves it."""
    standing = Clock()
    yield standing
    standing.release()
