"""Owed mails leave at least once, under one Message-ID, and never hold the worker up (R4)."""

import socket
import threading
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from flask_mail import BadHeaderError
from sqlalchemy import select

from portal.core import outbox, scope, unit_of_work
from portal.domain import clock as portal_clock
from portal.extensions import db, mail
from portal.models.records import Message
from portal.notices import deliver, mailbox, render, transports
from tests.postgres import free_port


class Sink:
    """An SMTP server that answers what a test wants and keeps what it took."""

    def __init__(self):
        self.taken = []
        self.answer = "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.taken.append((envelope.rcpt_tos, envelope.content.decode()))
        if self.answer == "drop":
            session.writer = server.transport.close()
            return "250 never read"
        return self.answer


@pytest.fixture
def sink():
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


@pytest.fixture
def on(app, clock):
    with app.app_context():
        yield app


@pytest.fixture
def by_smtp(on, sink, monkeypatch):
    use(on, monkeypatch, sink.port)
    return sink


def use(app, monkeypatch, port, **changes):
    settings = app.config["SETTINGS"].model_copy(
        update={"mail_backend": "smtp", "mail_timeout": 1, **changes}
    )
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    monkeypatch.setattr(app.extensions["mail"], "suppress", False)
    monkeypatch.setattr(app.extensions["mail"], "server", "127.0.0.1")
    monkeypatch.setattr(app.extensions["mail"], "port", port)
    # The worker's default outlives a test otherwise.
    monkeypatch.setattr(socket, "setdefaulttimeout", socket.setdefaulttimeout)
    assert mail is not None


@pytest.fixture(autouse=True)
def no_timeout_left():
    yield
    socket.setdefaulttimeout(None)


def owe(key="k", to="lin@example.org", template="verify_email", **more):
    with unit_of_work.transaction(scope.NOTHING):
        outbox.owe(template, recipient=to, key=key, name="林爱华", path="/verify/t", **more)


def rows():
    with unit_of_work.reading(scope.NOTHING):
        return {
            row.dedupe_key: (row.status, row.attempts)
            for row in db.session.scalars(select(Message))
        }


def test_a_letter_leaves_with_the_id_of_its_row(by_smtp):
    owe()
    assert deliver.drain() == 1
    [(to, content)] = by_smtp.taken
    with unit_of_work.reading(scope.NOTHING):
        row_id = db.session.scalar(select(Message.id))
    assert to == ["lin@example.org"]
    assert f"Message-ID: <{row_id}@" in content
    assert "Auto-Submitted: auto-generated" in content
    assert rows() == {"k": ("sent", 1)}
    assert deliver.drain() == 0


def test_a_mail_that_is_due_later_waits(by_smtp, clock):
    owe(due_at=portal_clock.now() + timedelta(minutes=5))
    assert deliver.drain() == 0
    clock.advance(minutes=6)
    assert deliver.drain() == 1


def test_eight_refusals_park_a_letter_and_the_others_still_leave(by_smtp, clock):
    owe("poison")
    by_smtp.answer = "550 no such mailbox"
    for attempt in range(1, 9):
        assert rows()["poison"] == ("owed", attempt - 1)
        assert deliver.drain() == 0
        clock.advance(hours=13)
    assert rows()["poison"] == ("parked", 8)
    by_smtp.answer = "250 OK"
    owe("healthy")
    assert deliver.drain() == 1
    assert rows()["healthy"] == ("sent", 1)
    with unit_of_work.transaction(scope.NOTHING):
        assert outbox.retry_parked() == 1
    assert deliver.drain() == 1


def test_a_refused_letter_waits_longer_each_time(by_smtp, clock):
    owe()
    by_smtp.answer = "451 try later"
    waits = []
    for _ in range(4):
        deliver.drain()
        with unit_of_work.reading(scope.NOTHING):
            due = db.session.scalar(select(Message.due_at))
        waits.append((due - portal_clock.now()).total_seconds())
        clock.move_to(due + timedelta(seconds=1))
    assert waits == [60, 240, 960, 3840]


def test_a_connection_cut_after_data_sends_again_under_the_same_id(by_smtp, clock):
    owe()
    by_smtp.answer = "drop"
    assert deliver.drain() == 0
    by_smtp.answer = "250 OK"
    clock.advance(minutes=2)
    assert deliver.drain() == 1
    ids = [
        line
        for _, content in by_smtp.taken
        for line in content.splitlines()
        if "Message-ID" in line
    ]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_a_server_that_is_away_is_not_the_letters_fault(on, monkeypatch, clock, sink):
    use(on, monkeypatch, free_port())
    owe()
    for _ in range(12):
        assert deliver.drain() == 0
        clock.advance(minutes=2)
    assert rows() == {"k": ("owed", 0)}
    use(on, monkeypatch, sink.port)
    assert deliver.drain() == 1


def test_a_silent_server_holds_the_worker_for_the_timeout_only(on, monkeypatch, clock):
    import time

    with socket.socket() as hole:
        hole.bind(("127.0.0.1", 0))
        hole.listen()
        use(on, monkeypatch, hole.getsockname()[1])
        owe()
        began = time.monotonic()
        assert deliver.drain() == 0
        assert time.monotonic() - began < 5
    assert rows() == {"k": ("owed", 0)}


def test_two_workers_never_hold_the_same_letter(on):
    for number in range(20):
        owe(f"k{number}", to=f"a{number}@example.org")
    transports.sent.clear()
    barrier = threading.Barrier(2)

    def work():
        with on.app_context():
            barrier.wait()
            deliver.drain()

    hands = [threading.Thread(target=work) for _ in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert len(transports.sent) == 20
    assert len({letter.recipient for letter in transports.sent}) == 20


def test_a_dead_workers_letter_is_taken_over_and_its_own_word_comes_too_late(on, clock):
    owe()
    with unit_of_work.transaction(scope.NOTHING):
        first = outbox.lease_next()
    with unit_of_work.transaction(scope.NOTHING):
        assert outbox.lease_next() is None
    clock.advance(seconds=on.config["SETTINGS"].lease_seconds + 1)
    with unit_of_work.transaction(scope.NOTHING):
        second = outbox.lease_next()
    assert second.id == first.id
    with unit_of_work.transaction(scope.NOTHING):
        assert not outbox.sent(first)
        assert outbox.sent(second)


def test_a_letter_whose_template_is_gone_is_parked_not_tried_for_ever(on, clock):
    owe(template="never_written")
    for _ in range(8):
        deliver.drain()
        clock.advance(hours=13)
    assert rows() == {"k": ("parked", 8)}


def test_a_recipient_cannot_smuggle_a_header(on):
    evil = render.Letter("<a@b>", "x@example.org\nBcc: y@example.org", "s", "t", "h", 0.0)
    with on.test_request_context(), pytest.raises((BadHeaderError, ValueError)):
        mail.connect().send(transports.message(evil))


def test_files_are_whole_and_a_second_sending_is_the_same_file(on, monkeypatch, tmp_path, client):
    settings = on.config["SETTINGS"].model_copy(
        update={"mail_backend": "file", "mail_dir": tmp_path}
    )
    monkeypatch.setitem(on.config, "SETTINGS", settings)
    owe()
    assert deliver.drain() == 1
    with unit_of_work.transaction(scope.NOTHING):
        db.session.query(Message).update({"status": "owed", "leased_until": None})
    assert deliver.drain() == 1
    assert [path.suffix for path in tmp_path.iterdir()] == [".eml"]
    [envelope] = mailbox.newest(tmp_path)
    assert (envelope.to, envelope.subject) == ("lin@example.org", "请确认您的邮箱")
    page = client.get(f"/mailbox/{envelope.id}").get_data(as_text=True)
    assert f'href="{settings.public_url}/verify/t"' in page
    rich = client.get(f"/mailbox/{envelope.id}/rich")
    assert "default-src 'none'" in rich.headers["Content-Security-Policy"]
    assert f'href="{settings.public_url}/verify/t"' in rich.get_data(as_text=True)
    assert client.get("/mailbox?to=nobody").get_data(as_text=True).count("lin@example.org") == 0


def test_another_machine_finds_no_letter_box(on, monkeypatch, tmp_path, client):
    settings = on.config["SETTINGS"].model_copy(
        update={"mail_backend": "file", "mail_dir": tmp_path}
    )
    monkeypatch.setitem(on.config, "SETTINGS", settings)
    assert client.get("/mailbox").status_code == 200
    away = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/mailbox", environ_base=away).status_code == 404


def test_production_has_no_letter_box(on, monkeypatch, tmp_path, client):
    settings = on.config["SETTINGS"].model_copy(
        update={"mail_backend": "file", "mail_dir": tmp_path, "environment": "production"}
    )
    monkeypatch.setitem(on.config, "SETTINGS", settings)
    assert client.get("/mailbox").status_code == 404
