"""The roll over HTTP: what a telephone sends, paper typed in, the door, a device that is wiped."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from portal.core import unit_of_work
from portal.domain import clock, pickup_codes
from portal.extensions import db
from portal.models.attendance import AttendanceCell, AttendanceMark, SessionUnlock
from portal.models.enrolments import Enrolment, PickupPerson
from portal.models.programmes import ProgrammeSession
from portal.queries import attendance as sheets
from tests.factories import people
from tests.factories import programmes as make
from tests.factories.applicants import csrf

pytestmark = pytest.mark.sqlite


@pytest.fixture
def room(app, clock):
    """An after-school room at ten in the morning: three children, a teacher, one registered."""
    with app.app_context():
        room = make.programme(kind="after_school", title="儿童学校")
        room.session = make.session(room, starts="09:30", ends="11:30")
        room.children = [make.child_in(room, called=name) for name in ("小灵", "小浩", "小梅")]
        with unit_of_work.transaction(people.everything()):
            for number, child in enumerate(room.children, 1):
                row = db.session.get(Enrolment, child.id)
                row.roster_no, row.badge = number, f"badge-{number}"
            person = PickupPerson(
                enrolment_id=room.children[0].id, programme_id=room.id, name="王秀英",
                unit_path=room.children[0].unit_path, relation="mother",
                code_hash=pickup_codes.hashed("246810", 1000),
            )  # fmt: skip
            db.session.add(person)
            db.session.flush()
            room.person = person.id
        room.teacher = make.teacher(room)
    return room


def item(kind, child=None, **more):
    made = {"kind": kind, "id": str(uuid4()), "at": clock.now().isoformat(), **more}
    return made | ({"child": str(child.id)} if child else {})


def send(client, room, *items, now=None):
    message = {
        "now": (now or clock.now()).isoformat(), "device": str(uuid4()), "items": list(items),
    }  # fmt: skip
    return put(client, room, message)


def put(client, room, message):
    token = client.get("/attendance/token").json["token"]
    return client.post(
        f"/attendance/{room.session}/marks", json=message, headers={"X-CSRFToken": token}
    )


def post(client, path, data=None, *, page="/attendance"):
    """Send a form with the token of a page that its reader has open."""
    token = csrf(client, page)
    return client.post(path, data={"csrf_token": token, **(data or {})})


def state(app, room, child):
    with app.app_context(), unit_of_work.reading(people.everything()):
        found = db.session.query(AttendanceCell).filter_by(enrolment_id=child.id).one_or_none()
        return (found.state, found.conflict) if found else None


def test_a_telephone_sends_twice_is_answered_by_item_and_its_clock_is_put_right(
    app, room, client_as
):
    client = client_as(room.teacher)
    ling, hao, mei = room.children
    assert "小灵" in client.get(f"/attendance/{room.session}").text
    ahead = timedelta(hours=3)
    absent = item("mark", hao, state="absent", why="unknown", seen=[])
    absent["at"] = (clock.now() + ahead - timedelta(minutes=5)).isoformat()
    wrong = item("mark", mei, state="nowhere", seen=[])
    go = item("go", ling, person=str(room.person), code="246810")
    go["at"] = (clock.now() + ahead).isoformat()
    block = item("block", mei, words="自称舅舅")
    for _ in range(2):
        said = send(
            client, room, absent, wrong, go, block, item("take", heads=2), now=clock.now() + ahead
        )
        assert said.status_code == 200
        assert set(said.json["refused"]) == {wrong["id"]}
    with app.app_context(), unit_of_work.reading(people.everything()):
        marks = db.session.query(AttendanceMark).filter_by(enrolment_id=hao.id).all()
        assert len(marks) == 1
        assert clock.now() - marks[0].marked_at == timedelta(minutes=5)
        assert db.session.get(ProgrammeSession, room.session).head_count == 2
    assert state(app, room, mei) == ("present", False)
    got = client.get(f"/attendance/{room.session}/sheet.json").json["sheet"]
    by_name = {one["name"]: one for one in got["children"]}
    assert (got["status"], got["heads"]) == ("taken", 2)
    assert by_name["小浩"]["state"] == "absent"
    assert by_name["小灵"]["gone"] == "10:00"
    assert by_name["小灵"]["badge"] == sheets.badge_key("badge-1")
    for broken in ({"items": "x"}, {"items": [7]}, {"items": [{"kind": "mark", "id": "no"}]}):
        assert put(client, room, broken).status_code == 422
    # What a telephone may keep is its owner's programmes, and no clerk's.
    assert len(client.get("/attendance/kept.json").json["sheets"]) == 1
    county = client_as("county_staff", "350421")
    assert county.get("/attendance/kept.json").json["sheets"] == []
    assert "儿童学校" in county.get("/attendance").text
    other = client_as("county_staff", "350424")
    assert "儿童学校" not in other.get("/attendance").text
    for method, path in (("get", ""), ("get", "/sheet.json"), ("get", "/print"), ("get", "/paper")):
        found = getattr(other, method)(f"/attendance/{room.session}{path}")
        assert found.status_code == 404, path
    assert send(other, room, absent).status_code == 404


def test_a_paper_sheet_is_typed_in_by_numbers(app, room, client_as):
    client = client_as(room.teacher)
    path = f"/attendance/{room.session}/paper"
    assert "小灵" in client.get(f"/attendance/{room.session}/print").text
    for wrong, said in (
        ({"absent": "2 9"}, "名单上没有这些序号：9"),
        ({"absent": "2", "late": "2,3"}, "同一个序号写了两次：2"),
        ({"head_count": "-1"}, "请填实际清点的人数"),
    ):
        answer = post(client, path, wrong)
        assert answer.status_code == 422
        assert said in answer.text
    data = {"late": "1", "leave": "", "absent": "2", "head_count": "2"}
    assert post(client, path, data).status_code == 303
    assert [state(app, room, one) for one in room.children] == [
        ("late", False), ("absent", False), ("present", False),
    ]  # fmt: skip
    # The paper was read wrongly: typed in again it says what it says.
    post(client, path, {"absent": "3"})
    assert [state(app, room, one)[0] for one in room.children] == ["present", "present", "absent"]


def test_a_locked_session_is_opened_by_a_second_person_on_the_page(app, room, client_as):
    with app.app_context(), unit_of_work.transaction(people.everything()):
        db.session.execute(
            ProgrammeSession.__table__.update()
            .where(ProgrammeSession.id == room.session)
            .values(status="locked")
        )
    client, county = client_as(room.teacher), client_as("county_staff", "350421")
    ask = f"/attendance/{room.session}/unlock"
    assert post(client, ask, {"reason": ""}).status_code == 422
    assert post(client, ask, {"reason": "纸质表补录"}).status_code == 303
    assert post(client, f"/attendance/{room.session}/paper", {}).status_code == 409
    with app.app_context(), unit_of_work.reading(people.everything()):
        unlock = db.session.query(SessionUnlock).one()
        path = f"/attendance/unlocks/{unlock.id}"
    assert "纸质表补录" in county.get("/attendance").text
    assert post(client, path, {"version": "1"}).status_code == 403
    assert post(county, path, {"transition": "approve"}).status_code == 409
    given = {"transition": "approve", "version": "1"}
    assert post(county, path, given).status_code == 303
    assert post(client, f"/attendance/{room.session}/paper", {}).status_code == 303


def test_the_door_checks_in_and_opens_nothing_else(app, room, client_as, clock):
    door = client_as(room.teacher)
    assert (
        post(
            door, f"/attendance/{room.session}/kiosk", page=f"/attendance/{room.session}/kiosk"
        ).status_code
        == 303
    )
    shown = door.get("/attendance/kiosk")
    assert shown.status_code == 200
    assert not any(child.called in shown.text for child in room.children)
    assert door.get(f"/attendance/{room.session}").status_code == 303
    assert (
        "小浩"
        in post(door, "/attendance/kiosk", {"code": "badge-2"}, page="/attendance/kiosk").text
    )
    # Half past nine was half an hour ago.
    assert state(app, room, room.children[1]) == ("late", False)
    assert (
        "不是本活动的"
        in post(door, "/attendance/kiosk", {"code": "badge-9"}, page="/attendance/kiosk").text
    )
    token = csrf(door, "/attendance/kiosk")
    clock.advance(hours=2, minutes=31)
    assert door.get("/attendance/kiosk").status_code == 404
    late = door.post("/attendance/kiosk", data={"code": "badge-1", "csrf_token": token})
    assert late.status_code == 404


def test_a_device_is_told_whether_it_may_keep_what_it_holds(app, room, client_as):
    client, visitor = client_as(room.teacher), app.test_client()
    assert visitor.get("/attendance/standing").json == {"state": "out"}
    assert client.get("/attendance/standing").json == {"state": "in"}
    with client.session_transaction() as cookie:
        held = dict(cookie)
    post(client, "/logout")
    with client.session_transaction() as cookie:
        cookie.update(held)
    assert client.get("/attendance/standing").json == {"state": "gone"}
    assert client.get("/attendance/token").status_code == 303
