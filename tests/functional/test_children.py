"""The children's files: who finds whom, and how much of them they see."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import event

from portal.core import unit_of_work
from portal.domain import cipher
from portal.extensions import db
from portal.models.children import ChildFile, GuardianLink
from tests.factories import people
from tests.factories.people import MINGXI, QIDONG, SANMING, everything

VILLAGE = f"{MINGXI}350421100/350421100202/"
NEIGHBOUR = f"{QIDONG}320681100/"
ID = "999421201506010014"


def child(name, *, path=VILLAGE, id_no=ID, tenant=SANMING):
    with unit_of_work.transaction(everything()):
        row = ChildFile(
            tenant_path=tenant, unit_path=path, name=name, gender="male",
            birth_date=date(2015, 6, 1), id_no=id_no,
            id_hmac=cipher.ring().blind_index(id_no, "child_id"), county_code=path.split("/")[3],
            region_code=path.split("/")[-2], primary_category="autism", status="active",
            home_address="瀚仙镇某路", school="某小学",
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        db.session.add(
            GuardianLink(
                child_id=row.id, unit_path=path, name="林国庆", relation="祖父", phone="12059812345"
            )
        )
        return row.id


def many(count):
    for number in range(count):
        child(f"陈{number:03d}", id_no=f"{number:018d}")


def test_a_clerk_finds_a_child_by_part_of_a_name_and_by_the_whole_number(app, client_as):
    with app.app_context():
        child("林安宁")
        child("陈思远", id_no="999421201606010011")
    clerk = client_as("county_staff")
    assert "林安宁" in clerk.get("/children?q=安宁").text
    assert "陈思远" not in clerk.get("/children?q=安宁").text
    assert "林安宁" in clerk.get(f"/children?q={ID}").text
    assert "没有符合条件的档案" in clerk.get("/children?q=欧阳").text


def test_a_neighbouring_bureau_is_not_hinted_at(app, client_as):
    with app.app_context():
        foreign = child("吴清嘉", path=NEIGHBOUR, tenant=QIDONG)
    clerk = client_as("county_staff")
    assert "吴清嘉" not in clerk.get("/children").text
    assert "吴清嘉" not in clerk.get(f"/children?q={ID}").text
    assert clerk.get(f"/children/{foreign}").status_code == 404
    assert clerk.get(f"/children/{uuid4()}").status_code == 404


def test_the_city_reads_masks_and_the_county_names_but_nobody_a_whole_number(app, client_as):
    with app.app_context():
        child_id = child("林安宁")
    at_city = client_as("city_staff").get(f"/children/{child_id}").text
    at_county = client_as("county_staff").get(f"/children/{child_id}").text
    assert "林安宁" not in at_city and "林**" in at_city
    assert "12059812345" not in at_city and "120****2345" in at_city
    assert "林安宁" in at_county and "某小学" in at_county and "某小学" not in at_city
    assert "12059812345" not in at_county and "瀚仙镇某路" not in at_county
    assert ID not in at_city + at_county and "9994**********0014" in at_county


@pytest.mark.parametrize("role", ["enterprise", "auditor", "handover_staff"])
def test_a_role_without_the_right_is_turned_away(app, client_as, role):
    assert client_as(role).get("/children").status_code == 403


def test_a_list_of_a_hundred_costs_the_queries_of_a_list_of_one(app, client_as):
    clerk = client_as("county_staff")
    with app.app_context():
        child("林安宁", id_no="999421201706010018")
        engine = db.engine
    asked = []
    event.listen(engine, "before_cursor_execute", lambda *_: asked.append(1))
    clerk.get("/children")
    at_one = len(asked)
    with app.app_context():
        many(100)
    asked.clear()
    page = clerk.get("/children").text
    assert len(asked) == at_one
    assert page.count("/children/") >= 50


def test_every_child_is_reached_by_paging(app, client_as):
    with app.app_context():
        many(120)
    clerk = client_as("county_staff")
    seen, address = set(), "/children"
    while address:
        text = clerk.get(address).text
        seen |= {part.split("<")[0] for part in text.split(">陈")[1:]}
        after = text.split('rel="next"')[0].rsplit('href="', 1)[1] if 'rel="next"' in text else ""
        address = after.split('"')[0].replace("&amp;", "&")
    assert len(seen) == 120


def test_a_masked_name_cannot_be_guessed_letter_by_letter(app, client_as):
    with app.app_context():
        child("林安宁")
    city = client_as("city_staff")
    assert "没有符合条件的档案" in city.get("/children?q=安").text
    assert "林**" in city.get("/children?q=林").text


def test_a_second_role_elsewhere_opens_no_files(app, client_as):
    """A platform administrator of the county who directs one village reads that village only."""
    with app.app_context():
        child("林安宁")
        child("陈思远", path=f"{MINGXI}350421101/350421101201/", id_no="999421201606010011")
        director = people.staff("child_director", "350421100202")
        both = people.also(director, "platform_admin", "350421")
    page = client_as(both).get("/children").text
    assert "林安宁" in page
    assert "陈" not in page
    assert "350421101201" not in page


def test_a_byte_that_no_text_holds_is_refused_in_words(client_as):
    clerk = client_as("county_staff")
    assert clerk.get("/children?q=%00").status_code == 400
    assert clerk.post("/login", data={"email": "a\0b"}).status_code == 400
