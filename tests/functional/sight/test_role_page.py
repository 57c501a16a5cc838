"""The role page: what a role sees, by invented people and the pages' own masks; no real row."""

import pytest
from sqlalchemy import event

from portal.domain.actor import Role
from portal.domain.role_samples import CHILD, SUPPORTER, Way, samples
from portal.extensions import db

HIDDEN = "9994**********" + CHILD["id_no"][-4:]


def sample(role):
    return next(each for each in samples() if each.role is role)


def texts(role):
    return [cell.text for cell in sample(role).child]


@pytest.mark.parametrize("role", [Role.CHILD_DIRECTOR, Role.CHILD_SUPERVISOR, Role.COUNTY_STAFF])
def test_who_cares_for_the_child_reads_names_and_opens_the_rest(role):
    assert texts(role) == [
        "林小雨", HIDDEN, "福建省三明市明溪县***", "雪峰镇实验小学", "林建国", "120****1234",
    ]  # fmt: skip
    ways = [cell.way for cell in sample(role).child]
    assert ways == [Way.SEEN, Way.OPENS, Way.OPENS, Way.SEEN, Way.SEEN, Way.OPENS]


def test_the_city_reads_masks_and_asks():
    assert texts(Role.CITY_STAFF) == [
        "林**", HIDDEN, "福建省三明市明溪县***", "***", "林**", "120****1234",
    ]  # fmt: skip
    assert {cell.way for cell in sample(Role.CITY_STAFF).child} == {Way.ASKS}


@pytest.mark.parametrize(
    ("role", "way"),
    [
        (Role.PLATFORM_ADMIN, Way.EMERGENCY),
        (Role.PROTECTION_CENTRE, Way.EMERGENCY),
        (Role.AUDITOR, Way.NEVER),
        (Role.HANDOVER_STAFF, Way.NEVER),
        (Role.PROVINCE_OFFICER, Way.NEVER),
    ],
)
def test_who_has_no_business_with_a_child_sees_nothing_of_one(role, way):
    assert set(texts(role)) == {""}
    assert {cell.way for cell in sample(role).child} == {way}


def test_a_supporter_is_a_name_to_who_vets_and_a_mask_to_who_hears():
    seen = {each.role: [cell.text for cell in each.supporter] for each in samples()}
    assert seen[Role.COUNTY_STAFF] == [
        "王晓燕", "9994**********" + SUPPORTER["id_number"][-4:], "120****0001",
    ]  # fmt: skip
    assert seen[Role.AUDITOR] == seen[Role.CHILD_DIRECTOR] == ["王**", "", ""]
    assert seen[Role.TEACHER] == ["", "", ""]


@pytest.mark.parametrize("who", ["platform_admin", "auditor"])
def test_the_page_reads_no_real_person(app, client_as, who):
    """On a portal without a single child: the page is whole, and no table of people is asked."""
    client = client_as(who)
    asked = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda _c, _k, text, *_: asked.append(text))
    page = client.get("/admin/roles").text
    tables = ("child_files", "guardian_links", "consents", "wishes", "supporters", "access_rows")
    assert len(asked) > 0
    assert [text for text in asked for table in tables if f"FROM {table}" in text] == []
    assert page.count("林小雨") == 3
    assert "都是虚构的" in page
    assert CHILD["id_no"] not in page
    assert HIDDEN in page
