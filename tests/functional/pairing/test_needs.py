"""A need from the director's draft to a card, an application and an offer (PN; S0-4.2, S0-4.5c)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import scope, unit_of_work
from portal.domain import clock as portal_clock
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.extensions import db
from portal.models.children import ChildFile, Consent
from portal.models.needs import NeedApplication, NeedCard, PairingNeed, PairingOffer
from portal.models.records import Fact
from portal.models.standings import Clearance
from portal.models.supporters import Supporter
from portal.queries import subject_needs
from portal.services import (
    erasure,
    need_applications,
    need_publication,
    needs,
    pairing_offers,
    standings,
    wish_review,
    wishes,
)
from portal.services.needs import NeedInput
from portal.services.wishes import ConsentInput
from tests.factories import needs as make
from tests.factories import people
from tests.factories import wishes as make_wishes


@pytest.fixture
def story(app, clock):
    """The cast: a director, two county clerks, the city."""
    with app.app_context():
        yield Story()


class Story:
    def __init__(self):
        self.director = people.staff("child_director", make_wishes.VILLAGE)
        self.clerk = people.staff("county_staff", "350421")
        self.city = people.staff("city_staff", "350400")

    def do(self, actor, act, *args, **kwargs):
        with unit_of_work.transaction(scope.of(actor)):
            return act(actor, *args, **kwargs)

    def need(self, need_id):
        with unit_of_work.reading(people.everything()):
            return db.session.get(PairingNeed, need_id)

    def status(self, need_id):
        return self.need(need_id).status

    def application(self, application_id):
        with unit_of_work.reading(people.everything()):
            return db.session.get(NeedApplication, application_id)

    def cards(self):
        with unit_of_work.reading(people.everything()):
            return db.session.scalars(select(NeedCard).order_by(NeedCard.shuffle)).all()

    def draft(self, child, **more):
        today = portal_clock.today()
        typed = {
            "kind": "affection", "rhythm": "monthly_quarterly", "assessed_on": today,
            "heard_on": today, "child_words": "想有人周末来看我",
        }  # fmt: skip
        return self.do(self.director, needs.draft, child.id, NeedInput(**{**typed, **more}))

    def approved(self, count, age=10, **more):
        ids = [self.draft(make.child(age), **more) for _ in range(count)]
        for need_id in ids:
            self.do(self.director, needs.submit, need_id)
            self.do(self.clerk, needs.approve, need_id)
        return ids

    def published(self, count=3, **more):
        make_wishes.crowd(10, 10)
        ids = self.approved(count, **more)
        self.do(self.clerk, need_publication.release, tenant_path=people.SANMING)
        return ids

    def code(self, need_id):
        card_id = self.need(need_id).card_id
        return next(card.code for card in self.cards() if card.id == card_id)


def test_a_need_becomes_a_card_that_says_the_face_and_never_the_kind(story):
    make_wishes.crowd(10, 10)
    quiet = {"kind": "counselling", "rhythm": "biweekly", "language": "sign", "days": ("weekend",)}
    ids = story.approved(2, helper="mother") + story.approved(1, **quiet, helper="professional")
    assert [story.need(each).file_no for each in ids] == [f"JD-2026-{n:04d}" for n in (1, 2, 3)]
    result = story.do(story.clerk, need_publication.release, tenant_path=people.SANMING)
    assert (result.published, result.held) == (3, 0)
    cards = story.cards()
    shown = {
        (card.need, card.rhythm, tuple(card.days), card.language, card.helper, card.illustration)
        for card in cards
    }
    assert shown == {("company", "monthly_quarterly", (), "", "", "need-company")}
    assert {card.region_name for card in cards} == {"明溪县"}
    assert {card.band for card in cards} == {"9-11"}
    assert {story.status(each) for each in ids} == {"published"}
    assert not {story.need(each).file_no for each in ids} & {card.code for card in cards}


def test_too_few_children_hold_the_need_and_staff_find_somebody(story):
    need_id = story.draft(make.child(10))
    story.do(story.director, needs.submit, need_id)
    story.do(story.clerk, needs.approve, need_id)
    held = story.need(need_id)
    assert (held.status, held.waiting_since) == ("held", portal_clock.today())
    assert "不足 10 名" in held.hold_reason
    with pytest.raises(WrongState, match="不够10名"):
        story.do(story.clerk, needs.approve, need_id)
    make_wishes.crowd(10, 10)
    story.do(story.clerk, needs.approve, need_id)
    assert story.status(need_id) == "approved"


def test_counties_that_are_too_small_show_the_city(story):
    make_wishes.crowd(6, 10, village="350429100201")
    ids = story.approved(3)
    make_wishes.crowd(2, 10)
    for need_id in ids:
        story.do(story.clerk, needs.approve, need_id)
    story.do(story.clerk, need_publication.release, tenant_path=people.SANMING)
    assert {(card.region_name, card.city_code) for card in story.cards()} == {("三明市", "350400")}


def test_a_draft_says_everything_that_is_missing(story):
    child = make_wishes.child(10)
    need_id = story.draft(child, assessed_on=None, heard_on=None, child_words="")
    with pytest.raises(Invalid) as refused:
        story.do(story.director, needs.submit, need_id)
    assert set(refused.value.fields) == {"consent", "assessed_on", "kind", "child_words"}
    assert "这名儿童的评估没有记录亲情缺失" in str(refused.value)
    today = portal_clock.today()
    old = today.replace(year=today.year - 1) - timedelta(days=1)
    with pytest.raises(Invalid, match="12个月"):
        story.do(
            story.director, needs.record_assessment, child.id,
            lacks_affection=True, assessed_on=old,
        )  # fmt: skip
    story.do(
        story.director, needs.record_assessment, child.id, lacks_affection=True, assessed_on=today
    )
    given = ConsentInput("written", today, guardian_id=child.guardian_id)
    story.do(story.director, wishes.record_consent, child.id, given, "pairing")
    typed = {
        "kind": "affection", "rhythm": "monthly_quarterly", "assessed_on": old,
        "heard_on": today, "child_words": "想要陪伴",
    }  # fmt: skip
    story.do(story.director, needs.edit, need_id, NeedInput(**typed))
    with pytest.raises(Invalid, match="12个月"):
        story.do(story.director, needs.submit, need_id)
    asked = NeedInput(**{**typed, "assessed_on": old + timedelta(days=1)})
    story.do(story.director, needs.edit, need_id, asked)
    story.do(story.director, needs.submit, need_id)
    assert story.status(need_id) == "submitted"
    with unit_of_work.reading(people.everything()):
        assert db.session.get(ChildFile, child.id).lacks_affection
        kinds = db.session.scalars(select(Fact.kind).where(Fact.subject_id == child.id)).all()
    assert kinds == ["child.assess"]


def test_a_small_child_is_not_asked_and_a_mentor_comes_every_month(story):
    need_id = story.draft(make.child(7), heard_on=None, child_words="")
    story.do(story.director, needs.submit, need_id)
    assert story.status(need_id) == "submitted"
    with pytest.raises(Invalid, match="每月谈心、每季入户"):
        story.draft(make.child(7), rhythm="festivals")
    with pytest.raises(Invalid, match="从列表中选择"):
        story.draft(make.child(7), kind="money")


def test_who_drafted_does_not_approve_and_a_second_one_of_a_kind_is_refused(story):
    child = make.child(10)
    need_id = story.draft(child)
    with pytest.raises(Conflict, match="同样的需求"):
        story.draft(child)
    story.do(story.director, needs.submit, need_id)
    both = people.also(story.director, "county_staff", "350421")
    make_wishes.crowd(10, 10)
    with pytest.raises(NotAllowed, match="两人把关"):
        story.do(both, needs.approve, need_id)
    with pytest.raises(NotAllowed, match="两人把关"):
        story.do(both, needs.hold, need_id, reason="由我来找")
    with pytest.raises(NotAllowed):
        story.do(story.director, needs.approve, need_id)
    story.do(story.clerk, needs.send_back, need_id, reason="请写清时间")
    assert story.status(need_id) == "draft"


def test_nothing_foreign_is_found(story):
    need_id = story.draft(make.child(10))
    other = people.staff("county_staff", "350429")
    with pytest.raises(NotFound):
        story.do(other, needs.approve, need_id)
    with pytest.raises(NotFound):
        story.do(people.staff("child_director", "350421100201"), needs.submit, need_id)


def test_a_batch_too_small_to_hide_in_waits(story):
    make_wishes.crowd(10, 10)
    story.approved(2)
    with pytest.raises(Invalid, match="至少3张"):
        story.do(story.city, need_publication.release, tenant_path=people.SANMING)
    story.approved(1)
    result = story.do(story.city, need_publication.release, tenant_path=people.SANMING)
    assert result.published == 3


def test_taking_consent_back_ends_the_need_its_card_and_its_applications(story):
    ids = story.published()
    mentor = make.mentor()
    applied = story.do(
        mentor, need_applications.apply, story.code(ids[0]), supporter_id=mentor.supporter_ids[0]
    )
    with unit_of_work.reading(people.everything()):
        sheet = db.session.scalar(
            select(Consent.id).where(Consent.child_id == story.need(ids[0]).child_id)
        )
    before = {card.code: card.shuffle for card in story.cards()}
    with unit_of_work.transaction(scope.of(story.director)):
        wish_review.withdraw_consent(story.director, sheet)
    assert story.status(ids[0]) == "withdrawn"
    left = story.cards()
    assert len(left) == 2
    assert all(before[card.code] != card.shuffle for card in left)
    gone = story.application(applied)
    assert (gone.status, "别的安排" in gone.answer) == ("declined", True)
    assert story.status(ids[1]) == "published"


def test_an_application_takes_tier_2_comes_once_and_at_most_three_wait(story):
    ids = story.published(4)
    mentor, tier1 = make.mentor(), make.mentor(holds=False)
    mine = mentor.supporter_ids[0]
    code = story.code(ids[0])
    with pytest.raises(NotAllowed, match="二级"):
        story.do(tier1, need_applications.apply, code, supporter_id=tier1.supporter_ids[0])
    with pytest.raises(NotAllowed, match="工作账号"):
        story.do(story.clerk, need_applications.apply, code, supporter_id=mine)
    with pytest.raises(NotAllowed, match="登记"):
        story.do(tier1, need_applications.apply, code, supporter_id=mine)
    firm = people.supporter("enterprise")
    with pytest.raises(NotAllowed, match="个人"):
        story.do(firm, need_applications.apply, code, supporter_id=firm.supporter_ids[0])
    with pytest.raises(NotFound):
        story.do(mentor, need_applications.apply, "nowhere", supporter_id=mine)
    stranger = make.mentor(tenant=people.QIDONG)
    with pytest.raises(NotFound):
        story.do(stranger, need_applications.apply, code, supporter_id=stranger.supporter_ids[0])
    first = story.do(mentor, need_applications.apply, code, supporter_id=mine, words="周六有空")
    assert story.do(mentor, need_applications.apply, code, supporter_id=mine) == first
    for need_id in ids[1:3]:
        story.do(mentor, need_applications.apply, story.code(need_id), supporter_id=mine)
    with pytest.raises(Conflict, match="3份申请"):
        story.do(mentor, need_applications.apply, story.code(ids[3]), supporter_id=mine)
    story.do(mentor, need_applications.withdraw, first)
    story.do(mentor, need_applications.apply, story.code(ids[3]), supporter_id=mine)
    with pytest.raises(NotFound):
        story.do(make.mentor(), need_applications.withdraw, first)


def test_a_match_takes_the_card_down_and_answers_everybody(story):
    ids = story.published()
    chosen, other = make.mentor(), make.mentor()
    code = story.code(ids[0])
    first, second = (
        story.do(one, need_applications.apply, code, supporter_id=one.supporter_ids[0])
        for one in (chosen, other)
    )
    with unit_of_work.transaction(scope.of(story.clerk)):
        needs.matched(story.clerk, ids[0], application_id=first)
    assert story.status(ids[0]) == "matched"
    assert [story.application(each).status for each in (first, second)] == ["taken", "declined"]
    assert len(story.cards()) == 2
    with unit_of_work.transaction(scope.of(story.clerk)):
        needs.reopen_for(ids[0])
    assert story.status(ids[0]) == "approved"


def test_what_hangs_on_tier_2_ends_with_it(story):
    ids = story.published()
    mentor = make.mentor()
    mine = mentor.supporter_ids[0]
    applied = story.do(mentor, need_applications.apply, story.code(ids[0]), supporter_id=mine)
    offered = make.offer(mentor, kinds=("study",))
    with pytest.raises(WrongState, match="时间和地方"):
        story.do(mentor, pairing_offers.offer, supporter_id=mine)
    with unit_of_work.transaction(people.everything()):
        db.session.scalar(
            select(Clearance).where(Clearance.supporter_id == mine)
        ).status = "expired"

        standings.contact_ended(db.session.get(Supporter, mine), "expired")
    assert story.application(applied).status == "declined"
    with unit_of_work.reading(people.everything()):
        assert db.session.get(PairingOffer, offered).status == "withdrawn"


def test_the_copy_for_the_guardian_and_for_the_mentor_hold_what_concerns_them(story):
    child = make.child(10)
    need_id = make.need(child, status="published", kind="study")
    mentor = make.mentor()
    make.application(need_id, mentor)
    with unit_of_work.reading(people.everything()):
        [row] = subject_needs.of_child(child.id).rows
        assert row[0] == "课业辅导"
        assert "想有人周末来看我" not in row
        [own] = subject_needs.of_supporter(mentor.supporter_ids[0]).rows
        assert "周六有空" in own
    with unit_of_work.transaction(people.everything()):
        erasure.child(child.id)
    gone = story.need(need_id)
    assert (gone.status, gone.child_words, gone.kind) == ("withdrawn", "", "")
