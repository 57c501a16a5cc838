"""Supporters with a browser each, who press the same button over real sockets at one instant."""

from __future__ import annotations

import http.client
import threading
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

from flask import Flask, session
from flask_wtf.csrf import generate_csrf

from portal.domain.actor import Actor
from tests.factories import people


@dataclass
class Browser:
    """A signed-in person's cookie and form token."""

    port: int
    actor: Actor
    cookie: str
    csrf: str

    def post(self, path: str, **form: str) -> int:
        """Submit a form; return the status."""
        body = urllib.parse.urlencode({"csrf_token": self.csrf, **form})
        head = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)) as line:
            line.request("POST", path, body, head)
            answer = line.getresponse()
            answer.read()
            return answer.status


def browser(app: Flask, port: int, actor: Actor) -> Browser:
    """Sign ``actor`` in and give them a browser that talks to ``port``."""
    with app.app_context():
        client = people.sign_in(app.test_client(), actor)
        with client.session_transaction() as stored:
            values = dict(stored)
    with app.test_request_context():
        session.update(values)
        csrf = generate_csrf()
        cookie = app.session_interface.get_signing_serializer(app).dumps(dict(session))
    return Browser(port, actor, f"{app.config['SESSION_COOKIE_NAME']}={cookie}", csrf)


def at_one_instant(browsers: list[Browser], path: str, **form: str) -> list[int]:
    """Let every browser submit the same form, released by one barrier; return the statuses."""
    start = threading.Barrier(len(browsers))

    def press(one: Browser) -> int:
        start.wait()
        return one.post(path, **form)

    with ThreadPoolExecutor(len(browsers)) as pool:
        return list(pool.map(press, browsers))
