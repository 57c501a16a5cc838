"""Claims through HTTP against a signed-in POST that only commits one row, in one run (PostgreSQL).

Both doors stand in the same gunicorn on a durable server; 50 clients press them in turn, A B A B,
and the median of the ratios counts. Then all clients want one wish, again and again: the refusals
per second, and exactly one winner each.

    python -m benchmarks.claim [--clients N] [--requests N] [--rounds R]
"""

from __future__ import annotations

import argparse
import os
import secrets
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import func, select

from benchmarks.wall import wait_for
from portal import create_app
from portal.core import unit_of_work
from portal.extensions import db
from portal.models.wishes import Commitment
from tests import postgres
from tests.factories import people, promises
from tests.processes import BIN, ROOT, flask
from tests.settings import environment

AIM = 0.5


def measure(port: int, requests: list[bytes], clients: int) -> tuple[float, Counter[int]]:
    """Send every request once, ``clients`` at a time; return requests per second and statuses."""
    waiting, statuses = iter(requests), Counter()
    lock, start = threading.Lock(), threading.Barrier(clients + 1)

    def work() -> None:
        start.wait()
        while True:
            with lock:
                request = next(waiting, None)
            if request is None:
                return
            status = ask(port, request)
            with lock:
                statuses[status] += 1

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return len(requests) / (time.perf_counter() - began), statuses


def ask(port: int, request: bytes) -> int:
    """Send one request on a connection of its own; return the status."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(request)
        answer = b""
        while part := line.recv(65536):
            answer += part
    return int(answer.split(b" ", 2)[1])


def post(path: str, cookie: str, **form: str) -> bytes:
    """Return the bytes of a form's POST."""
    body = urlencode(form)
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nCookie: {cookie}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def signed_in(app: Flask) -> tuple[str, str]:
    """Make a supporter with a session; return their cookie and form token."""
    with app.app_context():
        client = people.sign_in(app.test_client(), people.supporter("individual"))
        with client.session_transaction() as stored:
            values = dict(stored)
    with app.test_request_context():
        session.update(values)
        token = generate_csrf()
        sealed = app.session_interface.get_signing_serializer(app).dumps(dict(session))
    return f"{app.config['SESSION_COOKIE_NAME']}={sealed}", token


@contextmanager
def serving() -> Iterator[tuple[Flask, int]]:
    """Run a durable PostgreSQL and the portal on it; yield an app of our own and the port."""
    cluster = postgres.start(postgres.DURABLE)
    try:
        cluster.create("claims")
        with TemporaryDirectory() as folder:
            paths = {
                "QUEUE_URL": f"sqlite:///{folder}/queue.sqlite3",
                "STORAGE_URL": f"file:{folder}/files",
                "MAIL_DIR": f"{folder}/mail",
                "LOG_LEVEL": "WARNING",
            }
            flask(environment(cluster.url("claims", postgres.OWNER)), "db", "upgrade")
            flask(environment(cluster.url("claims")), "units", "load")
            settings = environment(cluster.url("claims"), **paths)
            os.environ.update(settings)
            with gunicorn(settings, Path(folder)) as port:
                yield create_app(), port
    finally:
        postgres.stop(cluster)


@contextmanager
def gunicorn(settings: dict[str, str], folder: Path) -> Iterator[int]:
    """Run both doors in two processes of eight threads."""
    port = postgres.free_port()
    with (folder / "web.log").open("wb") as log:
        process = subprocess.Popen(
            [str(BIN / "gunicorn"), "benchmarks.claim_ruler:app", "--worker-class", "gthread",
             "--workers", "2", "--threads", "8", "--bind", f"127.0.0.1:{port}",
             "--no-control-socket", "--log-level", "warning"],
            cwd=ROOT, env={**os.environ, **settings}, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield port
    finally:
        process.terminate()
        process.wait(20)


def commitments(app: Flask) -> int:
    with app.app_context(), unit_of_work.reading(people.everything()):
        return db.session.scalar(select(func.count()).select_from(Commitment)) or 0


def main() -> None:
    """Measure, print a table, fail when a winner is missing or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--requests", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with serving() as (app, port):
        # Each supporter claims at most one wish per round: nobody meets the quota of three.
        people_in = [signed_in(app) for _ in range(asked.requests)]
        print(f"{asked.clients} clients, {asked.requests} requests a round", flush=True)
        ratios = [race_doors(app, port, people_in, asked) for _ in range(min(asked.rounds, 3))]
        contended(app, port, people_in, asked)
        reached = statistics.median(ratios)
        print(f"claim / one row: {reached:.2f} (aim ≥ {AIM})")


def race_doors(
    app: Flask, port: int, people_in: list[tuple[str, str]], asked: argparse.Namespace
) -> float:
    """Measure the ruler, then the claim; return claim / ruler."""
    with app.app_context():
        codes = [one.code for one in promises.hung(cards=asked.requests)]
    row = [post("/benchmark/row", cookie, csrf_token=token) for cookie, token in people_in]
    claim = [
        post(f"/wishes/{code}/claim", cookie, csrf_token=token,
             idempotency_key=secrets.token_urlsafe(12))
        for code, (cookie, token) in zip(codes, people_in, strict=True)
    ]  # fmt: skip
    before = commitments(app)
    rows_s, rows_said = measure(port, row, asked.clients)
    claims_s, claims_said = measure(port, claim, asked.clients)
    made = commitments(app) - before
    if rows_said != {303: len(row)} or claims_said != {303: len(claim)} or made != len(claim):
        sys.exit(f"unexpected answers: {rows_said} {claims_said}, {made} commitments")
    print(f"  one row {rows_s:6.1f}/s   claim {claims_s:6.1f}/s   {claims_s / rows_s:.2f}")
    return claims_s / rows_s


def contended(
    app: Flask, port: int, people_in: list[tuple[str, str]], asked: argparse.Namespace
) -> None:
    """Let everybody want one wish: one winner, everybody else a kind page."""
    fresh = [signed_in(app) for _ in range(asked.clients)]
    with app.app_context():
        [hung] = promises.hung()
    requests = [
        post(f"/wishes/{hung.code}/claim", cookie, csrf_token=token)
        for cookie, token in islice(cycle(fresh), asked.requests)
    ]
    speed, said = measure(port, requests, asked.clients)
    # The winner's later presses are answered as the first time.
    if not said[303] or said[303] > asked.requests // asked.clients or set(said) != {303, 409}:
        sys.exit(f"unexpected answers under contention: {said}")
    print(f"  one wish, everybody: {speed:6.1f} answers/s, {said[409]} refusals")


if __name__ == "__main__":
    main()
