"""Hours and certificates in the browser: the volunteer's rooms, the desk, the stranger's check."""

from __future__ import annotations

import io
import re
import time

import openpyxl
import pytest

from portal.core import scope, unit_of_work
from portal.models.service_records import Certificate, ServiceRecord
from portal.services import certificates, record_corrections
from portal.web import turnstile
from tests.factories import hours, people
from tests.factories.applicants import hidden, send
from tests.factories.hours import day, service
from tests.functional.hours.test_certificates import FIRST, LAST, served

HERE = {}
TOLD = {
    "kind": "talk", "title": "陪孩子读绘本", "place": "雪峰镇儿童之家", "served_on": "2026-05-12",
    "starts": "14:00", "ends": "15:30", "organiser": "350421",
}  # fmt: skip


@pytest.fixture(autouse=True)
def on(app, clock):
    HERE["app"] = app
    turnstile.forget()


def inside(act, *args, **kwargs):
    """Prepare or look in the application's context, never around a request."""
    with HERE["app"].app_context():
        return act(*args, **kwargs)


def changing(actor, act, *args, **kwargs):
    with HERE["app"].app_context(), unit_of_work.transaction(scope.of(actor)):
        return act(actor, *args, **kwargs)


@pytest.fixture
def wang(client_as):
    return client_as(inside(hours.volunteer))


@pytest.fixture
def county(client_as):
    return client_as("county_staff", "350421")


@pytest.fixture
def second(client_as):
    return client_as("county_staff", "350421")


def issued(wang, county, second, clock):
    def make():
        served(wang.actor, county.actor)
        return hours.issued(wang.actor, county.actor, second.actor, FIRST, LAST, clock)

    return inside(make)


def test_a_volunteer_tells_and_a_clerk_verifies_several(wang, county):
    told = {**TOLD, "speaker": str(wang.actor.supporter_ids[0])}
    assert send(wang, "/me/hours/new", told).status_code == 303
    assert send(wang, "/me/hours/new", {**told, "served_on": "2026-05-13"}).status_code == 303
    page = wang.get("/me/hours").text
    assert "待核实" in page
    assert "14:00–15:30 · 90 分钟" in page
    queue = county.get("/desk/hours").text
    ids = re.findall(r'name="ids" value="([^"]+)"', queue)
    assert len(ids) == 2
    answer = send(
        county, "/desk/hours", {"ids": ids, "transition": "verify"}, follow_redirects=True
    )
    assert "办好了 2 条" in answer.text
    assert re.search(r"3\.00\s*<small>小时", wang.get("/me/hours").text)


def test_what_was_typed_wrong_comes_back_with_a_sentence_beside_it(wang):
    told = {**TOLD, "speaker": str(wang.actor.supporter_ids[0]), "place": "花园小区3栋",
            "served_on": "2026-05-21"}  # fmt: skip
    answer = send(wang, "/me/hours/new", told)
    assert answer.status_code == 422
    assert "请只写场所名称" in answer.text
    assert "服务日期不能晚于今天" in answer.text
    assert 'value="陪孩子读绘本"' in answer.text


def test_somebody_elses_supporter_cannot_be_chosen(wang):
    other = inside(hours.volunteer, "李大山")
    told = {**TOLD, "speaker": str(other.supporter_ids[0])}
    assert send(wang, "/me/hours/new", told).status_code == 422


def test_a_returned_record_is_corrected_on_its_page(wang, county):
    record = inside(hours.told, wang.actor, service(day(5, 12), 90))
    url = f"/desk/hours/{record}"
    back = {"transition": "return", "version": "1", "reason": "签到表上只有一个小时"}
    assert send(county, url, back).status_code == 303
    page = wang.get(f"/me/hours/{record}").text
    assert "签到表上只有一个小时" in page
    assert 'value="90"' in page
    again = {**TOLD, "starts": "", "ends": "", "minutes": "60", "version": "2"}
    assert send(wang, f"/me/hours/{record}", again).status_code == 303
    assert inside(hours.row, ServiceRecord, record, "status", "minutes") == ("recorded", 60)
    stale = send(county, url, {"transition": "verify", "version": "2"})
    assert stale.status_code == 409


def test_the_recorder_is_told_why_the_button_is_not_theirs(client_as):
    both = inside(lambda: people.also(hours.volunteer(), "county_staff", "350421"))
    record = inside(hours.told, both, service(day(5, 12)))
    page = client_as(both).get(f"/desk/hours/{record}").text
    assert "两人把关" in page
    assert 'value="verify"' not in page


def test_a_correction_is_asked_and_answered_on_the_pages(wang, county):
    (record,) = inside(hours.verified, wang.actor, county.actor, service(day(5, 12), 90))
    url = f"/me/hours/{record}"
    assert send(wang, f"{url}/correction", {"words": "其实是两个小时"}, page=url).status_code == 303
    page = county.get("/desk/hours/corrections").text
    assert "其实是两个小时" in page
    action = re.search(r'action="(/desk/hours/corrections/[^"]+)"', page)[1]
    answer = {"granted": "no", "words": "签到表是一个半小时", "version": "1"}
    assert send(county, action, answer, page="/desk/hours/corrections").status_code == 303
    assert "签到表是一个半小时" in wang.get(url).text


def test_a_certificate_goes_its_way_through_the_pages(wang, county, second, clock):
    inside(served, wang.actor, county.actor)
    asked = {"speaker": str(wang.actor.supporter_ids[0]), "organiser": "350421",
             "period_from": "2026-02-01", "period_to": "2026-04-30"}  # fmt: skip
    made = send(wang, "/me/certificates/new", asked)
    url = made.location
    desk = url.replace("/me/", "/desk/")
    act = {"transition": "publicise", "version": "1"}
    assert send(county, desk, act).status_code == 303
    assert "2026年5月27日" in wang.get(url).text
    assert "两人把关" in county.get(desk).text
    assert "内部公示到2026年5月27日" in second.get(desk).text
    clock.advance(days=8)
    version = hidden(second.get(desk).text, "version")
    assert send(second, desk, {"transition": "issue", "version": version}).status_code == 303
    page = wang.get(url).text
    assert "4.25 小时" in page
    assert "PDF 正在生成" in page
    sheet = wang.get(f"{url}/print")
    assert "兹证明 王晓燕 于2026年2月1日至2026年4月30日期间" in sheet.text
    assert "data:image/svg+xml" in sheet.text


def test_publicity_shows_masks_to_whoever_only_reads(wang, county, client_as):
    inside(served, wang.actor, county.actor)
    certificate = inside(hours.asked, wang.actor, FIRST, LAST)
    changing(county.actor, certificates.publicise, certificate)
    for reader in (client_as("handover_staff", "350421"), client_as("auditor", "350421")):
        for address in (
            "/desk/certificates?status=publicised",
            f"/desk/certificates/{certificate}",
        ):
            page = reader.get(address).text
            assert "王**" in page
            assert "王晓燕" not in page
            assert "陪孩子聊天读书" not in page
    point = client_as("handover_staff", "350421")
    said = send(point, f"/desk/certificates/{certificate}/objections", {"words": "那天他不在"},
                page=f"/desk/certificates/{certificate}")  # fmt: skip
    assert said.status_code == 303
    assert "那天他不在" not in wang.get(f"/me/certificates/{certificate}").text
    neighbour = client_as("county_staff", "350429")
    assert neighbour.get(f"/desk/certificates/{certificate}").status_code == 404


def test_a_stranger_sees_valid_then_void_and_never_more(client, wang, county, second, clock):
    certificate = issued(wang, county, second, clock)
    serial = inside(hours.row, Certificate, certificate, "serial")
    answer = client.get(f"/verify/{serial}")
    assert "这份证明有效" in answer.text
    told = re.sub(r"<[^>]+>", "", answer.text)
    for shown in ("王**", "4.25 小时", "明溪县民政局", "2026年2月1日至2026年4月30日"):
        assert shown in told
    for secret in ("王晓燕", hours.ID_NUMBER[-4:], "陪孩子聊天读书", "儿童之家", "example.org"):
        assert secret not in answer.text
    changing(county.actor, certificates.revoke, certificate, reason="姓名写错")
    page = client.get(f"/verify/{serial.lower()}").text
    assert "这份证明已作废" in page
    for secret in ("王**", "4.25", "明溪", "姓名写错"):
        assert secret not in page


def test_known_and_unknown_serials_answer_alike(client, wang, county, second, clock):
    certificate = issued(wang, county, second, clock)
    known = inside(hours.row, Certificate, certificate, "serial")
    answers = [client.get(f"/verify/{serial}") for serial in (known, "0" * 20, "nosuch")]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    for answer in answers:
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert answer.headers["Cache-Control"] == "no-store"
    spent = {known: [], "0" * 20: []}
    for _ in range(25):
        for serial, times in spent.items():
            began = time.perf_counter()
            client.get(f"/verify/{serial}")
            times.append(time.perf_counter() - began)
    # The quickest of each: a busy machine makes an answer slower, never quicker.
    quickest = [min(times) for times in spent.values()]
    assert abs(quickest[0] - quickest[1]) < 0.01


def test_a_machine_that_tries_serials_is_stopped(client):
    statuses = {
        client.get(f"/verify/{number:020d}").status_code for number in range(turnstile.MOST)
    }
    assert statuses == {200}
    refused = client.get(f"/verify/{1:020d}")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) <= 61
    assert client.get("/").status_code == 200


def test_a_typed_serial_leads_to_its_answer(client):
    answer = client.get("/verify?serial=7k3qx-0w9bn-z4t6h-j2mra")
    assert answer.location == "/verify/7K3QX0W9BNZ4T6HJ2MRA"
    assert (
        "没有这个编号的证明"
        in client.get("/verify?serial=%3Cscript%3E", follow_redirects=True).text
    )


def test_the_workbooks_hold_the_hours(wang, county, app, monkeypatch):
    inside(hours.verified, wang.actor, county.actor, service(day(5, 12), 100))
    inside(hours.told, wang.actor, service(day(5, 13), 30, title="=1+1"))
    own = openpyxl.load_workbook(io.BytesIO(wang.get("/me/hours.xlsx").data)).active
    assert [cell.value for cell in own[1]][:3] == ["日期", "服务类型", "内容"]
    assert own.cell(2, 3).value.endswith("=1+1")
    assert own.cell(2, 3).data_type == "s"
    assert (own.cell(4, 6).value, own.cell(4, 7).value) == (100, "1.67 小时")


def test_the_bureaus_workbook_is_taken_with_a_reason(county, wang):
    from portal.documents import hours_writer
    from portal.queries.facts import FactFilter
    from portal.queries.facts import page as facts
    from portal.services import hours_export

    inside(hours.verified, wang.actor, county.actor, service(day(5, 12), 100))

    def take(actor, reason):
        out = io.BytesIO()
        rows = hours_export.export(actor, day(5, 1), day(5, 20), reason)
        hours_writer.write_bureau(out, day(5, 1), day(5, 20), rows)
        return openpyxl.load_workbook(out).active

    with pytest.raises(Exception, match="用途"):
        changing(county.actor, take, " ")
    sheet = changing(county.actor, take, "年度表彰")
    assert [sheet.cell(2, place).value for place in (1, 2, 8)] == ["2026-05-12", "王晓燕", 100]
    with HERE["app"].app_context(), unit_of_work.reading(scope.of(county.actor)):
        (taken,), _ = facts(FactFilter(kind="service_record.export"))
    assert (taken.note, taken.actor_id) == ("年度表彰", county.actor.user_id)


def test_the_file_is_for_its_owner_and_the_desk(wang, county, second, clock, client_as):
    from portal.jobs import certificates as printing
    from portal.services import certificate_papers

    assert printing
    certificate = issued(wang, county, second, clock)

    def keep():
        with unit_of_work.transaction(people.everything()):
            certificate_papers.keep(certificate, b"%PDF-1.7 test")

    inside(keep)
    mine = wang.get(f"/me/certificates/{certificate}/certificate.pdf")
    assert (mine.status_code, mine.mimetype) == (200, "application/pdf")
    assert mine.data == b"%PDF-1.7 test"
    assert county.get(f"/desk/certificates/{certificate}/certificate.pdf").status_code == 200
    stranger = client_as(inside(hours.volunteer, "李大山"))
    for path in ("", "/certificate.pdf", "/print"):
        assert stranger.get(f"/me/certificates/{certificate}{path}").status_code == 404
    changing(county.actor, certificates.revoke, certificate, reason="姓名写错")
    assert wang.get(f"/me/certificates/{certificate}/certificate.pdf").status_code == 404


def test_a_granted_correction_says_so_everywhere(wang, county, second, clock):
    certificate = issued(wang, county, second, clock)
    record = re.search(
        r'href="/me/hours/([0-9a-f-]{36})"', wang.get("/me/hours").text
    )[1]  # fmt: skip
    asked = changing(wang.actor, record_corrections.ask, record_uuid(record), words="少了半小时")
    changing(county.actor, record_corrections.answer, asked, granted=True, words="同意")
    page = wang.get(f"/me/certificates/{certificate}").text
    assert "这份证明已经作废" in page
    assert "已更正或作废" in page


def record_uuid(text):
    from uuid import UUID

    return UUID(text)
