"""Applications, consents, places, the waiting list and the draw (PG enrolment; A5's numbers)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import unit_of_work
from portal.domain import clock as portal_clock
from portal.domain import draws
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.extensions import db
from portal.models.attendance import AttendanceCell
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme
from portal.services import enrolments, place_work, places, retention
from portal.services.enrolments import Consents, Notes
from tests.factories import people
from tests.factories import programmes as make
from tests.factories import wishes as children
from tests.factories.pairings import do

YES = Consents(activity=True, photo=True, by="林建国")
NO = Consents(activity=False, by="林建国")


@pytest.fixture(autouse=True)
def on(app, clock):
    with app.app_context():
        yield clock


@pytest.fixture
def director():
    return people.staff("child_director", children.VILLAGE)


@pytest.fixture
def county():
    return people.staff("county_staff", "350421")


def camp(capacity=30, in_days=40, **more):
    first = portal_clock.today() + timedelta(days=in_days)
    return make.programme(starts_on=first, capacity=capacity, **more)


def row(enrolment_id):
    with unit_of_work.reading(people.everything()):
        found = db.session.get(Enrolment, enrolment_id)
        db.session.expunge(found)
        return found


def of(programme):
    with unit_of_work.reading(people.everything()):
        found = db.session.scalars(
            select(Enrolment)
            .where(Enrolment.programme_id == programme.id)
            .order_by(Enrolment.applied_at, Enrolment.id)
        ).all()
        return sorted(one.status for one in found)


def apply(director, programme, age=10, given=YES, **more):
    child = children.child(age)
    enrolment_id = do(enrolments.apply, director, programme.id, child.id, **more)
    if given is not None and row(enrolment_id).status == "applied":
        do(enrolments.consent, director, enrolment_id, given)
    return enrolment_id


def at_close(on, programme):
    """Stand on the day after the last one to apply: five days before the first day."""
    on.move_to(portal_clock.start_of(programme.starts_on - timedelta(days=4)))
    with unit_of_work.transaction(unit_of_work.system_scope("the nightly work")):
        place_work.settle_due()


def test_thirty_places_thirty_two_applications_one_without_consent_one_aged_five(on, director):
    summer = camp()
    for _ in range(30):
        apply(director, summer)
    silent = apply(director, summer, given=None)
    small = apply(director, summer, age=5)
    assert row(small).status == "refused"
    assert row(small).reason == "开营（开班）当天的年龄不在招收范围内"

    at_close(on, summer)

    assert of(summer) == ["enrolled"] * 30 + ["refused"] * 2
    assert row(silent).reason == "报名截止前没有收到参加活动的同意"
    with unit_of_work.reading(people.everything()):
        numbers = db.session.scalars(
            select(Enrolment.roster_no).where(
                Enrolment.programme_id == summer.id, Enrolment.status == "enrolled"
            )
        ).all()
    assert sorted(numbers) == list(range(1, 31))
    with pytest.raises(WrongState, match="已在"):
        apply(director, summer)


def test_the_line_moves_up_by_itself_and_an_offer_lapses_to_the_next(on, director):
    small = camp(capacity=1)
    first, second, third = (apply(director, small) for _ in range(3))
    assert [row(one).status for one in (first, second, third)] == [
        "enrolled", "waitlisted", "waitlisted",
    ]  # fmt: skip
    assert (row(second).wait_no, row(third).wait_no) == (1, 2)

    do(enrolments.drop, director, first, reason="要去外婆家")
    assert row(first).reason == "要去外婆家"
    offered = row(second)
    assert offered.status == "offered"
    assert offered.answer_by == portal_clock.end_of(portal_clock.today() + timedelta(days=3))
    assert row(third).status == "waitlisted"

    on.advance(days=4)
    with pytest.raises(WrongState, match="期限已过"):
        do(places.accept, director, second)
    with unit_of_work.transaction(unit_of_work.system_scope("the work of five minutes")):
        assert place_work.lapse_due() == 1
    assert (row(second).status, row(third).status) == ("dropped", "offered")
    do(places.accept, director, third)
    accepted = row(third)
    assert (accepted.status, accepted.roster_no, bool(accepted.badge)) == ("enrolled", 2, True)


def test_an_offer_that_is_passed_on_goes_to_the_next(director):
    small = camp(capacity=1)
    first, second, third = (apply(director, small) for _ in range(3))
    do(enrolments.drop, director, first, reason="生病")
    do(places.pass_on, director, second)
    assert (row(second).status, row(third).status) == ("dropped", "offered")


def test_siblings_have_places_together_or_wait_together(director):
    small = camp(capacity=2)
    apply(director, small)
    elder, younger = children.child(12), children.child(9)
    one = do(enrolments.apply, director, small.id, elder.id)
    two = do(enrolments.apply, director, small.id, younger.id, together_with=one)
    do(enrolments.consent, director, one, YES)
    assert row(one).status == "consented"
    do(enrolments.consent, director, two, YES)
    assert [row(each).status for each in (one, two)] == ["waitlisted", "waitlisted"]


def test_who_may_not_take_part(director, county):
    summer = camp()
    child = children.child(10)
    one = do(enrolments.apply, director, summer.id, child.id)
    with pytest.raises(Conflict, match="已经报过"):
        do(enrolments.apply, director, summer.id, child.id)
    overlapping = camp(in_days=45)
    with pytest.raises(Conflict, match="日子重叠"):
        do(enrolments.apply, director, overlapping.id, child.id)
    # A class on two Saturdays outside the camp's days takes no day of it.
    weekly = camp(kind="interest_class", in_days=38, days=30)
    make.session(weekly, summer.starts_on + timedelta(days=12))
    do(enrolments.apply, director, weekly.id, child.id)
    make.session(clashing := camp(kind="interest_class", in_days=38, days=30), summer.starts_on)
    with pytest.raises(Conflict, match="日子重叠"):
        do(enrolments.apply, director, clashing.id, child.id)

    do(enrolments.consent, director, one, NO)
    assert (row(one).status, row(one).reason) == ("refused", "监护人没有同意参加活动")
    gone = children.child(10)
    with unit_of_work.transaction(people.everything()):
        db.session.get(children.ChildFile, gone.id).status = "aged_out"
    with pytest.raises(Invalid, match="不在册"):
        do(enrolments.apply, director, summer.id, gone.id)
    elsewhere = children.child(10, village="350424100202")
    with pytest.raises(NotFound):
        do(enrolments.apply, director, summer.id, elsewhere.id)
    with pytest.raises(WrongState):
        do(enrolments.apply, director, camp(status="draft").id, children.child(10).id)


def test_a_class_for_carers_takes_the_carer_whatever_the_age(director):
    talk = camp(kind="carer_class")
    one = row(apply(director, talk, age=3))
    assert (one.status, one.participant, one.called) == ("enrolled", "carer", "林建国")


def test_the_family_changes_its_mind(director):
    summer = camp()
    one = apply(director, summer)
    assert (row(one).consent_photo, row(one).consent_version) == (True, "2026-1")
    do(enrolments.consent, director, one, Consents(activity=True, medical=True, by="林建国"))
    changed = row(one)
    assert (changed.status, changed.consent_photo, changed.consent_medical) == (
        "enrolled", False, True,
    )  # fmt: skip
    do(enrolments.consent, director, one, NO)
    assert (row(one).status, row(one).reason) == ("dropped", "监护人退出了报名")


def test_a_draw_can_be_drawn_again_from_its_published_seed(on, director, county):
    autumn = camp(capacity=3, places_by="draw")
    with unit_of_work.transaction(people.everything()):
        places.commit_draw(db.session.get(Programme, autumn.id))
    with unit_of_work.reading(people.everything()):
        before = db.session.get(Programme, autumn.id)
        commit, published = before.draw_commit, before.draw_seed
    assert (len(commit), published) == (64, "")
    for _ in range(7):
        apply(director, autumn)
    assert of(autumn) == ["consented"] * 7
    with pytest.raises(WrongState, match="还没有截止"):
        do(places.settle_places, county, autumn.id)
    at_close(on, autumn)
    assert of(autumn) == ["enrolled"] * 3 + ["waitlisted"] * 4
    with unit_of_work.reading(people.everything()):
        seed = db.session.get(Programme, autumn.id).draw_seed
        rows = db.session.scalars(
            select(Enrolment).where(Enrolment.programme_id == autumn.id)
        ).all()
        lots = [draws.Entry(str(one.id), one.draw_tickets) for one in rows]
        kept = {str(one.id): (one.draw_rank, one.status == "enrolled") for one in rows}
        line = sorted((one.draw_rank, one.wait_no) for one in rows if one.wait_no)
    assert draws.commitment(seed) == commit
    again = {one.entry.key: (one.rank, one.won) for one in draws.draw(seed, lots, 3)}
    assert again == kept
    assert line == [(4, 1), (5, 2), (6, 3), (7, 4)]
    # Orphans-in-fact hold two more tickets than others, a first camp one more: 1 + 2 + 1.
    assert {entry.tickets for entry in lots} == {4}
    at_close(on, autumn)
    assert of(autumn) == ["enrolled"] * 3 + ["waitlisted"] * 4


def test_what_a_roster_knew_of_health_goes_thirty_days_after_the_end(on, director):
    summer = camp()
    one = do(
        enrolments.apply, director, summer.id, children.child(10).id,
        notes=Notes(health="花生过敏", diet="不吃辣", second_contact="林秀", second_phone="12000000002"),
    )  # fmt: skip
    do(enrolments.consent, director, one, YES)
    assert row(one).health == "花生过敏"
    last = summer.starts_on + timedelta(days=9)
    on.move_to(portal_clock.end_of(last + timedelta(days=29)))
    with unit_of_work.transaction(unit_of_work.system_scope("the nightly work")):
        assert retention.forget("health_notes") == 0
    on.move_to(portal_clock.start_of(last + timedelta(days=30)))
    with unit_of_work.transaction(unit_of_work.system_scope("the nightly work")):
        assert retention.forget("health_notes") == 1
    left = row(one)
    assert (left.health, left.diet, left.second_phone, left.guardian_phone) == (None,) * 4
    assert left.called


def test_the_end_says_who_took_part_and_a_cancelled_one_ends_with_its_children(on, director):
    over = camp()
    here, never = apply(director, over), apply(director, over)
    waiting = make.child_in(over, status="waitlisted").id
    called, village = make.session(over, status="taken"), row(never).unit_path
    with unit_of_work.transaction(people.everything()):
        db.session.get(Programme, over.id).status = "finished"
        db.session.add(
            AttendanceCell(
                session_id=called, programme_id=over.id, enrolment_id=never, state="absent",
                unit_path=village,
            )
        )  # fmt: skip
    off = camp()
    lost = apply(director, off)
    with unit_of_work.transaction(people.everything()):
        db.session.get(Programme, off.id).status = "cancelled"
    with unit_of_work.transaction(unit_of_work.system_scope("the nightly work")):
        assert place_work.end_due() == 4
        assert place_work.end_due() == 0
    assert [row(each).status for each in (here, never, waiting, lost)] == [
        "attended", "dropped", "dropped", "dropped",
    ]  # fmt: skip
    assert row(lost).reason == "活动取消了"
