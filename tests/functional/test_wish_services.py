"""A wish from the director's draft to the wall, through the services (S0-4.8, MW, A3)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text

from portal.core import scope, unit_of_work
from portal.domain import clock as portal_clock
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.extensions import db
from portal.models.children import Consent
from portal.models.records import Fact
from portal.models.wishes import WallCount, Wish, WishCard, WishWindow
from portal.services import publication, windows, wish_review, wishes
from portal.services.wishes import ConsentInput, WishInput
from tests.factories import people
from tests.factories import wishes as make

LAMP = WishInput(item_code="XX01", own_words="想要一盏台灯，晚上写作业", est_cost_fen=12_800)


@pytest.fixture
def story(app, clock):
    """The cast: a director, a supervisor, two county clerks, a neighbour's director."""
    with app.app_context():
        yield Story()


class Story:
    def __init__(self):
        self.director = people.staff("child_director", make.VILLAGE)
        self.supervisor = people.staff("child_supervisor", "350421100")
        self.clerk = people.staff("county_staff", "350421")
        self.second_clerk = people.staff("county_staff", "350421")
        self.window = make.window()

    def do(self, actor, act, *args, **kwargs):
        with unit_of_work.transaction(scope.of(actor)):
            row = act(actor, *args, **kwargs)
            return getattr(row, "id", row)

    def see(self, wish_id):
        with unit_of_work.reading(people.everything()):
            return db.session.get(Wish, wish_id)

    def status(self, wish_id):
        return self.see(wish_id).status

    def cards(self):
        with unit_of_work.reading(people.everything()):
            return db.session.scalars(select(WishCard).order_by(WishCard.shuffle)).all()

    def consented(self, child):
        given = ConsentInput("written", portal_clock.today(), guardian_id=child.guardian_id)
        return self.do(self.director, wishes.record_consent, child.id, given)

    def screened(self, age=10, data=LAMP):
        child = make.child(age)
        self.consented(child)
        wish_id = self.do(self.director, wishes.draft, child.id, self.window, data)
        self.do(self.director, wish_review.submit, wish_id)
        self.do(self.supervisor, wish_review.screen, wish_id)
        return wish_id

    def approved(self, count=1, age=10):
        ids = [self.screened(age) for _ in range(count)]
        for wish_id in ids:
            self.do(self.clerk, wish_review.approve, wish_id)
        return ids


def test_a_wish_reaches_the_wall_as_a_card_that_knows_no_child(story):
    make.crowd(10, 10)
    ids = story.approved(3)
    result = story.do(story.clerk, publication.release, story.window)
    assert (result.published, result.held) == (3, 0)
    cards = story.cards()
    assert {story.status(each) for each in ids} == {"published"}
    assert len(cards) == 3
    for card in cards:
        assert (card.title, card.region_name, card.band) == ("护眼台灯", "明溪县", "9-11")
        assert (card.occasion, card.cost_band, card.status) == ("children_day", "100-200", "open")
        assert len(card.code) == 26
    assert len({card.batch_id for card in cards}) == 1


def test_the_first_file_number_of_the_year_is_one_and_they_run_on(story):
    first, second = make.child(), make.child()
    ids = [
        story.do(story.director, wishes.draft, c.id, story.window, LAMP) for c in (first, second)
    ]
    assert [story.see(each).file_no for each in ids] == ["WX-2026-00001", "WX-2026-00002"]


def test_consent_comes_first(story):
    child = make.child()
    wish_id = story.do(story.director, wishes.draft, child.id, story.window, LAMP)
    with pytest.raises(Invalid, match="监护人同意"):
        story.do(story.director, wish_review.submit, wish_id)
    story.consented(child)
    story.do(story.director, wish_review.submit, wish_id)
    assert story.status(wish_id) == "submitted"


def test_consent_names_who_how_and_when(story):
    child = make.child()
    today = portal_clock.today()
    for given in (
        ConsentInput("written", today + timedelta(days=1), guardian_id=child.guardian_id),
        ConsentInput("telepathy", today, guardian_id=child.guardian_id),
        ConsentInput("written", today),
    ):
        with pytest.raises(Invalid):
            story.do(story.director, wishes.record_consent, child.id, given)
    other = ConsentInput("written", today, guardian_id=make.child().guardian_id)
    with pytest.raises(NotFound):
        story.do(story.director, wishes.record_consent, child.id, other)
    consent_id = story.consented(child)
    with unit_of_work.reading(people.everything()):
        consent = db.session.get(Consent, consent_id)
        assert (consent.given_by, consent.relation, consent.scope) == ("林建国", "爷爷", "wish")
        assert consent.text_version == wishes.CONSENT_VERSION


@pytest.mark.parametrize(
    "words",
    ["想要书包，可以打12059861234", "我在雪峰镇实验小学上学，想要书包", "想要现金", "请给我800元",
     "林建国让我写的", "加V信linxx2015"],
)  # fmt: skip
def test_what_names_reaches_or_pays_somebody_stops_the_wish(story, words):
    child = make.child()
    story.consented(child)
    data = WishInput(item_code="XX02", own_words=words)
    wish_id = story.do(story.director, wishes.draft, child.id, story.window, data)
    with pytest.raises(Invalid) as refused:
        story.do(story.director, wish_review.submit, wish_id)
    assert "own_words" in refused.value.fields
    assert story.status(wish_id) == "draft"


def test_family_and_health_words_stay_inside_and_the_card_is_neutral(story):
    make.crowd(10, 16)
    data = WishInput(item_code="QX01", own_words="想和在外务工的爸爸视频一次")
    for _ in range(3):
        wish_id = story.screened(16, data)
        story.do(story.clerk, wish_review.approve, wish_id)
    story.do(story.clerk, publication.release, story.window)
    assert {(card.title, card.item_code) for card in story.cards()} == {("视频陪伴", "QG06")}


def test_above_the_cap_a_reason_is_needed(story):
    child = make.child()
    dear = WishInput(item_code="XX03", own_words="想要书桌", est_cost_fen=80_000)
    with pytest.raises(Invalid) as refused:
        story.do(story.director, wishes.draft, child.id, story.window, dear)
    assert "cap_reason" in refused.value.fields
    reasoned = WishInput(
        item_code="XX03", own_words="想要书桌", est_cost_fen=80_000, cap_reason="山区运费高"
    )
    assert story.do(story.director, wishes.draft, child.id, story.window, reasoned)


def test_a_director_drafts_for_the_own_village_only(story):
    elsewhere = make.child(village="350421100001")
    with pytest.raises(NotFound):
        story.do(story.director, wishes.draft, elsewhere.id, story.window, LAMP)
    with pytest.raises(NotAllowed):
        story.do(story.clerk, wishes.draft, elsewhere.id, story.window, LAMP)


def test_one_live_wish_per_child_and_window(story):
    child = make.child()
    story.do(story.director, wishes.draft, child.id, story.window, LAMP)
    with pytest.raises(Conflict, match="已经有一个心愿"):
        story.do(story.director, wishes.draft, child.id, story.window, LAMP)


def test_who_works_from_an_old_page_is_told(story):
    child = make.child()
    wish_id = story.do(story.director, wishes.draft, child.id, story.window, LAMP)
    ball = WishInput(item_code="TY02", own_words="想要一副球拍", est_cost_fen=12_000)
    story.do(story.director, wishes.edit, wish_id, ball, 1)
    with pytest.raises(Conflict, match="早一步"):
        story.do(story.director, wishes.edit, wish_id, LAMP, 1)


def test_a_draft_can_move_to_another_window_that_still_takes_wishes(story):
    child = make.child()
    wish_id = story.do(story.director, wishes.draft, child.id, story.window, LAMP)
    today = portal_clock.today()
    later = make.window(occasion="school_start", closes=today + timedelta(days=90))
    past = make.window(occasion="spring_festival", closes=today - timedelta(days=1))
    with pytest.raises(WrongState):
        story.do(story.director, wishes.edit, wish_id, LAMP, None, past)
    story.do(story.director, wishes.edit, wish_id, LAMP, None, later)
    assert story.see(wish_id).window_id == later


def test_two_keys_hold_at_screening_and_approval(story):
    wish_id = story.screened()
    with unit_of_work.transaction(people.everything()):
        db.session.get(Wish, wish_id).screened_by = story.clerk.user_id
    make.crowd(10, 10)
    with pytest.raises(NotAllowed, match="两人把关"):
        story.do(story.clerk, wish_review.approve, wish_id)
    story.do(story.second_clerk, wish_review.approve, wish_id)
    assert story.status(wish_id) == "approved"


def test_a_director_cannot_screen_and_a_township_cannot_approve(story):
    wish_id = story.screened()
    with pytest.raises(NotAllowed):
        story.do(story.supervisor, wish_review.approve, wish_id)
    with pytest.raises((NotAllowed, WrongState)):
        story.do(story.director, wish_review.screen, wish_id)


def test_too_few_children_hold_the_card_back_with_a_reason(story):
    wish_id = story.screened()
    story.do(story.clerk, wish_review.approve, wish_id)
    held = story.see(wish_id)
    assert held.status == "held"
    assert "不足 10 名" in held.hold_reason
    with pytest.raises(WrongState):
        story.do(story.clerk, wish_review.approve, wish_id)
    make.crowd(9, 10)
    story.do(story.clerk, wish_review.approve, wish_id)
    assert story.status(wish_id) == "approved"


def test_a_register_that_shrank_since_approval_holds_the_card_at_release(story):
    make.crowd(10, 10)
    ids = story.approved(3)
    with unit_of_work.transaction(people.everything()):
        db.session.execute(
            make.ChildFile.__table__.update()
            .where(make.ChildFile.name != "")
            .values(status="moved")
        )
    result = story.do(story.clerk, publication.release, story.window)
    assert (result.batch_id, result.published, result.held) == (None, 0, 3)
    assert {story.status(each) for each in ids} == {"held"}
    assert story.cards() == []


def test_a_batch_is_large_enough_to_hide_in(story):
    make.crowd(10, 10)
    story.approved(2)
    with pytest.raises(Invalid, match="至少 3 张"):
        story.do(story.clerk, publication.release, story.window)
    assert story.cards() == []


def test_nothing_is_published_outside_the_window(story, clock):
    make.crowd(10, 10)
    story.approved(3)
    clock.advance(days=6)
    with pytest.raises(WrongState, match="征集时间"):
        story.do(story.clerk, publication.release, story.window)


def test_withdrawing_consent_takes_the_card_down_and_shuffles_its_cell(story):
    make.crowd(10, 10)
    ids = story.approved(4)
    story.do(story.clerk, publication.release, story.window)
    before = {card.code: card.shuffle for card in story.cards()}
    gone = story.see(ids[0])
    story.do(story.director, wish_review.withdraw_consent, gone.consent_id, "监护人改变主意")
    after = {card.code: card.shuffle for card in story.cards()}
    assert len(after) == 3
    assert story.see(ids[0]).status == "withdrawn"
    assert story.see(ids[0]).card_id is None
    assert all(before[code] != shuffle for code, shuffle in after.items())
    with unit_of_work.reading(people.everything()):
        assert db.session.get(WallCount, ("all", "")).cards == 3
    with pytest.raises(WrongState):
        story.do(story.director, wish_review.withdraw_consent, gone.consent_id)


def test_a_new_publication_has_a_new_code(story, clock):
    make.crowd(10, 10)
    story.approved(3)
    story.do(story.clerk, publication.release, story.window)
    first = {card.code for card in story.cards()}
    clock.advance(days=6)
    with unit_of_work.transaction(people.everything()):
        closing = windows.close_due()
    assert (closing.windows, closing.rolled, closing.expired) == (1, 3, 0)
    assert story.cards() == []
    clock.move_to(portal_clock.start_of(date(2026, 8, 12)))
    with unit_of_work.reading(people.everything()):
        autumn = db.session.scalar(
            select(WishWindow.id).where(WishWindow.occasion == "school_start")
        )
    story.do(story.clerk, publication.release, autumn)
    second = {card.code for card in story.cards()}
    assert len(second) == 3
    assert not first & second


def test_unfilled_wishes_roll_over_twice_and_then_expire(story, clock):
    make.crowd(12, 10)
    (wish_id,) = story.approved(1)
    for expected in ("rolled_over", "rolled_over", "expired"):
        with unit_of_work.reading(people.everything()):
            closes = db.session.get(Wish, wish_id).window.closes
        clock.move_to(portal_clock.start_of(closes + timedelta(days=1)))
        with unit_of_work.transaction(people.everything()):
            windows.close_due()
            windows.close_due()
        assert story.status(wish_id) == expected
    assert story.see(wish_id).rolled == 2


def test_sending_back_needs_a_reason_and_clears_the_keys(story):
    wish_id = story.screened()
    with pytest.raises(Invalid):
        story.do(story.clerk, wish_review.send_back, wish_id, " ")
    story.do(story.clerk, wish_review.send_back, wish_id, "请写清尺码")
    wish = story.see(wish_id)
    assert (wish.status, wish.screened_by) == ("draft", None)


def test_several_at_once_name_who_was_refused(story):
    make.crowd(10, 10)
    good, bad = story.screened(), story.approved()[0]
    with unit_of_work.transaction(scope.of(story.clerk)):
        done, refused = wish_review.act_on_all(story.clerk, [(good, None), (bad, None)], "approve")
        assert [wish.id for wish in done] == [good]
        assert [wish_id for wish_id, _ in refused] == [bad]
    assert story.status(good) == "approved"


def test_every_step_leaves_a_fact_without_names(story):
    story.screened()
    with unit_of_work.reading(people.everything()):
        kinds = db.session.scalars(select(Fact.kind).order_by(Fact.id)).all()
        assert {"consent.give", "wish.begin", "wish.submit", "wish.screen"} <= set(kinds)
        assert db.session.scalar(select(func.count()).select_from(Fact)) == 4


def test_own_words_are_sealed_in_the_database(story):
    child = make.child()
    story.do(story.director, wishes.draft, child.id, story.window, LAMP)
    with unit_of_work.reading(people.everything()):
        raw = db.session.execute(text("SELECT own_words FROM wishes")).scalar_one()
    assert "台灯" not in raw


def test_windows_of_a_year_have_the_dates_of_the_domain_page(story):
    city = people.staff("city_staff", "350400")
    with unit_of_work.transaction(scope.of(city)):
        windows.open_year(city, people.SANMING, 2027)
        opened = windows.open_year(city, people.SANMING, 2027)
        assert opened == []
    with unit_of_work.reading(people.everything()):
        spring = db.session.scalar(
            select(WishWindow).where(
                WishWindow.year == 2027, WishWindow.occasion == "spring_festival"
            )
        )
        assert spring.festival_on == date(2027, 2, 6)
        assert (spring.opens, spring.closes) == (date(2026, 12, 30), date(2027, 1, 25))
