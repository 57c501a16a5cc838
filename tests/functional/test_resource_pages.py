"""The pages of the resource directory: what a giver, a clerk and a stranger are shown."""

from __future__ import annotations

import io

import openpyxl
import pytest
from sqlalchemy import select

from portal.core import unit_of_work
from portal.extensions import db
from portal.models.resources import ResourceLink, ResourceOffer
from portal.models.wishes import Wish
from tests.factories import giving, people, promises
from tests.factories.applicants import send

PHONE, MASKED = "12042100009", "120****0009"


@pytest.fixture
def crew(app, clock):
    """A firm that offers and a clerk of 明溪."""
    with app.app_context():
        firm = giving.named(people.supporter("enterprise"), "明溪县向阳灯具有限公司")
        return firm, people.staff("county_staff", "350421")


@pytest.fixture
def offered(app, crew):
    """An offer of ten, listed."""
    with app.app_context():
        return giving.listed(*crew, counties=("350421",))


def read(app, statement):
    with app.app_context(), unit_of_work.reading(people.everything()):
        return db.session.scalar(statement)


def test_the_giver_sees_how_much_is_taken_and_never_what_for(app, crew, offered, client_as):
    firm, county = crew
    with app.app_context():
        [wish] = promises.hung(name="王小明")
        giving.book(county, offered, wish.wish_id, 4)
    html = client_as(firm).get("/me/offers").text
    assert "剩6场，共10场" in html
    assert "微心愿：4场" in html
    for secret in ("王小明", "王**", read(app, select(Wish.file_no)), "350421100202", "城西"):
        assert secret not in html


def test_another_supporter_does_not_reach_an_offer(app, offered, client_as):
    other = client_as("enterprise")
    assert "多媒体教室" not in other.get("/me/offers").text
    assert other.get(f"/me/offers/{offered}/edit").status_code == 404
    answer = send(other, f"/me/offers/{offered}/withdraw", page="/password")
    assert answer.status_code == 404
    assert read(app, select(ResourceOffer.status)) == "listed"


def test_the_contact_is_open_to_the_county_it_reaches_only(crew, offered, client_as):
    here = f"/desk/resources/{offered}"
    assert PHONE in client_as(crew[1]).get(here).text
    for who in (("county_staff", "350424"), ("auditor", None)):
        page = client_as(*who).get(here)
        assert page.status_code == 200
        assert PHONE not in page.text
        assert MASKED in page.text


def test_the_export_holds_what_the_list_shows_and_masks_the_contact(app, crew, client_as):
    firm, county = crew
    with app.app_context():
        giving.listed(firm, county, title="=能坐四十人的教室")
    clerk = client_as(county)
    assert clerk.get("/desk/resources.xlsx").status_code == 303
    with app.app_context():
        people.prove(clerk, "directory.export")
    sheet = openpyxl.load_workbook(io.BytesIO(clerk.get("/desk/resources.xlsx").data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:7] == ["资源", "类别", "提供方", "县（市、区）", "数量", "已用", "剩余"]
    assert rows[1][0] == "'=能坐四十人的教室"
    assert rows[1][4:7] == [10, 0, 10]
    assert MASKED in rows[1]
    assert PHONE not in rows[1]


def test_the_desk_lists_books_and_releases(app, crew, client_as):
    firm, county = crew
    with app.app_context():
        offer_id = giving.offer(firm)
        [wish] = promises.hung()
    clerk = client_as(county)
    here = f"/desk/resources/{offer_id}"
    assert "能坐四十人的多媒体教室" in clerk.get("/desk/resources?status=submitted").text
    assert send(clerk, here, {"transition": "list"}, page=here).status_code == 303
    over = send(clerk, f"{here}/book", {"wish": str(wish.wish_id), "amount": "11"}, page=here)
    assert over.status_code == 409
    booked = send(clerk, f"{here}/book", {"wish": str(wish.wish_id), "amount": "4"}, page=here)
    assert booked.status_code == 303
    assert "剩6场，共10场" in clerk.get(here).text
    release = f"/desk/resources/links/{read(app, select(ResourceLink.id))}/release"
    assert send(clerk, release, {"reason": ""}, page=here).status_code == 422
    assert send(clerk, release, {"reason": "改期"}, page=here).status_code == 303
    assert "剩10场，共10场" in clerk.get(here).text


def test_the_supporters_form_keeps_what_was_typed(crew, client_as):
    firm, _ = crew
    mine = client_as(firm)
    typed = {
        "supporter": str(firm.supporter_ids[0]), "kind": "goods", "title": "十个书包",
        "capacity": "10", "unit": "件", "contact_name": "林秀英", "contact_phone": PHONE,
    }  # fmt: skip
    refused = send(mine, "/me/offers/new", typed)
    assert refused.status_code == 422
    assert "十个书包" in refused.text
    assert send(mine, "/me/offers/new", {**typed, "counties": ["350421"]}).status_code == 303
    assert "十个书包" in mine.get("/me/offers").text


def test_a_list_costs_the_same_number_of_queries_at_one_row_and_at_twenty(app, crew, client_as):
    from sqlalchemy import event

    firm, county = crew
    clerk = client_as(county)

    def cost():
        seen = []
        with app.app_context():
            engine = db.engine
            count = lambda *args: seen.append(args[2])  # noqa: E731 -- listened to and let go
            event.listen(engine, "before_cursor_execute", count)
            clerk.get("/desk/resources")
            event.remove(engine, "before_cursor_execute", count)
        return len(seen)

    with app.app_context():
        giving.listed(firm, county)
    one = cost()
    with app.app_context():
        for _ in range(19):
            giving.listed(firm, county)
    assert cost() == one
