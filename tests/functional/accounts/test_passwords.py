"""Passwords and mailed links: reset, change, e-mail confirmation, invitations."""

import json
import re

import pytest
from sqlalchemy import select

from portal.core import unit_of_work
from portal.domain import clock as portal_clock
from portal.domain.errors import NotFound
from portal.extensions import db
from portal.models.accounts import OneTimeToken, User
from portal.models.records import Message
from portal.services import tokens
from tests.factories import people
from tests.factories.applicants import PASSWORD, send, with_password
from tests.factories.factors import second_step

FRESH = "秋天的柿子红了满山坡"


def mails(template=None):
    with unit_of_work.reading(people.everything()):
        rows = db.session.execute(
            select(Message.template, Message.recipient, Message.context).order_by(Message.id)
        ).all()
    return [(kind, to, json.loads(text)) for kind, to, text in rows if template in (None, kind)]


def link(template):
    return mails(template)[-1][2]["path"]


@pytest.fixture
def clerk(app):
    with app.app_context():
        return with_password(people.staff("county_staff"))


def ask_reset(app, email):
    return send(app.test_client(), "/password/forgot", {"email": email})


def login(client, email, password):
    answer = send(client, "/login", {"email": email, "password": password})
    return second_step(client, answer, email)


def test_the_answer_to_a_forgotten_password_is_one_for_all(app, clerk):
    known, unknown = ask_reset(app, clerk.email), ask_reset(app, "nobody@example.org")
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    with app.app_context():
        assert [to for _, to, _ in mails("reset_password")] == [clerk.email]


def test_a_reset_sets_the_password_and_ends_every_session(app, client_as, clerk):
    elsewhere = client_as(clerk)
    ask_reset(app, clerk.email)
    with app.app_context():
        path = link("reset_password")
    answer = send(app.test_client(), path, {"password": FRESH})
    assert answer.location == "/login"
    assert elsewhere.get("/desk").status_code == 303
    assert login(app.test_client(), clerk.email, PASSWORD).status_code == 422
    assert login(app.test_client(), clerk.email, FRESH).status_code == 303


def test_a_token_works_once(app, clerk):
    ask_reset(app, clerk.email)
    with app.app_context():
        path = link("reset_password")
    client = app.test_client()
    send(client, path, {"password": FRESH})
    assert client.get(path).status_code == 404
    again = send(client, path, {"password": FRESH + "二"}, page="/login")
    assert again.status_code == 404
    assert "已经用过或已过期" in again.text


def test_a_newer_reset_silences_the_older(app, clerk):
    ask_reset(app, clerk.email)
    with app.app_context():
        older = link("reset_password")
    ask_reset(app, clerk.email)
    assert app.test_client().get(older).status_code == 404


def test_a_reset_link_lives_an_hour(app, clock, clerk):
    ask_reset(app, clerk.email)
    with app.app_context():
        path = link("reset_password")
    clock.advance(minutes=59)
    assert app.test_client().get(path).status_code == 200
    clock.advance(minutes=2)
    assert app.test_client().get(path).status_code == 404


def test_a_token_serves_its_own_purpose_only(app, clerk):
    ask_reset(app, clerk.email)
    with app.app_context():
        token = link("reset_password").rsplit("/", 1)[1]
    assert app.test_client().get(f"/verify-email/{token}").status_code == 404
    assert app.test_client().get(f"/invite/{token}").status_code == 404
    for asked in (tokens.owner, tokens.use):
        with app.app_context(), unit_of_work.reading(people.everything()):
            with pytest.raises(NotFound):
                asked(token, "verify_email")
            assert tokens.owner(token, "reset_password").email == clerk.email


@pytest.mark.parametrize("asked", [tokens.owner, tokens.use])
def test_the_service_itself_asks_for_the_life_of_a_link(app, clock, clerk, asked):
    """Not the page alone: an hour later, or for an account that was closed, it is no good."""
    ask_reset(app, clerk.email)
    with app.app_context():
        token = link("reset_password").rsplit("/", 1)[1]
    clock.advance(minutes=59)
    with app.app_context(), unit_of_work.transaction(people.everything()):
        assert tokens.owner(token, "reset_password").email == clerk.email
        db.session.get(User, clerk.user_id).disabled_at = portal_clock.now()
    with app.app_context(), unit_of_work.transaction(people.everything()):
        with pytest.raises(NotFound):
            asked(token, "reset_password")
        db.session.get(User, clerk.user_id).disabled_at = None
    clock.advance(minutes=2)
    with app.app_context(), unit_of_work.reading(people.everything()), pytest.raises(NotFound):
        asked(token, "reset_password")


def test_looking_at_a_link_uses_nothing_up(app, clerk):
    ask_reset(app, clerk.email)
    with app.app_context():
        path = link("reset_password")
    for _ in range(3):
        assert app.test_client().get(path).status_code == 200


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short-one", "至少要 10 个字符"),
        ("1234567890", "太常见"),
        ("１２３４５６７８９０", "太常见"),
        ("aaaaaaaaaaaa", "太常见"),
        ("x" * 129, "最多 128 个字符"),
        ("county_staff-{}", "不要包含自己的邮箱"),
    ],
)
def test_weak_passwords_are_refused_and_the_link_stays_good(app, clerk, password, sentence):
    ask_reset(app, clerk.email)
    with app.app_context():
        path = link("reset_password")
    client = app.test_client()
    weak = password.format("") if "{}" not in password else clerk.email.split("@")[0] + "-2026"
    answer = send(client, path, {"password": weak})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert client.get(path).status_code == 200


def test_the_database_and_the_facts_keep_no_token(app, clerk):
    from portal.models.records import Fact

    ask_reset(app, clerk.email)
    with app.app_context():
        token = link("reset_password").rsplit("/", 1)[1]
        with unit_of_work.reading(people.everything()):
            stored = db.session.scalars(select(OneTimeToken.token_hash)).all()
            facts = [str(data) for data in db.session.scalars(select(Fact.data))]
            raw = db.session.execute(db.text("SELECT context FROM messages")).scalars().all()
    assert token not in stored
    assert not any(token in fact for fact in facts)
    assert not any(token in sealed for sealed in raw)


def test_changing_the_password_spares_this_session_only(app, clerk):
    here, there = app.test_client(), app.test_client()
    login(here, clerk.email, PASSWORD)
    login(there, clerk.email, PASSWORD)
    people.prove(here, "password.change")
    answer = send(here, "/password", {"current": PASSWORD, "new": FRESH})
    assert answer.status_code == 303
    assert here.get("/desk").status_code == 200
    assert there.get("/desk").status_code == 303


def test_changing_needs_the_present_password_and_counts_tries(app, clock, clerk):
    here = app.test_client()
    login(here, clerk.email, PASSWORD)
    people.prove(here, "password.change")
    wrong = {"current": "不是这个密码的密码", "new": FRESH}
    answers = [send(here, "/password", wrong) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert "现在的密码不对" in answers[0].text


def test_mails_for_one_address_are_five_a_day(app, clock, clerk):
    answers = [ask_reset(app, clerk.email).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]
    unknown = [ask_reset(app, "nobody@example.org").status_code for _ in range(6)]
    assert unknown == answers


def test_an_e_mail_is_confirmed_by_a_post(app, client_as):
    with app.app_context():
        person = people.account(verified=False)
    client = client_as(person)
    send(client, "/verify-email", page="/password")
    with app.app_context():
        path = link("verify_email")
    assert re.search(r"<form[^>]*method=\"post\"", client.get(path).text)
    send(app.test_client(), path)
    with app.app_context(), unit_of_work.reading(people.everything()):
        assert db.session.get(User, person.user_id).email_verified_at is not None


def test_stored_hashes_are_argon2id(app, clerk):
    with app.app_context(), unit_of_work.reading(people.everything()):
        assert db.session.get(User, clerk.user_id).password_hash.startswith("$argon2id$")
