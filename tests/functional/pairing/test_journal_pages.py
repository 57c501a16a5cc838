"""The journal's pages: a phone's queue, the desk that verifies, hours to the minute (story A4)."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from portal.models.service_records import Certificate
from portal.services import contact_logs, files
from tests.factories import hours, journals, people
from tests.factories.applicants import hidden, send
from tests.factories.journals import TALK, do, told

A4 = (
    ("talk", date(2026, 2, 12), 60),
    ("talk", date(2026, 3, 15), 90),
    ("home_visit", date(2026, 3, 22), 45),
    ("talk", date(2026, 4, 18), 75),
)


@pytest.fixture
def inside(app):
    """Do something between two requests, each of which has a context of its own."""

    def call(act, *args, **kwargs):
        with app.app_context():
            return act(*args, **kwargs)

    return call


@pytest.fixture
def pair(inside, clock):
    return inside(journals.paired)


def queued(client, pair, **given):
    """Send an entry as the phone's queue does; return status and JSON."""
    token = client.get("/me/journal/token").json["token"]
    data = {
        "client_id": str(uuid4()), "kind": "talk", "happened_on": "2026-02-12", "minutes": "60",
        "accompanied_by": "陈主任", "did": "读书", **given,
    }  # fmt: skip
    answer = client.post(
        f"/me/pairings/{pair.id}/journal", data=data,
        headers={"Accept": "application/json", "X-CSRFToken": token},
    )  # fmt: skip
    return answer.status_code, answer.json


def test_a_phones_queue_reads_what_became_of_an_entry(pair, client_as, inside):
    mentor = client_as(pair.mentor)
    assert mentor.get("/me/journal/token").json["owner"] == str(pair.mentor.user_id)
    client = str(uuid4())
    assert queued(mentor, pair, client_id=client)[0] == 201
    assert queued(mentor, pair, client_id=client)[0] == 200
    status, said = queued(mentor, pair, accompanied_by="")
    assert status == 422
    assert "前三次见面" in said["error"]
    assert list(said["fields"]) == ["accompanied_by"]
    assert queued(mentor, pair, minutes="")[0] == 422
    stranger = client_as(inside(hours.volunteer, "赵敏"))
    assert queued(stranger, pair)[0] == 404
    page = mentor.get(f"/me/pairings/{pair.id}/journal").text
    assert page.count("待核实") == 1
    assert "小雨" in page


def test_without_script_the_form_works_and_keeps_what_was_typed(pair, client_as):
    mentor, way = client_as(pair.mentor), f"/me/pairings/{pair.id}/journal"
    typed = {"kind": "talk", "happened_on": "2026-02-12", "minutes": "60", "accompanied_by": "陈"}
    refused = send(mentor, way, {**typed, "did": "电话12059861234"}, page=f"{way}/new")
    assert refused.status_code == 422
    assert "电话12059861234" in refused.text
    assert send(mentor, way, {**typed, "did": "读书"}, page=f"{way}/new").status_code == 303
    page = mentor.get(way).text
    assert "已记下" in page
    assert "读书" in page


@pytest.mark.sqlite
def test_what_a_phone_keeps_says_nothing_of_anybody(client, pair, client_as):
    stranger = client.get("/journal/offline")
    mentor = client_as(pair.mentor).get("/journal/offline")
    for page in (stranger.text, mentor.text):
        assert "这位孩子" in page
        assert "小雨" not in page
        assert pair.mentor.name not in page
        assert "csrf_token" not in page
    worker = client.get("/sw.js")
    assert worker.headers["Service-Worker-Allowed"] == "/"
    assert worker.mimetype == "text/javascript"


def test_sent_back_is_put_right_and_verified_in_the_queue(pair, client_as, inside, clock):
    director = inside(people.staff, "child_director")
    first = inside(told, pair)
    clock.advance(minutes=1)
    second = inside(told, pair, happened_on=date(2026, 2, 14))
    desk, mentor = client_as(director), client_as(pair.mentor)
    page = desk.get("/desk/contact-logs").text
    assert page.index("2026年2月12日") < page.index("2026年2月14日")
    way = f"/desk/contact-logs/{first}"
    assert send(desk, way, {"transition": "return", "reason": ""}).status_code == 422
    back = send(desk, way, {"transition": "return", "reason": "陪同的是谁"})
    assert back.location.endswith(str(second))
    own = f"/me/pairings/{pair.id}/journal/{first}"
    shown = mentor.get(own).text
    assert "陪同的是谁" in shown
    right = {
        "kind": "talk", "happened_on": "2026-02-12", "minutes": "75", "did": "读书",
        "accompanied_by": "陈主任", "version": hidden(shown, "version"),
    }  # fmt: skip
    assert send(mentor, own, right).status_code == 303
    chosen = [f"{first}:{inside(journals.log, first, 'version')}", f"{second}:1"]
    done = send(desk, "/desk/contact-logs", {"transition": "verify", "ids": chosen})
    assert done.status_code == 303
    found = [inside(journals.log, each, "status") for each in (first, second)]
    assert found == ["verified", "verified"]
    assert "2.25 小时" in desk.get(f"/desk/pairings/{pair.id}/journal").text


def test_what_waits_for_six_days_is_marked(pair, client_as, inside, clock):
    inside(told, pair)
    director = inside(people.staff, "child_director")
    clock.advance(days=5)
    assert "等了" not in client_as(director).get("/desk/contact-logs").text
    clock.advance(days=1)
    assert "等了 6 天" in client_as(director).get("/desk/contact-logs").text


def test_a_picture_is_for_whoever_verifies_there(pair, client_as, inside):
    inside(journals.photos_allowed, pair)
    draft = inside(files.keep_draft, pair.mentor, data=b"\xff\xd8", mime="image/jpeg")
    log_id = inside(told, pair, photo=draft)
    address = f"/files/{inside(journals.log, log_id, 'photo_id')}"
    who = {
        200: ("child_director", "child_supervisor", "county_staff"),
        404: ("city_staff", "auditor", "handover_staff"),
    }
    for status, roles in who.items():
        for role in roles:
            client = client_as(inside(people.staff, role))
            assert client.get(address).status_code == status, role
    assert client_as(pair.mentor).get(address).status_code == 404


def test_the_certificate_holds_four_services_and_the_minutes_by_sixty(
    pair, client_as, inside, clock
):
    director = inside(people.staff, "child_director")
    made = [
        inside(told, pair, replace(TALK, kind=kind, happened_on=day, minutes=minutes))
        for kind, day, minutes in A4
    ]
    made.append(inside(told, pair, kind="call", happened_on=date(2026, 4, 20)))
    for each in made:
        inside(do, director, contact_logs.verify, each)
    inside(told, pair, happened_on=date(2026, 4, 25), minutes=30)
    clerks = [inside(people.staff, "county_staff", "350421") for _ in range(2)]
    paper = inside(hours.issued, pair.mentor, *clerks, date(2026, 2, 1), date(2026, 4, 30), clock)
    held = inside(hours.row, Certificate, paper, "record_count", "minutes")
    assert held == (4, 60 + 90 + 45 + 75)
    assert "4.50" in client_as(pair.mentor).get(f"/me/certificates/{paper}").text
    # An entry that turns out void takes the paper built on it along.
    inside(do, director, contact_logs.void, made[0], reason="那天没有见面")
    assert inside(hours.status, paper) == "void"


def test_a_worry_is_answered_on_its_page_and_the_public_page_takes_one(
    pair, client, client_as, inside
):
    log_id = inside(told, pair, worried=True, worry="没有吃饭")
    county = client_as(inside(people.staff, "county_staff", "350421"))
    assert "没有吃饭" in county.get("/desk/concerns").text
    way = f"/desk/concerns/contact_log/{log_id}"
    assert send(county, way, {"words": ""}, page="/desk/concerns").status_code == 422
    assert send(county, way, {"words": "已经去看"}, page="/desk/concerns").status_code == 303
    page = county.get("/desk/concerns").text
    assert "已经去看" in page
    assert "没有等待答复的担心" in page
    public = client.get("/report-concern").text
    assert all(f'href="tel:{number}"' in public for number in ("110", "120", "12345", "12355"))
    words = {"county_code": "350421", "words": ""}
    assert send(client, "/report-concern", words).status_code == 422
    words["words"] = "楼上总有孩子哭"
    assert "110" in send(client, "/report-concern", words).text
    assert "楼上总有孩子哭" in county.get("/desk/concerns").text
