"""Claiming and keeping a promise, as a supporter's browser meets it."""

import re

import pytest
from sqlalchemy import event

from portal.extensions import db
from portal.services import commitments, handover
from tests.factories import people, promises
from tests.factories.applicants import send


@pytest.fixture
def wall(app, clock):
    """Three wishes on the wall."""
    with app.app_context():
        return promises.hung(cards=3)


def queries(app, browser, path):
    """Open a page twice and return how many statements the second opening needed."""
    browser.get(path)
    said = []
    with app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement, *_):
        if statement.lstrip()[:6].upper() in ("SELECT", "UPDATE", "INSERT"):
            said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(said)


def claim(browser, code, **form):
    return send(browser, f"/wishes/{code}/claim", form, page=f"/wishes/{code}")


def test_a_claim_leads_to_its_page_and_shows_what_comes_next(client_as, wall):
    browser = client_as("individual")
    answer = claim(browser, wall[0].code)
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    assert "护眼台灯" in page
    assert "等民政局核对" in page
    assert "我没法完成了" in page
    assert "护眼台灯" in browser.get("/me").text


def test_the_page_of_a_wish_sends_its_own_submit_number(app, client_as, wall):
    browser = client_as("individual")
    page = browser.get(f"/wishes/{wall[0].code}").text
    key = re.search(r'name="idempotency_key" value="([^"]+)"', page)[1]
    first = claim(browser, wall[0].code, idempotency_key=key)
    again = claim(browser, wall[1].code, idempotency_key=key)
    assert (first.status_code, again.status_code) == (303, 422)
    same = send(
        browser, f"/wishes/{wall[0].code}/claim", {"idempotency_key": key},
        page=f"/wishes/{wall[1].code}",
    )  # fmt: skip
    assert same.location == first.location


def test_the_slower_one_is_met_kindly_with_similar_wishes(client_as, wall):
    quick, slow = client_as("individual"), client_as("enterprise")
    token_page = f"/wishes/{wall[1].code}"
    claim(quick, wall[0].code)
    answer = send(slow, f"/wishes/{wall[0].code}/claim", page=token_page)
    assert answer.status_code == 409
    assert "先您一步" in answer.text
    assert f"/wishes/{wall[1].code}" in answer.text
    assert f"/wishes/{wall[0].code}" not in answer.text


def test_a_visitor_is_sent_to_sign_in_and_a_newcomer_to_register(client, client_as, wall):
    claim_at = f"/wishes/{wall[0].code}/claim"
    away = send(client, claim_at, page="/login")
    assert (away.status_code, away.location[:6]) == (303, "/login")
    newcomer = client_as("newcomer")
    answer = send(newcomer, claim_at, page="/me")
    assert (answer.status_code, "登记为爱心人士" in answer.text) == (403, True)
    assert "先登记" in newcomer.get("/me").text


def test_a_refusal_says_why(app, client_as, wall):
    browser = client_as("individual")
    for one in wall:
        assert claim(browser, one.code).status_code == 303
    with app.app_context():
        [fourth] = promises.hung()
    answer = claim(browser, fourth.code)
    assert answer.status_code == 409
    assert "上限（3个）" in answer.text


def test_sending_and_giving_back(app, client_as, wall, clock):
    browser = client_as("individual")
    with app.app_context():
        crew = promises.staff()
        promise = promises.led_to("approved", browser.actor, wall[0].code, crew)
    mine = f"/me/commitments/{promise}"
    assert "县民政局儿童福利窗口" in browser.get(mine).text
    missing = send(browser, f"{mine}/dispatch", {"method": "courier"}, page=mine)
    assert (missing.status_code, "请填写快递单号" in missing.text) == (422, True)
    sent = send(browser, f"{mine}/dispatch", {"method": "courier", "tracking_no": "SF1"}, page=mine)
    assert sent.status_code == 303
    assert "SF1" in browser.get(mine).text
    assert send(browser, f"{mine}/give-back", {"reason": ""}, page=mine).status_code == 422
    back = send(browser, f"{mine}/give-back", {"reason": "寄丢了"}, page=mine)
    assert (back.status_code, back.location) == (303, "/me")
    assert "退回" in browser.get("/me").text


def test_nobody_opens_a_strangers_promise(app, client_as, wall):
    with app.app_context():
        promise = promises.claimed(people.supporter("individual"), wall[0].code)
    assert client_as("enterprise").get(f"/me/commitments/{promise}").status_code == 404


def test_thanks_appear_only_after_the_county_let_them_through(app, client_as, wall, clock):
    browser = client_as("individual")
    with app.app_context():
        crew = promises.staff()
        promise = promises.led_to("fulfilled", browser.actor, wall[0].code, crew)
        with promises.as_actor(crew.director):
            handover.write_thanks(crew.director, promise, "谢谢您，灯很亮")
    assert "灯很亮" not in browser.get(f"/me/commitments/{promise}").text
    with app.app_context(), promises.as_actor(crew.county):
        handover.release_thanks(crew.county, promise)
    assert "灯很亮" in browser.get(f"/me/commitments/{promise}").text


def test_the_supporters_pages_tell_nothing_of_the_child(app, client_as, wall, clock):
    browser = client_as("individual")
    with app.app_context():
        crew = promises.staff()
        ids = [
            promises.led_to(state, browser.actor, one.code, crew)
            for state, one in zip(("pending", "delivering", "archived"), wall, strict=True)
        ]
    pages = [browser.get(path).text for path in ("/me", "/me/history")]
    pages += [browser.get(f"/me/commitments/{one}").text for one in ids]
    for secret in ("王小明", "王大山", "城西", "雪峰镇", "晚上写作业", "2015", "WX-", "祖父"):
        assert [secret in page for page in pages] == [False] * len(pages), secret


def test_no_page_of_a_promise_has_a_field_for_money(app, client_as, wall, clock):
    browser = client_as("individual")
    with app.app_context():
        crew = promises.staff()
        promise = promises.led_to("approved", browser.actor, wall[0].code, crew)
    for path in (f"/wishes/{wall[1].code}", "/me", f"/me/commitments/{promise}"):
        page = browser.get(path).text
        fields = set(re.findall(r'<(?:input|select|textarea)[^>]*name="([^"]+)"', page))
        assert fields <= {
            "csrf_token", "idempotency_key", "version", "method", "tracking_no", "reason",
            "language", "mode", "q",
        }, (path, fields)  # fmt: skip
        said = page.partition("<footer")[0]
        assert not re.search("转账|付款|支付|收款|捐款", said), path


def test_an_organisation_ticks_several_and_sees_each_result(app, client_as, wall):
    firm = client_as("enterprise")
    with app.app_context():
        promises.claimed(people.supporter("individual"), wall[1].code)
    page = firm.get("/claims/several").text
    assert page.count('name="codes"') == 2
    answer = send(firm, "/claims/several", {"codes": [one.code for one in wall]})
    assert answer.status_code == 200
    assert "认领到 2 个，共 3 个" in answer.text
    assert "先您一步" in answer.text
    empty = send(firm, "/claims/several", page="/me")
    assert (empty.status_code, empty.location) == (303, "/claims/several")


def test_history_pages_on_and_ends(app, client_as, clock):
    browser = client_as("enterprise")
    with app.app_context():
        hung = promises.hung(cards=25)
        crew = promises.staff()
        for number in range(0, 25, 5):
            made = [promises.claimed(browser.actor, one.code) for one in hung[number : number + 5]]
            with promises.as_actor(crew.county):
                chosen = [(each, None) for each in made]
                commitments.act_on_all(crew.county, chosen, "decline", "试")
            clock.advance(minutes=1)
    first = browser.get("/me/history").text
    assert first.count('class="promise"') == 20
    onward = re.search(r'href="(/me/history\?after=[^"]+)"', first)[1]
    second = browser.get(onward).text
    assert second.count('class="promise"') == 5
    assert "下一页" not in second


def test_one_promise_and_twenty_cost_the_same_number_of_queries(app, client_as, clock):
    browser = client_as("enterprise")
    with app.app_context():
        hung = promises.hung(cards=20)
        promises.claimed(browser.actor, hung[0].code)
    few = queries(app, browser, "/me")
    with app.app_context():
        for one in hung[1:]:
            promises.claimed(browser.actor, one.code)
    assert queries(app, browser, "/me") == few
