"""A portal of its own for being killed: database, queue, SMTP sink, web processes, worker."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.controller import Controller

from portal import create_app
from portal.config import Settings
from portal.extensions import db
from tests import postgres
from tests.databases import Databases, fill
from tests.processes import Portal, flask
from tests.settings import SECRETS, environment

#: How often each part is killed: a short round in make test, the full one in make check-long.
KILLS = int(os.environ.get("DURABILITY_KILLS", "1"))


class Sink:
    """An SMTP server that remembers what it accepted, by Message-ID."""

    def __init__(self) -> None:
        self.copies: Counter[str] = Counter()
        self.contents: dict[str, set[str]] = {}
        self._controller = Controller(self, hostname="127.0.0.1", port=postgres.free_port())
        self._controller.start()
        self.port = self._controller.port

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        identifier = str(mail["Message-ID"])
        self.copies[identifier] += 1
        # Boundaries of parts are drawn anew at each sending; the words must be the same.
        words = mail.get_body(("plain",)).get_content()
        self.contents.setdefault(identifier, set()).add(f"{envelope.rcpt_tos} {words}")
        return "250 OK"

    def stop(self) -> None:
        self._controller.stop()


@dataclass
class Machine:
    """Everything that runs, and a Flask application of the test's own on the same database."""

    kind: str
    folder: Path
    cluster: postgres.Cluster | None = None
    sink: Sink = field(default_factory=Sink)

    def __post_init__(self) -> None:
        url, owner = self._database()
        queue = url if self.cluster else f"sqlite:///{self.folder / 'queue.sqlite3'}"
        self.environment = environment(
            url,
            QUEUE_URL=queue,
            DATABASE_OWNER_URL=owner,
            STORAGE_URL=f"file:{self.folder / 'files'}",
            MAIL_BACKEND="smtp",
            MAIL_SERVER="127.0.0.1",
            MAIL_PORT=str(self.sink.port),
            LEASE_SECONDS="3",
            MAIL_RETRY_SECONDS="1",
            LOG_LEVEL="WARNING",
        )
        flask(self.environment, "queue", "init")
        self.app = create_app(
            Settings.for_tests(
                DATABASE_URL=url,
                QUEUE_URL=queue,
                STORAGE_URL=f"file:{self.folder / 'files'}",
                **SECRETS,
            )
        )
        self.portal = Portal(self.environment, self.folder / "logs", workers=2, threads=4)

    def _database(self) -> tuple[str, str]:
        if self.kind == "sqlite":
            return Databases("sqlite", self.folder).copy("portal"), ""
        # As in production: commits reach the disk before they are acknowledged.
        self.cluster = postgres.start(postgres.DURABLE)
        self.cluster.create("durable")
        owner = self.cluster.url("durable", postgres.OWNER)
        fill(owner)
        return self.cluster.url("durable"), owner

    def stop(self) -> None:
        self.portal.stop()
        self.sink.stop()
        if hasattr(self, "app"):
            self.app.extensions["queue"].close()
            with self.app.app_context():
                db.session.remove()
                db.engine.dispose()
        if self.cluster:
            postgres.stop(self.cluster)

    def kill_web_worker(self) -> None:
        """Kill one of gunicorn's processes; the master starts another."""
        master = self.portal.children["web"].pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        os.kill(int(random.choice(children)), signal.SIGKILL)

    def kill_web(self) -> None:
        """Kill the whole web server at once, and start it again."""
        self.portal.kill("web")
        self.portal.start_web()

    def kill_worker(self) -> None:
        """Kill the background worker, and start it again."""
        self.portal.kill("worker")
        self.portal.start_worker()


@contextmanager
def running(kind: str, folder: Path) -> Iterator[Machine]:
    """Start a machine of a kind, and leave nothing of it behind."""
    machine = Machine(kind, folder)
    try:
        machine.portal.start()
        yield machine
    finally:
        machine.stop()


def until(condition, seconds: float = 90) -> bool:
    """Wait for a condition; tell whether it came true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.2)
    return bool(condition())
