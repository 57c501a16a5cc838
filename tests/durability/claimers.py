"""Supporters who claim over sockets, try again until they are answered, and remember the answer."""

from __future__ import annotations

import http.client
import threading
import time
import urllib.parse
import uuid
from collections import Counter
from dataclasses import dataclass, field

from flask import session
from flask_wtf.csrf import generate_csrf

from tests.durability.machine import Machine
from tests.factories import people

#: How long somebody repeats a submit, in seconds: longer than all restarts of a round together.
PATIENCE = 1200


@dataclass
class Browser:
    """A signed-in supporter: cookie, form token, and a connection that may break."""

    port: int
    supporter_id: uuid.UUID
    cookie: str
    csrf: str
    connection: http.client.HTTPConnection | None = None

    def claim(self, code: str, key: str) -> int:
        """Submit a claim; return the status. Raises OSError or HTTPException when cut off."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        form = {"csrf_token": self.csrf, "idempotency_key": key}
        try:
            self.connection.request(
                "POST", f"/wishes/{code}/claim", urllib.parse.urlencode(form),
                {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"},
            )  # fmt: skip
            answer = self.connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.hang_up()
            raise
        return answer.status

    def hang_up(self) -> None:
        """Close the connection."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def browser(machine: Machine) -> Browser:
    """Register a supporter and sign them in."""
    app = machine.app
    with app.app_context():
        actor = people.supporter("enterprise")
        client = people.sign_in(app.test_client(), actor)
        with client.session_transaction() as stored:
            values = dict(stored)
    with app.test_request_context():
        session.update(values)
        csrf = generate_csrf()
        cookie = app.session_interface.get_signing_serializer(app).dumps(dict(session))
    name = app.config["SESSION_COOKIE_NAME"]
    return Browser(machine.portal.port, actor.supporter_ids[0], f"{name}={cookie}", csrf)


@dataclass
class Crowd:
    """Pairs of supporters who want the same cards in the same order."""

    machine: Machine
    codes: list[str]
    pairs: int = 2
    #: (supporter, code, key) of every claim the portal said yes to.
    acknowledged: list[tuple[uuid.UUID, str, str]] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    cut_off: int = 0
    unanswered: int = 0
    answered_at: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._over = threading.Event()
        self._threads = []
        for number in range(self.pairs):
            wanted = self.codes[number :: self.pairs]
            self._threads += [
                threading.Thread(target=self._work, args=(browser(self.machine), wanted))
                for _ in range(2)
            ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    @property
    def is_busy(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def _work(self, who: Browser, wanted: list[str]) -> None:
        for code in wanted:
            if self._over.is_set():
                break
            key = uuid.uuid4().hex
            status = self._until_answered(who, code, key)
            self.statuses[status] += 1
            if status == http.client.SEE_OTHER:
                self.acknowledged.append((who.supporter_id, code, key))
        who.hang_up()

    def _until_answered(self, who: Browser, code: str, key: str) -> int:
        """Repeat the same submit until an answer comes: what a phone with a weak signal does."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                status = who.claim(code, key)
            except (OSError, http.client.HTTPException):
                self.cut_off += 1
                time.sleep(0.2)
                continue
            if status != http.client.SERVICE_UNAVAILABLE:
                self.answered_at.append(time.monotonic())
                return status
            self.statuses[status] += 1
            time.sleep(0.05)
        self.unanswered += 1
        return 0
