"""Service records: who tells, who verifies, what a day can hold (67号令, invariant 5)."""

import uuid
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from portal.core import scope, unit_of_work
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.extensions import db
from portal.models.service_records import ServiceRecord
from portal.models.supporters import SupporterMember
from portal.queries import actors, hours_desk
from portal.queries import service_records as own_rows
from portal.services import record_corrections, service_records
from tests.factories import hours, people
from tests.factories.hours import day, service


@pytest.fixture(autouse=True)
def on(app, clock):
    with app.app_context():
        yield


@pytest.fixture
def county():
    return people.staff("county_staff", "350421")


@contextmanager
def as_(actor):
    with unit_of_work.transaction(scope.of(actor)):
        yield


def test_a_told_service_counts_when_somebody_else_verified_it(county):
    wang = hours.volunteer()
    record = hours.told(wang, service(day(5, 12), at=("14:00", "15:40")))
    assert hours.row(ServiceRecord, record, "status", "minutes") == ("recorded", 100)
    with unit_of_work.reading(scope.of(wang)):
        assert own_rows.totals(wang).verified_minutes == 0
    with as_(county):
        service_records.verify(county, record, version=1)
    assert hours.row(ServiceRecord, record, "status", "verified_by") == (
        "verified",
        county.user_id,
    )
    with unit_of_work.reading(scope.of(wang)):
        assert own_rows.totals(wang) == own_rows.Totals(100, 1, 0, 0)


def test_nobody_verifies_what_they_told_or_did():
    """A clerk who is a volunteer, too: neither the own hours nor those they wrote down."""
    wang = hours.volunteer()
    both = people.also(wang, "county_staff", "350421")
    record = hours.told(both, service(day(5, 12)))
    with pytest.raises(NotAllowed, match="两人把关"), as_(both):
        service_records.verify(both, record)
    clerk = people.staff("county_staff", "350421")
    with as_(clerk):
        written = service_records.record(
            clerk, supporter_id=wang.supporter_ids[0], user_id=wang.user_id,
            unit_path=people.MINGXI, service=service(day(5, 13)),
            subject_type="ClassSession", subject_id=uuid.uuid4(),
        )  # fmt: skip
    with pytest.raises(NotAllowed, match="两人把关"), as_(clerk):
        service_records.verify(clerk, written)
    for move in (service_records.void, service_records.give_back):
        with pytest.raises(NotAllowed, match="两人把关"), as_(both):
            move(both, record, reason="不对")
    assert {hours.status(record), hours.status(written)} == {"recorded"}


def test_an_act_that_was_verified_brings_its_record_with_it(county):
    wang, director = hours.volunteer(), people.staff("child_director")
    log = uuid.uuid4()
    given = {
        "supporter_id": wang.supporter_ids[0], "user_id": wang.user_id,
        "unit_path": people.MINGXI, "service": service(day(5, 12), 50),
        "subject_type": "ContactLog", "subject_id": log,
    }  # fmt: skip
    with unit_of_work.transaction(people.everything()):
        first = service_records.record(wang, **given, verified_by=director)
        assert service_records.record(wang, **given, verified_by=director) == first
    assert hours.status(first) == "verified"
    given["subject_id"], given["service"] = uuid.uuid4(), service(day(5, 13), 50)
    with pytest.raises(NotAllowed), unit_of_work.transaction(people.everything()):
        service_records.record(director, **given, verified_by=director)


def test_one_person_is_in_one_place_and_a_day_ends(county):
    wang, other = hours.volunteer(), hours.volunteer("李大山")
    hours.told(wang, service(day(5, 12), at=("14:00", "15:00")))
    with pytest.raises(Invalid, match="同时"):
        hours.told(wang, service(day(5, 12), at=("14:30", "16:00")))
    hours.told(other, service(day(5, 12), at=("14:30", "16:00")))
    hours.told(wang, service(day(5, 12), 1380))
    with pytest.raises(Invalid, match="24 小时"):
        hours.told(wang, service(day(5, 12), 1))
    hours.told(wang, service(day(5, 13), 1440))


def test_what_was_voided_leaves_the_day_free(county):
    wang = hours.volunteer()
    record = hours.told(wang, service(day(5, 12), 1440))
    with as_(county):
        service_records.void(county, record, reason="重复登记")
    hours.told(wang, service(day(5, 12), 1440))


def test_the_same_login_is_one_person_in_two_organisations(county):
    wang, charity = hours.volunteer(), hours.volunteer("明溪县慈善会", "charity")
    with unit_of_work.transaction(people.everything()):
        db.session.add(SupporterMember(supporter_id=charity.supporter_ids[0], user_id=wang.user_id))
    both = actors.by_user(wang.user_id)
    assert len(both.supporter_ids) == 2
    hours.told(both, service(day(5, 12), at=("14:00", "15:00")))
    with pytest.raises(Invalid, match="同时"), as_(both):
        service_records.enter(
            both, charity.supporter_ids[0], service(day(5, 12), at=("14:00", "15:00"))
        )


def test_only_days_since_the_first_approval_count():
    wang = hours.volunteer()
    with pytest.raises(Invalid, match="还没有通过审核"):
        hours.told(wang, service(day(1, 19)))
    hours.told(wang, service(day(1, 20)))
    waiting = people.supporter("individual", status="submitted")
    with pytest.raises(Invalid, match="还没有通过审核"):
        hours.told(waiting, service(day(5, 12)))


def test_the_organiser_is_a_county_of_the_own_authority():
    wang = hours.volunteer()
    record = hours.told(wang, service(day(5, 12)), organiser="350429")
    assert hours.row(ServiceRecord, record, "unit_path") == "/35/3504/350429/"
    with pytest.raises(Invalid, match="组织单位"):
        hours.told(wang, service(day(5, 13)), organiser="320681")


def test_nobody_tells_in_somebody_elses_name():
    wang, li = hours.volunteer(), hours.volunteer("李大山")
    with pytest.raises(NotFound), as_(wang):
        service_records.enter(wang, li.supporter_ids[0], service(day(5, 12)))
    record = hours.told(li, service(day(5, 12)))
    for act in (service_records.withdraw, lambda a, r: service_records.resubmit(a, r, service(day(5, 11)))):  # fmt: skip
        with pytest.raises(NotFound), as_(wang):
            act(wang, record)


def test_a_colleague_of_the_organisation_does_not_touch_it():
    charity = hours.volunteer("明溪县慈善会", "charity")
    record = hours.told(charity, service(day(5, 12)))
    colleague = people.account()
    with unit_of_work.transaction(people.everything()):
        db.session.add(
            SupporterMember(supporter_id=charity.supporter_ids[0], user_id=colleague.user_id)
        )
    colleague = actors.by_user(colleague.user_id)
    with pytest.raises(NotFound), as_(colleague):
        service_records.withdraw(colleague, record)
    with unit_of_work.reading(scope.of(colleague)):
        assert own_rows.mine(colleague)[0] == ()


def test_what_came_back_is_corrected_and_verified_again(county):
    wang = hours.volunteer()
    record = hours.told(wang, service(day(5, 12), 90))
    with pytest.raises(Invalid, match="原因"), as_(county):
        service_records.give_back(county, record, reason=" ")
    with as_(county):
        service_records.give_back(county, record, reason="签到表上只有一个小时")
    with as_(wang):
        service_records.resubmit(wang, record, service(day(5, 12), 60), version=2)
    assert hours.row(ServiceRecord, record, "status", "minutes", "remark") == ("recorded", 60, "")
    with pytest.raises(Conflict, match="早一步"), as_(county):
        service_records.verify(county, record, version=2)
    with as_(county):
        service_records.verify(county, record, version=3)
    with pytest.raises(WrongState), as_(wang):
        service_records.withdraw(wang, record)


def test_another_county_finds_nothing():
    neighbour = people.staff("county_staff", "350429")
    record = hours.told(hours.volunteer(), service(day(5, 12)))
    with pytest.raises(NotFound), as_(neighbour):
        service_records.verify(neighbour, record)
    with unit_of_work.reading(scope.of(neighbour)):
        assert hours_desk.queue()[0] == ()
        assert hours_desk.counts() == {"corrections": 0}


def test_several_at_once_stand_each_for_itself(county):
    wang = hours.volunteer()
    good = hours.told(wang, service(day(5, 12)))
    stale = hours.told(wang, service(day(5, 13)))
    with as_(county):
        said = service_records.together(county, [(good, 1), (stale, 7)], move="verify")
    assert [each.refusal is None for each in said] == [True, False]
    assert (hours.status(good), hours.status(stale)) == ("verified", "recorded")
    with pytest.raises(Invalid, match="原因"), as_(county):
        service_records.together(county, [(stale, 1)], move="return")
    with pytest.raises(Invalid, match="逐条"), as_(county):
        service_records.together(county, [(stale, 1)], move="void", reason="x")


def test_a_correction_is_asked_in_words_and_answered_in_writing(county):
    wang = hours.volunteer()
    (record,) = hours.verified(wang, county, service(day(5, 12), 90))
    with as_(wang):
        asked = record_corrections.ask(wang, record, words="其实是两个小时")
    with pytest.raises(Conflict, match="正在等待"), as_(wang):
        record_corrections.ask(wang, record, words="再说一次")
    with pytest.raises(Invalid, match="理由"), as_(county):
        record_corrections.answer(county, asked, granted=False, words=" ")
    with as_(county):
        record_corrections.answer(county, asked, granted=False, words="签到表是一个半小时")
    assert hours.status(record) == "verified"
    with pytest.raises(Conflict, match="已经有同事"), as_(county):
        record_corrections.answer(county, asked, granted=True, words="同意")
    with as_(wang):
        again = record_corrections.ask(wang, record, words="请看照片")
    with as_(county):
        record_corrections.answer(county, again, granted=True, words="照片属实，请改为两小时")
    assert hours.row(ServiceRecord, record, "status", "remark") == (
        "returned",
        "照片属实，请改为两小时",
    )


def test_nobody_answers_their_own_request(county):
    wang = hours.volunteer()
    (record,) = hours.verified(wang, county, service(day(5, 12), 90))
    both = people.also(wang, "county_staff", "350421")
    with as_(both):
        asked = record_corrections.ask(both, record, words="其实是两个小时")
    with pytest.raises(NotAllowed, match="两人把关"), as_(both):
        record_corrections.answer(both, asked, granted=False, words="不改")


@pytest.mark.parametrize("count", [1, 100])
def test_a_list_asks_as_often_for_a_hundred_as_for_one(county, count):
    wang = hours.volunteer()
    for number in range(count):
        hours.told(wang, service(hours.before(number + 1)))
    said = []

    def note(_connection, _cursor, statement, *_):
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with unit_of_work.reading(scope.of(county)):
            rows, _ = hours_desk.queue()
            hours_desk.counts()
        with unit_of_work.reading(scope.of(wang)):
            own_rows.mine(wang)
            own_rows.totals(wang)
            own_rows.speakers(wang)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(rows) == min(count, 20)
    assert len([one for one in said if one.startswith("SELECT") and "set_config" not in one]) == 7
