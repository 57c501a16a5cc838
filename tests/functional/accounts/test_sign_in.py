"""Signing in and out: alike for known and unknown, limited in the database, revocable."""

import time

import pytest
from sqlalchemy import func, select

from portal.core import scope, unit_of_work
from portal.extensions import db
from portal.models.accounts import Attempt, UserSession
from portal.models.records import Fact
from portal.services import accounts
from tests.factories import people
from tests.factories.applicants import PASSWORD, csrf, send, with_password
from tests.factories.factors import second_step

WRONG = "不是这个密码的密码"


def sign_in(client, email, password=PASSWORD, **more):
    answer = send(client, "/login", {"email": email, "password": password, **more})
    return second_step(client, answer, email.strip().lower())


def count(model, *conditions):
    with unit_of_work.reading(people.everything()):
        return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


@pytest.fixture
def supporter(app):
    with app.app_context():
        return with_password(people.supporter("individual"))


@pytest.fixture
def clerk(app):
    with app.app_context():
        return with_password(people.staff("county_staff"))


def test_a_supporter_lands_on_their_own_page_and_staff_at_the_desk(app, supporter, clerk):
    assert sign_in(app.test_client(), supporter.email).location == "/me"
    assert sign_in(app.test_client(), clerk.email).location == "/desk"


def test_the_address_is_found_in_any_case_and_the_password_in_any_width(app, clerk):
    with app.app_context():
        with_password(clerk, "wide-password-１２３")
    answer = sign_in(app.test_client(), f" {clerk.email.upper()} ", "wide-password-123")
    assert answer.status_code == 303


def test_known_unknown_closed_and_absurd_are_one_answer(app, clock, clerk):
    with app.app_context():
        closed = with_password(people.account("closed"))
        with unit_of_work.transaction(people.everything()):
            db.session.get(accounts.User, closed.user_id).disabled_at = clock.advance(seconds=0)
    tries = [
        (clerk.email, WRONG),
        ("nobody@example.org", WRONG),
        (closed.email, PASSWORD),
        (clerk.email, "x" * 400),
    ]
    pages = [sign_in(app.test_client(), *one) for one in tries]
    assert [page.status_code for page in pages] == [422] * 4
    said = {
        page.text.replace(one[0], "").count("邮箱或密码不对")
        for page, one in zip(pages, tries, strict=True)
    }
    assert said == {1}


def test_unknown_accounts_cost_a_hash_too(app, clerk, monkeypatch):
    seen = []
    from portal.core import passwords

    real = passwords.matches
    monkeypatch.setattr(
        passwords, "matches", lambda stored, typed: seen.append(stored) or real(stored, typed)
    )
    sign_in(app.test_client(), "nobody@example.org", WRONG)
    sign_in(app.test_client(), clerk.email, WRONG)
    assert [bool(stored) for stored in seen] == [False, True]


def test_the_answer_waits_for_the_floor(app, clerk):
    app.config["ANSWER_FLOOR_SECONDS"] = 0.3
    try:
        client = app.test_client()
        token = csrf(client, "/login")
        began = time.monotonic()
        client.post(
            "/login", data={"csrf_token": token, "email": "nobody@example.org", "password": WRONG}
        )
        assert time.monotonic() - began >= 0.3
    finally:
        app.config["ANSWER_FLOOR_SECONDS"] = 0.02


def test_the_eleventh_try_in_a_quarter_of_an_hour_is_refused_even_with_the_right_password(
    app, clock, clerk
):
    for _ in range(10):
        assert sign_in(app.test_client(), clerk.email, WRONG).status_code == 422
    clock.advance(minutes=5)
    refused = sign_in(app.test_client(), clerk.email)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "601")
    clock.advance(minutes=10, seconds=1)
    assert sign_in(app.test_client(), clerk.email).status_code == 303


def test_an_unknown_address_is_locked_just_the_same(app, clock):
    answers = [
        sign_in(app.test_client(), "nobody@example.org", WRONG).status_code for _ in range(11)
    ]
    assert answers == [422] * 10 + [429]


def test_one_network_is_stopped_after_thirty(app, clock):
    client = app.test_client()
    answers = [sign_in(client, f"n{i}@example.org", WRONG).status_code for i in range(31)]
    assert answers == [422] * 30 + [429]
    elsewhere = app.test_client()
    data = {"csrf_token": csrf(elsewhere, "/login"), "email": "n@example.org", "password": WRONG}
    other = elsewhere.post("/login", data=data, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert other.status_code == 422


def test_a_success_takes_the_accounts_failures_back(app, clock, clerk):
    for _ in range(9):
        sign_in(app.test_client(), clerk.email, WRONG)
    assert sign_in(app.test_client(), clerk.email).status_code == 303
    assert sign_in(app.test_client(), clerk.email, WRONG).status_code == 422
    with app.app_context():
        assert count(Attempt, Attempt.key.startswith("login:account")) == 1


def test_attempts_name_nobody(app, clerk):
    sign_in(app.test_client(), clerk.email, WRONG)
    with app.app_context(), unit_of_work.reading(people.everything()):
        keys = " ".join(db.session.scalars(select(Attempt.key)))
    assert "login:account:" in keys
    assert "@" not in keys
    assert "127.0.0.1" not in keys


def test_when_attempts_cannot_be_written_nobody_gets_in(app, clerk, monkeypatch):
    from portal.domain.errors import Unavailable
    from portal.services import limits

    def broken(*_):
        raise Unavailable("x")

    monkeypatch.setattr(limits, "reserve", broken)
    assert sign_in(app.test_client(), clerk.email).status_code == 503


@pytest.mark.parametrize(
    ("target", "lands"),
    [
        ("/desk/vetting", "/desk/vetting"),
        ("https://evil.example.com/", "/desk"),
        ("//evil.example.com", "/desk"),
        ("/\\evil.example.com", "/desk"),
        ("http:evil.example.com", "/desk"),
        ("javascript:alert(1)", "/desk"),
        ("/\t/evil.example.com", "/desk"),
        ("/\n/evil.example.com", "/desk"),
        ("/desk\\evil", "/desk"),
        ("\t//evil.example.com", "/desk"),
    ],
)
def test_next_stays_on_this_site(app, clerk, target, lands):
    assert sign_in(app.test_client(), clerk.email, next=target).location == lands


def test_sessions_last_twelve_hours_for_staff_and_thirty_days_for_supporters(
    app, clock, clerk, supporter
):
    desk, mine = app.test_client(), app.test_client()
    sign_in(desk, clerk.email)
    sign_in(mine, supporter.email)
    for _ in range(71):
        clock.advance(minutes=10)
        assert desk.get("/account/here").status_code == 204
    clock.advance(minutes=9)
    assert desk.get("/desk").status_code == 200
    clock.advance(minutes=2)
    assert desk.get("/desk").status_code == 303
    clock.advance(days=29)
    assert mine.get("/me/profile").status_code == 200
    clock.advance(days=1)
    assert mine.get("/me/profile").status_code == 303


def session_cookie(answer):
    return next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("weiguang="))


def test_staff_cookies_end_with_the_browser(app, clerk, supporter):
    staff, other = app.test_client(), app.test_client()
    assert "Expires" not in session_cookie(sign_in(staff, clerk.email))
    cookie = session_cookie(sign_in(other, supporter.email))
    assert "Expires" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_signing_in_starts_a_new_browser_session(app, clerk):
    client = app.test_client()
    before = csrf(client, "/login")
    sign_in(client, clerk.email)
    with client.session_transaction() as cookie:
        assert cookie.get("csrf_token") is None
    assert client.post("/logout", data={"csrf_token": before}).status_code == 400


def test_signing_out_ends_the_session_on_the_server_too(app, clerk):
    client, copy = app.test_client(), app.test_client()
    sign_in(client, clerk.email)
    with client.session_transaction() as cookie:
        stolen = cookie["_user_id"]
    with copy.session_transaction() as cookie:
        cookie["_user_id"] = stolen
    assert copy.get("/desk").status_code == 200
    answer = send(client, "/logout", page="/password")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert copy.get("/desk").status_code == 303
    assert client.get("/desk").status_code == 303


def test_signing_out_is_a_post(app, clerk):
    client = app.test_client()
    sign_in(client, clerk.email)
    assert client.get("/logout").status_code == 405


def test_a_closed_account_is_out_at_once(app, clock, clerk):
    client = app.test_client()
    sign_in(client, clerk.email)
    with app.app_context(), unit_of_work.transaction(people.everything()):
        db.session.get(accounts.User, clerk.user_id).disabled_at = clock.advance(seconds=1)
    assert client.get("/desk").status_code == 303


def test_the_database_keeps_no_token(app, clerk):
    client = app.test_client()
    sign_in(client, clerk.email)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    with app.app_context(), unit_of_work.reading(scope.NOTHING):
        kept = db.session.scalars(select(UserSession.token_hash)).all()
    assert kept
    assert token not in kept


def test_signing_in_and_out_are_facts(app, clerk):
    client = app.test_client()
    sign_in(client, clerk.email)
    send(client, "/logout", page="/password")
    with app.app_context():
        assert count(Fact, Fact.actor_id == clerk.user_id, Fact.kind == "account.sign_in") == 1
        assert count(Fact, Fact.actor_id == clerk.user_id, Fact.kind == "account.sign_out") == 1
