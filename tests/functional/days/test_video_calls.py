"""Family video calls: one slot holds one call, a director sees only that others' slots are taken."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.core import unit_of_work
from portal.domain import clock
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.domain.video_calls import Hours
from portal.extensions import db
from portal.models.records import Message
from portal.queries import video_calls as rows
from portal.services import video_calls
from tests.factories import pairings as make
from tests.factories import people
from tests.factories import wishes as children
from tests.factories.applicants import send

TOWN, OTHER_VILLAGE = "/35/3504/350421/350421100/", "350421100001"
#: A Monday.
NOW = datetime(2026, 3, 2, 9, tzinfo=clock.SHANGHAI)
TUESDAY = date(2026, 3, 3)


@pytest.fixture
def on(app):
    with app.app_context(), clock.at(NOW):
        yield


def room():
    keeper = people.staff("child_supervisor", "350421100")
    given = {"weekdays": "21345", "opens": "17:00", "closes": "18:45", "slot_minutes": 30}
    made = make.do(video_calls.open_room, keeper, unit_path=TOWN, name="连线室", **given)
    return keeper, made


def booked(actor, room_id, child_id, on=TUESDAY, starts="17:30"):
    return make.do(
        video_calls.book, actor, room_id=room_id, child_id=child_id, happens_on=on, starts=starts,
        parent_name="林建军", relation="father", parent_phone="12059860000",
    )  # fmt: skip


def week(actor, room_id, first=date(2026, 3, 2)):
    with unit_of_work.reading(unit_of_work.scope.of(actor)):
        (found,) = [one for one in rows.rooms(actor) if one.id == room_id]
        return {(s.day, s.starts): s for day in rows.week(actor, found, first) for s in day.slots}


@pytest.mark.sqlite
def test_slots_are_whole_and_inside_the_hours():
    hours = Hours("12345", "17:00", "18:45", 30)
    assert hours.on(TUESDAY) == ("17:00", "17:30", "18:00")
    assert hours.on(date(2026, 3, 7)) == ()


def test_a_slot_is_booked_once_and_given_back(on):
    keeper, room_id = room()
    director = people.staff("child_director", children.VILLAGE)
    other = people.staff("child_director", OTHER_VILLAGE)
    mine, theirs = children.child(10), children.child(9, village=OTHER_VILLAGE)
    call = booked(director, room_id, mine.id)

    with pytest.raises(Conflict):
        booked(other, room_id, theirs.id)
    assert week(director, room_id)[(TUESDAY, "17:30")].state == rows.OWN
    seen = week(other, room_id)[(TUESDAY, "17:30")]
    assert (seen.state, seen.child, seen.call_id) == (rows.TAKEN, "", None)
    assert week(other, room_id)[(TUESDAY, "18:00")].state == rows.FREE
    with pytest.raises(NotFound):
        make.do(video_calls.cancel, other, call, reason="不是我的")

    make.do(video_calls.cancel, director, call, reason="爸爸加班")
    again = booked(other, room_id, theirs.id)
    with pytest.raises(Conflict):
        make.do(video_calls.close_room, keeper, room_id)
    second = booked(director, room_id, mine.id, starts="18:00")
    with pytest.raises(Conflict):
        make.do(video_calls.move, director, second, happens_on=TUESDAY, starts="17:30")
    make.do(video_calls.move, director, second, happens_on=TUESDAY, starts="17:00", version=1)
    with pytest.raises(Conflict):
        make.do(video_calls.missed, director, second, reason="没接", version=1)
    assert again


@pytest.mark.parametrize(
    ("day", "starts"),
    [(TUESDAY, "17:10"), (date(2026, 3, 7), "17:00"), (date(2026, 2, 27), "17:00"),
     (TUESDAY + timedelta(days=70), "17:00")],
)  # fmt: skip
def test_what_is_no_slot_is_refused(on, day, starts):
    _, room_id = room()
    director = people.staff("child_director", children.VILLAGE)
    with pytest.raises(Invalid):
        booked(director, room_id, children.child(10).id, day, starts)


def test_done_missed_and_the_numbers(on):
    _, room_id = room()
    director = people.staff("child_director", children.VILLAGE)
    child = children.child(10)
    first = booked(director, room_id, child.id)
    second = booked(director, room_id, child.id, starts="18:00")
    booked(director, room_id, child.id, on=TUESDAY + timedelta(days=1))
    with pytest.raises(WrongState):
        make.do(video_calls.done, director, first, minutes=25)
    with clock.at(NOW + timedelta(days=1, hours=10)):
        with pytest.raises(Invalid):
            make.do(video_calls.done, director, first, minutes=0)
        make.do(video_calls.done, director, first, minutes=25)
        make.do(video_calls.missed, director, second, reason="父亲没有接")
    with unit_of_work.reading(unit_of_work.scope.of(director)):
        assert rows.counted(2026) == rows.Counted(done=1, missed=1, minutes=25, booked=1)
        assert rows.counted(2025) == rows.Counted()
    stranger = people.staff("county_staff", "350424")
    with unit_of_work.reading(unit_of_work.scope.of(stranger)):
        assert rows.counted(2026) == rows.Counted()
        with pytest.raises(NotFound):
            rows.call(stranger, first)


def test_a_room_is_its_keepers_to_open(on):
    director = people.staff("child_director", children.VILLAGE)
    with pytest.raises(NotAllowed):
        make.do(
            video_calls.open_room, director, unit_path=TOWN, name="连线室", weekdays="1",
            opens="17:00", closes="18:00", slot_minutes=30,
        )  # fmt: skip


def test_the_day_before_the_director_is_told_once_and_of_no_child(on):
    _, room_id = room()
    director = people.staff("child_director", children.VILLAGE)
    child = children.child(10)
    booked(director, room_id, child.id)
    for expected in (1, 0):
        with unit_of_work.transaction(unit_of_work.system_scope("video_calls_remind")):
            assert video_calls.remind_due() == expected
    with unit_of_work.reading(people.everything()):
        (mail,) = db.session.scalars(
            select(Message).where(Message.template == "video_call_near")
        ).all()
        assert mail.user_id == director.user_id
        assert child.name not in str(mail.context)


@pytest.mark.sqlite
def test_the_pages_book_move_and_say_who_is_who(app, client_as):
    with clock.at(NOW):
        with app.app_context():
            _, room_id = room()
            child = children.child(10)
        keeper = client_as("child_supervisor", "350421100")
        director = client_as("child_director", children.VILLAGE)
        assert "雪峰" in keeper.get("/desk/video-calls/rooms").text
        refused = director.get("/desk/video-calls/rooms")
        assert refused.status_code == 403
        page = director.get(f"/desk/video-calls?room={room_id}").text
        assert "预约 2026年3月3日 17:30" in page or "17:30" in page
        given = {
            "child_id": str(child.id), "happens_on": "2026-03-03", "starts": "17:30",
            "parent_name": "林建军", "relation": "father", "parent_phone": "12059860000",
        }  # fmt: skip
        address = f"/desk/video-calls/new?room={room_id}"
        week = f"/desk/video-calls?room={room_id}"
        assert send(director, address, {**given, "starts": ""}).status_code == 422
        made = send(director, address, given)
        assert made.status_code == 303
        assert send(director, address, given).status_code == 409
        call = director.get(made.location).text
        assert "林建军" in call
        assert "12059860000" not in call
        assert child.name in director.get(week).text
        moved = send(
            director, f"{made.location}/move",
            {"happens_on": "2026-03-04", "starts": "18:00", "version": "1"},
            page=made.location,
        )  # fmt: skip
        assert moved.status_code == 303
        step = {"transition": "cancel", "reason": "改日"}
        assert send(director, made.location, {**step, "version": "1"}).status_code == 409
        assert send(director, made.location, {**step, "version": "2"}).status_code == 303
        assert child.name not in director.get(week).text
