"""A pairing's way: two keys, the family's yes, the first meeting, rests and ends (PN; S0-4.2b)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.core import unit_of_work
from portal.domain import clock as portal_clock
from portal.domain.actor import SYSTEM
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.extensions import db
from portal.models.children import GuardianLink
from portal.models.needs import PairingNeed
from portal.models.pairings import PairingPause
from portal.models.supporters import Supporter, Tie
from portal.queries import files
from portal.services import files as stored
from portal.services import (
    pairing_meetings,
    pairing_reminders,
    pairings,
    substitutions,
    wish_review,
)
from tests.factories import pairings as make
from tests.factories import people
from tests.factories import wishes as children
from tests.factories.pairings import do


@pytest.fixture(autouse=True)
def on(app, clock):
    with app.app_context():
        yield clock


@pytest.fixture
def first():
    return people.staff("county_staff", "350421")


@pytest.fixture
def second():
    return people.staff("county_staff", "350421")


def rests(pairing_id):
    with unit_of_work.reading(people.everything()):
        rows = db.session.scalars(
            select(PairingPause)
            .where(PairingPause.pairing_id == pairing_id)
            .order_by(PairingPause.from_on)
        )
        return [(row.reason_code, row.from_on, row.until_on) for row in rows]


def need_state(need_id):
    with unit_of_work.reading(people.everything()):
        return db.session.get(PairingNeed, need_id).status


def test_the_number_is_the_needs_and_the_second_pairing_carries_a_two(first, second):
    asked = make.need()
    one = do(pairings.propose, first, asked.id, make.mentor().supporter_ids[0])
    do(pairings.decline, second, one, reason="时间合不上")
    two = do(pairings.propose, first, asked.id, make.mentor().supporter_ids[0])
    assert make.row(one, "file_no", "status", "end_reason") == (
        asked.file_no, "closed", "declined",
    )  # fmt: skip
    assert make.row(two, "file_no") == f"{asked.file_no}-2"


def test_a_relative_is_never_paired_and_never_stands_in(first):
    """慈善法 40: whose telephone is a guardian's is kin, however it is written."""
    pair = make.pairing()
    asked, kin = make.need(pair.child, kind="reading"), make.mentor("林小叔")
    with unit_of_work.transaction(people.everything()):
        db.session.add(
            GuardianLink(
                child_id=pair.child.id, unit_path=pair.unit_path, name="林建国", relation="爷爷",
                phone="12042100123",
            )
        )  # fmt: skip
        db.session.get(Supporter, kin.supporter_ids[0]).phone = "120-4210-0123"
    with pytest.raises(NotAllowed, match="不能与这名儿童结对"):
        do(pairings.propose, first, asked.id, kin.supporter_ids[0])
    today = portal_clock.today()
    with pytest.raises(NotAllowed, match="不能与这名儿童结对"):
        do(
            substitutions.substitute, first, pair.id, supporter_id=kin.supporter_ids[0],
            from_on=today, until_on=today, reason_code="ill",
        )  # fmt: skip


def test_neither_the_proposer_nor_a_tied_colleague_approves(first, second):
    mentor = make.mentor()
    found = make.proposed(first, children.child(10).id, mentor.supporter_ids[0])
    with pytest.raises(NotAllowed, match="另一位同事"):
        do(pairings.approve, first, found)
    with unit_of_work.transaction(people.everything()):
        person = db.session.get(Supporter, mentor.supporter_ids[0])
        db.session.add(
            Tie(
                supporter_id=person.id, side="staff", kind="relative", created_by=second.user_id,
                tenant_path=person.tenant_path,
            )
        )  # fmt: skip
    with pytest.raises(NotAllowed, match="利害关系"):
        do(pairings.approve, second, found)
    do(pairings.approve, people.staff("county_staff", "350421"), found)
    assert make.row(found, "status") == "matched"


def test_one_approved_pairing_per_need_and_the_other_proposal_falls_away(first, second):
    asked = make.need(status="published")
    one, other = (
        do(pairings.propose, first, asked.id, make.mentor().supporter_ids[0]) for _ in range(2)
    )
    do(pairings.approve, second, one)
    assert need_state(asked.id) == "matched"
    assert make.row(other, "status", "end_reason") == ("closed", "declined")
    with pytest.raises(Conflict, match="已经有人结对"):
        do(pairings.propose, first, asked.id, make.mentor().supporter_ids[0])


def test_a_proposal_takes_a_place_and_declining_frees_it(first, second):
    mentor = make.mentor().supporter_ids[0]
    found = [make.proposed(first, children.child(10).id, mentor) for _ in range(2)]
    with pytest.raises(Conflict, match="到了上限"):
        make.proposed(first, children.child(10).id, mentor)
    do(pairings.decline, second, found[0], reason="孩子要转学")
    make.proposed(first, children.child(10).id, mentor)


def test_a_need_for_a_woman_takes_no_man(first):
    asked = make.need(sex_rule="female")
    mentor = make.mentor().supporter_ids[0]
    with unit_of_work.transaction(people.everything()):
        db.session.get(Supporter, mentor).id_no = "999421198809109017"
    with pytest.raises(Conflict, match="仅限女性"):
        do(pairings.propose, first, asked.id, mentor)
    with unit_of_work.transaction(people.everything()):
        db.session.get(Supporter, mentor).id_no = "999421198809109025"
    assert make.row(do(pairings.propose, first, asked.id, mentor), "helper") == "citizen"


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ({"guardian_agreed_on": None}, "监护人的同意"),
        ({"child_agreed_on": None}, "孩子本人的意愿"),
        ({"met_on": None, "met_with": None}, "第一次见面"),
    ],
)
def test_nothing_starts_before_the_family_agreed_and_met(second, missing, said):
    today = portal_clock.today()
    ready = {"guardian_agreed_on": today, "child_agreed_on": today, "met_on": today}
    one = make.pairing(status="matched", **{**ready, "met_with": second.user_id, **missing})
    with pytest.raises(Conflict, match=said):
        do(pairings.activate, second, one.id)


def test_a_child_under_eight_is_not_asked(second):
    today = portal_clock.today()
    young = children.child(6)
    one = make.pairing(
        status="matched", child=young, guardian_agreed_on=today, met_on=today,
        met_with=second.user_id,
    )  # fmt: skip
    do(pairings.activate, second, one.id)
    assert make.row(one.id, "status") == "active"


def test_the_start_is_a_day_since_the_meeting_and_a_review_comes_in_six_months(second, first):
    day = date(2026, 5, 10)
    one = make.pairing(
        status="matched", guardian_agreed_on=day, child_agreed_on=day, met_on=day,
        met_with=first.user_id, approved_on=date(2026, 5, 4),
    )  # fmt: skip
    for wrong in (date(2026, 5, 9), date(2026, 5, 21)):
        with pytest.raises(Invalid, match="开始日期"):
            do(pairings.activate, second, one.id, on=wrong)
    do(pairings.activate, second, one.id, on=day)
    assert make.row(one.id, "started_on", "review_due") == (day, date(2026, 11, 10))


def test_the_director_holds_the_first_meeting_and_nobody_writes_the_whole_name(first):
    child = children.child(10, name="林小雨")
    one = make.pairing(status="matched", child=child)
    director = people.staff("child_director", "350421100202")
    today = portal_clock.today()
    given = {"on": today, "called": "小雨", "place": make.PLACE}
    with pytest.raises(Conflict, match="在场的儿童主任"):
        do(pairing_meetings.meet, first, one.id, **given)
    for called in ("林小雨", "林 小·雨", "小雨 13800001111", "雪峰镇的小雨"):
        with pytest.raises(Invalid) as refusal:
            do(pairing_meetings.meet, director, one.id, **{**given, "called": called})
        assert set(refusal.value.fields) == {"called"}, called
    for place in ("雪峰镇下坊路12号", "明溪县雪峰镇实验小学", "城西村村部"):
        with pytest.raises(Invalid) as refusal:
            do(pairing_meetings.meet, director, one.id, **{**given, "place": place})
        assert set(refusal.value.fields) == {"place"}, place
    for day in (today + timedelta(days=1), today - timedelta(days=15)):
        with pytest.raises(Invalid, match="批准当天或之后"):
            do(pairing_meetings.meet, director, one.id, **{**given, "on": day})
    do(pairing_meetings.meet, director, one.id, **given)
    assert make.row(one.id, "called", "met_with") == ("小雨", director.user_id)


def test_a_village_without_a_director_is_met_by_the_supervisor():
    one = make.pairing(status="matched")
    supervisor = people.staff("child_supervisor", "350421100")
    given = {"on": portal_clock.today(), "called": "小禾", "place": make.PLACE}
    do(pairing_meetings.meet, supervisor, one.id, **given)
    assert make.row(one.id, "met_with") == supervisor.user_id


def test_a_pause_is_a_stretch_with_two_ends(on, first):
    one = make.pairing(started_on=date(2026, 5, 1))
    do(pairings.pause, first, one.id, reason_code="missed", reason="两个月没有联系")
    assert rests(one.id) == [("missed", date(2026, 5, 20), None)]
    on.advance(days=3)
    do(pairings.resume, first, one.id, reason="联系上了")
    assert rests(one.id) == [("missed", date(2026, 5, 20), date(2026, 5, 23))]
    do(pairings.pause, first, one.id, reason_code="other", reason="出差")
    on.advance(days=1)
    do(pairings.close, first, one.id, reason_code="goal_met", reason="住校了")
    assert rests(one.id)[1:] == [("other", date(2026, 5, 23), date(2026, 5, 24))]


def test_an_end_empties_what_the_mentor_knew_and_the_need_waits_again_or_is_gone(first):
    left, done = make.pairing(), make.pairing()
    with pytest.raises(Invalid, match="原因类别"):
        do(pairings.close, first, left.id, reason_code="declined", reason="不合适")
    do(pairings.close, first, left.id, reason_code="mentor_quit", reason="搬家了")
    do(pairings.close, first, done.id, reason_code="goal_met", reason="考上了")
    assert make.row(left.id, "called", "meeting_place", "meeting_on") == (None, None, None)
    assert (need_state(left.need_id), need_state(done.need_id)) == ("approved", "closed")


def test_a_consent_taken_back_ends_the_pairing_at_once():
    active, waiting = make.pairing(), make.pairing(status="proposed")
    for one in (active, waiting):
        with unit_of_work.transaction(people.everything()):
            wish_review.end_consents(SYSTEM, one.child.id, "pairing")
        assert make.row(one.id, "status", "called") == ("closed", None)
        assert need_state(one.need_id) == "withdrawn"


def test_a_meeting_is_reminded_of_once_the_day_before(on):
    one = make.pairing(status="matched")
    director = people.staff("child_director", "350421100202")
    given = {"on": date(2026, 5, 22), "place": make.PLACE}
    with pytest.raises(Invalid, match="09:30"):
        do(pairing_meetings.plan_meeting, director, one.id, **given, hour="25:00")
    with pytest.raises(Invalid, match="早于今天"):
        do(pairing_meetings.plan_meeting, director, one.id, **{**given, "on": date(2026, 5, 19)})
    do(pairing_meetings.plan_meeting, director, one.id, **given, hour="15:30")
    for day, due in ((20, 0), (21, 1), (21, 0)):
        on.move_to(portal_clock.now().replace(day=day))
        with unit_of_work.transaction(people.everything()):
            assert pairing_reminders.remind_due() == due, day


def test_a_neighbour_meets_no_pairing(first):
    one = make.pairing(status="matched")
    stranger = people.staff("county_staff", "320681")
    for verb, given in (
        (pairings.approve, {}),
        (pairings.activate, {}),
        (pairing_meetings.agree_guardian, {"by": "林建国", "on": portal_clock.today()}),
    ):
        with pytest.raises(NotFound):
            do(verb, stranger, one.id, **given)
    with pytest.raises(NotAllowed):
        do(pairings.activate, one.mentor, one.id)
    with pytest.raises(NotAllowed):
        do(pairing_meetings.agree_guardian, one.mentor, one.id, by="林", on=portal_clock.today())
    with pytest.raises(WrongState):
        do(pairings.approve, first, one.id)
    assert make.row(one.id, "status") == "matched"


def test_a_signed_agreement_is_for_whoever_holds_the_meetings():
    one = make.pairing(status="matched")
    director = people.staff("child_director", "350421100202")
    file_id = stored.keep_draft(director, data=b"%PDF-1.4 a signed sheet", mime="application/pdf")
    given = {"by": "林建国", "on": portal_clock.today(), "file_id": file_id}
    do(pairing_meetings.agree_guardian, director, one.id, **given)
    assert make.row(one.id, "agreement_file_id") == file_id
    assert do(files.find, director, file_id).unit_path == one.unit_path
    for other in (one.mentor, people.staff("city_staff"), people.staff("county_staff", "320681")):
        with pytest.raises(NotFound):
            do(files.find, other, file_id)
