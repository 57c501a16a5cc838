"""The queue that wakes a worker: huey over SQLite on one machine, over PostgreSQL for several.

It carries ids only and may lose them (huey delivers at most once): the rows are the truth, and the
worker's sweeper finds what a dead worker left.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
from huey import Huey, PostgresHuey, SqliteHuey
from huey.consumer import BaseProcess, Consumer
from huey.serializer import SignedSerializer
from psycopg import sql

#: What the queue carries: ``mail`` (some mail is owed) or ``job:<id>``.
MAIL = "mail"
_JOB = "job:"
_SQLITE = "sqlite:///"
_POSTGRESQL = "postgresql"
#: The queue's tables stand apart from the application's, so that migrations never meet them.
_SCHEMA = "queue"
_MOST_AT_ONCE = 50

Perform = Callable[[str], None]


def for_job(job_id: UUID) -> str:
    """Return what the queue carries for a job."""
    return f"{_JOB}{job_id}"


def job_of(call: str) -> UUID | None:
    """Return the job a call names, or None for mail."""
    return UUID(call.removeprefix(_JOB)) if call.startswith(_JOB) else None


class Queue:
    """One queue; nothing is opened or created before it is used."""

    def __init__(self, url: str, secret: str) -> None:
        self._url = url
        self._secret = secret
        self._lock = threading.Lock()
        self._huey: Huey | None = None
        self._perform: Perform | None = None
        self._task: Callable[[str], Any] | None = None

    def wake(self, calls: Iterable[str]) -> None:
        """Put calls on the queue; what is more than fifty at once is left to the sweeper."""
        self._open()
        for call in list(calls)[:_MOST_AT_ONCE]:
            if self._task is not None:
                self._task(call)

    def ping(self) -> int:
        """Return how many calls wait; raises when the queue does not answer."""
        return int(self._open().storage.queue_size())

    def close(self) -> None:
        """Let go of the connection; the next use opens another."""
        with self._lock:
            if self._huey is not None:
                self._huey.storage.close()

    def prepare(self, owner_url: str) -> None:
        """Create the queue's tables once, as their owner, for the role that will use them."""
        if self._url.startswith(_SQLITE):
            self._open()
            return
        role = urlsplit(_plain(self._url)).username or ""
        huey = _postgres(owner_url or self._url, self._secret)
        with psycopg.connect(_plain(owner_url or self._url), autocommit=True) as connection:
            schema = sql.Identifier(_SCHEMA)
            connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(schema))
            connection.execute(sql.SQL("SET search_path TO {}").format(schema))
            for statement in huey.storage.ddl:
                connection.execute(statement)
            for grant in (
                "GRANT USAGE ON SCHEMA {} TO {}",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {} TO {}",
                "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {} TO {}",
            ):
                connection.execute(sql.SQL(grant).format(schema, sql.Identifier(role)))

    def consumer(self, perform: Perform, sweeper: type[BaseProcess], threads: int) -> Any:
        """Return huey's consumer: ``threads`` workers, and ``sweeper`` in the scheduler's place.

        TERM lets running work finish for up to 20 seconds; INT stops at once.
        """
        self._perform = perform
        tuned = type("PortalConsumer", (Consumer,), {"scheduler_class": sweeper})
        return tuned(
            self._open(),
            workers=threads,
            periodic=False,
            initial_delay=0.1,
            max_delay=0.5,
            graceful_signal="TERM",
            shutdown_timeout=20,
            health_check_interval=5,
        )

    def _open(self) -> Huey:
        with self._lock:
            if self._huey is None:
                make = _sqlite if self._url.startswith(_SQLITE) else _postgres
                huey = make(self._url, self._secret)
                self._task = huey.task(name="perform")(self._receive)
                self._huey = huey
        return self._huey

    def _receive(self, call: str) -> None:
        if self._perform is not None:
            self._perform(call)


def _sqlite(url: str, secret: str) -> Huey:
    file = Path(url.removeprefix(_SQLITE))
    file.parent.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("portal", filename=str(file), **_common(secret))


def _postgres(url: str, secret: str) -> Huey:
    return PostgresHuey(
        "portal",
        dsn=_plain(url),
        options=f"-c search_path={_SCHEMA}",
        connect_timeout=3,
        create_tables=False,
        **_common(secret),
    )


def _common(secret: str) -> dict[str, Any]:
    """Sign what is queued: a queue file is as trusted as the code only if nobody else writes it."""
    serializer = SignedSerializer(secret=secret, salt="portal-queue")
    return {"serializer": serializer, "results": False}


def _plain(url: str) -> str:
    """Write an SQLAlchemy address the way psycopg reads it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
