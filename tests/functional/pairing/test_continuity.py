"""Nobody is dropped: reviews, hand-overs, interviews, eighteen, whoever leaves (PN; ADR 0018)."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.core import unit_of_work
from portal.domain import clock as portal_clock
from portal.domain.continuity import Interview, Parts, Review
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.extensions import db
from portal.models.accounts import RoleGrant
from portal.models.children import ChildFile
from portal.models.contact_cards import ContactCard
from portal.models.contact_logs import ContactLog
from portal.models.continuity import ClosingInterview, Handover, PairingReview
from portal.models.needs import PairingNeed
from portal.models.pairings import Pairing
from portal.models.records import FactNote
from portal.models.supporters import Supporter
from portal.queries import cadences, closing_interviews, own_pairings, pairing_gaps
from portal.queries import handovers as pages
from portal.services import (
    age_outs,
    contact_cards,
    erasure,
    grants,
    handovers,
    pairing_contacts,
    pairing_leaving,
    pairing_reviews,
    pairings,
    rights,
)
from portal.services import closing_interviews as interviews
from tests.factories import pairings as make
from tests.factories import people
from tests.factories.cadences import contact, mails, night, told
from tests.factories.pairings import do

PARTS = Parts(did="一起读了三本书", likes="喜欢折纸", worked="先玩再读", avoid="不要催")
VILLAGE = "350421100202"


@pytest.fixture(autouse=True)
def on(app, clock):
    with app.app_context():
        yield clock


@pytest.fixture
def county():
    return people.staff("county_staff", "350421")


@pytest.fixture
def supervisor():
    return people.staff("child_supervisor", "350421100")


@pytest.fixture
def director():
    return people.staff("child_director", VILLAGE)


def held(model, **where):
    with unit_of_work.reading(people.everything()):
        return db.session.scalars(select(model).filter_by(**where)).all()


def state(need_id):
    return held(PairingNeed, id=need_id)[0].status


def seen(actor, work, *args):
    return do(work, actor, *args)


def gaps(actor, pairing_id):
    return seen(actor, lambda _: pairing_gaps.of([pairing_id]).get(pairing_id, ()))


def review(**given):
    usual = {
        "held_on": portal_clock.today(), "fares": "better", "goal": "partly", "decision": "go_on",
        "director_words": "孩子愿意见面", "child_words": "喜欢王阿姨来",
    }  # fmt: skip
    return Review(**{**usual, **given})


def test_a_review_tells_what_was_kept_and_sets_the_next_one_six_months_on(
    clock, county, supervisor, director
):
    clock.move_to(datetime(2026, 8, 3, 9))
    pair = make.pairing(started_on=date(2026, 2, 3))
    contact(pair, date(2026, 2, 12))
    contact(pair, date(2026, 3, 15), "home_visit")
    contact(pair, date(2026, 4, 5), "home_visit")
    with pytest.raises(NotAllowed):
        do(pairing_reviews.hold, director, pair.id, review())
    with pytest.raises(Invalid) as refused:
        do(pairing_reviews.hold, supervisor, pair.id, review(child_words="", director_words=""))
    assert set(refused.value.fields) == {"child_words", "director_words"}
    with pytest.raises(Invalid):
        do(pairing_reviews.hold, supervisor, pair.id, review(held_on=date(2026, 8, 4)))
    with pytest.raises(Invalid):
        do(pairing_reviews.hold, supervisor, pair.id, review(decision="rhythm"))
    do(pairing_reviews.hold, supervisor, pair.id, review())
    # Due by 3 August: February to July, six talks; Q2 one visit, Q1 not (start in its 2nd month).
    row = held(PairingReview, pairing_id=pair.id)[0]
    assert row.figures == {"since": "", "talk": [3, 6], "visit": [1, 1]}
    assert make.row(pair.id, "review_due") == date(2027, 2, 3)
    assert make.row(pair.id, "leaving_since") is None
    clock.move_to(datetime(2026, 9, 2, 9))
    do(
        pairing_reviews.hold, county, pair.id,
        review(decision="rhythm", rhythm="biweekly"),
    )  # fmt: skip
    # August is over and was missed; the new rhythm asks for two from October on.
    assert held(PairingReview, pairing_id=pair.id, rhythm="biweekly")[0].figures["talk"] == [0, 1]
    assert state(pair.need_id) == "matched"
    assert held(PairingNeed, id=pair.need_id)[0].rhythm == "biweekly"
    clock.move_to(datetime(2026, 10, 2, 9))
    kept = seen(county, lambda _: cadences.one(pair.id)).cadence
    asked = {one.period_from.month: one.asked for one in kept.of("talk")}
    assert asked[8] == asked[9] == 1 and asked[10] == 2
    assert {one.period_from.month for one in kept.of("visit")} == {1, 4, 7}
    do(pairing_reviews.hold, supervisor, pair.id, review(decision="mentor"))
    assert gaps(county, pair.id) == ("review",)
    with pytest.raises(Invalid):
        do(pairing_leaving.stay, supervisor, pair.id, reason=" ")
    do(pairing_leaving.stay, supervisor, pair.id, reason="谈过，愿意再试半年")
    assert gaps(county, pair.id) == ()


def test_a_handover_is_screened_read_through_and_opened_only_to_who_follows(
    county, supervisor, director
):
    pair = make.pairing(started_on=portal_clock.today() - timedelta(days=60))
    stranger = make.mentor("钱学民")
    with pytest.raises(NotFound):
        do(handovers.write, stranger, pair.id, PARTS)
    with pytest.raises(Invalid, match="12059861234"):
        do(handovers.write, pair.mentor, pair.id, Parts(did="奶奶电话12059861234"))
    page = do(handovers.write, pair.mentor, pair.id, PARTS)
    name = held(ChildFile, id=pair.child.id)[0].name
    # Written by the mentor without the file, read by staff with it.
    do(handovers.write, pair.mentor, pair.id, Parts(did=f"{name}喜欢读书"), version=1)
    with pytest.raises(Invalid, match=name):
        do(handovers.release, supervisor, page)
    do(handovers.send_back, supervisor, page, reason="请不要写名字")
    assert seen(pair.mentor, pages.own, pair.id).remark == "请不要写名字"
    with pytest.raises(Conflict):
        do(handovers.write, pair.mentor, pair.id, PARTS, version=1)
    do(handovers.write, pair.mentor, pair.id, PARTS, version=held(Handover, id=page)[0].version)
    do(handovers.release, supervisor, page)
    do(pairings.close, county, pair.id, reason_code="mentor_quit", reason="调走了")
    assert state(pair.need_id) == "approved"
    assert held(Handover, id=page)[0].supporter_id is None
    assert seen(pair.mentor, pages.own, pair.id).is_empty
    with pytest.raises(WrongState):
        do(handovers.write, pair.mentor, pair.id, PARTS)
    # Staff write after the end; whoever wrote does not read it through.
    do(handovers.write, supervisor, pair.id, PARTS, version=held(Handover, id=page)[0].version)
    with pytest.raises(NotAllowed, match="两人把关"):
        do(handovers.release, supervisor, page)
    do(handovers.release, county, page)
    second, after = people.staff("county_staff", "350421"), make.mentor("钱学民")
    following = do(pairings.propose, county, pair.need_id, after.supporter_ids[0])
    assert make.row(following, "follows_id", "file_no") == (pair.id, f"{pair.file_no}-2")
    do(pairings.approve, second, following)
    assert seen(after, pages.received, following) is None
    make.held(following)
    do(pairings.activate, county, following)
    assert dict(seen(after, pages.received, following).parts)["likes"] == "喜欢折纸"
    assert seen(after, pages.received, following).written_by == ""
    with pytest.raises(WrongState, match="已经在看"):
        do(handovers.write, county, pair.id, PARTS, version=held(Handover, id=page)[0].version)
    do(pairings.close, county, following, reason_code="goal_met", reason="目标达成")
    assert seen(after, pages.received, following) is None
    assert held(Handover, id=page)[0].supporter_id is None


def test_an_interview_stays_open_until_somebody_held_it(clock, county, director, supervisor):
    pair = make.pairing(started_on=portal_clock.today() - timedelta(days=60))
    talk = Interview(portal_clock.today(), "new_mentor", ("child",), "还想有人来")
    with pytest.raises(WrongState):
        do(interviews.record, director, pair.id, talk)
    do(pairings.close, county, pair.id, reason_code="mentor_quit", reason="调走了")
    never = make.pairing(status="matched")
    do(pairings.close, county, never.id, reason_code="moved", reason="搬走了")
    assert [row.pairing_id for row in seen(director, closing_interviews.queue)] == [pair.id]
    clock.advance(days=15)
    assert night(interviews.remind_due) == 0
    clock.advance(days=1)
    assert night(interviews.remind_due) == 1
    assert night(interviews.remind_due) == 0
    assert len(mails("pairing_to_interview")) == 3
    assert seen(county, closing_interviews.queue)[0].is_late
    for wrong in (
        Interview(portal_clock.today(), "later", ("child",), "好"),
        Interview(portal_clock.today(), "new_mentor", ("child",)),
        Interview(portal_clock.today(), "new_mentor", ("neighbour",), "好"),
        Interview(portal_clock.today(), "new_mentor"),
        Interview(portal_clock.today() + timedelta(days=1), "new_mentor", ("child",), "好"),
    ):
        with pytest.raises(Invalid):
            do(interviews.record, director, pair.id, wrong)
    do(
        interviews.record,
        director,
        pair.id,
        Interview(portal_clock.today(), "new_mentor", ("child",), "还想有人来"),
    )
    with pytest.raises(Conflict):
        do(
            interviews.record,
            director,
            pair.id,
            Interview(portal_clock.today(), "grown", words="再记"),
        )
    assert seen(director, closing_interviews.queue) == ()


def test_eighteen_ends_a_pairing_on_the_birthday_and_people_know_before(clock, county, director):
    clock.move_to(datetime(2026, 3, 1, 9))
    pair = make.pairing(started_on=date(2026, 2, 1))
    other = make.need(status="published", kind="skill", child=pair.child, consent=False)
    with unit_of_work.transaction(people.everything()):
        db.session.get(ChildFile, pair.child.id).birth_date = date(2008, 6, 15)
    # 17 March is 90 days before, 16 May 30 days before 15 June.
    assert [night(age_outs.remind_due), told("pairing.age_near")] == [0, []]
    for day, days in ((date(2026, 3, 17), 90), (date(2026, 5, 16), 30)):
        clock.move_to(datetime(day.year, day.month, day.day, 9))
        assert night(age_outs.remind_due) == 1
        assert night(age_outs.remind_due) == 0
        assert told("pairing.age_near")[-1][1]["days"] == days
    name = held(ChildFile, id=pair.child.id)[0].name
    letters = mails("pairing_ending_soon")
    assert len(letters) == 2 and name not in str(letters)
    clock.move_to(datetime(2026, 6, 14, 23))
    assert night(age_outs.end_due) == 0
    clock.move_to(datetime(2026, 6, 15, 0, 30))
    assert night(age_outs.end_due) == 1
    assert night(age_outs.end_due) == 0
    assert make.row(pair.id, "status", "end_reason", "called") == ("closed", "aged_out", None)
    assert state(pair.need_id) == "closed" and state(other.id) == "closed"
    assert [row.pairing_id for row in seen(county, closing_interviews.queue)] == [pair.id]
    with unit_of_work.transaction(people.everything()):
        db.session.get(PairingNeed, other.id).status = "approved"
    with pytest.raises(Invalid, match="18周岁"):
        do(pairings.propose, county, other.id, make.mentor("钱学民").supporter_ids[0])


def test_who_leaves_is_seen_at_once_and_no_row_points_at_them(county, supervisor, director):
    pair = make.pairing(contact_id=director.user_id)
    do(contact_cards.issue, county, pair.id)
    admin = people.staff("platform_admin", "350421")
    assert seen(pair.mentor, own_pairings.get, pair.id).contact == director.name
    with pytest.raises(Invalid):
        do(pairing_contacts.name, county, pair.id, user_id=pair.mentor.user_id)
    post = people.staff("child_director", "350421100201")
    with pytest.raises(Invalid):
        do(pairing_contacts.name, county, pair.id, user_id=post.user_id)
    row = held(RoleGrant, user_id=director.user_id)[0]
    do(grants.end, admin, row.id)
    assert make.row(pair.id, "contact_id") == supervisor.user_id
    assert gaps(county, pair.id) == ("contact",)
    assert seen(pair.mentor, own_pairings.get, pair.id).contact == supervisor.name
    assert len(held(ContactCard, pairing_id=pair.id)) == 2
    assert len(mails("pairing_needs_somebody")) == 2
    assert night(pairing_contacts.replace_gone) == 0
    do(pairing_contacts.name, supervisor, pair.id, user_id=county.user_id)
    assert gaps(county, pair.id) == ()
    assert make.row(pair.id, "contact_id") == county.user_id


def test_a_role_that_ran_out_is_found_at_night(clock, county):
    director = people.staff("child_director", VILLAGE, until=portal_clock.today())
    pair = make.pairing(contact_id=director.user_id)
    assert night(pairing_contacts.replace_gone) == 0
    clock.advance(days=1)
    assert night(pairing_contacts.replace_gone) == 1
    assert make.row(pair.id, "contact_id", "leaving_why") == (county.user_id, "contact")


def test_a_mentor_who_wants_to_be_forgotten_leaves_no_child_behind(county, supervisor):
    pair = make.pairing()
    waiting = make.pairing(status="proposed", actor=pair.mentor)
    contact(pair, portal_clock.today())
    request = do(rights.ask, pair.mentor, pair.supporter_id, kind="erase")
    assert gaps(county, pair.id) == ("account",)
    assert make.row(waiting.id, "leaving_why") == ""
    do(rights.retract, pair.mentor, request)
    assert gaps(county, pair.id) == ()
    do(rights.ask, pair.mentor, pair.supporter_id, kind="erase")
    with pytest.raises(Conflict):
        do(pairing_leaving.ask_to_leave, pair.mentor, pair.id, words="再说一次")
    with unit_of_work.transaction(people.everything()):
        assert erasure.supporter(pair.supporter_id, "asked")
    assert make.row(pair.id, "status", "end_reason", "leaving_why") == ("closed", "mentor_quit", "")
    assert make.row(waiting.id, "status") == "closed"
    assert state(pair.need_id) == "approved"
    assert [row.pairing_id for row in seen(county, closing_interviews.queue)] == [pair.id]
    assert len(mails("pairing_to_interview")) == 2


def test_erasing_a_child_empties_what_hangs_on_the_pairings(county, supervisor, director):
    pair = make.pairing(started_on=portal_clock.today() - timedelta(days=40))
    contact(pair, portal_clock.today())
    with unit_of_work.transaction(people.everything()):
        log = db.session.scalar(select(ContactLog).where(ContactLog.pairing_id == pair.id))
        log.did, log.child_state = "一起读书", "有点想家"
    do(pairing_reviews.hold, supervisor, pair.id, review(decision="mentor"))
    do(pairing_leaving.stay, supervisor, pair.id, reason="和孩子商量过")
    page = do(handovers.write, pair.mentor, pair.id, PARTS)
    do(pairings.close, county, pair.id, reason_code="goal_met", reason="达成")
    do(
        interviews.record,
        director,
        pair.id,
        Interview(portal_clock.today(), "not_needed", ("child",), "谢谢"),
    )
    with unit_of_work.transaction(people.everything()):
        assert erasure.child(pair.child.id)
    log = held(ContactLog, pairing_id=pair.id)[0]
    assert (log.did, log.child_state, log.minutes) == ("", "", 60)
    row = held(PairingReview, pairing_id=pair.id)[0]
    assert (row.child_words, row.director_words, row.decision) == ("", "", "mentor")
    assert held(Handover, id=page)[0].did == ""
    assert held(ClosingInterview, pairing_id=pair.id)[0].child_words == ""
    notes = [note.text for note in held(FactNote)]
    assert not any("和孩子商量过" in text or "达成" in text for text in notes)


def test_a_standing_that_ended_shows_unless_staff_look_into_it(county):
    pair = make.pairing(status="paused", paused_reason="complaint")
    with unit_of_work.transaction(people.everything()):
        db.session.get(Supporter, pair.supporter_id).status = "suspended"
    assert gaps(county, pair.id) == ()
    with unit_of_work.transaction(people.everything()):
        db.session.get(Pairing, pair.id).paused_reason = "revoked"
    assert gaps(county, pair.id) == ("standing",)
