"""A running portal with the demo year, and people at phones and desks."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.databases import SQLITE, Databases
from tests.e2e import browser as chromium
from tests.processes import Portal
from tests.settings import environment


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # A file's walks follow each other on one portal; the looks of the roles are spread.
            alone = item.path.stem == "test_pages_look"
            item.add_marker(pytest.mark.xdist_group(item.name if alone else item.path.stem))


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database file with the demo year, made once per run; uploaded files lie beside it."""
    return Path(Databases(SQLITE, tmp_path_factory.mktemp("databases")).demo())


def public_url(portal: Portal) -> str:
    """Return the portal's address by name: browsers refuse passkeys under a number."""
    return portal.url.replace("127.0.0.1", "localhost")


@pytest.fixture(scope="session")
def portal(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The portal on a copy of the demo database, web server and worker, for the whole session."""
    folder = tmp_path_factory.mktemp("portal")
    shutil.copyfile(demo_template, folder / "portal.sqlite3")
    shutil.copytree(demo_template.parent / "files", folder / "files")
    running = Portal(
        environment(
            f"sqlite:///{folder / 'portal.sqlite3'}",
            QUEUE_URL=f"sqlite:///{folder / 'queue.sqlite3'}",
            STORAGE_URL=f"file:{folder / 'files'}",
            MAIL_DIR=str(folder / "mail"),
            # A walk looks at the wall right after a batch: nothing is shown from memory.
            WALL_CACHE_SECONDS="0",
        ),
        logs=folder,
    )
    running.environment["PUBLIC_URL"] = public_url(running)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """The system's Chromium, started once."""
    with sync_playwright() as playwright:
        started = chromium.launch(playwright)
        yield started
        started.close()


@pytest.fixture
def people(portal: Portal, chrome: Browser) -> Iterator[Callable[..., chromium.Person]]:
    """Open devices by name: ``people("director", phone=True)``; all must stay free of errors."""
    with ExitStack() as stack:

        def arrive(name: str, *, phone: bool = False) -> chromium.Person:
            device = chromium.PHONE if phone else chromium.DESK
            return stack.enter_context(chromium.person(chrome, public_url(portal), name, device))

        yield arrive


@pytest.fixture
def phone(people: Callable[..., chromium.Person]) -> chromium.Person:
    """A visitor with a phone (390 × 844)."""
    return people("phone", phone=True)


@pytest.fixture
def desk(people: Callable[..., chromium.Person]) -> chromium.Person:
    """A visitor at a desk (1280 × 900)."""
    return people("desk")
