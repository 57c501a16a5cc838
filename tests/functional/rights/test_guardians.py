"""Guardians without an account: a link, a second check, one child's consents (L03, threat 23)."""

import json
import re
from datetime import timedelta

import pytest

from portal.core import scope, unit_of_work
from portal.core.jobs import Lease
from portal.domain import clock as portal_clock
from portal.domain.applications import blind
from portal.domain.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    TooMany,
    Unavailable,
    WrongState,
)
from portal.extensions import db
from portal.jobs import rights as rights_jobs
from portal.models.children import ChildFile, Consent, GuardianLink
from portal.models.records import Fact, Job, Message
from portal.models.rights import GuardianAccess, RightsRequest
from portal.models.wishes import Commitment, Wish, WishCard
from portal.services import claims, guardians, limits, protections, publication, wishes
from portal.services.wishes import ConsentInput
from portal.web import page_cache
from tests.factories import people
from tests.factories import wishes as make
from tests.functional.rights.guide import (
    LAST_FOUR,
    as_guardian,
    change,
    do,
    enter,
    inside,
    linked,
    read,
    rows_of,
    send,
    staff,
    unzipped,
)


@pytest.fixture
def link():
    return linked()


def inside_blind(number):
    with inside():
        return blind(number, "id_number")


def consent_to(actor, child, **more):
    given = ConsentInput("written", portal_clock.today(), guardian_id=child.guardian_id)
    return do(actor, wishes.record_consent, child.id, given, **more)


def test_a_link_and_four_digits_open_the_page_by_given_name_alone(link, client):
    door = client.get(f"/g/{link.token}")
    assert door.status_code == 200
    name = link.child.name
    assert name[1:] not in door.text
    assert enter(client, link.token).status_code == 303
    page = client.get(f"/g/{link.token}")
    assert name[1:] in page.text
    for secret in (
        name,
        link.child.id_no,
        "下坊路",
        "实验小学",
        link.child.village,
        "明溪",
        "12059861234",
    ):
        assert secret not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_the_code_is_typed_as_it_is_printed(link, client):
    token = client.get("/g").text
    assert "纸上的代码" in token
    answer = send(
        client, "/g", {"token": guardians.spelled(link.token).upper(), "proof": LAST_FOUR}
    )
    assert answer.location == f"/g/{link.token}"


@pytest.mark.parametrize("spoil", ["digits", "code", "revoked", "expired", "suspended", "erased"])
def test_whatever_is_wrong_the_answer_is_one_and_the_same(app, clock, link, client, spoil):
    proof, token = LAST_FOUR, link.token
    if spoil == "digits":
        proof = "9999"
    if spoil == "code":
        token = "a" * 20
    if spoil == "revoked":
        do(link.director, guardians.revoke, link.access_id)
    if spoil == "expired":
        clock.advance(days=30, seconds=1)
    if spoil == "suspended":
        county = staff("county_staff", "350421")
        do(
            county,
            protections.protect,
            link.child.id,
            reason="人身安全保护令",
            guardian_id=link.child.guardian_id,
        )
    if spoil == "erased":
        change(ChildFile, link.child.id, status="erased")
    answer = enter(client, token, proof)
    assert answer.status_code == 422
    plain = re.sub(r'value="[^"]*"|/g/[a-z0-9]+', "", answer.text)
    good = re.sub(r'value="[^"]*"|/g/[a-z0-9]+', "", enter(client, "b" * 20).text)
    assert plain == good
    assert link.child.name[1:] not in answer.text


def test_the_whole_id_number_proves_too(app, link, client):
    digest = inside_blind("999421198503020014")
    change(GuardianLink, link.child.guardian_id, phone=None, id_hmac=digest)
    assert enter(client, link.token, "").status_code == 422
    assert enter(client, link.token, "999421198503020014").status_code == 303


def test_guessing_four_digits_ends_after_five_tries(link, client):
    for guess in range(5):
        assert enter(client, link.token, f"000{guess}").status_code == 422
    assert enter(client, link.token, LAST_FOUR).status_code == 429


def test_when_tries_cannot_be_counted_nothing_opens(within, link, monkeypatch):
    def broken(*_):
        raise Unavailable("rows cannot be written")

    monkeypatch.setattr(limits, "_refuse_beyond", broken)
    with pytest.raises(Unavailable):
        guardians.enter(link.token, LAST_FOUR, address="127.0.0.1")
    assert read(GuardianAccess, link.access_id, "last_used_at") is None


def test_one_address_does_not_try_many_links(within):
    for number in range(20):
        with pytest.raises(NotFound):
            guardians.enter(f"{number:020d}", "0000", address="10.1.1.1")
    with pytest.raises(TooMany):
        guardians.enter("x" * 20, "0000", address="10.1.1.1")


def test_the_page_closes_by_itself_and_by_hand(app, clock, link, client):
    enter(client, link.token)
    assert link.child.name[1:] in client.get(f"/g/{link.token}").text
    clock.advance(minutes=15, seconds=1)
    assert link.child.name[1:] not in client.get(f"/g/{link.token}").text
    enter(client, link.token)
    send(client, f"/g/{link.token}/leave", page=f"/g/{link.token}")
    assert link.child.name[1:] not in client.get(f"/g/{link.token}").text


def test_a_revoked_link_is_dead_in_the_browser_that_had_it_open(link, client):
    enter(client, link.token)
    assert link.child.name[1:] in client.get(f"/g/{link.token}").text
    do(link.director, guardians.revoke, link.access_id)
    assert link.child.name[1:] not in client.get(f"/g/{link.token}").text
    answer = send(client, f"/g/{link.token}/withdraw", {"purpose": "wish"}, page=f"/g/{link.token}")
    assert answer.status_code == 404


def test_one_link_does_not_open_another_child(app, link, client):
    with app.app_context():
        other = linked(name="赵小荷")
    enter(client, link.token)
    assert "小荷" not in client.get(f"/g/{other.token}").text


def test_a_new_link_kills_the_old_one_and_the_database_holds_no_token(link):
    newer = do(link.director, guardians.issue, link.child.id, link.child.guardian_id, "paper")
    assert read(GuardianAccess, link.access_id, "revoked_at") is not None
    with inside():
        assert guardians.find(link.token) is None
    stored = read(GuardianAccess, newer, "token_hash")
    expires = read(GuardianAccess, newer, "expires_at")
    with inside():
        assert guardians.token_of(newer, expires) != stored


def test_who_may_give_a_link(app, link):
    outsider = staff("child_director", "350421101201")
    for actor, refusal in ((outsider, NotFound), (staff("city_staff"), NotAllowed)):
        with pytest.raises(refusal):
            do(actor, guardians.issue, link.child.id, link.child.guardian_id, "paper")
    change(GuardianLink, link.child.guardian_id, phone=None)
    with pytest.raises(Invalid, match="没有登记联系电话"):
        do(link.director, guardians.issue, link.child.id, link.child.guardian_id, "sms")


def test_the_link_goes_by_sms_from_the_worker(app, clock):
    from portal import gateways

    with app.app_context():
        sent = linked("sms")
        job = rows_of(Job, Job.kind == "guardian_sms")[0]
        assert sent.token not in str(job.args)
        lease = Lease(job.id, job.kind, job.args, 1, 1, None, None)
        with unit_of_work.reading(people.everything()):
            rights_jobs.send_link(lease)
        assert (("12059861234", sent.token)) in gateways.installed().links.sent
        do(sent.director, guardians.revoke, sent.access_id)
        count = len(gateways.installed().links.sent)
        with unit_of_work.reading(people.everything()):
            rights_jobs.send_link(lease)
        assert len(gateways.installed().links.sent) == count


def test_the_paper_prints_code_and_picture_and_no_surname(app, client_as, link):
    desk = client_as(link.director)
    page = desk.get(f"/desk/guardian-links/{link.access_id}/paper").text
    assert guardians.spelled(link.token) in page
    assert "data:image/svg+xml" in page
    assert link.child.name not in page
    assert link.child.name[1:] in page
    assert (
        client_as("child_director", "350421101201")
        .get(f"/desk/guardian-links/{link.access_id}/paper")
        .status_code
        == 404
    )


@pytest.fixture
def cached(app, monkeypatch):
    monkeypatch.setattr(app, "wsgi_app", page_cache.Door(app.wsgi_app, 30))
    page_cache.pages.clear()
    yield app
    page_cache.pages.clear()


@pytest.fixture
def on_the_wall(cached, clock, monkeypatch):
    """A child's wish on the wall, claimed by nobody, its page kept by the door."""
    ticks = [1000.0]
    monkeypatch.setattr("portal.web.page_cache.time.monotonic", lambda: ticks[0])
    with cached.app_context():
        link = linked()
        make.crowd(12, 10)
        window = make.window()
        others = [make.wish(make.child(10), window) for _ in range(3)]
        consent_to(link.director, link.child)
        link.wish_id = make.wish(link.child, window)
        county = staff("county_staff", "350421")
        do(county, publication.release, window)
        link.code = rows_of(WishCard, WishCard.id == read(Wish, link.wish_id, "card_id"))[0].code
        link.ticks, link.others = ticks, others
        yield link


def test_withdrawing_takes_the_card_off_every_page_within_a_minute(on_the_wall, app):
    link, visitor, guardian = on_the_wall, app.test_client(), app.test_client()
    assert link.code in visitor.get("/wishes").text
    enter(guardian, link.token)
    answer = send(
        guardian, f"/g/{link.token}/withdraw", {"purpose": "wish"}, page=f"/g/{link.token}"
    )
    assert answer.status_code == 303
    # A page that was kept before lives for thirty seconds and no more.
    link.ticks[0] += 29
    assert link.code in visitor.get("/wishes").text
    link.ticks[0] += 2
    assert link.code not in visitor.get("/wishes").text
    assert visitor.get(f"/wishes/{link.code}").status_code == 404
    assert read(Wish, link.wish_id, "status") == "withdrawn"
    sheets = rows_of(Consent, Consent.child_id == link.child.id, Consent.scope == "wish")
    assert all(sheet.withdrawn_at for sheet in sheets)
    assert "已撤回" in guardian.get(f"/g/{link.token}").text
    assert [read(Wish, each, "status") for each in link.others] == ["published"] * 3


def test_withdrawing_ends_the_promise_and_takes_owed_mails_back(on_the_wall):
    link = on_the_wall
    with inside():
        supporter = people.supporter("individual")
        with unit_of_work.transaction(scope.of(supporter)):
            made = claims.claim(supporter, supporter.supporter_ids[0], link.code)
    facts = [str(fact.id) for fact in rows_of(Fact, Fact.subject_id == made.commitment_id)]
    owed = [m for m in rows_of(Message) if m.dedupe_key.split(":")[0] in facts]
    assert owed
    as_guardian(guardians.withdraw, link.token, "wish")
    assert read(Commitment, made.commitment_id, "status") == "cancelled"
    left = {m.dedupe_key for m in rows_of(Message)}
    assert not left & {m.dedupe_key for m in owed}
    told = [m for m in rows_of(Message) if m.template == "claim_cancelled"]
    assert len(told) == 1


def test_a_letter_of_several_lines_loses_one(on_the_wall, monkeypatch):
    link = on_the_wall
    codes = [card.code for card in rows_of(WishCard)]
    with inside():
        firm = people.supporter("enterprise")
        with unit_of_work.transaction(scope.of(firm)):
            claims.claim_several(firm, firm.supporter_ids[0], codes)

    def lines():
        return [
            len(json.loads(m.context)["items"])
            for m in rows_of(Message, Message.template == "claim_received")
        ]

    assert lines() == [4]
    as_guardian(guardians.withdraw, link.token, "wish")
    assert lines() == [3]


def test_one_purpose_ends_and_the_others_hold(app, link):
    with inside(), unit_of_work.transaction(people.everything()):
        for purpose in ("photo", "camp"):
            db.session.add(
                Consent(
                    child_id=link.child.id, unit_path=link.child.unit_path, given_by="林建国",
                    relation="爷爷", scope=purpose, method="written", text_version="1",
                    given_on=portal_clock.today(),
                )
            )  # fmt: skip
    assert as_guardian(guardians.withdraw, link.token, "photo") == 1
    with pytest.raises(Invalid):
        as_guardian(guardians.withdraw, link.token, "everything")
    standing = [
        c.scope for c in rows_of(Consent, Consent.child_id == link.child.id) if not c.withdrawn_at
    ]
    assert standing == ["camp"]


def copied(client, link):
    answer = send(client, f"/g/{link.token}/copy", page=f"/g/{link.token}")
    assert answer.mimetype == "application/zip"
    return unzipped(answer.data)


PLACES = ("下坊路", "实验小学", "雪峰", "明溪")


def test_no_export_to_a_guardian_says_where_a_child_is_protected_or_not(app, clock, link):
    """The flag changes nothing that a guardian can see: no word, no section, no size."""
    seen = []
    for protect in (False, True):
        if protect:
            county = staff("county_staff", "350421")
            do(county, protections.protect, link.child.id, reason="寄养在雪峰镇")
        client = app.test_client()
        enter(client, link.token)
        page = client.get(f"/g/{link.token}").text
        html, data, names = copied(client, link)
        assert names == ["data.html", "data.json"]
        for place in (*PLACES, link.child.village, "寄养"):
            assert place not in page + html + str(data)
        seen.append((re.sub(r'value="[^"]*"', "", page), html, data["sections"]))
    assert seen[0] == seen[1]
    assert link.child.name[1:] in seen[0][1]


def test_the_child_in_an_export_is_this_child_alone(app, link, client):
    with app.app_context():
        other = make.child(9, name="赵小荷")
    enter(client, link.token)
    html, data, _ = copied(client, link)
    told = {part["name"]: part["rows"] for part in data["sections"]}
    assert told["guardian"] == [{"姓名": "林建国", "与孩子的关系": "爷爷", "电话": "12059861234"}]
    assert other.name not in html
    assert rows_of(Fact, Fact.kind == "rights.export")


def test_in_person_the_places_are_there_unless_they_are_protected(app, client_as, link, client):
    enter(client, link.token)
    send(client, f"/g/{link.token}/ask", {"kind": "copy"}, page=f"/g/{link.token}")
    [request] = rows_of(RightsRequest)
    county = client_as("county_staff", "350421")
    path = f"/desk/requests/{request.id}"
    html, _, _ = unzipped(send(county, f"{path}/paper", page=path).data)
    assert "下坊路" in html
    do(county.actor, protections.protect, link.child.id, reason="人身安全保护令")
    html, _, _ = unzipped(send(county, f"{path}/paper", page=path).data)
    for place in (*PLACES, link.child.village):
        assert place not in html
    assert "下落受保护" in county.get(path).text


def test_protection_asks_a_reason_is_the_countys_and_can_be_lifted(app, link):
    county = staff("county_staff", "350421")
    with pytest.raises(Invalid):
        do(county, protections.protect, link.child.id, reason=" ")
    with pytest.raises(NotAllowed):
        do(link.director, protections.protect, link.child.id, reason="原因")
    protection = do(county, protections.protect, link.child.id, reason="原因")
    with pytest.raises(Conflict):
        do(county, protections.protect, link.child.id, reason="原因")
    do(county, protections.lift, protection)
    with inside(), unit_of_work.reading(people.everything()):
        assert not protections.whereabouts_hidden(link.child.id)


def test_no_link_for_a_suspended_guardian_or_a_child_off_the_register(app, link):
    county = staff("county_staff", "350421")
    do(
        county,
        protections.protect,
        link.child.id,
        reason="原因",
        guardian_id=link.child.guardian_id,
    )
    with pytest.raises(WrongState, match="暂停"):
        do(link.director, guardians.issue, link.child.id, link.child.guardian_id, "paper")
    with inside():
        other = make.child(10)
    change(ChildFile, other.id, status="aged_out")
    with pytest.raises(WrongState, match="不在册"):
        do(link.director, guardians.issue, other.id, other.guardian_id, "paper")


def test_everything_a_link_does_is_a_fact(link, client):
    enter(client, link.token)
    do(link.director, guardians.revoke, link.access_id)
    kinds = {fact.kind for fact in rows_of(Fact)}
    assert {"guardian.link", "guardian.open", "guardian.revoke"} <= kinds
    assert timedelta(days=30) == guardians.LIVES["paper"]


def test_the_page_shows_the_childs_wishes(link, client):
    with inside():
        make.wish(link.child, make.window(), status="published")
    enter(client, link.token)
    assert "护眼台灯" in client.get(f"/g/{link.token}").text


def test_staff_find_the_links_from_the_childs_file(link, client_as):
    director = client_as(link.director)
    path = f"/desk/children/{link.child.id}/guardians"
    assert path in director.get(f"/children/{link.child.id}").text
    page = director.get(path)
    assert page.status_code == 200
    assert "林建国" in page.text
    assert link.token not in page.text


def test_the_same_request_twice_is_told_on_the_page(link, client):
    enter(client, link.token)
    asked = {"kind": "correct", "field": "school", "words": "在实验小学读三年级"}
    here = f"/g/{link.token}"
    assert send(client, f"{here}/ask", asked, page=here).status_code == 303
    again = send(client, f"{here}/ask", asked, page=here)
    assert again.status_code == 409
    assert "同样的请求正在办理" in again.text
    assert link.child.name[1:] in again.text
