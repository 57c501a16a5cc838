"""Opening a masked field by one's own post: a reason, a proof, a row, a quarter of an hour."""

from datetime import timedelta
from uuid import uuid4

import pytest

from portal.domain import clock as portal_clock
from tests.factories.applicants import send
from tests.factories.sights import ADDRESS, PHONE, SCHOOL, LogBroken

SITTING = ["child_director", "child_supervisor", "county_staff"]
SECRETS = {"home_address": ADDRESS, "guardian_phone": PHONE}


@pytest.mark.parametrize("role", SITTING)
def test_whoever_cares_for_the_child_opens_with_a_reason(office, role):
    client, id_no = office.desk(role), office.child.id_no
    before = client.get(office.page).text
    assert "林安宁" in before
    assert SCHOOL in before
    assert [secret for secret in (id_no, PHONE, ADDRESS) if secret in before] == []
    assert office.open(client, "id_no").status_code == 303
    after = client.get(office.page).text
    assert id_no in after
    assert [secret for secret in (PHONE, ADDRESS) if secret in after] == []


@pytest.mark.parametrize(("field", "value"), SECRETS.items())
def test_each_field_opens_by_itself(office, field, value):
    client = office.desk("child_director")
    office.open(client, field)
    page = client.get(office.page).text
    assert value in page
    assert [other for other in (*SECRETS.values(), office.child.id_no) if other in page] == [value]


def test_it_closes_after_a_quarter_of_an_hour_and_only_the_opener_sees(office, clock):
    client = office.desk("child_director")
    office.open(client, "id_no")
    assert office.child.id_no not in office.desk("child_supervisor").get(office.page).text
    clock.advance(minutes=14, seconds=59)
    assert office.child.id_no in client.get(office.page).text
    clock.advance(seconds=1)
    assert office.child.id_no not in client.get(office.page).text


def test_the_row_says_who_what_why_by_whose_leave_and_until_when(office):
    client = office.desk("child_supervisor")
    office.open(client, "guardian_phone", "other", "核对走访时间")
    (row,) = office.rows()
    assert (row.actor_id, row.role) == (client.actor.user_id, "child_supervisor")
    assert (row.subject_type, row.subject_id) == ("ChildFile", office.child.id)
    assert (row.field, row.reason, row.basis) == ("guardian_phone", "other", "assignment")
    assert row.unit_path == office.child.unit_path
    assert row.at == portal_clock.now()
    assert row.until - row.at == timedelta(minutes=15)
    (fact,) = office.facts("child.reveal")
    assert row.request_id == fact.request_id != ""
    assert row.fact_id == fact.id


@pytest.mark.parametrize(
    "given",
    [
        {"field": "id_no", "reason": ""},
        {"field": "id_no", "reason": "curious"},
        {"field": "id_no", "reason": "other", "words": " "},
        {"field": "id_hmac", "reason": "visit"},
        {"field": "file", "reason": "visit"},
    ],
)
def test_without_a_reason_of_the_list_nothing_opens(office, given):
    client = office.desk("child_director")
    assert office.open(client, **given).status_code == 303
    assert office.child.id_no not in client.get(office.page).text
    assert office.rows() == []


def test_without_a_fresh_proof_nothing_opens(office):
    client = office.desk("child_director")
    data = {"field": "id_no", "reason": "visit"}
    answer = send(client, f"{office.page}/open", data, page="/desk")
    assert answer.status_code == 303
    assert answer.location.startswith("/confirm")
    assert office.rows() == []


def test_the_city_is_told_to_ask_and_the_try_stays_on_record(office):
    client = office.desk("city_staff")
    assert office.open(client, "id_no").status_code == 403
    assert office.child.id_no not in client.get(office.page).text
    assert office.rows() == []
    (fact,) = office.facts("child.reveal_refused")
    assert (fact.actor_id, fact.data["field"]) == (client.actor.user_id, "id_no")


@pytest.mark.parametrize(
    ("role", "unit"),
    [("county_staff", "350429"), ("county_staff", "320681"), ("child_director", "350421100201")],
)
def test_another_unit_answers_404_as_for_nothing(office, role, unit):
    client = office.desk(role, unit)
    assert office.open(client, "id_no").status_code == 404
    nowhere = uuid4()
    answer = office.post(
        client, f"/children/{nowhere}/open", "child.reveal", nowhere, field="id_no", reason="visit"
    )
    assert answer.status_code == 404
    assert office.rows("id_no", "file") == []


def test_no_row_no_sight(app, office):
    client = office.desk("child_director")
    client.get(office.page)
    with LogBroken(app):
        refused = office.open(client, "id_no")
        assert refused.status_code == 503
        assert office.child.id_no not in refused.text
        assert office.child.id_no not in client.get(office.page).text
    assert office.rows() == []
    assert office.facts("child.reveal") == []
    assert office.child.id_no not in client.get(office.page).text


def test_a_look_at_the_file_leaves_a_row_before_anything_is_shown(app, office, clock):
    client = office.desk("county_staff")
    with LogBroken(app):
        refused = client.get(office.page)
    assert refused.status_code == 503
    assert "林安宁" not in refused.text
    client.get(office.page)
    client.get(office.page)
    (row,) = office.rows("file")
    assert (row.actor_id, row.role, row.reason) == (client.actor.user_id, "county_staff", "view")
    clock.advance(minutes=15)
    client.get(office.page)
    assert len(office.rows("file")) == 2


def test_the_file_says_who_has_looked(office):
    director, clerk = office.desk("child_director"), office.desk("county_staff")
    office.open(director, "guardian_phone", "other", "核对走访时间")
    clerk.get(office.page)
    for page in (director.get(office.page).text, clerk.get(f"{office.page}/looks").text):
        for words in (
            director.actor.name, "儿童主任", "监护人电话", "其他（请写明）：核对走访时间",
            clerk.actor.name, "县级民政工作人员", "查看档案（遮盖后）", "本岗位职责",
        ):  # fmt: skip
            assert words in page, words


def test_the_list_of_looks_is_paged_and_nothing_is_lost(office, clock):
    client = office.desk("child_director")
    for _ in range(35):
        office.open(client, "id_no")
        clock.advance(minutes=1)
    first = client.get(f"{office.page}/looks").text
    following = first.split("after=")[1].split('"')[0]
    second = client.get(f"{office.page}/looks?after={following}").text
    rows = len(office.rows()) + len(office.rows("file"))
    assert rows > 35
    assert first.count("本岗位职责") + second.count("本岗位职责") == rows


def test_a_second_role_elsewhere_opens_nothing(app, office, client_as):
    """Who directs another village and administers the county opens no file of the county."""
    from tests.factories import people

    with app.app_context():
        both = people.also(
            people.staff("child_director", "350421100201"), "platform_admin", "350421"
        )
    client = client_as(both)
    assert client.get(office.page).status_code == 404
    assert office.open(client, "id_no").status_code == 404
