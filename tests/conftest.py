"""What every test may ask for: a migrated database of each kind, the app, a client, the clock.

The database is a copy of a migrated template: a file on SQLite, CREATE DATABASE … TEMPLATE on
PostgreSQL, where it is brought back in place from test to test (tests/renewal.py). On PostgreSQL the template is migrated by the owner role and used by an application
role that owns nothing, as in production.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain import clock as portal_clock
from tests import postgres
from tests.databases import POSTGRESQL, SQLITE, Databases
from tests.settings import SECRETS

#: A working day in the 六一 window of the demo year, ten in the morning in Shanghai.
MORNING = datetime(2026, 5, 20, 10, 0, tzinfo=portal_clock.SHANGHAI)
OWN_STATE = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--db",
        choices=[SQLITE, POSTGRESQL, "both"],
        default=SQLITE,
        help="the database kind of the tests that use one (default: sqlite)",
    )


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        # The stages of `make test` share the folder of the process around them.
        config.stash[OWN_STATE] = postgres.STATE not in os.environ
        os.environ.setdefault("PYTEST_CONTROLLER", str(os.getpid()))
        postgres.open_state()


def pytest_unconfigure(config: pytest.Config) -> None:
    if config.stash.get(OWN_STATE, False):
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


@pytest.fixture(scope="session")
def databases(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """The maker of migrated copies of this kind."""
    maker = Databases(database_kind, tmp_path_factory.mktemp("databases"))
    yield maker
    maker.close()


@pytest.fixture(scope="session")
def app_of_worker(
    databases: Databases, worker_name: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """One application per test process; its database is renewed for each test by ``app``."""
    # Tests of pure rules must not pay for the whole application: it is imported when asked for.
    from portal import create_app
    from portal.config import Settings
    from portal.extensions import db

    folder = tmp_path_factory.mktemp("state")
    made = create_app(
        Settings.for_tests(
            DATABASE_URL=databases.copy(f"worker_{worker_name}"),
            QUEUE_URL=f"sqlite:///{folder / 'queue.sqlite3'}",
            STORAGE_URL=f"file:{folder / 'files'}",
            MAIL_DIR=folder / "mail",
            **SECRETS,
        )
    )
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def app(app_of_worker: Flask, databases: Databases, worker_name: str) -> Iterator[Flask]:
    """The application on a fresh migrated database; no scope is open, nobody is signed in."""
    from portal.extensions import db

    with app_of_worker.app_context():
        if databases.kind == SQLITE:
            db.engine.dispose()
        if not databases.renew(f"worker_{worker_name}"):
            db.engine.dispose()
    yield app_of_worker
    with app_of_worker.app_context():
        db.session.remove()
        if databases.kind == SQLITE:
            db.engine.dispose()


@pytest.fixture
def demo_app(app: Flask, databases: Databases, worker_name: str) -> Flask:
    """The application on a copy of the demo year."""
    from portal.extensions import db

    databases.copy(f"worker_{worker_name}", databases.demo())
    with app.app_context():
        db.engine.dispose()
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
