"""The pages of a wish: the director drafts on a phone, the township screens, the county publishes."""

import re
from types import SimpleNamespace

import pytest
from sqlalchemy import event, select

from portal.core import unit_of_work
from portal.extensions import db
from portal.models.wishes import Wish, WishCard
from tests.factories import people
from tests.factories import wishes as make
from tests.factories.applicants import shown_version

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf_token"')


@pytest.fixture
def cast(app, clock, client_as):
    with app.app_context():
        child = make.child(10, name="林小雨")
        make.crowd(12, 10)
        window = make.window()
    return SimpleNamespace(
        director=client_as("child_director", make.VILLAGE),
        supervisor=client_as("child_supervisor", "350421100"),
        clerk=client_as("county_staff", "350421"),
        child=child,
        window=str(window),
    )


def post(client, page, data=None, to=None):
    """Send a form as a browser would: with the token of the page it stands on."""
    html, typed = client.get(page).text, data or {}
    match = TOKEN.search(html)
    token = match.group(1) or match.group(2)
    given = {"csrf_token": token, **shown_version(html, to or page, typed), **typed}
    return client.post(to or page, data=given)


def consent(cast):
    page = f"/desk/my-wishes/children/{cast.child.id}/consent"
    return post(
        cast.director,
        page,
        {"guardian": str(cast.child.guardian_id), "method": "written", "given_on": "2026-05-20"},
    )


def draft(cast, words="想要一盏台灯，晚上写作业用", code="XX01", **more):
    page = f"/desk/my-wishes/children/{cast.child.id}/item/{code}"
    data = {"window": cast.window, "own_words": words, "quantity": "1", "est_cost": "128", **more}
    return post(cast.director, page, data)


def only(app, model):
    with app.app_context(), unit_of_work.reading(people.everything()):
        return db.session.scalars(select(model)).one()


def test_from_draft_to_the_wall_with_three_people(app, cast, client):
    choose = cast.director.get("/desk/my-wishes/new").text
    assert "林小雨" in choose
    first = cast.director.get(f"/desk/my-wishes/children/{cast.child.id}/item")
    assert first.location.endswith("/consent")
    assert consent(cast).status_code == 303
    items = cast.director.get(f"/desk/my-wishes/children/{cast.child.id}/item?q=台灯").text
    assert "护眼台灯" in items
    assert "水彩笔" not in items
    written = draft(cast)
    assert written.status_code == 303
    dossier = cast.director.get(written.location).text
    for words in ("想要一盏台灯", "卡片会这样写", "明溪县·9–11岁 共 13 名在册儿童", "已同意"):
        assert words in dossier
    wish = only(app, Wish)
    assert (
        post(cast.director, f"/desk/my-wishes/{wish.id}", {"transition": "submit"}).status_code
        == 303
    )
    assert "护眼台灯" in cast.supervisor.get("/desk/wishes").text
    assert (
        post(cast.supervisor, f"/desk/wishes/{wish.id}", {"transition": "screen"}).status_code
        == 303
    )
    assert post(cast.clerk, f"/desk/wishes/{wish.id}", {"transition": "approve"}).status_code == 303
    assert only(app, Wish).status == "approved"
    with app.app_context():
        for _ in range(2):
            make.wish(make.child(10), only_window(app))
    release = f"/desk/windows/{cast.window}/release"
    assert post(cast.clerk, "/desk/windows", {"year": "2026"}, to=release).status_code == 303
    wall = client.get("/wishes").text
    assert wall.count("护眼台灯") == 3
    assert "林小雨" not in wall


def test_the_linter_marks_what_it_found_in_the_words(app, cast):
    consent(cast)
    page = cast.director.get(
        draft(cast, "我叫林小雨，可以打12059861234。爸爸在外打工。").location
    ).text
    assert '<mark class="tone-danger">林小雨</mark>' in page
    assert '<mark class="tone-danger">12059861234</mark>' in page
    assert '<mark class="tone-warn">打工</mark>' in page
    assert "标红的内容要先删去" in page
    assert ">提交审核<" not in page
    wish = only(app, Wish)
    submit = {"transition": "submit", "version": wish.version}
    refused = post(cast.director, f"/desk/my-wishes/{wish.id}", submit)
    assert refused.status_code == 422
    assert "请先删去不能写的内容" in refused.text
    assert only(app, Wish).status == "draft"


def test_typed_text_comes_back_when_something_is_missing(cast):
    consent(cast)
    answer = draft(cast, code="YW01", words="想要一双球鞋")
    assert answer.status_code == 422
    assert "想要一双球鞋" in answer.text
    assert "请选择" in answer.text
    dear = draft(cast, est_cost="800", words="想要书桌", code="XX03")
    assert dear.status_code == 422
    assert "超过上限，请写明理由" in dear.text


def test_an_item_that_tells_too_much_announces_its_public_name(cast):
    consent(cast)
    page = cast.director.get(f"/desk/my-wishes/children/{cast.child.id}/item/KF02").text
    assert "室内平衡板" in page


def test_a_draft_can_be_changed_and_a_returned_one_says_why(app, cast):
    consent(cast)
    wish_page = draft(cast).location
    wish = only(app, Wish)
    edit = f"/desk/my-wishes/{wish.id}/edit"
    assert "想要一盏台灯，晚上写作业用" in cast.director.get(edit).text
    changed = {"window": cast.window, "own_words": "想要两盏台灯", "quantity": "2", "est_cost": "200",
               "version": str(wish.version)}  # fmt: skip
    assert post(cast.director, edit, changed).status_code == 303
    assert only(app, Wish).quantity == 2
    assert post(cast.director, edit, changed).status_code == 409
    post(cast.director, wish_page, {"transition": "submit"})
    send_back = {"transition": "return", "reason": "请写清楚要几盏"}
    post(cast.supervisor, f"/desk/wishes/{wish.id}", send_back)
    page = cast.director.get(wish_page).text
    assert "审核人退回了这个心愿" in page
    assert "请写清楚要几盏" in page


def test_several_at_once_with_one_reason(app, cast):
    with app.app_context():
        ids = [
            str(make.wish(make.child(10), only_window(app), status="screened")) for _ in range(3)
        ]
    page = cast.clerk.get("/desk/wishes").text
    assert page.count('name="ids"') == 3
    ticks = re.findall(r'name="ids" value="([^"]+)"', page)
    assert {tick.split(":")[0] for tick in ticks} == set(ids)
    data = {"transition": "approve", "ids": ticks, "tab": "approve"}
    assert post(cast.clerk, "/desk/wishes", data).status_code == 303
    assert "3 个心愿已处理" in cast.clerk.get("/desk/wishes").text


def test_a_stale_list_does_not_pass_a_wish_that_was_rewritten(app, cast):
    with app.app_context():
        wish = make.wish(make.child(10), only_window(app), status="screened")
    ticks = re.findall(r'name="ids" value="([^"]+)"', cast.clerk.get("/desk/wishes").text)
    with app.app_context(), unit_of_work.transaction(people.everything()):
        db.session.get(make.Wish, wish).quantity = 2
    post(cast.clerk, "/desk/wishes", {"transition": "approve", "ids": ticks, "tab": "approve"})
    assert "早一步" in cast.clerk.get("/desk/wishes").text
    with app.app_context(), unit_of_work.reading(people.everything()):
        assert db.session.get(make.Wish, wish).status == "screened"


def only_window(app):
    with app.app_context(), unit_of_work.reading(people.everything()):
        return db.session.scalar(select(make.WishWindow.id))


def test_the_next_in_the_queue_opens_by_itself(app, cast):
    with app.app_context():
        first, second = (
            make.wish(make.child(10), only_window(app), status="screened") for _ in range(2)
        )
    answer = post(cast.clerk, f"/desk/wishes/{first}", {"transition": "approve"})
    assert answer.location == f"/desk/wishes/{second}"
    last = post(cast.clerk, f"/desk/wishes/{second}", {"transition": "approve"})
    assert last.location == "/desk/wishes"


def test_a_held_wish_says_why_and_is_not_offered_for_approval(app, cast, client_as):
    with app.app_context():
        wish_id = make.wish(make.child(16), only_window(app), status="screened")
    post(cast.clerk, f"/desk/wishes/{wish_id}", {"transition": "approve"})
    page = cast.clerk.get(f"/desk/wishes/{wish_id}").text
    assert "先不公开，由工作人员线下对接" in page
    assert ">批准<" not in page
    assert "暂不公开" in cast.clerk.get("/desk/wishes?tab=held").text


def test_withdrawing_consent_removes_the_card_from_every_page(app, cast, client):
    with app.app_context():
        ids = [make.wish(make.child(10), only_window(app)) for _ in range(4)]
    post(cast.clerk, "/desk/windows", {"year": "2026"}, to=f"/desk/windows/{cast.window}/release")
    with app.app_context(), unit_of_work.reading(people.everything()):
        card_id = db.session.get(Wish, ids[0]).card_id
        code = db.session.get(WishCard, card_id).code
    assert client.get(f"/wishes/{code}").status_code == 200
    page = f"/desk/my-wishes/{ids[0]}"
    assert (
        post(cast.director, page, {"reason": ""}, to=f"{page}/consent/withdraw").status_code == 303
    )
    assert client.get(f"/wishes/{code}").status_code == 404
    assert code not in client.get("/wishes").text


def test_the_year_is_set_with_one_button_and_dates_can_be_changed(app, cast, client_as):
    city = client_as("city_staff", "350400")
    assert (
        post(city, "/desk/windows?year=2027", {"year": "2027"}, to="/desk/windows/year").status_code
        == 303
    )
    page = city.get("/desk/windows?year=2027").text
    assert "2027年5月1日" in page
    wrong = {"opens": "2027-05-10", "closes": "2027-05-01", "deliver_by": "2027-06-01"}
    refused = post(city, "/desk/windows/2027/children_day", wrong)
    assert refused.status_code == 422
    assert "截止日期不能早于开始日期" in refused.text
    right = {**wrong, "closes": "2027-05-28"}
    assert post(city, "/desk/windows/2027/children_day", right).status_code == 303
    assert "2027年5月28日" in city.get("/desk/windows?year=2027").text
    assert city.get("/desk/windows/2027/easter").status_code == 404


def test_too_small_a_batch_says_why(app, cast):
    with app.app_context():
        make.wish(make.child(10), only_window(app))
    answer = post(
        cast.clerk, "/desk/windows", {"year": "2026"}, to=f"/desk/windows/{cast.window}/release"
    )
    assert answer.status_code == 422
    assert "至少 3 张一起发布" in answer.text


def test_a_foreign_wish_is_not_found(app, cast, client_as):
    with app.app_context():
        wish_id = make.wish(make.child(10), only_window(app), status="screened")
    for stranger in (client_as("county_staff", "320681"), client_as("county_staff", "350429")):
        assert stranger.get(f"/desk/wishes/{wish_id}").status_code == 404
    neighbour = client_as("child_director", "350421100001")
    assert neighbour.get(f"/desk/my-wishes/{wish_id}").status_code == 404
    assert neighbour.get(f"/desk/my-wishes/children/{cast.child.id}/consent").status_code == 404


def test_a_supporter_reaches_no_staff_page_of_a_wish(cast, client_as):
    supporter = client_as("individual")
    for url in ("/desk/wishes", "/desk/my-wishes", "/desk/windows"):
        assert supporter.get(url).status_code == 403


def test_the_county_can_record_that_consent_was_taken_back(app, cast):
    with app.app_context():
        wish_id = make.wish(make.child(10), only_window(app), status="screened")
    page = f"/desk/wishes/{wish_id}"
    assert "监护人撤回同意" in cast.clerk.get(page).text
    to = f"/desk/my-wishes/{wish_id}/consent/withdraw"
    answer = post(cast.clerk, page, {"reason": "电话告知", "next": "/desk/wishes"}, to=to)
    assert (answer.status_code, answer.location) == (303, "/desk/wishes")
    assert "consent-reason" not in cast.clerk.get(page).text


def test_a_queue_costs_the_same_queries_at_one_wish_and_at_many(app, cast):
    def queries():
        seen = []
        listen = lambda *args: seen.append(args[2])  # noqa: E731
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", listen)
        cast.clerk.get("/desk/wishes?tab=approve")
        with app.app_context():
            event.remove(db.engine, "before_cursor_execute", listen)
        return seen

    with app.app_context():
        window = only_window(app)
        make.many(1, 10, window, ["XX01"], status="screened")
    one = queries()
    with app.app_context():
        make.many(99, 10, window, ["XX01"], status="screened")
    assert len(queries()) == len(one)
    assert cast.clerk.get("/desk/wishes?tab=approve").text.count('name="ids"') == 100
