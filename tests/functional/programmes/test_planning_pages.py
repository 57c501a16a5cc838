"""The pages of planning: a kind without a page of its own, the board, notices, calendars."""

import re
from dataclasses import replace
from datetime import date

import pytest

from portal.core import unit_of_work
from portal.domain import programmes as domain
from portal.domain.programme_plans import PLANS, DayPlan
from portal.extensions import db
from portal.models.programmes import Programme
from portal.services import calendar_feeds, programme_notices, programmes, timetables
from tests.factories import people
from tests.factories import programmes as make
from tests.functional.programmes.test_planning import CAMP, CLASS, FIRST, do

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf_token"')


@pytest.fixture
def world(app, clock):
    """Run a factory or a verb as the application would: each in a context of its own."""

    def run(what, *args, **kwargs):
        with app.app_context():
            return what(*args, **kwargs)

    return run


@pytest.fixture
def organiser(world):
    return world(people.staff, "organiser", "350421")


@pytest.fixture
def county(world):
    return world(people.staff, "county_staff", "350421")


def send(client, page, data, to=""):
    """Post what was typed with the token of a page, to it or to another address."""
    token = next(filter(None, TOKEN.search(client.get(page).text).groups()))
    return client.post(to or page, data={"csrf_token": token, **data})


def code_of(world, programme_id):
    def read():
        with unit_of_work.reading(people.everything()):
            return db.session.get(Programme, programme_id).code

    return world(read)


@pytest.mark.sqlite
def test_a_new_kind_is_a_row_and_a_template(client_as, organiser, monkeypatch):
    kind = replace(
        domain.KINDS["interest_class"], label="家庭读书会", topics=("interest",),
        days_allowed="any", needs_drill=False,
    )  # fmt: skip
    monkeypatch.setitem(domain.KINDS, "reading_club", kind)
    monkeypatch.setitem(
        PLANS, "club",
        DayPlan("reading_club", "每周一次", (("19:00", "20:00", "{theme}", ""),), (("共读", "interest"),)),
    )  # fmt: skip
    client = client_as(organiser)
    assert "家庭读书会" in client.get("/desk/programmes/new").text
    page = client.get("/desk/programmes/new?kind=reading_club")
    assert page.status_code == 200
    sent = send(
        client,
        "/desk/programmes/new?kind=reading_club",
        {
            "title": "周三读书会", "starts_on": "2026-07-01", "ends_on": "2026-07-29",
            "capacity": "12", "ratio": "8", "age_min": "6", "age_max": "12", "places_by": "first",
            "register_from": "2026-05-21", "register_until": "2026-06-20", "venue": "图书馆",
        },
    )  # fmt: skip
    assert sent.status_code == 303
    board = sent.headers["Location"]
    assert send(client, board, {"do": "fill:", "plan": "club"}).status_code == 303
    assert client.get(board).text.count("共读") >= 5
    code = board.split("/")[-3]
    overview = client.get(f"/programmes/{code}/manage").text
    assert "家庭读书会" in overview
    assert "5 天有活动，5 次点名" in overview


@pytest.mark.sqlite
def test_the_checklist_follows_what_is_typed_and_saves_nothing(client_as, organiser):
    client = client_as(organiser)
    typed = {"kind": "camp", "starts_on": "2026-07-06", "ends_on": "2026-07-14", "season": "summer"}
    nine = client.get("/desk/programmes/checklist", query_string=typed).text
    assert "还差 1 天：起止日期共 9 天，每期不少于 10 天" in nine
    ten = client.get("/desk/programmes/checklist", query_string={**typed, "ends_on": "2026-07-15"})
    assert "起止日期共" not in ten.text
    assert "已排 0 / 10 天" in ten.text
    late = client.get(
        "/desk/programmes/checklist", query_string={**typed, "starts_on": "2026-06-05"}
    )
    assert "最晚 5月16日" in late.text
    assert client.get("/desk/programmes/checklist?kind=nosuch").status_code == 404
    assert "这里还没有活动" in client.get("/desk/programmes?view=own").text


@pytest.mark.sqlite
def test_the_board_moves_copies_and_says_what_clashes(world, client_as, organiser):
    programme_id = world(do, programmes.draft, organiser, CAMP)
    code = code_of(world, programme_id)
    board = f"/programmes/{code}/manage/timetable"
    client = client_as(organiser)
    line = {"happens_on": "2026-07-06", "starts": "09:00", "ends": "10:00", "title": "竹编",
            "topic": "traditional_culture", "room": "一号室"}  # fmt: skip
    assert send(client, board, to=f"{board}/line", data=line).status_code == 303
    assert (
        send(client, board, to=f"{board}/line", data={**line, "title": "诗词"}).status_code == 303
    )
    page = client.get(board).text
    assert "同一间一号室" in page
    late = send(client, board, to=f"{board}/line", data={**line, "ends": "08:00"})
    assert late.status_code == 422
    assert "结束时间要晚于开始时间" in late.text
    assert 'value="竹编"' in late.text
    first = re.search(r'data-line="([0-9a-f-]{36})"', page)[1]
    assert send(client, board, {"do": f"to:{first}:2026-07-07"}).status_code == 303
    copied = send(client, board, {"do": "copy:2026-07-07", "targets": ["2026-07-08"]})
    assert copied.status_code == 303
    assert client.get(board).text.count("同一间") == 0
    assert (
        send(client, board, {"do": "copy:2026-07-15", "targets": ["2026-07-08"]}).status_code == 422
    )
    assert send(client, board, {"do": f"to:{first}:2026-08-07"}).status_code == 422
    assert send(client, board, {"do": "nosuch:1"}).status_code == 404
    stale = re.search(r'value="undo:([0-9a-f-]{36})"', page)[1]
    assert send(client, board, {"do": f"undo:{stale}"}).status_code == 409
    other = client_as(world(people.staff, "organiser", "350421"))
    cleared = send(other, "/desk/programmes/new?kind=camp", {"do": "clear:2026-07-07"}, to=board)
    assert cleared.status_code == 403
    assert client_as("county_staff", "320681").get(board).status_code == 404
    director = client_as("child_director")
    assert director.get(f"/programmes/{code}/manage").status_code == 403
    assert "竹编" in director.get(f"/programmes/{code}/timetable").text


@pytest.mark.sqlite
def test_a_class_is_called_off_and_made_up_on_the_page(world, client_as, organiser, county):
    programme_id = world(do, programmes.draft, organiser, CLASS)
    world(do, timetables.fill, organiser, programme_id, plan="weekend", sessions_wanted=12)
    code, client = code_of(world, programme_id), client_as(county)
    page, rooms = f"/programmes/{code}/manage", f"/programmes/{code}/manage/sessions"
    version = re.search(r'name="version" [^>]*value="(\d+)"', client.get(page).text)[1]
    ready = {"version": version, "venue_checked_on": "2026-05-19", "drill_on": "2026-05-10"}
    assert send(client, page, ready, to=f"{page}/prepare").status_code == 303
    world(do, programmes.submit, organiser, programme_id)
    world(do, programmes.approve, county, programme_id)
    shown = client.get(rooms).text
    assert "共 12 场" in shown
    url = re.search(rf'action="({rooms}/[0-9a-f-]+)"', shown)[1]
    off = {"transition": "cancel", "reason": "下雨", "version": "1"}
    assert send(client, rooms, {**off, "version": "x"}, to=url).status_code == 409
    assert send(client, rooms, {**off, "reason": ""}, to=url).status_code == 422
    assert send(client, rooms, off, to=url).status_code == 303
    shown = client.get(rooms).text
    assert "共 11 场" in shown
    assert "1 场取消后还没有补" in shown
    again = {"transition": "replan", "day": "2026-06-20", "version": "2"}
    assert send(client, rooms, {**again, "day": ""}, to=url).status_code == 422
    assert send(client, rooms, again, to=url).status_code == 303
    assert "共 12 场" in client.get(rooms).text


@pytest.mark.sqlite
def test_notices_are_public_filtered_and_name_no_place(world, client):
    assert "这会儿没有公开报名的活动" in client.get("/programmes").text
    camp = world(
        make.programme, title="「丹霞」夏令营", starts_on=date(2026, 7, 20), days=11, status="open"
    )
    gone = world(
        make.programme, title="「旧」夏令营", starts_on=date(2026, 1, 20), status="finished"
    )

    def publish():
        with unit_of_work.transaction(people.everything()):
            for one in (camp, gone):
                programme_notices.publish(db.session.get(Programme, one.id))

    world(publish)
    page = client.get("/programmes").text
    assert "「丹霞」夏令营" in page
    assert "「旧」夏令营" not in page
    assert "「旧」夏令营" in client.get("/programmes?status=past").text
    assert "没有找到这样的活动" in client.get("/programmes?kind=carer_class").text
    assert "「丹霞」夏令营" in client.get("/programmes?kind=camp&region=350421&q=丹霞").text
    one = client.get(f"/programmes/{camp.code}")
    assert one.status_code == 200
    assert "青少年活动中心" not in one.text
    assert client.get("/programmes/HD-2026-9999").status_code == 404


@pytest.mark.sqlite
def test_a_calendar_is_secret_has_no_child_and_is_gone_when_taken_back(
    world, client, organiser, clock
):
    programme_id = world(do, programmes.draft, organiser, CAMP)
    world(do, timetables.fill, organiser, programme_id, plan="firefly")
    feed, token = world(do, calendar_feeds.issue, organiser, programme_id=programme_id)
    answer = client.get(f"/calendar/{token}.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    lines = answer.text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    text = answer.text.replace("\r\n ", "")
    assert text.count("BEGIN:VEVENT") == 80
    assert "SUMMARY:「萤火虫」夏令营：防溺水\r\n" in text
    assert "DTSTART;TZID=Asia/Shanghai:20260706T083000" in text
    assert "LOCATION:明溪县青少年活动中心" in text

    # A teacher's own calendar: the lines, and the hours on the rota; off the rota, nothing.
    of = world(make.programme, starts_on=FIRST, days=2)
    teacher = world(make.teacher, of)
    _, own = world(do, calendar_feeds.issue, teacher)
    assert client.get(f"/calendar/{own}.ics").text.count("值班") == 0
    clock.advance(days=45)
    assert client.get(f"/calendar/{own}.ics").text.count("值班") == 2
    world(do, calendar_feeds.revoke, organiser, feed)
    assert client.get(f"/calendar/{token}.ics").status_code == 404
    with pytest.raises(Exception, match="没有找到"):
        world(do, calendar_feeds.revoke, teacher, feed)
