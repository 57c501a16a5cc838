"""Whose windows they are: the authority plans them, its counties look and release their own."""

import re

import pytest
from sqlalchemy import select

from portal.core import unit_of_work
from portal.extensions import db
from portal.models.wishes import WishWindow
from tests.factories import people
from tests.factories.applicants import send

DATES = {"opens": "2027-05-10", "closes": "2027-05-28", "deliver_by": "2027-06-01"}
LATER = "/desk/windows/2027/children_day"


@pytest.fixture(autouse=True)
def standing(clock):
    return clock


def planned(app):
    with app.app_context(), unit_of_work.reading(people.everything()):
        return db.session.execute(
            select(WishWindow.tenant_path, WishWindow.occasion, WishWindow.closes).order_by(
                WishWindow.tenant_path, WishWindow.occasion
            )
        ).all()


def test_a_clerk_of_a_county_does_not_plan_the_citys_windows(app, client_as):
    clerk = client_as("county_staff", "350421")
    year = send(clerk, "/desk/windows/year", {"year": "2027"}, page="/password")
    assert (year.status_code, send(clerk, LATER, DATES, page="/password").status_code) == (403, 403)
    assert planned(app) == []
    assert (
        send(client_as("city_staff", "350400"), LATER, DATES, page="/password").status_code == 303
    )
    shown = clerk.get("/desk/windows?year=2027")
    assert "2027年5月28日" in shown.text
    assert not re.search(r"改日期|设定日期|按默认日期", shown.text)


def test_a_county_that_is_its_own_authority_plans_its_windows(app, client_as):
    clerk = client_as("county_staff", "320681")
    assert "设定日期" in clerk.get("/desk/windows?year=2027").text
    assert send(clerk, LATER, DATES, page="/password").status_code == 303
    assert [row.tenant_path for row in planned(app)] == [people.QIDONG]


def test_a_window_cannot_be_made_to_end_before_today(app, client_as):
    city = client_as("city_staff", "350400")
    past = {"opens": "2026-05-01", "closes": "2026-05-19", "deliver_by": "2026-06-01"}
    answer = send(city, "/desk/windows/2026/children_day", past, page="/password")
    assert answer.status_code == 422
    assert "认领截止不能早于今天" in answer.text
    assert planned(app) == []
    today = {**past, "closes": "2026-05-20"}
    assert send(city, "/desk/windows/2026/children_day", today, page="/password").status_code == 303


def test_with_roles_at_two_authorities_one_says_which_is_meant(app, client_as):
    with app.app_context():
        person = people.also(people.staff("city_staff", "350400"), "county_staff", "320681")
    both = client_as(person)
    first = both.get("/desk/windows?year=2027").text
    assert "authority=320681" in first
    assert "authority=350400" in first
    for code in ("320681", "350400"):
        answer = send(both, f"{LATER}?authority={code}", DATES, page="/password")
        assert f"authority={code}" in answer.location
    assert [row.tenant_path for row in planned(app)] == [people.QIDONG, people.SANMING]
    assert both.get("/desk/windows?authority=110000").status_code == 404


@pytest.mark.parametrize("year", ["99999999999999999999", "-1", "0", "１９", "abc", ""])
def test_a_year_that_is_none_is_this_year(app, client_as, year):
    city = client_as("city_staff", "350400")
    assert city.get("/desk/windows", query_string={"year": year}).status_code == 200
    sent = send(city, "/desk/windows/year", {"year": year}, page="/password")
    assert sent.status_code == 303
    assert city.get(f"/desk/windows/{year or 9}/june_first").status_code in {303, 404}
