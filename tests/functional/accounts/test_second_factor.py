"""The second factor: who needs one, what it takes, what never goes round it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.core import unit_of_work
from portal.domain.actor import Role
from portal.extensions import db
from portal.models.accounts import User, UserSession
from portal.models.factors import CodeGenerator, RecoveryCode
from portal.models.records import Message
from tests.factories import people
from tests.factories.applicants import PASSWORD, send, with_password
from tests.factories.factors import SECRET, code, second_step

FRESH = "秋天的柿子红了满山坡"


@pytest.fixture(autouse=True)
def standing(clock):
    return clock


@pytest.fixture
def clerk(app):
    with app.app_context():
        return with_password(people.staff("county_staff"))


@pytest.fixture
def supporter(app):
    with app.app_context():
        return with_password(people.supporter("individual"))


def password_step(client, actor, password=PASSWORD, **more):
    return send(client, "/login", {"email": actor.email, "password": password, **more})


def code_step(client, otp):
    return send(client, "/login/code", {"otp": otp})


def sent(app, template):
    with app.app_context(), unit_of_work.reading(people.everything()):
        kinds = db.session.scalars(select(Message.template)).all()
    return kinds.count(template)


def set_up(client, person):
    """Walk through setting up the authenticator; return the answer with the codes."""
    send(client, "/account/factors/generator", page="/account/factors/add")
    page = client.get("/account/factors/generator").text
    secret = re.search(r'class="secret"[^>]*>([^<]+)<', page)[1].replace(" ", "")
    with client.application.app_context():
        otp = code(0, secret)
    return send(
        client, "/account/factors/generator/confirm", {"otp": otp}, "/account/factors/generator"
    )


def test_the_password_of_staff_opens_half_a_session_and_nothing_else(app, clerk):
    client = app.test_client()
    answer = password_step(client, clerk, next="/desk/vetting")
    assert answer.location == "/login/code?next=/desk/vetting"
    for path in ("/desk", "/account/security", "/account/factors/add", "/children", "/password"):
        assert client.get(path).location.startswith("/login"), path
    assert second_step(client, answer, clerk.email).location == "/desk/vetting"
    assert client.get("/desk").status_code == 200


@pytest.mark.parametrize("role", list(Role))
def test_every_role_needs_a_factor_before_anything_else(app, role):
    with app.app_context():
        person = people.staff(role)
        with unit_of_work.transaction(people.everything()):
            from portal.core.passwords import hashed

            db.session.get(User, person.user_id).password_hash = hashed(PASSWORD)
    client = app.test_client()
    assert password_step(client, person).location == "/account/factors/add"
    assert client.get("/desk").location == "/login?next=/desk"
    assert client.get("/account/security").status_code == 303
    page = client.get("/account/factors/add")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert "请保存备用码" in set_up(client, person).text
    assert client.get("/desk").status_code == 200


def test_a_supporter_comes_in_by_the_password_until_they_set_one_up(app, supporter):
    client = app.test_client()
    assert password_step(client, supporter).location == "/me"
    people.prove(client, "keys.change")
    assert "请保存备用码" in set_up(client, supporter).text
    assert sent(app, "factors_changed") == 1
    assert password_step(app.test_client(), supporter).location == "/login/code"


def test_a_code_works_once_and_an_older_one_not_after_it(app, clerk, standing):
    first, second = app.test_client(), app.test_client()
    password_step(first, clerk)
    password_step(second, clerk)
    assert code_step(first, code()).status_code == 303
    replay = code_step(second, code())
    assert replay.status_code == 422
    assert "验证码不对或已经用过" in replay.text
    assert code_step(second, code(-1)).status_code == 422
    standing.advance(seconds=30)
    assert code_step(second, code()).status_code == 303


@pytest.mark.parametrize(("away", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_clocks_may_differ_by_one_step(app, clerk, away, status):
    client = app.test_client()
    password_step(client, clerk)
    assert code_step(client, code(away)).status_code == status


@pytest.mark.parametrize(
    "typed", ["", "12345", "abcdef", "１２３４５６７８", "000000 000000", "x" * 41]
)
def test_what_is_no_code_is_refused(app, clerk, typed):
    client = app.test_client()
    password_step(client, clerk)
    assert code_step(client, typed).status_code == 422


def test_the_sixth_wrong_code_waits_a_quarter_of_an_hour_even_when_right(app, clerk, standing):
    client = app.test_client()
    password_step(client, clerk)
    wrong = [code_step(client, "000000").status_code for _ in range(5)]
    assert wrong == [422] * 5
    elsewhere = app.test_client()
    password_step(elsewhere, clerk)
    assert code_step(elsewhere, code()).status_code == 429
    standing.advance(minutes=15, seconds=1)
    password_step(elsewhere, clerk)
    assert code_step(elsewhere, code()).status_code == 303


def test_half_a_session_lasts_ten_minutes(app, clerk, standing):
    client = app.test_client()
    password_step(client, clerk)
    standing.advance(minutes=10, seconds=1)
    answer = send(client, "/login/code", {"otp": code()}, page="/login")
    assert answer.location == "/login"
    assert client.get("/desk").status_code == 303


def test_half_a_session_cannot_be_put_where_an_open_one_lies(app, clerk):
    client, thief = app.test_client(), app.test_client()
    password_step(client, clerk)
    with client.session_transaction() as cookie:
        half = cookie["half"]
    with thief.session_transaction() as cookie:
        cookie["_user_id"] = half
    assert thief.get("/desk").status_code == 303


def test_a_reset_does_not_go_round_the_factor(app, clerk):
    send(app.test_client(), "/password/forgot", {"email": clerk.email})
    with app.app_context(), unit_of_work.reading(people.everything()):
        import json

        context = db.session.scalars(
            select(Message.context).where(Message.template == "reset_password")
        ).one()
    client = app.test_client()
    send(client, json.loads(context)["path"], {"password": FRESH})
    assert client.get("/desk").status_code == 303
    assert password_step(client, clerk, FRESH).location == "/login/code"


def test_a_first_role_forgets_factors_that_were_there_before(app, client_as):
    """Whoever opened an account in a clerk's name holds no key to it afterwards."""
    from tests.factories import factors

    with app.app_context():
        squatter = factors.with_generator(with_password(people.account("chen", verified=False)))
    admin = people.prove(client_as("platform_admin", "350400"), "grant.change")
    data = {
        "role": "county_staff",
        "unit_path": people.MINGXI,
        "name": "陈",
        "email": squatter.email,
    }
    assert send(admin, "/admin/people/add", data, page="/password").status_code == 303
    with app.app_context(), unit_of_work.reading(people.everything()):
        kept = db.session.scalars(
            select(CodeGenerator.id).where(CodeGenerator.user_id == squatter.user_id)
        ).all()
    assert kept == []


def recovery_codes(client):
    page = send(client, "/account/factors/codes", page="/account/security").text
    return re.findall(r"<li>([a-z0-9]{5}-[a-z0-9]{5})</li>", page)


def test_ten_recovery_codes_work_once_each(app, clerk):
    client = app.test_client()
    second_step(client, password_step(client, clerk), clerk.email)
    codes = recovery_codes(people.prove(client, "keys.change"))
    assert len(set(codes)) == 10
    with app.app_context(), unit_of_work.reading(people.everything()):
        stored = " ".join(db.session.scalars(select(RecoveryCode.code_hash)))
    assert not any(each.replace("-", "") in stored for each in codes)
    one, again = app.test_client(), app.test_client()
    password_step(one, clerk)
    assert code_step(one, codes[0].upper()).location == "/desk"
    assert sent(app, "code_used") == 1
    password_step(again, clerk)
    assert code_step(again, codes[0]).status_code == 422
    renewed = recovery_codes(people.prove(one, "keys.change"))
    assert code_step(again, codes[1]).status_code == 422
    assert code_step(again, renewed[1].replace("-", " ")).location == "/desk"


def test_staff_keep_their_last_factor(app, clerk, client_as):
    client = people.prove(client_as(clerk), "keys.change")
    refused = send(client, "/account/factors/generator/remove", page="/account/security")
    assert refused.status_code == 409
    with app.app_context(), unit_of_work.reading(people.everything()):
        assert db.session.scalars(select(CodeGenerator.user_id)).all() == [clerk.user_id]


def test_the_stored_secret_is_sealed(app, clerk):
    with app.app_context(), unit_of_work.reading(people.everything()):
        raw = db.session.execute(db.text("SELECT secret FROM code_generators")).scalar_one()
        assert db.session.scalars(select(CodeGenerator.secret)).one() == SECRET
    assert SECRET not in raw


def test_an_administrator_resets_a_colleague_and_never_themselves(app, clerk, client_as):
    admin, theirs = client_as("platform_admin", "350400"), client_as(clerk)
    path = f"/admin/people/{clerk.user_id}/factors/reset"
    reason = {"reason": "本人到场核对了身份证"}
    assert send(admin, path, reason, page="/password").location.startswith("/confirm?act=factors")
    assert theirs.get("/desk").status_code == 200
    people.prove(admin, "factors.reset", clerk.user_id)
    send(admin, path, {"reason": " "}, page="/password")
    assert theirs.get("/desk").status_code == 200
    send(admin, path, reason, page="/password")
    assert theirs.get("/desk").status_code == 303
    assert sent(app, "factors_reset") == 1
    assert password_step(app.test_client(), clerk).location == "/account/factors/add"
    own = admin.actor.user_id
    people.prove(admin, "factors.reset", own)
    mine = send(admin, f"/admin/people/{own}/factors/reset", reason, page="/password")
    assert mine.status_code == 403


@pytest.mark.parametrize("elsewhere", ["320681", "350000"])
def test_an_administrator_resets_nobody_who_also_works_elsewhere(app, clerk, client_as, elsewhere):
    role = "county_staff" if elsewhere == "320681" else "province_officer"
    with app.app_context():
        people.also(clerk, role, elsewhere)
    admin = people.prove(client_as("platform_admin", "350400"), "factors.reset", clerk.user_id)
    answer = send(
        admin, f"/admin/people/{clerk.user_id}/factors/reset", {"reason": "本人到场"}, "/password"
    )
    assert answer.status_code == 404


def test_a_new_device_is_told_and_a_known_one_is_not(app, clerk, standing):
    browser, other = app.test_client(), app.test_client()
    for client, told in ((browser, 0), (browser, 0), (other, 1), (other, 1)):
        standing.advance(minutes=2)
        second_step(client, password_step(client, clerk), clerk.email)
        assert sent(app, "new_device") == told
        send(client, "/logout", page="/password")


def test_devices_are_listed_and_ended_one_by_one_or_all(app, supporter, clerk):
    clients = [app.test_client() for _ in range(3)]
    phone = {"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0"}
    for client in clients:
        send(client, "/login", {"email": supporter.email, "password": PASSWORD}, headers=phone)
    here, second, third = clients
    page = here.get("/account/security").text
    assert page.count("苹果手机 · 微信") == 3
    ends = re.findall(r'action="(/account/sessions/[0-9a-f-]{36}/end)"', page)
    assert len(ends) == 2
    send(here, ends[0], page="/account/security")
    assert sorted([second.get("/me").status_code, third.get("/me").status_code]) == [200, 303]
    send(here, "/account/sessions/end-others", page="/account/security")
    assert [c.get("/me").status_code for c in clients] == [200, 303, 303]
    stranger = app.test_client()
    second_step(stranger, password_step(stranger, clerk), clerk.email)
    with app.app_context(), unit_of_work.reading(people.everything()):
        alive = db.session.scalar(
            select(UserSession.id).where(
                UserSession.user_id == supporter.user_id, UserSession.revoked_at.is_(None)
            )
        )
    assert send(stranger, f"/account/sessions/{alive}/end", page="/password").status_code == 404


def test_staff_leave_after_fifteen_idle_minutes_and_supporters_do_not(
    app, clerk, supporter, standing
):
    desk, mine = app.test_client(), app.test_client()
    second_step(desk, password_step(desk, clerk), clerk.email)
    password_step(mine, supporter)
    standing.advance(minutes=14)
    assert desk.get("/desk").status_code == 200
    standing.advance(minutes=14, seconds=30)
    assert desk.get("/desk").status_code == 200
    standing.advance(minutes=15)
    assert desk.get("/desk").status_code == 303
    standing.advance(days=2)
    assert mine.get("/me").status_code == 200


def test_the_last_look_is_written_at_most_once_a_minute(app, clerk, standing):
    client = app.test_client()
    second_step(client, password_step(client, clerk), clerk.email)

    def seen():
        with app.app_context(), unit_of_work.reading(people.everything()):
            stage = UserSession.stage == "open"
            return db.session.scalars(select(UserSession.last_seen_at).where(stage)).one()

    began = seen()
    standing.advance(seconds=59)
    client.get("/desk")
    assert seen() == began
    standing.advance(seconds=1)
    client.get("/desk")
    assert seen() == began + timedelta(minutes=1)


def test_a_page_that_asks_by_itself_does_not_keep_a_session_alive(app, clerk, standing):
    client = app.test_client()
    second_step(client, password_step(client, clerk), clerk.email)
    for _ in range(15):
        standing.advance(minutes=1)
        client.get("/jobs/00000000-0000-0000-0000-000000000000")
    assert client.get("/desk").status_code == 303


def test_a_session_of_before_the_second_factor_is_nobody(app, client_as, clerk):
    client = client_as(clerk)
    with app.app_context(), unit_of_work.transaction(people.everything()) as session:
        session.execute(update(UserSession).values(stage="half"))
    assert client.get("/desk").status_code == 303
