"""Whether this process may be sent requests: database, migrations, queue, disk, within a second."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NoAnswer
from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Engine, text

from portal.config import Settings
from portal.extensions import db

#: The whole answer's budget in seconds (R2: a hanging database must not hang the answer).
BUDGET = 1.0
_MIB = 1024 * 1024
OK = "ok"


class Readiness:
    """Asks what the portal stands on; a check that hangs is not asked again until it returns."""

    def __init__(self, app: Flask, engine: Engine) -> None:
        self._engine = engine
        self._settings: Settings = app.config["SETTINGS"]
        self._queue = app.extensions["queue"]
        self._head = _head(str(Path(app.root_path).parent / "migrations"))
        self._threads = ThreadPoolExecutor(max_workers=3, thread_name_prefix="readiness")
        self._lock = threading.Lock()
        self._asked: dict[str, Future[str]] = {}

    def ask(self) -> dict[str, str]:
        """Return a word per part: ``ok``, or what is wrong with it."""
        checks: dict[str, Callable[[], str]] = {
            "database": self._database,
            "queue": self._ping,
            "disk": self._disk,
        }
        deadline = time.monotonic() + BUDGET
        with self._lock:
            for name, check in checks.items():
                asked = self._asked.get(name)
                if asked is None or asked.done():
                    self._asked[name] = self._threads.submit(check)
            waiting = dict(self._asked)
        return {name: _answer(future, deadline) for name, future in waiting.items()}

    def _database(self) -> str:
        with self._engine.connect() as connection:
            stands = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return OK if stands == self._head else "migrations are not at head"

    def _ping(self) -> str:
        self._queue.ping()
        return OK

    def _disk(self) -> str:
        least = min(shutil.disk_usage(place).free for place in self._places())
        return OK if least >= self._settings.min_free_mb * _MIB else "almost full"

    def _places(self) -> set[Path]:
        """Return the folders that this process writes to, or the nearest that exist."""
        settings = self._settings
        files = [Path.cwd()]
        if settings.is_sqlite:
            files.append(Path(self._engine.url.database or "."))
        if settings.storage_url.startswith("file:"):
            files.append(Path(settings.storage_url.removeprefix("file:")))
        return {
            next(folder for folder in (file, *file.absolute().parents) if folder.is_dir())
            for file in files
        }


def _answer(future: Future[str], deadline: float) -> str:
    try:
        return future.result(timeout=max(0.0, deadline - time.monotonic()))
    except NoAnswer:
        return "no answer"
    except Exception as error:  # noqa: BLE001 - whatever the part's driver raises
        return type(error).__name__


@cache
def _head(folder: str) -> str | None:
    return ScriptDirectory(folder).get_current_head()


def init_app(app: Flask) -> None:
    """Keep one questioner per application."""
    with app.app_context():
        app.extensions["readiness"] = Readiness(app, db.engine)
