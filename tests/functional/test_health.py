"""What a machine that watches is told, within a second, and to whom."""

import time
from types import SimpleNamespace

import pytest

from portal.core import outbox, scope, unit_of_work
from portal.extensions import db
from portal.web import readiness


@pytest.fixture
def token(app, monkeypatch):
    from pydantic import SecretStr

    settings = app.config["SETTINGS"].model_copy(update={"metrics_token": SecretStr("t0ken")})
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    return {"Authorization": "Bearer t0ken"}


def checks(client):
    answer = client.get("/readyz")
    return answer.status_code, answer.get_json()["checks"]


def test_a_whole_portal_is_ready(client):
    assert checks(client) == (200, {"database": "ok", "queue": "ok", "disk": "ok"})


def test_the_process_answers_without_touching_anything(client, app, monkeypatch):
    def refuse(*_):
        raise AssertionError

    with app.app_context():
        monkeypatch.setattr(db.engine, "connect", refuse)
    monkeypatch.setattr(app.extensions["queue"], "ping", refuse)
    assert client.get("/healthz").get_json() == {"status": "ok"}
    status, answers = checks(client)
    assert status == 503
    assert answers["database"] == answers["queue"] == "AssertionError"


def test_an_old_database_is_not_ready(client, app, monkeypatch):
    monkeypatch.setattr(app.extensions["readiness"], "_head", "9999")
    assert checks(client)[1]["database"] == "migrations are not at head"


def test_a_full_disk_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(
        readiness.shutil, "disk_usage", lambda _: SimpleNamespace(free=10_000_000, total=1)
    )
    assert checks(client) == (503, {"database": "ok", "queue": "ok", "disk": "almost full"})


def test_a_part_that_hangs_costs_a_second_and_one_thread(client, app, monkeypatch):
    asked = []

    def hang():
        asked.append(1)
        # Longer than the three answers below may take together.
        time.sleep(4)

    monkeypatch.setattr(app.extensions["queue"], "ping", hang)
    for _ in range(3):
        began = time.monotonic()
        status, answers = checks(client)
        assert time.monotonic() - began < readiness.BUDGET + 0.3
        assert (status, answers["queue"], answers["database"]) == (503, "no answer", "ok")
    assert len(asked) == 1
    time.sleep(2)
    monkeypatch.undo()
    checks(client)
    assert checks(client)[0] == 200


def test_figures_are_for_the_holder_of_the_token(client, token):
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    assert client.get("/metrics", headers=token).status_code == 200


def test_without_a_token_there_are_no_figures(client):
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_figures_count_requests_and_what_waits(client, app, token):
    with app.app_context(), unit_of_work.transaction(scope.NOTHING):
        outbox.owe("verify_email", recipient="a@example.org", key="k", path="/verify/secret")
    client.get("/healthz")
    text = client.get("/metrics", headers=token).get_data(as_text=True)
    assert "portal_owed_mails 1.0" in text
    assert "portal_parked_jobs 0.0" in text
    assert 'portal_requests_total{endpoint="health.healthz",method="GET",status="200"}' in text
    assert "portal_disk_free_ratio 0." in text
    assert "secret" not in text
    assert "example.org" not in text


def test_every_answer_carries_the_id_that_its_facts_and_log_lines_carry(client):
    first, second = (client.get("/healthz").headers["X-Request-ID"] for _ in range(2))
    assert len(first) == 36
    assert first != second
