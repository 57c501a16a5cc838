"""Signing in by WeChat: over the fake server, and what a state protects from."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from portal import gateways
from portal.config import Settings
from portal.core import scope, unit_of_work
from portal.domain.errors import Conflict, Invalid
from portal.extensions import db
from portal.models.sign_in_ways import WeChatIdentity
from portal.services import wechat_sign_in
from tests.factories import people
from tests.factories.applicants import csrf, send
from tests.fakes import clouds

OPENID = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"


@pytest.fixture
def cloud():
    server = clouds.Clouds()
    app_id, secret = clouds.WECHAT
    before = gateways.installed()
    settings = Settings.for_tests(
        WECHAT_APP_ID=app_id, WECHAT_APP_SECRET=secret, WECHAT_API_URL=server.url
    )
    gateways.install(gateways.from_settings(settings))
    yield server
    gateways.install(before)
    server.close()


def asked(actor=None):
    """Begin as a service does; return the state and the browser's secret."""
    with unit_of_work.transaction(scope.NOTHING):
        found = wechat_sign_in.ask(
            back="https://x.example.org/", address="203.0.113.7", actor=actor
        )
    return parse_qs(urlsplit(found.url).query)["state"][0], found.browser


def link(cloud, actor, openid=OPENID):
    state, browser = asked(actor)
    cloud.answers.append({"openid": openid})
    with unit_of_work.transaction(scope.of(actor)):
        wechat_sign_in.link(actor, state=state, code="c1", browser=browser)


def sign_in(cloud, state, browser, openid=OPENID):
    cloud.answers.append({"openid": openid})
    return wechat_sign_in.sign_in(state=state, code="c1", browser=browser)


@pytest.fixture
def holder(app, cloud):
    """A supporter whose WeChat is linked."""
    with app.app_context():
        actor = people.supporter("individual")
        link(cloud, actor)
    return actor


def test_there_and_back(app, cloud, holder):
    browser = app.test_client()
    away = send(browser, "/login/wechat")
    assert away.status_code == 303
    assert away.location.startswith("https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx")
    asked = parse_qs(urlsplit(away.location).query)
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/login/wechat/callback"]
    back = f"/login/wechat/callback?code=c0de&state={asked['state'][0]}"
    cloud.answers.append({"openid": OPENID})
    # Coming back reads; the press goes on.
    page = browser.get(back)
    assert page.status_code == 200
    assert len(cloud.received) == 1
    given = {"code": "c0de", "state": asked["state"][0]}
    answer = send(browser, "/login/wechat/callback", given, page=back)
    assert (answer.status_code, answer.location) == (303, "/me")
    assert browser.get("/me").status_code == 200


def test_the_page_lets_its_form_end_at_wechat_and_nowhere_else(client, cloud):
    policy = client.get("/login/wechat").headers["Content-Security-Policy"]
    assert "form-action 'self' https://open.weixin.qq.com;" in policy
    assert "open.weixin" not in client.get("/login").headers["Content-Security-Policy"]


def test_a_state_works_once(app, cloud, holder):
    with app.app_context():
        state, browser = asked()
        assert sign_in(cloud, state, browser) == holder.user_id
        with pytest.raises(Invalid):
            sign_in(cloud, state, browser)


def test_a_state_belongs_to_one_browser(app, cloud, holder):
    with app.app_context():
        state, _ = asked()
        with pytest.raises(Invalid):
            sign_in(cloud, state, "another browser")
        with pytest.raises(Invalid):
            sign_in(cloud, state, "")


@pytest.mark.parametrize(("minutes", "opens"), [(9.9, True), (10, False)])
def test_a_state_lives_ten_minutes(app, cloud, clock, holder, minutes, opens):
    with app.app_context():
        state, browser = asked()
        clock.advance(minutes=minutes)
        if opens:
            assert sign_in(cloud, state, browser) == holder.user_id
        else:
            with pytest.raises(Invalid):
                sign_in(cloud, state, browser)


def test_a_state_for_signing_in_links_nothing(app, cloud):
    """Otherwise a stranger's link would bind the stranger's WeChat to the reader's account."""
    with app.app_context():
        actor = people.supporter("individual")
        state, browser = asked()
        cloud.answers.append({"openid": OPENID})
        with pytest.raises(Invalid):
            wechat_sign_in.link(actor, state=state, code="c1", browser=browser)


def test_a_state_for_one_account_links_no_other(app, cloud):
    with app.app_context():
        state, browser = asked(people.supporter("individual"))
        stranger = people.supporter("individual")
        cloud.answers.append({"openid": OPENID})
        with pytest.raises(Invalid):
            wechat_sign_in.link(stranger, state=state, code="c1", browser=browser)


def test_an_unknown_wechat_is_helped_and_opens_nothing(app, cloud):
    browser = app.test_client()
    away = send(browser, "/login/wechat")
    state = parse_qs(urlsplit(away.location).query)["state"][0]
    cloud.answers.append({"openid": "somebody else"})
    answer = send(browser, "/login/wechat/callback", {"code": "c", "state": state}, page="/login")
    assert "这个微信还没有关联账号" in answer.text
    assert browser.get("/me").status_code == 303


def test_a_wechat_opens_one_account_only(app, cloud, holder):
    with app.app_context():
        other = people.supporter("individual")
        with pytest.raises(Conflict):
            link(cloud, other)


def test_an_account_has_one_wechat(app, cloud, holder):
    with app.app_context():
        link(cloud, holder, "a newer one")
        assert sign_in(cloud, *asked(), openid="a newer one") == holder.user_id
        assert sign_in(cloud, *asked()) is None


def test_unlinked_it_opens_nothing(app, cloud, holder):
    with app.app_context():
        with unit_of_work.transaction(scope.of(holder)):
            wechat_sign_in.unlink(holder)
        assert sign_in(cloud, *asked()) is None


def test_the_openid_is_kept_as_a_keyed_hash(app, cloud, holder):
    with app.app_context(), unit_of_work.reading(people.everything()):
        stored = db.session.get(WeChatIdentity, holder.user_id).openid_hmac
    assert len(stored) == 64
    assert OPENID not in stored


def test_staff_meet_their_second_factor_after_wechat(app, cloud):
    with app.app_context():
        clerk = people.staff("county_staff")
        link(cloud, clerk)
    browser = app.test_client()
    away = send(browser, "/login/wechat")
    state = parse_qs(urlsplit(away.location).query)["state"][0]
    cloud.answers.append({"openid": OPENID})
    given = {"code": "c", "state": state, "csrf_token": csrf(browser, "/login")}
    browser.post("/login/wechat/callback", data=given)
    assert browser.get("/desk").status_code == 303


def test_an_error_of_wechat_is_a_sentence_on_the_page(app, cloud):
    browser = app.test_client()
    away = send(browser, "/login/wechat")
    state = parse_qs(urlsplit(away.location).query)["state"][0]
    cloud.answers.append({"errcode": 40163, "errmsg": "code been used"})
    answer = send(browser, "/login/wechat/callback", {"code": "c", "state": state}, page="/login")
    assert answer.status_code == 422
    assert "重新从微信登录" in answer.text
    assert "code been used" not in answer.text
