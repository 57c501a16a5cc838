"""The pages of a pairing: what each stage shows whom, and what no mentor ever reads."""

from datetime import date

import pytest

from portal.models.children import ChildFile
from portal.models.pairings import Pairing
from portal.queries import own_pairings
from tests.factories import pairings as make
from tests.factories import people, promises
from tests.factories import wishes as children
from tests.factories.applicants import send
from tests.functional.rights import guide

STAGES = ("proposed", "matched", "active", "paused", "closed")
#: Everything on file that says who the child is; the given name too, unless the director chose it.
CANARY = {
    "name": "司马玉衡",
    "nickname": "玄铁",
    "home_address": "雪峰镇琉璃巷77号",
    "school": "明溪县翡翠谷小学",
}
SECRETS = ("司马", "玉衡", "玄铁", "琉璃巷", "翡翠谷", "城西村", "林建国", "12059861234")
SAID = ("想有人教我数学", "留给同事看的话", "孩子原来的话")


def told(stage):
    """A pairing of a child whose every fact is a canary."""
    child = children.child(10)
    promises.change(ChildFile, child.id, **CANARY)
    one = make.pairing(
        status=stage,
        child=child,
        paused_reason="missed" if stage == "paused" else "",
        reasons=["离城西村近"],
        child_words=SAID[2] if stage != "proposed" else None,
        words=SAID[1],
    )
    return one, (*SECRETS, *SAID, child.id_no, str(child.id))


def own_pages(app, one):
    """Return every page of a mentor's that is about one pairing, and those around it."""
    fixed = ["/me", "/me/pairings", "/me/profile", "/me/hours"]
    ours = [
        rule.rule.replace("<uuid:pairing_id>", str(one.id))
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods
        and rule.rule.startswith("/me/pairings/<uuid:pairing_id>")
        and rule.arguments == {"pairing_id"}
    ]
    assert len(ours) >= 1
    return fixed + ours


@pytest.mark.sqlite
def test_no_byte_of_a_mentors_pages_says_who_the_child_is(app, client_as):
    for stage in STAGES:
        with app.app_context():
            one, secrets = told(stage)
        browser = client_as(one.mentor)
        pages = {page: browser.get(page) for page in own_pages(app, one)}
        assert pages[f"/me/pairings/{one.id}"].status_code == 200
        for page, answer in pages.items():
            found = [secret for secret in secrets if secret in answer.get_data(as_text=True)]
            assert found == [], (stage, page)
        own = pages[f"/me/pairings/{one.id}"].text
        assert (make.CALLED in own) == (stage in ("active", "paused")), stage
        assert one.file_no not in own


@pytest.mark.sqlite
def test_where_they_meet_is_told_from_the_match_to_the_end(app, client_as):
    given = {"meeting_on": date(2030, 1, 5), "meeting_hour": "15:30", "meeting_place": make.PLACE}
    for stage in STAGES:
        with app.app_context():
            one = make.pairing(status=stage, paused_reason="other", **given)
        page = client_as(one.mentor).get(f"/me/pairings/{one.id}").text
        assert ("15:30" in page) == (stage in ("matched", "active")), stage
        if stage == "proposed":
            assert "有一份结对建议正在审批" in page
            stranger = client_as("individual")
            assert stranger.get(f"/me/pairings/{one.id}").status_code == 404
            assert "还没有结对" in stranger.get("/me/pairings").text


@pytest.mark.sqlite
def test_a_stage_gives_no_more_than_it_allows_whatever_the_row_holds(app, client_as):
    row = {
        "called": "小禾", "meeting_on": date(2030, 1, 5), "meeting_hour": "15:30",
        "meeting_place": make.PLACE,
    }  # fmt: skip
    with app.app_context():
        clerk = people.staff("county_staff", "350421")
        for stage in STAGES:
            one = make.pairing(status=stage, paused_reason="other", contact_id=clerk.user_id, **row)
            own = make.do(own_pairings.get, one.mentor, one.id)
            arranged = stage in ("matched", "active", "paused")
            assert bool(own.called and own.kind) == (stage in ("active", "paused")), stage
            assert bool(own.meeting_on) == arranged, stage
            assert bool(own.meeting_place and own.meeting_hour and own.contact) == arranged, stage
    assert client_as(clerk).get(f"/me/pairings/{one.id}").status_code == 404


@pytest.mark.sqlite
def test_the_desk_finds_a_pairing_and_reads_it_masked_by_role(app, client_as):
    with app.app_context():
        one = make.pairing(status="matched", child=children.child(10, name="司马玉衡"))
        make.pairing(status="active", helper="teacher")
    clerk, city = client_as("county_staff", "350421"), client_as("city_staff")
    both = clerk.get("/desk/pairings").text
    assert both.count('class="row-link') == 2
    for wanted in (f"q={one.file_no}", "q=司马", "status=matched", "helper=citizen"):
        page = clerk.get(f"/desk/pairings?{wanted}").text
        assert page.count('class="row-link') == 1, wanted
        assert one.file_no in page
    assert "没有符合条件的结对" in city.get("/desk/pairings?q=玉衡").text
    for browser, seen in ((clerk, True), (city, False)):
        answer = browser.get(f"/desk/pairings/{one.id}")
        assert answer.status_code == 200
        assert ("司马玉衡" in answer.text) == seen
    stranger = client_as("county_staff", "320681")
    assert str(one.id) not in stranger.get("/desk/pairings").text
    assert stranger.get(f"/desk/pairings/{one.id}").status_code == 404


@pytest.mark.sqlite
def test_a_pairing_goes_its_way_by_the_pages(app, client_as, clock):
    with app.app_context():
        first = people.staff("county_staff", "350421")
        found = make.proposed(first, children.child(10).id, make.mentor().supporter_ids[0])
        director = people.staff("child_director", "350421100202")
    page = f"/desk/pairings/{found}"
    one, other, village = (
        client_as(first), client_as("county_staff", "350421"), client_as(director),
    )  # fmt: skip
    assert "需要另一位同事" in one.get(page).text
    early = {"transition": "approve", "version": "1"}
    assert send(one, page, early, page=page).status_code == 403
    assert send(other, page, {"transition": "approve"}, page=page).status_code == 303
    assert "监护人的同意还没有登记" in other.get(page).text
    today = "2026-05-20"
    steps = (
        ("agree_guardian", {"by": "林建国", "on": today}),
        ("agree_child", {"words": "愿意", "on": today}),
        ("plan_meeting", {"on": "2026-05-22", "hour": "15:30", "place": make.PLACE}),
        ("meet", {"on": today, "called": "小禾", "place": make.PLACE}),
    )
    for step, data in steps:
        assert send(village, f"{page}/{step}", data, page=page).status_code == 303, step
    assert send(other, page, {"transition": "activate"}, page=page).status_code == 303
    named = {"called": "林小雨林", "on": today, "place": make.PLACE}
    assert send(village, f"{page}/meet", named, page=page).status_code == 409
    pause = {"transition": "pause", "reason_code": "other", "reason": ""}
    answer = send(other, page, pause, page=page)
    assert (answer.status_code, "请填写" in answer.text) == (422, True)
    assert send(other, page, {**pause, "reason": "外出"}, page=page).status_code == 303
    with app.app_context():
        assert make.row(found, "status", "called", "paused_reason") == ("paused", "小禾", "other")


@pytest.mark.sqlite
def test_a_guardian_agrees_by_the_link_once(app, client, clock):
    guide.apps[:] = [app]
    link = guide.linked()
    with app.app_context():
        one = make.pairing(status="matched", child=link.child)
        other = make.pairing(status="matched")
    page = f"/g/{link.token}"
    assert send(client, f"{page}/agree/{one.id}", {}, page="/g").status_code == 404
    guide.enter(client, link.token)
    text = client.get(page).text
    assert "欧阳" not in text.replace("欧阳**", "")
    assert "我同意" in text
    assert send(client, f"{page}/agree/{other.id}", {}, page=page).status_code == 404
    assert send(client, f"{page}/agree/{one.id}", {}, page=page).status_code == 303
    assert send(client, f"{page}/agree/{one.id}", {}, page=page).status_code == 409
    assert guide.read(Pairing, one.id, "guardian_agreed_by") == "林建国"
