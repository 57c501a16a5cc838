"""The public wall and a wish's page (issue 2, section 5; security.md A1–A3)."""

import re

import pytest
from sqlalchemy import event, select

from portal.core import unit_of_work
from portal.domain import cipher
from portal.domain.catalogue import NEEDS
from portal.extensions import db
from portal.models.wishes import WishCard
from portal.services import publication
from portal.web import page_cache, wall_page, wish_cards
from tests.factories import people
from tests.factories import wishes as make

CODE = re.compile(r'href="/wishes/([a-z0-9]{26})"')


def counted(app):
    with app.app_context(), unit_of_work.transaction(people.everything()):
        publication.refresh_counts()


@pytest.fixture
def wall(app, clock):
    """A wall of thirty cards: 20 lamps in 明溪, 6 pairs of shoes in 泰宁, 4 balls in 三明."""
    with app.app_context():
        for _ in range(20):
            make.card()
        for _ in range(6):
            make.card(
                region_code="350429", region_name="泰宁县", band="6-8", need="衣物",
                item_code="YW01", title="防滑运动鞋", spec="29码", illustration="shoes",
            )  # fmt: skip
        for _ in range(4):
            make.card(
                region_code="350400", region_name="三明市", band="secondary", stage="secondary",
                need="运动", item_code="TY01", title="篮球和打气筒", spec="5号",
                occasion="school_start",
            )  # fmt: skip
    counted(app)
    return app


def codes(client, url):
    return CODE.findall(client.get(url).text)


def test_the_wall_says_what_where_for_whom_and_until_when(wall, client):
    page = client.get("/wishes").text
    for word in ("护眼台灯", "明溪县", "9–11岁", "六一", "5月25日前认领", "1盏", "100–200元"):
        assert word in page
    assert "/static/img/wishes/lamp.svg" in page


@pytest.mark.parametrize(
    ("query", "cards"),
    [("region=350429", 6), ("region=350400", 24), ("category=衣物", 6), ("age=6-8", 6),
     ("age=secondary", 4), ("age=12-14", 4), ("occasion=school_start", 4), ("q=球鞋", 6),
     ("q=篮球", 4), ("q=台灯&region=350421", 20), ("status=claimed", 0), ("q=感统", 0)],
)  # fmt: skip
def test_each_filter_of_the_contract(wall, client, query, cards):
    assert len(codes(client, f"/wishes?{query}")) == cards


def test_paging_goes_through_every_card_once(wall, client):
    page = client.get("/wishes").text
    first = CODE.findall(page)
    following = re.search(r'href="(/wishes\?after=[^"]+)" rel="next"', page).group(1)
    second = client.get(following.replace("&amp;", "&")).text
    assert len(first) == 24
    assert len({*first, *CODE.findall(second)}) == 30
    assert 'rel="next"' not in second
    assert "回到第一页" in second


def test_a_cursor_is_sealed_and_bound_to_its_list(wall, client):
    page = client.get("/wishes").text
    cursor = re.search(r'href="/wishes\?after=([^"]+)" rel="next"', page).group(1)
    with wall.app_context(), unit_of_work.reading(people.everything()):
        places = db.session.scalars(select(WishCard.shuffle)).all()
    assert len(places) == 30
    assert not [place for place in places if str(place) in cursor]
    first = codes(client, "/wishes?region=350400")
    assert codes(client, f"/wishes?region=350400&after={cursor}") == first
    assert client.get("/wishes?after=nonsense").status_code == 200
    with pytest.raises(cipher.CipherError):
        cipher.ring().unseal(cursor, "cursor.other")


def test_too_narrow_a_combination_shows_the_wider_page(wall, client):
    with wall.app_context():
        make.card(region_code="350429", region_name="泰宁县", band="9-11")
    page = client.get("/wishes?region=350429&category=学习&age=9-11").text
    assert "为您放宽了范围" in page
    assert len(CODE.findall(page)) == 21


def test_none_and_few_matches_cannot_be_told_apart_by_the_page(wall, client):
    """The wider page is the same whether nothing or two cards match (A3)."""
    url = "/wishes?region=350429&age=9-11"
    none = codes(client, url)
    with wall.app_context():
        make.card(region_code="350429", region_name="泰宁县", band="9-11")
    few = codes(client, url)
    assert len(few) == len(none) + 1
    assert set(none) < set(few)


def test_counts_are_never_exact(wall, client):
    page = client.get("/wishes").text
    assert "约 30 个心愿" in page
    assert "泰宁县（少量）" in page
    assert "明溪县（约 20）" in page


def test_order_does_not_follow_creation(app, clock, client):
    with app.app_context():
        made = [make.card(shuffle=cipher.ring().keyed_number(str(n))) for n in range(20)]
    shown = codes(client, "/wishes")
    assert sorted(shown) == sorted(made)
    assert shown != made


def test_an_empty_wall_and_an_empty_search_say_what_to_do_next(app, client):
    assert "分批发布" in client.get("/wishes").text
    page = client.get("/wishes?q=独角兽").text
    assert "没有找到这样的心愿" in page
    assert "看全部心愿" in page


@pytest.mark.parametrize("need", sorted(NEEDS))
def test_a_filter_nobody_has_a_card_for_is_a_page_too(app, client, need):
    answer = client.get("/wishes", query_string={"category": need})
    assert answer.status_code == 200
    assert need in answer.text


def test_a_list_costs_the_same_queries_at_one_card_and_at_many(app, clock, client):
    def queries():
        seen = []
        listen = lambda *args: seen.append(args[2])  # noqa: E731
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", listen)
        wish_cards.forget()
        wall_page.forget()
        client.get("/wishes")
        with app.app_context():
            event.remove(db.engine, "before_cursor_execute", listen)
        return seen

    with app.app_context():
        make.card()
    one = queries()
    with app.app_context():
        for _ in range(60):
            make.card()
    many = queries()
    assert len(one) == len(many)
    assert not [sql for sql in many if "child_files" in sql or "FROM wishes" in sql]


def test_nothing_tells_when_a_card_changed(wall, client):
    response = client.get("/wishes")
    assert "ETag" not in response.headers
    assert "Last-Modified" not in response.headers


def test_a_wish_has_a_page_with_one_action_and_similar_wishes(wall, client):
    (code, *_) = codes(client, "/wishes?q=球鞋")
    page = client.get(f"/wishes/{code}").text
    for word in (
        "防滑运动鞋",
        "29码",
        "泰宁县",
        "6–8岁",
        "登录后认领",
        "相近的心愿",
        "2026年6月1日",
    ):
        assert word in page
    assert f"/login?next=/wishes/{code}" in page
    assert len(CODE.findall(page)) == 3


def test_a_claimed_wish_offers_others_and_no_action(app, clock, client):
    with app.app_context():
        code = make.card(status="claimed")
        make.card()
    page = client.get(f"/wishes/{code}").text
    assert "已经有人认领了" in page
    assert "登录后认领" not in page
    assert codes(client, "/wishes?status=claimed") == [code]


def test_an_unknown_code_is_not_found_with_a_way_back(app, client):
    response = client.get(f"/wishes/{'a' * 26}")
    assert response.status_code == 404
    assert "已经不在墙上" in response.text


def test_a_size_kept_back_is_announced(app, clock, client):
    with app.app_context():
        code = make.card(item_code="YW01", title="防滑运动鞋", spec="", need="衣物")
    assert "批准认领后告诉您" in client.get(f"/wishes/{code}").text


@pytest.fixture
def cached(app, monkeypatch):
    monkeypatch.setattr(app, "wsgi_app", page_cache.Door(app.wsgi_app, 30))
    page_cache.pages.clear()
    yield app
    page_cache.pages.clear()


def test_a_visitor_reads_the_kept_page_and_a_signed_in_person_a_fresh_one(
    cached, clock, client, client_as
):
    supporter = client_as("individual")
    with cached.app_context():
        make.card()
    assert len(codes(client, "/wishes")) == 1
    with cached.app_context():
        make.card()
    assert len(codes(client, "/wishes")) == 1
    assert len(codes(client, "/wishes?age=primary")) == 2
    assert len(codes(supporter, "/wishes")) == 2
    assert supporter.actor.name not in client.get("/wishes").text
