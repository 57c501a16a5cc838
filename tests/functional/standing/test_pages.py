"""The pages of tier 2, appeals and members, as a browser meets them."""

import pytest

from portal.queries import actors
from portal.services import expiry, members, supporters, vetting
from tests.factories import applicants, people, promises
from tests.factories import pairings as make
from tests.factories import wishes as wish_rows
from tests.factories.applicants import moment, send, shown_version
from tests.functional.standing import stage
from tests.functional.standing.stage import do

TODAY = "2026-05-20"


@pytest.fixture(autouse=True)
def on(clock):
    return clock


@pytest.fixture
def firm(app):
    with app.app_context():
        actor = people.supporter("enterprise")
    return actor, actor.supporter_ids[0]


@pytest.fixture
def person(app):
    with app.app_context():
        return stage.admitted(stage.clerk())


def seen(app, read, *args):
    with app.app_context():
        return read(*args)


def test_a_removed_member_speaks_for_it_no_more_at_the_next_request(app, firm, client_as):
    with app.app_context():
        guest = people.account("guest")
        given = {"email": guest.email, "name": "何秀兰", "role": "contact"}
        found = do(members.invite, firm[0], firm[1], **given)
    client = client_as(guest)
    page = f"/me/profile/{firm[1]}/members"
    assert "邀请您成为联系人" in client.get("/me/profile").text
    send(client, f"/me/invitations/{found}", {"answer": "accept"}, page="/password")
    assert client.get(page).status_code == 200
    with app.app_context():
        do(members.remove, firm[0], firm[1], found)
    assert client.get(page).status_code == 403
    assert seen(app, actors.by_user, guest.user_id).supporter_ids == ()


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(firm, client_as):
    page = f"/me/profile/{firm[1]}/members"
    answer = send(client_as(firm[0]), page, {"email": "nobody", "name": "何秀兰", "role": "member"})
    assert answer.status_code == 422
    assert 'value="何秀兰"' in answer.text
    assert "完整的邮箱地址" in answer.text


def test_asking_recording_and_two_persons_by_the_pages(app, person, client_as):
    mine, supporter_id = client_as(person[0]), person[1]
    ask = {"relative_of_child": "no", "works_for_bureau": "no", "pledge": "y"}
    page = f"/me/profile/{supporter_id}/contact"
    assert send(mine, page, {**ask, "pledge": ""}).status_code == 422
    assert send(mine, page, ask).status_code == 303
    first, second = client_as("county_staff", "350421"), client_as("county_staff", "350421")
    desk = f"/desk/vetting/{supporter_id}"
    assert "申请接触儿童" in first.get("/desk/vetting/contact").text
    for kind, more in (
        ("offence", {"result": "none", "office": "县公安局"}),
        ("interview", {"result": "suitable", "office": "陈秀英"}),
        ("training", {"minutes": "120", "office": "县未保中心"}),
    ):
        answer = send(first, f"{desk}/checks/{kind}", {"done_on": TODAY, **more})
        assert answer.status_code == 303, kind
    act = f"{desk}/passport"
    assert send(first, act, {"act": "recommend"}, page=desk).status_code == 303
    version = shown_version(second.get(desk).text, act, {"act": "approve"})
    assert send(first, act, {"act": "approve", **version}, page=desk).status_code == 403
    assert send(second, act, {"act": "approve"}, page=desk).status_code == 303
    assert seen(app, stage.tier2, supporter_id)[0] == "granted"
    assert "到 2027年5月20日" in mine.get("/me/profile").text


def test_a_check_that_is_refused_comes_back_with_what_was_typed(person, client_as):
    client = client_as("county_staff", "350421")
    page = f"/desk/vetting/{person[1]}/checks/offence"
    answer = send(client, page, {"done_on": "2026-05-21", "office": "县公安局", "result": "none"})
    assert answer.status_code == 422
    assert 'value="县公安局"' in answer.text
    assert "不能晚于今天" in answer.text


def test_the_applicant_never_reads_the_offices_notes(app, person, client_as):
    with app.app_context():
        first = stage.clerk()
        stage.ask(*person)
        stage.record(first, person[1], "interview", office="面谈人甲乙")
    client = client_as("county_staff", "350421")
    desk = f"/desk/vetting/{person[1]}"
    data = {"act": "complain", "kind": "conduct", "words": "机密的投诉", "reporter": "某某邻居"}
    assert send(client, f"{desk}/passport", data, page=desk).status_code == 303
    assert "机密的投诉" in client.get(desk).text
    mine = client_as(person[0]).get("/me/profile").text
    assert not [word for word in ("机密的投诉", "某某邻居", "面谈人甲乙") if word in mine]
    assert "资格已暂停" in mine


def test_the_paused_pairing_says_why_on_the_holders_page(app, person, client_as, clock):
    with app.app_context():
        first, second = stage.clerk(), stage.clerk()
        stage.granted(first, second, *person)
        make.led_to_active(first, second, wish_rows.child(10).id, person[1])
        clock.move_to(moment(2027, 5, 21, 0, 0))
        with stage.everything():
            expiry.expire_due()
    assert "结对已暂停：背景核查到期" in client_as(person[0]).get("/me/profile").text


def test_an_appeal_by_its_page_and_its_answer_by_the_desk(app, person, client_as):
    with app.app_context():
        refused = {"reason_code": "false_documents", "reason": "材料不符"}
        do(vetting.revoke, stage.clerk(), person[1], **refused)
    mine = client_as(person[0])
    page = f"/me/profile/{person[1]}/appeal"
    assert "2026年6月4日" in mine.get(page).text
    assert send(mine, page, {"words": ""}).status_code == 422
    assert send(mine, page, {"words": "同名的人"}).status_code == 303
    assert "现在不能申诉" in mine.get(page).text
    desk = f"/desk/vetting/{person[1]}"
    client = client_as("county_staff", "350421")
    html = client.get(desk).text
    found = html.split('name="act" value="appeal.uphold"')[1].split('name="id" value="')[1][:36]
    data = {"act": "appeal.uphold", "id": found, "reason": "核对过，确是同名"}
    assert send(client, f"{desk}/passport", data, page=desk).status_code == 303
    assert "核对过，确是同名" in mine.get("/me/profile").text
    assert seen(app, stage.state, person[1]) == "checking"


def test_a_strangers_supporter_is_404_everywhere(person, client_as):
    other = client_as("individual")
    for page in ("contact", "appeal", "members"):
        assert other.get(f"/me/profile/{person[1]}/{page}").status_code == 404
    neighbour = client_as("county_staff", "320681")
    for page in ("", "/checks/offence"):
        assert neighbour.get(f"/desk/vetting/{person[1]}{page}").status_code == 404


def test_who_speaks_for_two_chooses_in_whose_name_to_claim(app, person, client_as):
    with app.app_context():
        hung = promises.hung()[0]
        login = actors.by_user(person[0].user_id)
        with stage.acting(login):
            there = supporters.register(
                login, applicants.application(county_code="320681"), allow_fictitious=True
            )
    client = client_as(login)
    page = f"/wishes/{hung.code}"
    assert str(there) in client.get(page).text
    answer = send(client, f"{page}/claim", {"supporter": str(there)}, page=page)
    assert answer.status_code == 403
    answer = send(client, f"{page}/claim", {"supporter": str(person[1])}, page=page)
    assert answer.status_code == 303
