"""The road of a promise: approval, delivery, hand-over, thanks, archive, and every way back."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.core import unit_of_work
from portal.domain import clock as portal_clock
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.extensions import db
from portal.models.records import Fact
from portal.models.supporters import Supporter
from portal.models.wishes import Commitment, Wish, WishWindow
from portal.services import claims, commitments, handover, reminders, returns
from portal.services.commitments import Receipt
from tests.factories import people, promises

TODAY = date(2026, 5, 20)


@pytest.fixture
def on(app, clock):
    with app.app_context():
        yield


@pytest.fixture
def crew(on):
    return promises.staff()


@pytest.fixture
def helper(on):
    return people.supporter("individual")


@pytest.fixture
def card(on):
    [hung] = promises.hung()
    return hung


def act(actor, verb, *args, **more):
    with promises.as_actor(actor):
        verb(actor, *args, **more)


def system(job):
    with unit_of_work.transaction(people.everything()):
        return job()


def facts_of(kind):
    with unit_of_work.reading(people.everything()):
        return [
            row.data
            for row in db.session.execute(
                select(Fact.data).where(Fact.kind == kind).order_by(Fact.id)
            )
        ]


def test_the_whole_road(crew, helper, card):
    promise = promises.claimed(helper, card.code)
    act(crew.county, commitments.approve, promise, date(2026, 5, 30), "县民政局一楼窗口")
    assert promises.status_of(promise) == ("approved", "committed", "claimed")
    assert promises.read(Commitment, promise, "deliver_by", "handover_point", "lapses_at") == (
        date(2026, 5, 30),
        "县民政局一楼窗口",
        None,
    )
    act(helper, commitments.dispatch, promise, "courier", "SF1")
    assert promises.status_of(promise)[0] == "delivering"
    act(crew.point, commitments.receive, promise, Receipt(TODAY, 12_900))
    assert promises.status_of(promise)[:2] == ("delivered", "delivered")
    act(crew.director, handover.fulfil, promise, TODAY, "王大山")
    assert promises.status_of(promise)[:2] == ("confirmed", "fulfilled")
    act(crew.director, handover.write_thanks, promise, "谢谢您，灯很亮")
    assert promises.read(Commitment, promise, "thanks") == ""
    act(crew.county, handover.release_thanks, promise)
    assert promises.read(Commitment, promise, "thanks") == "谢谢您，灯很亮"
    act(crew.county, handover.archive, promise)
    assert promises.status_of(promise)[:2] == ("confirmed", "archived")


def test_approval_takes_the_windows_day_and_the_authoritys_point_by_default(crew, helper, card):
    promise = promises.led_to("approved", helper, card.code, crew)
    assert promises.read(Commitment, promise, "deliver_by", "handover_point") == (
        TODAY + timedelta(days=12),
        "县民政局儿童福利窗口",
    )


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=13)])
def test_the_deadline_lies_between_today_and_the_windows_day(crew, helper, card, day):
    promise = promises.claimed(helper, card.code)
    with pytest.raises(Invalid):
        act(crew.county, commitments.approve, promise, day)
    assert promises.status_of(promise)[0] == "pending"


def test_a_supporter_whose_vetting_ended_is_not_approved(crew, helper, card):
    promise = promises.claimed(helper, card.code)
    promises.change(Supporter, helper.supporter_ids[0], status="suspended")
    with pytest.raises(WrongState):
        act(crew.county, commitments.approve, promise)
    assert promises.status_of(promise) == ("pending", "reserved", "claimed")


def test_only_the_county_approves_and_only_in_its_own_units(crew, helper, card):
    promise = promises.claimed(helper, card.code)
    with pytest.raises(NotAllowed):
        act(crew.director, commitments.approve, promise)
    with pytest.raises(NotFound):
        act(helper, commitments.approve, promise)
    with pytest.raises(NotFound):
        act(people.staff("county_staff", "320681"), commitments.approve, promise)
    assert promises.status_of(promise)[0] == "pending"


def test_the_slower_of_two_clerks_is_told(crew, helper, card):
    promise = promises.claimed(helper, card.code)
    seen = promises.read(Commitment, promise, "version")
    act(crew.county, commitments.approve, promise, version=seen)
    with pytest.raises(Conflict, match="早一步"):
        act(people.staff("county_staff"), commitments.decline, promise, "晚了", version=seen)
    assert promises.status_of(promise)[0] == "approved"


@pytest.mark.parametrize(
    ("state", "who", "verb", "ends"),
    [
        ("pending", "county", commitments.decline, "declined"),
        ("approved", "county", commitments.fail, "failed"),
        ("delivering", "county", commitments.fail, "failed"),
        ("pending", "helper", returns.give_back, "withdrawn"),
        ("approved", "helper", returns.give_back, "withdrawn"),
        ("delivering", "helper", returns.give_back, "withdrawn"),
    ],
)
def test_an_ended_promise_frees_the_wish_for_the_next(crew, helper, card, state, who, verb, ends):
    promise = promises.led_to(state, helper, card.code, crew)
    actor = helper if who == "helper" else crew.county
    with pytest.raises(Invalid):
        act(actor, verb, promise, "  ")
    act(actor, verb, promise, "家里有急事")
    assert promises.status_of(promise) == (ends, "published", "open")
    assert promises.read(Commitment, promise, "reason") == "家里有急事"
    assert promises.claimed(people.supporter("charity"), card.code)


def test_what_has_arrived_is_not_given_back(crew, helper, card):
    promise = promises.led_to("delivered", helper, card.code, crew)
    with pytest.raises(WrongState):
        act(helper, returns.give_back, promise, "不想了")


def test_nobody_gives_back_a_strangers_promise(crew, helper, card):
    promise = promises.claimed(helper, card.code)
    with pytest.raises(NotFound):
        act(people.supporter("individual"), returns.give_back, promise, "帮他退了")
    assert promises.status_of(promise)[0] == "pending"


@pytest.mark.parametrize(("method", "number"), [("pigeon", ""), ("courier", " ")])
def test_how_it_travels_must_be_said(crew, helper, card, method, number):
    promise = promises.led_to("approved", helper, card.code, crew)
    with pytest.raises(Invalid):
        act(helper, commitments.dispatch, promise, method, number)
    assert promises.status_of(promise)[0] == "approved"


@pytest.mark.parametrize(
    "receipt",
    [
        Receipt(TODAY + timedelta(days=1), 100),
        Receipt(TODAY - timedelta(days=1), 100),
        Receipt(TODAY, -1),
        Receipt(TODAY, None),
    ],
)
def test_a_receipt_needs_a_possible_day_and_a_value(crew, helper, card, receipt):
    promise = promises.led_to("delivering", helper, card.code, crew)
    with pytest.raises(Invalid):
        act(crew.point, commitments.receive, promise, receipt)
    assert promises.status_of(promise)[0] == "delivering"


def test_late_is_recorded_as_late(crew, helper, card, clock):
    promise = promises.claimed(helper, card.code)
    act(crew.county, commitments.approve, promise, date(2026, 6, 1))
    clock.move_to(portal_clock.start_of(date(2026, 6, 3)))
    act(crew.point, commitments.receive, promise, Receipt(date(2026, 6, 3), 0))
    assert facts_of("commitment.receive") == [{"late_days": 2}]


def test_only_the_director_hands_over_and_on_a_possible_day(crew, helper, card):
    promise = promises.led_to("delivered", helper, card.code, crew)
    with pytest.raises(NotAllowed):
        act(crew.county, handover.fulfil, promise, TODAY, "王大山")
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1), None):
        with pytest.raises(Invalid):
            act(crew.director, handover.fulfil, promise, day, "王大山")
    with pytest.raises(Invalid):
        act(crew.director, handover.fulfil, promise, TODAY, " ")
    assert promises.status_of(promise)[:2] == ("delivered", "delivered")


@pytest.mark.parametrize("words", ["我是王小明，谢谢", "谢谢，我的电话12012345678", "", "好" * 201])
def test_thanks_with_a_name_or_a_number_do_not_pass(crew, helper, card, words):
    promise = promises.led_to("fulfilled", helper, card.code, crew)
    with pytest.raises(Invalid):
        act(crew.director, handover.write_thanks, promise, words)
    assert promises.read(Wish, card.wish_id, "thanks") == ""


def test_thanks_reach_the_supporter_only_through_a_second_person(crew, helper, card):
    promise = promises.led_to("fulfilled", helper, card.code, crew)
    both = people.staff("child_director")
    act(both, handover.write_thanks, promise, "谢谢您")
    promises.change(Wish, card.wish_id, thanks_by=crew.county.user_id)
    with pytest.raises(NotAllowed, match="两人"):
        act(crew.county, handover.release_thanks, promise)
    with pytest.raises(NotAllowed):
        act(crew.director, handover.release_thanks, promise)
    assert promises.read(Commitment, promise, "thanks") == ""
    act(people.staff("county_staff"), handover.release_thanks, promise)
    assert promises.read(Commitment, promise, "thanks") == "谢谢您"


def test_thanks_can_be_sent_back_and_archive_waits_for_them(crew, helper, card):
    promise = promises.led_to("fulfilled", helper, card.code, crew)
    act(crew.director, handover.write_thanks, promise, "谢谢大哥哥")
    with pytest.raises(WrongState):
        act(crew.county, handover.archive, promise)
    with pytest.raises(Invalid):
        act(crew.county, handover.return_thanks, promise, " ")
    act(crew.county, handover.return_thanks, promise, "请不要写称呼")
    assert promises.read(Wish, card.wish_id, "thanks") == ""
    act(crew.county, handover.archive, promise)


def test_an_archived_wish_never_changes(crew, helper, card):
    promise = promises.led_to("archived", helper, card.code, crew)
    tries = (
        (crew.director, handover.write_thanks, ("谢谢",)),
        (crew.county, handover.release_thanks, ()),
        (crew.county, handover.return_thanks, ("改",)),
        (crew.county, handover.archive, ()),
        (crew.director, handover.fulfil, (TODAY, "王大山")),
        (crew.county, commitments.fail, ("坏了",)),
        (crew.point, commitments.receive, (Receipt(TODAY, 1),)),
    )
    before = promises.read(Wish, card.wish_id, "version")
    for actor, verb, more in tries:
        with pytest.raises(WrongState):
            act(actor, verb, promise, *more)
    assert promises.read(Wish, card.wish_id, "version") == before


def test_a_claim_lapses_after_72_hours_and_not_before(crew, helper, card, clock):
    promise = promises.claimed(helper, card.code)
    clock.advance(hours=71, minutes=59)
    assert system(returns.lapse_due) == 0
    clock.advance(minutes=1)
    assert system(returns.lapse_due) == 1
    assert promises.status_of(promise) == ("lapsed", "published", "open")
    assert system(returns.lapse_due) == 0
    assert promises.claimed(people.supporter("individual"), card.code)


def test_an_approved_claim_does_not_lapse(crew, helper, card, clock):
    promise = promises.led_to("approved", helper, card.code, crew)
    clock.advance(days=4)
    assert system(returns.lapse_due) == 0
    assert promises.status_of(promise)[0] == "approved"


def test_three_lapses_in_twelve_months_pause_claims_for_90_days(crew, helper, clock):
    hung = promises.hung(cards=4)
    promises.change(WishWindow, hung[0].window_id, closes=date(2027, 5, 30))
    promises.change(Supporter, helper.supporter_ids[0], valid_to=date(2029, 1, 1))
    for one in hung[:2]:
        promises.claimed(helper, one.code)
        clock.advance(hours=72)
        system(returns.lapse_due)
    assert promises.read(Supporter, helper.supporter_ids[0], "claims_blocked_until") is None
    promises.claimed(helper, hung[2].code)
    clock.advance(hours=72)
    system(returns.lapse_due)
    until = promises.read(Supporter, helper.supporter_ids[0], "claims_blocked_until")
    assert until == portal_clock.today() + timedelta(days=90)
    assert [data["lapses"] for data in facts_of("supporter.pause_claims")] == [3]
    with pytest.raises(NotAllowed, match="暂停"):
        promises.claimed(helper, hung[3].code)
    clock.advance(days=90)
    assert promises.claimed(helper, hung[3].code)


def test_lapses_older_than_twelve_months_are_forgotten(crew, helper, clock):
    hung = promises.hung(cards=3)
    promises.change(WishWindow, hung[0].window_id, closes=date(2028, 5, 30))
    promises.change(Supporter, helper.supporter_ids[0], valid_to=date(2029, 1, 1))
    for one in hung[:2]:
        promises.claimed(helper, one.code)
    clock.advance(hours=72)
    assert system(returns.lapse_due) == 2
    clock.advance(days=367)
    promises.claimed(helper, hung[2].code)
    clock.advance(hours=72)
    system(returns.lapse_due)
    assert promises.read(Supporter, helper.supporter_ids[0], "claims_blocked_until") is None


def test_reminders_come_at_seven_three_and_one_days_once_each(crew, helper, card, clock):
    promise = promises.claimed(helper, card.code)
    act(crew.county, commitments.approve, promise, date(2026, 6, 1))
    said = {}
    for day in (24, 25, 26, 29, 30, 31):
        clock.move_to(portal_clock.start_of(date(2026, 5, day)))
        said[day] = (system(reminders.remind_due), system(reminders.remind_due))
    assert said == {24: (0, 0), 25: (1, 0), 26: (0, 0), 29: (1, 0), 30: (0, 0), 31: (1, 0)}
    assert [data["days"] for data in facts_of("commitment.remind")] == [7, 3, 1]
    clock.move_to(portal_clock.start_of(date(2026, 6, 2)))
    assert (system(reminders.remind_due), system(reminders.remind_due)) == (1, 0)
    assert len(facts_of("commitment.overdue")) == 1


def test_what_is_here_is_not_reminded_of(crew, helper, card, clock):
    promises.led_to("delivered", helper, card.code, crew)
    clock.advance(days=11)
    assert system(reminders.remind_due) == 0


def test_several_at_once_name_who_could_not(crew, helper):
    hung = promises.hung(cards=3)
    ids = [promises.claimed(helper, one.code) for one in hung]
    act(crew.county, commitments.decline, ids[1], "重复")
    with promises.as_actor(crew.county):
        chosen = [(each, None) for each in ids]
        done, refused = commitments.act_on_all(crew.county, chosen, "approve")
        assert (done, [each for each, _ in refused]) == (
            [ids[0], ids[2]],
            [ids[1]],
        )
    with pytest.raises(Invalid), promises.as_actor(crew.county):
        commitments.act_on_all(crew.county, chosen, "confirm")


def test_after_the_window_an_ended_promise_waits_for_the_next_window(crew, helper, card, clock):
    promise = promises.led_to("approved", helper, card.code, crew)
    clock.advance(days=8)
    act(crew.county, commitments.fail, promise, "厂里停工")
    assert promises.status_of(promise)[:2] == ("failed", "published")
    with pytest.raises(WrongState), promises.as_actor(helper):
        claims.claim(helper, helper.supporter_ids[0], card.code)
