"""The honours roll (S1-2.3.3c): two keys, names only by consent, and never which child."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.core import scope, unit_of_work
from portal.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from portal.extensions import db
from portal.models.honours import HonourCard
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.services import honours
from tests.factories import giving, people, promises
from tests.factories.applicants import send


@pytest.fixture
def home(app, clock):
    with app.app_context():
        yield app


@pytest.fixture
def keys(home):
    """Two clerks of 明溪."""
    return people.staff("county_staff", "350421"), people.staff("county_staff", "350421")


def proposed(actor, whom, sentence="", **changes):
    given = {"unit_path": people.MINGXI, "year": 2026, "reason_code": "long_companion"}
    with giving.within(actor):
        return honours.propose(
            actor, whom.supporter_ids[0], **{**given, **changes}, sentence=sentence
        )


def approved(keys, whom, sentence=""):
    honour_id = proposed(keys[0], whom, sentence)
    with giving.within(keys[1]):
        return honours.approve(keys[1], honour_id)


def agrees(whom):
    with giving.within(whom):
        honours.give_publicity(whom, whom.supporter_ids[0])


def names():
    with unit_of_work.reading(people.everything()):
        return list(db.session.scalars(select(HonourCard.shown_name)))


def test_who_proposes_does_not_approve(keys):
    someone = giving.volunteer("王晓燕")
    honour_id = proposed(keys[0], someone)
    with pytest.raises(NotAllowed, match="不能自己批准"), giving.within(keys[0]):
        honours.approve(keys[0], honour_id)
    assert names() == []
    with giving.within(keys[1]):
        honours.approve(keys[1], honour_id)
    assert names() == ["王**"]


def test_nobody_approves_an_honour_of_their_own(keys):
    both = people.also(giving.volunteer("王晓燕"), "county_staff", "350421")
    honour_id = proposed(keys[0], both)
    with pytest.raises(NotAllowed, match="给自己"), giving.within(both):
        honours.approve(both, honour_id)


def test_without_consent_a_person_is_masked_and_with_it_named(keys):
    someone = giving.volunteer("王晓燕")
    approved(keys, someone)
    assert names() == ["王**"]
    agrees(someone)
    assert names() == ["王晓燕"]
    with giving.within(someone):
        honours.withdraw_publicity(someone, someone.supporter_ids[0])
    assert names() == ["王**"]


def test_an_organisation_without_consent_is_called_by_what_it_is(keys):
    firm = giving.named(people.supporter("enterprise"), "明溪县向阳灯具有限公司")
    approved(keys, firm)
    assert names() == ["一家爱心企业"]
    agrees(firm)
    assert names() == ["明溪县向阳灯具有限公司"]


def test_an_authority_may_hide_who_did_not_agree(keys):
    someone, other = giving.volunteer("王晓燕"), giving.volunteer("林大海")
    approved(keys, someone)
    approved(keys, other)
    agrees(other)
    with unit_of_work.transaction(people.everything()):
        row = db.session.scalar(select(Unit).where(Unit.path == people.SANMING))
        row.settings = {"honours_display": "hidden"}
    with unit_of_work.transaction(people.everything()):
        assert honours.refresh() == 1
    assert names() == ["林大海"]
    with unit_of_work.transaction(people.everything()):
        assert honours.refresh() == 0


def test_a_consent_to_an_older_text_does_not_count(keys, monkeypatch):
    someone = giving.volunteer("王晓燕")
    agrees(someone)
    monkeypatch.setattr("portal.queries.honours.PUBLICITY_VERSION", "publicity-2099-1")
    approved(keys, someone)
    assert names() == ["王**"]


def test_who_loses_the_standing_leaves_the_roll(keys):
    someone = giving.volunteer("王晓燕")
    agrees(someone)
    approved(keys, someone)
    with unit_of_work.transaction(people.everything()):
        db.session.execute(Supporter.__table__.update().values(status="revoked"))
    with unit_of_work.transaction(people.everything()):
        honours.refresh()
    assert names() == []


def test_nobody_consents_for_somebody_else(keys):
    someone, other = giving.volunteer("王晓燕"), giving.volunteer("林大海")
    with pytest.raises(NotFound), giving.within(other):
        honours.give_publicity(other, someone.supporter_ids[0])


@pytest.mark.parametrize(
    "sentence",
    [
        "两年来每周陪王小明写作业",
        "常去城西村看望孩子",
        "资助雪峰实验小学三个孩子",
        "帮助孤独症孩子做康复",
        "联系电话13800138000",
    ],
)
def test_a_sentence_that_says_which_child_is_refused(keys, sentence):
    someone = giving.volunteer("林大海")
    [wish] = promises.hung(name="王小明")
    promises.claimed(someone, wish.code)
    with pytest.raises(Invalid) as refusal:
        proposed(keys[0], someone, sentence)
    assert "sentence" in refusal.value.fields


def test_a_plain_sentence_stands(keys):
    someone = giving.volunteer("林大海")
    approved(keys, someone, "三年来每个周末都来陪伴，从不缺席")
    with unit_of_work.reading(people.everything()):
        assert db.session.scalar(select(HonourCard.sentence)) == "三年来每个周末都来陪伴，从不缺席"


def test_the_reason_comes_from_the_list_and_the_year_has_begun(keys):
    someone = giving.volunteer("林大海")
    for changes, field in (({"reason_code": "rich"}, "reason_code"), ({"year": 2027}, "year")):
        with pytest.raises(Invalid) as refusal:
            proposed(keys[0], someone, **changes)
        assert field in refusal.value.fields


def test_a_county_honours_in_its_own_name_only(keys):
    someone = giving.volunteer("林大海")
    with pytest.raises(NotAllowed):
        proposed(keys[0], someone, unit_path="/35/3504/350424/")
    stranger = people.staff("county_staff", "320681")
    with pytest.raises(NotFound):
        proposed(stranger, someone, unit_path=people.QIDONG)


def test_an_honour_taken_back_leaves_the_roll(keys):
    someone = giving.volunteer("林大海")
    honour_id = approved(keys, someone)
    with pytest.raises(Invalid), giving.within(keys[0]):
        honours.retract(keys[0], honour_id, reason="")
    with giving.within(keys[0]):
        honours.retract(keys[0], honour_id, reason="重复")
    assert names() == []
    with pytest.raises(WrongState), giving.within(keys[1]):
        honours.approve(keys[1], honour_id)


def test_the_public_page_changes_with_the_very_next_look(app, clock, client, client_as):
    with app.app_context():
        pair = (people.staff("county_staff", "350421"), people.staff("county_staff", "350421"))
        someone = giving.volunteer("王晓燕")
        approved(pair, someone, "三年来每个周末都来陪伴")
        agrees(someone)
    page = client.get("/honours")
    assert page.status_code == 200
    assert "王晓燕" in page.text
    assert "三年来每个周末都来陪伴" in page.text
    assert "明溪县" in page.text
    mine = client_as(someone)
    here = f"/me/publicity/{someone.supporter_ids[0]}"
    assert send(mine, here, {"agree": "0"}, page="/me/offer-time").status_code == 303
    after = client.get("/honours").text
    assert "王晓燕" not in after
    assert "王**" in after


def test_the_desk_proposes_and_another_decides(app, clock, client, client_as):
    with app.app_context():
        first = people.staff("county_staff", "350421")
        second = people.staff("county_staff", "350421")
        someone = giving.volunteer("王晓燕")
    clerk = client_as(first)
    assert "王晓燕" in clerk.get("/desk/honours?q=晓燕").text
    here = f"/desk/honours/propose/{someone.supporter_ids[0]}"
    typed = {"place": people.MINGXI, "year": "2026", "reason_code": "wish_giver", "sentence": ""}
    bad = send(clerk, here, {**typed, "sentence": "常去城西村"})
    assert bad.status_code == 422
    assert send(clerk, here, typed).status_code == 303
    shown = clerk.get("/desk/honours?status=proposed").text
    assert "批准公示" in shown
    assert "不能自己批准" in shown
    with app.app_context(), unit_of_work.reading(people.everything()):
        from portal.models.honours import Honour

        honour_id = db.session.scalar(select(Honour.id))
    decide = f"/desk/honours/{honour_id}"
    assert (
        send(clerk, decide, {"transition": "approve", "version": "1"}, page=here).status_code == 403
    )
    other = client_as(second)
    assert (
        send(other, decide, {"transition": "approve", "version": "1"}, page=here).status_code == 303
    )
    assert "王**" in client.get("/honours").text


def test_a_visitor_filters_by_year_and_place(app, clock, client):
    with app.app_context():
        pair = (people.staff("county_staff", "350421"), people.staff("county_staff", "350421"))
        approved(pair, giving.volunteer("王晓燕"))
    assert "王**" in client.get("/honours?year=2026&region=350421").text
    for other in ("year=2025", "region=350424"):
        assert "王**" not in client.get(f"/honours?{other}").text
    assert client.get("/honours?after=nonsense&year=x").status_code == 200


def test_a_city_honours_in_the_authoritys_name(keys):
    one, other = people.staff("city_staff"), people.staff("city_staff")
    someone = giving.volunteer("王晓燕")
    with giving.within(one):
        honour_id = honours.propose(
            one, someone.supporter_ids[0], unit_path=people.SANMING, year=2026,
            reason_code="resources",
        )  # fmt: skip
    with pytest.raises(NotFound), giving.within(keys[0]):
        honours.approve(keys[0], honour_id)
    with giving.within(other):
        honours.approve(other, honour_id)
    with unit_of_work.reading(scope.NOTHING):
        assert db.session.scalar(select(HonourCard.region_name)) == "三明市"
