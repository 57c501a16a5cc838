"""Leaves to see: another person gives them, they open once, the clock ends them; breaking glass."""

from datetime import timedelta

import pytest

from portal.services import sight_requests
from tests.factories import people, wishes
from tests.factories.sights import ADDRESS, PHONE, LogBroken


@pytest.fixture
def city(office):
    return office.desk("city_staff")


@pytest.fixture
def clerk(office):
    return office.desk("county_staff")


def names(client):
    return client.actor.user_id


def test_the_city_asks_the_county_grants_and_it_opens_for_a_quarter_of_an_hour(
    office, city, clerk, clock
):
    request = office.ask(city, "name", "id_no", "guardian_phone", words="抽查台账")
    assert office.mails("sight_asked") == {names(clerk)}
    assert "抽查台账" in clerk.get(request).text
    assert office.open_granted(city, request).status_code == 409
    assert office.decide(clerk, request, "grant").status_code == 303
    assert office.mails("sight_granted") == {names(city)}
    page = city.get(request).text
    assert office.child.id_no not in page
    assert office.open_granted(city, request).status_code == 303
    for shown in (city.get(request).text, city.get(office.page).text):
        assert [each for each in ("林安宁", office.child.id_no, PHONE) if each not in shown] == []
        assert ADDRESS not in shown
    assert office.child.id_no not in clerk.get(request).text
    clock.advance(minutes=15)
    closed = city.get(request).text + city.get(office.page).text
    assert [each for each in ("林安宁", office.child.id_no, PHONE) if each in closed] == []


def test_every_field_has_its_row_with_the_leave_as_its_basis(office, city, clerk, clock):
    request = office.ask(city, "id_no", "school")
    office.decide(clerk, request, "grant")
    clock.advance(hours=2)
    office.open_granted(city, request)
    rows = office.rows()
    assert [row.field for row in rows] == ["id_no", "school"]
    assert {(row.basis, row.role, row.reason) for row in rows} == {
        ("grant", "city_staff", "report")
    }
    assert {str(row.sight_id) for row in rows} == {request.rsplit("/", 1)[-1]}
    assert {row.until - row.at for row in rows} == {timedelta(minutes=15)}


def test_it_opens_once_and_both_are_told_when_it_ends(office, city, clerk, clock):
    request = office.ask(city, "id_no")
    office.decide(clerk, request, "grant")
    office.open_granted(city, request)
    assert office.open_granted(city, request).status_code == 409
    clock.advance(minutes=15)
    assert office.run(sight_requests.close_due) == 1
    assert office.requests() == ["ended"]
    assert office.mails("sight_ended") == {names(city), names(clerk)}
    assert office.open_granted(city, request).status_code == 409
    assert office.run(sight_requests.close_due) == 0
    assert office.ask(city, "id_no")


def test_a_leave_that_nobody_uses_ends_after_eight_hours(office, city, clerk, clock):
    request = office.ask(city, "id_no")
    office.decide(clerk, request, "grant")
    clock.advance(hours=8, seconds=1)
    assert office.open_granted(city, request).status_code == 409
    assert office.rows() == []
    office.run(sight_requests.close_due)
    assert office.requests() == ["lapsed"]
    assert office.mails("sight_lapsed") == {names(city)}


def test_a_question_that_nobody_answers_ends_after_three_days(office, city, clerk, clock):
    request = office.ask(city, "id_no")
    clock.advance(hours=71, minutes=59)
    assert office.run(sight_requests.close_due) == 0
    clock.advance(minutes=1)
    assert office.run(sight_requests.close_due) == 1
    assert office.decide(clerk, request, "grant").status_code == 409


def test_a_refusal_has_a_reason_and_opens_nothing(office, city, clerk):
    request = office.ask(city, "id_no")
    assert office.decide(clerk, request, "refuse").status_code == 422
    assert office.decide(clerk, request, "refuse", "抽查名单里没有这个孩子").status_code == 303
    assert office.open_granted(city, request).status_code == 409
    assert office.mails("sight_refused") == {names(city)}


def test_nobody_grants_their_own_request(app, office, client_as):
    with app.app_context():
        both = people.also(people.staff("city_staff"), "county_staff", "350421")
        elsewhere = wishes.child(10, village="350429100001")
    client = client_as(both)
    # Asked as the city, answered as the county: the same hands.
    asked = office.post(
        client, f"/children/{elsewhere.id}/ask", fields=["id_no"], reason="report", words=""
    )
    with app.app_context():
        people.also(both, "county_staff", "350429")
    assert office.decide(client, asked.location, "grant").status_code == 403
    # A clerk of the county opens by their post; the emergency is asked for all the same.
    request = office.break_glass(client, "id_no").location
    assert office.decide(client, request, "confirm").status_code == 403
    assert office.decide(office.desk("county_staff"), request, "confirm").status_code == 303


def test_the_city_grants_nothing_to_the_city(office, city):
    request = office.ask(city, "id_no")
    assert office.decide(office.another("city_staff"), request, "grant").status_code == 403
    assert office.requests() == ["asked"]


def test_only_the_asker_opens(office, city, clerk):
    request = office.ask(city, "id_no")
    office.decide(clerk, request, "grant")
    assert office.open_granted(office.another("city_staff"), request).status_code == 403
    assert office.rows() == []


@pytest.mark.parametrize(("role", "unit"), [("county_staff", "350429"), ("county_staff", "320681")])
def test_another_county_finds_no_request(office, city, role, unit):
    request = office.ask(city, "id_no")
    foreign = office.desk(role, unit)
    assert foreign.get(request).status_code == 404
    assert office.decide(foreign, request, "grant").status_code == 404
    assert request not in foreign.get("/desk/sights").text


def test_one_request_at_a_time_for_a_file(office, city):
    office.ask(city, "id_no")
    again = office.post(city, f"{office.page}/ask", fields=["school"], reason="report", words="")
    assert again.status_code == 409


@pytest.mark.parametrize(
    "given",
    [
        {"fields": [], "reason": "report", "words": ""},
        {"fields": ["id_no"], "reason": "", "words": ""},
        {"fields": ["id_no"], "reason": "other", "words": ""},
        {"fields": ["id_hmac"], "reason": "report", "words": ""},
    ],
)
def test_asking_says_what_and_why(office, city, given):
    answer = office.post(city, f"{office.page}/ask", **given)
    assert answer.status_code == 422
    assert office.requests() == []


def test_no_row_no_sight_by_a_leave_either(app, office, city, clerk):
    request = office.ask(city, "id_no")
    office.decide(clerk, request, "grant")
    with LogBroken(app):
        assert office.open_granted(city, request).status_code == 503
        assert office.child.id_no not in city.get(request).text
    assert office.requests() == ["granted"]


def test_an_administrator_breaks_the_glass_with_a_second_person_from_the_bureau(
    office, city, clerk, clock
):
    admin = office.desk("platform_admin")
    assert admin.get(office.page).status_code == 403
    request = office.break_glass(admin, "name", "home_address").location
    assert office.mails("sight_asked") == {names(city), names(clerk)} - {None}
    assert office.open_granted(admin, request).status_code == 409
    assert office.decide(admin, request, "confirm").status_code == 403
    assert office.decide(office.another("platform_admin"), request, "confirm").status_code == 403
    assert "林" not in admin.get(request).text.split('id="main"')[1]
    assert office.decide(city, request, "confirm").status_code == 303
    assert office.open_granted(admin, request).status_code == 303
    page = admin.get(request).text
    assert "林安宁" in page
    assert ADDRESS in page
    assert PHONE not in page
    assert {(row.basis, row.role) for row in office.rows()} == {("break_glass", "platform_admin")}
    clock.advance(minutes=15)
    assert "林安宁" not in admin.get(request).text


def test_a_broken_glass_is_loud_for_thirty_days(office, city, clerk, clock):
    auditor = office.desk("auditor", "350400")
    request = office.break_glass(office.desk("protection_centre", "350400"), "id_no").location
    banner = "被应急查看过"
    assert banner not in clerk.get(office.page).text
    office.decide(clerk, request, "confirm")
    assert office.mails("sight_broken") >= {names(city), names(auditor)}
    office.open_granted(office.desk("protection_centre", "350400"), request)
    assert request in auditor.get("/desk/sights").text
    assert "林" not in auditor.get("/desk/sights").text.split('id="main"')[1]
    for role in ("child_director", "child_supervisor", "county_staff", "city_staff"):
        assert banner in office.desk(role).get(office.page).text, role
    clock.advance(days=30, seconds=-1)
    assert banner in clerk.get(office.page).text
    clock.advance(seconds=1)
    assert banner not in clerk.get(office.page).text


@pytest.mark.parametrize("words", ["", "急"])
def test_an_emergency_says_what_happened(office, words):
    admin = office.desk("platform_admin")
    assert office.break_glass(admin, "id_no", words=words).status_code == 422
    assert office.requests() == []


def test_an_emergency_of_another_authority_is_not_found(office):
    stranger = office.desk("platform_admin", "320681")
    answer = office.break_glass(stranger, "id_no")
    assert answer.status_code == 422
    assert "没有找到" in answer.text
    assert office.requests() == []


def test_an_emergency_that_nobody_confirms_ends_after_a_day(office, clock):
    office.break_glass(office.desk("platform_admin"), "id_no")
    clock.advance(hours=24)
    office.run(sight_requests.close_due)
    assert office.requests() == ["lapsed"]
