"""Texts of an authority: two keys, in force from a day, asked again, old ones readable."""

from datetime import date, timedelta

import pytest

from portal.core import scope, unit_of_work
from portal.domain import clock as portal_clock
from portal.domain import texts as kinds
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.models.rights import AuthorityText, TextAcceptance
from portal.models.supporters import Supporter
from portal.services import claims, commitments, texts
from tests.factories import people, promises
from tests.functional.rights.guide import do, inside, read, rows_of, send, staff

BODY = "# 守护承诺\n请读完。\n\n## 我承诺\n1. 我按时送到。\n2. 我不<b>打听</b>。"


@pytest.fixture
def city():
    return staff("city_staff")


def drafted(city, kind="pledge", body=BODY):
    return do(city, texts.draft, tenant_path=people.SANMING, kind=kind, body=body)


def published(city, kind="pledge", days=0, body=BODY):
    text = drafted(city, kind, body)
    day = portal_clock.today() + timedelta(days=days)
    do(staff("city_staff"), texts.publish, text, in_force_from=day)
    return text


def supporter():
    with inside():
        return people.supporter("individual")


def test_the_second_key_is_another_persons(city):
    text = drafted(city)
    with pytest.raises(NotAllowed, match="两人把关"):
        do(city, texts.publish, text, in_force_from=portal_clock.today())
    colleague = staff("city_staff")
    with pytest.raises(NotAllowed, match="起草人"):
        do(colleague, texts.edit, text, body=BODY)
    do(city, texts.edit, text, body=BODY + "\n3. 我守时。")
    with pytest.raises(Invalid):
        do(colleague, texts.publish, text, in_force_from=portal_clock.today() - timedelta(days=1))
    do(colleague, texts.publish, text, in_force_from=portal_clock.today())
    with pytest.raises(WrongState):
        do(city, texts.edit, text, body=BODY)


def test_a_county_under_the_city_drafts_nothing_for_it(city):
    with pytest.raises((NotAllowed, NotFound)):
        drafted(staff("county_staff", "350421"))
    drafted(city)
    with pytest.raises(Conflict):
        drafted(city)
    with pytest.raises(Invalid):
        drafted(city, "privacy", "没有标题")


def test_it_is_in_force_from_its_day_and_old_ones_stay_readable(city, client, clock):
    published(city, days=3)
    assert "我按时送到" not in client.get("/texts/350400/pledge").text
    clock.advance(days=3)
    page = client.get("/texts/350400/pledge").text
    assert "我按时送到" in page
    assert "版本 2026-02" in page
    assert "&lt;b&gt;打听" in page
    old = client.get("/texts/350400/pledge/2026-01").text
    assert "不是现在适用的一版" in old
    assert client.get("/texts/350400/pledge/2026-09").status_code == 404
    assert client.get("/texts/350421/pledge").status_code == 404
    # Another authority and the portal's own page keep theirs.
    assert "我按时送到" not in client.get("/texts/320681/pledge").text
    assert "我按时送到" not in client.get("/pledge").text
    assert "三明市" in client.get("/pledge").text


def test_a_draft_is_nobodys_to_read_outside(city, client, client_as):
    text = drafted(city)
    assert client.get("/texts/350400/pledge/2026-02").status_code == 404
    assert client_as("county_staff", "320681").get(f"/admin/texts/{text}").status_code == 404


def test_a_supporter_is_asked_at_the_next_sign_in_and_only_then(city, client_as):
    one = supporter()
    published(city)
    mine = client_as(one)
    asked = mine.get("/me")
    assert asked.location == "/me/agreements"
    assert mine.get("/me").status_code == 200
    page = mine.get("/me/agreements").text
    assert "我按时送到" in page
    own = one.supporter_ids[0]
    data = {"kind": "pledge", "number-pledge": "2026-02"}
    answer = send(mine, f"/me/agreements/{own}", data, page="/me/agreements")
    assert answer.location == "/me"
    assert read(Supporter, own, "pledge_version") == "2026-02"
    [kept] = rows_of(TextAcceptance)
    assert (kept.kind, kept.number, kept.user_id) == ("pledge", "2026-02", one.user_id)
    assert client_as(one).get("/me").status_code == 200


def test_an_old_page_accepts_nothing_it_did_not_show(city):
    one = supporter()
    published(city)
    own = one.supporter_ids[0]
    with pytest.raises(Conflict):
        do(one, texts.accept, own, {"pledge": "2026-01"})
    with pytest.raises(NotFound):
        do(supporter(), texts.accept, own, {"pledge": "2026-02"})
    assert do(one, texts.accept, own, {"privacy": "2026-02"}) == 0
    assert read(Supporter, own, "privacy_version") == "1"


def test_what_is_promised_goes_on_and_the_next_claim_waits(city):
    with inside():
        first, second = promises.hung(cards=2)
    one = supporter()
    own = one.supporter_ids[0]

    def claim(card):
        with inside(), unit_of_work.transaction(scope.of(one)):
            return claims.claim(one, own, card.code)

    made = claim(first)
    published(city)
    do(staff("county_staff", "350421"), commitments.approve, made.commitment_id)
    do(one, commitments.dispatch, made.commitment_id, "hand_in")
    with pytest.raises(NotAllowed, match="新版本"):
        claim(second)
    do(one, texts.accept, own, {"pledge": "2026-02"})
    assert claim(second)


def test_every_text_the_portal_comes_with_is_a_whole_text(client):
    for kind in kinds.KINDS:
        page = client.get(f"/texts/350400/{kind}").text
        assert "版本 2026-01" in page
        assert "{" not in page.split("<main")[1].split("</main>")[0]
    assert len(kinds.builtin("privacy")) > 1500


def test_numbers_run_by_year_and_authority(city, clock):
    published(city)
    assert [row.number for row in rows_of(AuthorityText)] == ["2026-02"]
    clock.move_to(portal_clock.datetime(2027, 1, 5, 9, 0, tzinfo=portal_clock.SHANGHAI))
    text = published(city)
    assert read(AuthorityText, text, "number", "in_force_from") == ("2027-02", date(2027, 1, 5))
