"""Tier 2: two persons, all five checks, ties held, and the day on which it ends (SV; L14)."""

from datetime import date

import pytest
from sqlalchemy import select

from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.extensions import db
from portal.models.records import Message
from portal.models.standings import Tie
from portal.models.supporters import SupporterMember, VettingCheck
from portal.services import clearances, expiry, passports, ties, vetting
from tests.factories import pairings as make
from tests.factories import people
from tests.factories import wishes as wish_rows
from tests.factories.applicants import moment
from tests.functional.standing import stage
from tests.functional.standing.stage import do


@pytest.fixture(autouse=True)
def on(app, clock):
    with app.app_context():
        yield clock


@pytest.fixture
def first():
    return stage.clerk()


@pytest.fixture
def second():
    return stage.clerk()


@pytest.fixture
def person(first):
    return stage.admitted(first)


def mails(template):
    with stage.everything():
        return list(db.session.scalars(select(Message.id).where(Message.template == template)))


def test_two_persons_bring_somebody_to_tier_2(first, second, person):
    stage.granted(first, second, *person)
    assert stage.tier2(person[1]) == ("granted", date(2027, 5, 20))
    assert stage.tier(person[1]) == 2
    assert len(mails("tier2_granted")) == 1


def test_who_recommended_does_not_approve(first, person):
    stage.ask(*person)
    stage.record(stage.clerk(), person[1])
    do(clearances.recommend, first, person[1])
    with pytest.raises(NotAllowed, match="另一位同事"):
        do(clearances.approve, first, person[1])
    assert stage.tier2(person[1])[0] == "recommended"


@pytest.mark.parametrize("kind", ["offence", "interview", "training"])
def test_who_recorded_a_check_does_not_approve(first, second, person, kind):
    stage.ask(*person)
    stage.record(second, person[1], kind)
    stage.record(first, person[1], *({"offence", "interview", "training"} - {kind}))
    do(clearances.recommend, first, person[1])
    with pytest.raises(NotAllowed, match="另一位同事"):
        do(clearances.approve, second, person[1])


@pytest.mark.parametrize("left_out", ["offence", "interview", "training"])
def test_nobody_is_recommended_with_a_gap(first, person, left_out):
    stage.ask(*person)
    stage.record(first, person[1], *({"offence", "interview", "training"} - {left_out}))
    with pytest.raises(Conflict, match="核查还不齐"):
        do(clearances.recommend, first, person[1])


def test_a_check_that_runs_out_between_the_two_steps_stops_the_second(on, first, second, person):
    stage.ask(*person)
    stage.record(first, person[1])
    do(clearances.recommend, first, person[1])
    on.move_to(moment(2027, 5, 21, 9, 0))
    with pytest.raises(Conflict, match="违法犯罪记录查询"):
        do(clearances.approve, second, person[1])


def test_an_organisation_has_no_tier_2_and_a_person_needs_tier_1_first(first):
    firm, firm_id = stage.admitted(first, "enterprise")
    with pytest.raises(Invalid, match="属于个人"):
        stage.ask(firm, firm_id)
    waiting = people.supporter("individual", status="checking")
    with pytest.raises(WrongState):
        stage.ask(waiting, waiting.supporter_ids[0])


def test_a_tie_of_the_applicant_holds_until_a_third_person_releases_it(first, second, person):
    with pytest.raises(Invalid):
        stage.ask(*person, relative_of_child=True)
    stage.ask(*person, relative_of_child=True, words="是一名孩子的表姑")
    stage.record(first, person[1])
    with pytest.raises(Conflict, match="利害关系"):
        do(clearances.recommend, first, person[1])
    with stage.everything():
        tie = db.session.scalar(select(Tie.id))
    with pytest.raises(NotAllowed, match="另一位同事"):
        do(ties.release, first, tie, reason="核实过")
    third = stage.clerk()
    do(ties.release, third, tie, reason="不在同一个村，核实过")
    with pytest.raises(NotAllowed, match="您放行的"):
        do(clearances.recommend, third, person[1])
    do(clearances.recommend, first, person[1])
    with pytest.raises(NotAllowed, match="您放行的"):
        do(clearances.approve, third, person[1])
    do(clearances.approve, second, person[1])
    assert stage.tier2(person[1])[0] == "granted"


def test_staff_who_declare_a_tie_act_on_that_supporter_no_more(first, second, person):
    stage.granted(first, second, *person)
    do(ties.declare, first, person[1], kind="relative", words="表妹")
    for refused in (
        lambda: do(clearances.withdraw, first, person[1], reason="想停"),
        lambda: do(vetting.suspend, first, person[1], reason="想停"),
        lambda: stage.record(first, person[1], "interview"),
    ):
        with pytest.raises(NotAllowed, match="利害关系"):
            refused()
    assert stage.tier2(person[1])[0] == "granted"


def test_staff_who_are_the_supporters_member_do_not_act_on_it(first, person):
    stage.ask(*person)
    with stage.everything():
        db.session.add(SupporterMember(supporter_id=person[1], user_id=first.user_id))
    with pytest.raises(NotAllowed, match="自己的申请"):
        stage.record(first, person[1])


def test_staff_of_a_neighbour_see_nothing_of_it(person):
    stage.ask(*person)
    foreign = stage.clerk("320681")
    for refused in (
        lambda: stage.record(foreign, person[1]),
        lambda: do(clearances.recommend, foreign, person[1]),
        lambda: do(ties.declare, foreign, person[1], kind="relative"),
    ):
        with pytest.raises(NotFound):
            refused()


def test_a_city_of_the_authority_may_be_the_second_person(first, person):
    stage.granted(first, people.staff("city_staff"), *person)
    assert stage.tier(person[1]) == 2


def expire():
    with stage.everything():
        return expiry.expire_due()


def paired(first, second, supporter_id):
    child = wish_rows.child(10).id
    return make.led_to_active(first, second, child, supporter_id)


def test_tier_2_ends_the_day_after_its_last_and_the_pairing_pauses(on, first, second, person):
    stage.granted(first, second, *person)
    pair = paired(first, second, person[1])
    on.move_to(moment(2027, 5, 20, 23, 59))
    assert expire() == 0
    assert stage.pairing(pair) == ("active", "")
    on.move_to(moment(2027, 5, 21, 0, 0))
    assert expire() == 1
    assert expire() == 0
    assert stage.pairing(pair) == ("paused", "offence_expired")
    assert stage.tier2(person[1])[0] == "expired"
    assert (stage.tier(person[1]), stage.state(person[1])) == (1, "approved")
    told = [len(mails(name)) for name in ("tier2_ended", "tier2_expired_county", "pairing_paused")]
    assert told == [1, 2, 1]


def test_reminders_come_30_7_and_1_days_before_once_each(on, first, second, person):
    stage.granted(first, second, *person)
    told = []
    for day in (19, 20, 21):
        on.move_to(moment(2027, 4, day, 9, 0))
        with stage.everything():
            told.append(expiry.remind_due())
    for day in (12, 13, 14, 18, 19, 20):
        on.move_to(moment(2027, 5, day, 9, 0))
        with stage.everything():
            told.append(expiry.remind_due())
    assert told == [0, 1, 0, 0, 1, 0, 0, 1, 0]


def test_a_renewed_check_lengthens_only_with_a_second_person(on, first, second, person):
    stage.granted(first, second, *person)
    with pytest.raises(Conflict, match="重新核查"):
        do(clearances.recheck, first, person[1])
    on.move_to(moment(2027, 5, 10, 9, 0))
    stage.record(first, person[1], "offence")
    assert stage.tier2(person[1]) == ("granted", date(2027, 5, 20))
    do(clearances.recheck, first, person[1])
    with pytest.raises(NotAllowed):
        do(clearances.renew, first, person[1])
    do(clearances.renew, second, person[1])
    assert stage.tier2(person[1]) == ("granted", date(2028, 5, 9))


def test_a_record_that_is_found_suspends_at_once(first, second, person):
    stage.granted(first, second, *person)
    pair = paired(first, second, person[1])
    stage.record(first, person[1], "offence", result="found")
    assert stage.state(person[1]) == "suspended"
    assert stage.pairing(pair) == ("paused", "offence")
    assert stage.tier2(person[1])[0] == "withdrawn"


def test_a_check_struck_out_ends_contact(first, second, person):
    stage.granted(first, second, *person)
    pair = paired(first, second, person[1])
    with stage.everything():
        one = db.session.scalar(select(VettingCheck.id).where(VettingCheck.kind == "interview"))
    do(passports.strike_check, first, one, reason="登记错人")
    assert stage.pairing(pair) == ("paused", "checks_changed")
    assert stage.tier(person[1]) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "offence", "result": "maybe"}, "result"),
        ({"kind": "offence", "done_on": date(2025, 5, 19)}, "done_on"),
        ({"kind": "offence", "done_on": date(2026, 5, 21)}, "done_on"),
        ({"kind": "training", "minutes": 0}, "minutes"),
        ({"kind": "interview", "office": " "}, "office"),
    ],
)
def test_a_check_that_cannot_be_is_refused(first, person, changes, field):
    with pytest.raises(Invalid) as refusal:
        stage.record(
            first,
            person[1],
            changes["kind"],
            **{name: value for name, value in changes.items() if name != "kind"},
        )
    assert field in refusal.value.fields
