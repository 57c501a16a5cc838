"""The pages of planning: a kind without a page of its own, the board, notices, calendars."""

import re
from dataclasses import replace
from datetime import date

import pytest

from portal.domain import programmes as domain
from portal.domain.programme_plans import PLANS, DayPlan
from portal.services import calendar_feeds, programmes, timetables
from tests.factories import people
from tests.factories import programmes as make
from tests.functional.programmes.test_planning import CAMP, CLASS, FIRST, do


@pytest.fixture(autouse=True)
def on(app, clock):
    with app.app_context():
        yield clock


@pytest.fixture
def organiser():
    return people.staff("organiser", "350421")


def code_of(programme_id):
    return do(lambda _, one: programmes.get(one).code, people.staff("county_staff"), programme_id)


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
    sent = client.post(
        "/desk/programmes/new?kind=reading_club",
        data={
            "title": "周三读书会", "starts_on": "2026-07-01", "ends_on": "2026-07-29",
            "capacity": "12", "ratio": "8", "age_min": "6", "age_max": "12", "places_by": "first",
            "register_from": "2026-05-21", "register_until": "2026-06-20", "venue": "图书馆",
        },
    )  # fmt: skip
    assert sent.status_code == 303
    board = sent.headers["Location"]
    assert client.post(board, data={"do": "fill:", "plan": "club"}).status_code == 303
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
def test_the_board_moves_copies_and_says_what_clashes(client_as, organiser):
    programme_id = do(programmes.draft, organiser, CAMP)
    code = code_of(programme_id)
    board = f"/programmes/{code}/manage/timetable"
    client = client_as(organiser)
    line = {"happens_on": "2026-07-06", "starts": "09:00", "ends": "10:00", "title": "竹编",
            "topic": "traditional_culture", "room": "一号室"}  # fmt: skip
    assert client.post(f"{board}/line", data=line).status_code == 303
    assert client.post(f"{board}/line", data={**line, "title": "诗词"}).status_code == 303
    page = client.get(board).text
    assert "同一间一号室" in page
    late = client.post(f"{board}/line", data={**line, "ends": "08:00"})
    assert late.status_code == 422
    assert "结束时间要晚于开始时间" in late.text
    assert 'value="竹编"' in late.text
    first = re.search(r'data-line="([0-9a-f-]{36})"', page)[1]
    assert client.post(board, data={"do": f"to:{first}:2026-07-07"}).status_code == 303
    copied = client.post(board, data={"do": "copy:2026-07-07", "targets": ["2026-07-08"]})
    assert copied.status_code == 303
    assert client.get(board).text.count("同一间") == 0
    assert (
        client.post(board, data={"do": "copy:2026-07-15", "targets": ["2026-07-08"]}).status_code
        == 422
    )
    assert client.post(board, data={"do": f"to:{first}:2026-08-07"}).status_code == 422
    assert client.post(board, data={"do": "nosuch:1"}).status_code == 404
    stale = re.search(r'value="undo:([0-9a-f-]{36})"', page)[1]
    assert client.post(board, data={"do": f"undo:{stale}"}).status_code == 409
    other = client_as(people.staff("organiser", "350421"))
    assert other.post(board, data={"do": "clear:2026-07-07"}).status_code == 403
    assert client_as("county_staff", "320681").get(board).status_code == 404
    director = client_as("child_director")
    assert director.get(f"/programmes/{code}/manage").status_code == 403
    assert "竹编" in director.get(f"/programmes/{code}/timetable").text


@pytest.mark.sqlite
def test_a_class_is_called_off_and_made_up_on_the_page(client_as, organiser):
    county = people.staff("county_staff", "350421")
    programme_id = do(programmes.draft, organiser, CLASS)
    do(timetables.fill, organiser, programme_id, plan="weekend", sessions_wanted=12)
    code, client = code_of(programme_id), client_as(county)
    form = client.get(f"/programmes/{code}/manage").text
    version = re.search(r'name="version" [^>]*value="(\d+)"', form)[1]
    kept = client.post(f"/programmes/{code}/manage/prepare",
                       data={"version": version, "venue_checked_on": "2026-05-19", "drill_on": "2026-05-10"})  # fmt: skip
    assert kept.status_code == 303
    do(programmes.submit, organiser, programme_id)
    do(programmes.approve, county, programme_id)
    page = client.get(f"/programmes/{code}/manage/sessions").text
    assert "共 12 场" in page
    (url,) = set(re.findall(r'action="([^"]+)"', page[: page.index("取消这一场") + 400])) - {
        "/logout"
    } or {""}
    assert (
        client.post(
            url, data={"transition": "cancel", "reason": "下雨", "version": "x"}
        ).status_code
        == 409
    )
    assert client.post(url, data={"transition": "cancel", "version": "1"}).status_code == 422
    assert (
        client.post(
            url, data={"transition": "cancel", "reason": "下雨", "version": "1"}
        ).status_code
        == 303
    )
    page = client.get(f"/programmes/{code}/manage/sessions").text
    assert "共 11 场" in page
    assert "1 场取消后还没有补" in page
    made_up = client.post(url, data={"transition": "replan", "day": "2026-06-20", "version": "2"})
    assert made_up.status_code == 303
    assert "共 12 场" in client.get(f"/programmes/{code}/manage/sessions").text


@pytest.mark.sqlite
def test_notices_are_public_filtered_and_name_no_place(client, client_as, organiser):
    assert "这会儿没有公开报名的活动" in client.get("/programmes").text
    from portal.core import unit_of_work
    from portal.extensions import db
    from portal.models.programmes import Programme
    from portal.services import programme_notices

    camp = make.programme(
        title="「丹霞」夏令营", starts_on=date(2026, 7, 20), days=11, status="open"
    )
    gone = make.programme(title="「旧」夏令营", starts_on=date(2026, 1, 20), status="finished")
    with unit_of_work.transaction(people.everything()):
        for one in (camp, gone):
            programme_notices.publish(db.session.get(Programme, one.id))
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
def test_a_calendar_is_secret_has_no_child_and_is_gone_when_taken_back(client, organiser, on):
    programme_id = do(programmes.draft, organiser, CAMP)
    do(timetables.fill, organiser, programme_id, plan="firefly")
    feed, token = do(calendar_feeds.issue, organiser, programme_id=programme_id)
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
    of = make.programme(starts_on=FIRST, days=2)
    teacher = make.teacher(of)
    _, own = do(calendar_feeds.issue, teacher)
    assert client.get(f"/calendar/{own}.ics").text.count("值班") == 0
    on.move_to(on.advance(days=45))
    assert client.get(f"/calendar/{own}.ics").text.count("值班") == 2
    do(calendar_feeds.revoke, organiser, feed)
    assert client.get(f"/calendar/{token}.ics").status_code == 404
    with pytest.raises(Exception, match="没有找到"):
        do(calendar_feeds.revoke, teacher, feed)
