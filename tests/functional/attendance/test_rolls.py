"""A roll through its services: marks twice and late, the close, the lock, who is fetched by whom."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from portal.core import unit_of_work
from portal.domain import clock, pickup_codes
from portal.domain.errors import Conflict, NotAllowed, NotFound
from portal.extensions import db
from portal.models.attendance import AttendanceCell, AttendanceMark, Departure
from portal.models.enrolments import PickupPerson
from portal.models.programmes import ProgrammeSession
from portal.models.records import Fact
from portal.services import absences, attendance, departures, session_unlocks
from portal.services.attendance_cells import Sent
from tests.factories import people
from tests.factories import programmes as make
from tests.factories.giving import within


@pytest.fixture
def at_morning(app, clock):
    """Stand at ten in the morning of the first day, inside the application."""
    with app.app_context():
        yield clock


def sent(child, state="absent", *seen, client_id=None, minutes=0, **more):
    at = clock.now() - timedelta(minutes=minutes)
    return Sent(client_id or uuid4(), child.id, state, at, uuid4(), seen, **more)


def kept(actor, session_id, *marks):
    with within(actor):
        return [each.refusal for each in attendance.mark(actor, session_id, marks)]


def cell(session_id, child):
    with unit_of_work.reading(people.everything()):
        return db.session.scalar(
            select(AttendanceCell).where(
                AttendanceCell.session_id == session_id, AttendanceCell.enrolment_id == child.id
            )
        )


def facts_of(kind):
    with unit_of_work.reading(people.everything()):
        return db.session.scalar(select(func.count(Fact.id)).where(Fact.kind == kind))


def session_row(session_id):
    with unit_of_work.reading(people.everything()):
        return db.session.get(ProgrammeSession, session_id)


def test_two_phones_a_conflict_the_close_and_the_lock(at_morning):
    camp = make.programme()
    session_id = make.session(camp, starts="09:00", ends="11:30")
    ling, hao, mei = (make.child_in(camp, called=name) for name in ("小灵", "小浩", "小梅"))
    teacher, other = make.teacher(camp), make.teacher(camp, "张老师")
    first = sent(ling, "absent", minutes=5)
    assert kept(teacher, session_id, first, sent(hao, "late", arrived="09:20")) == [None, None]
    assert session_row(session_id).status == "open"
    # Sent again, it is one row; another phone had not seen it.
    assert kept(teacher, session_id, first) == [None]
    kept(other, session_id, sent(ling, "present"))
    disputed = cell(session_id, ling)
    assert (disputed.state, disputed.conflict, len(disputed.heads)) == ("absent", True, 2)
    with within(teacher):
        attendance.mark_one(teacher, session_id, ling.id, state="present")
    assert (cell(session_id, ling).state, cell(session_id, ling).conflict) == ("present", False)
    with unit_of_work.reading(people.everything()):
        marks = db.session.scalar(select(func.count(AttendanceMark.id)))
    assert marks == 4
    assert cell(session_id, mei) is None
    # Closing says present of whoever nobody spoke of, once; a late phone still overrules that.
    for _ in range(2):
        with within(teacher):
            attendance.take(teacher, session_id, head_count=3)
    row = session_row(session_id)
    assert (row.status, row.head_count, cell(session_id, mei).state) == ("taken", 3, "present")
    late = make.child_in(camp, called="小新")
    assert cell(session_id, late) is None
    kept(other, session_id, sent(mei, "leave", minutes=30))
    assert (cell(session_id, mei).state, cell(session_id, mei).conflict) == ("leave", False)
    # 48 hours after its end it locks; two people open it for a day.
    end = clock.start_of(camp.starts_on) + timedelta(hours=11, minutes=30)
    for hours, locked in ((47.9, 0), (48, 1), (49, 0)):
        with clock.at(end + timedelta(hours=hours)), unit_of_work.transaction(people.everything()):
            assert attendance.lock_due() == locked
    with clock.at(end + timedelta(hours=50)):
        with pytest.raises(Conflict, match="锁定"):
            kept(teacher, session_id, sent(mei, "absent"))
        with within(teacher):
            unlock_id = session_unlocks.ask(teacher, session_id, reason="纸质表补录")
        with within(teacher), pytest.raises(NotAllowed):
            session_unlocks.approve(teacher, unlock_id)
        county = people.staff("county_staff", "350421")
        with within(county):
            session_unlocks.approve(county, unlock_id)
        assert kept(teacher, session_id, sent(mei, "absent", way="paper")) == [None]
    for hours, locked in ((50 + 23.9, 0), (50 + 24, 1)):
        with clock.at(end + timedelta(hours=hours)), unit_of_work.transaction(people.everything()):
            assert attendance.lock_due() == locked
    with clock.at(end + timedelta(hours=75)), pytest.raises(Conflict, match="锁定"):
        kept(teacher, session_id, sent(mei, "present"))


def test_who_asked_does_not_unlock_and_a_foreign_person_finds_nothing(at_morning):
    camp = make.programme()
    session_id = make.session(camp, status="locked")
    child = make.child_in(camp)
    asker = people.staff("county_staff", "350421")
    with within(asker):
        unlock_id = session_unlocks.ask(asker, session_id, reason="登记错了")
    with within(asker), pytest.raises(NotAllowed, match="两人把关"):
        session_unlocks.approve(asker, unlock_id)
    with within(asker), pytest.raises(Conflict, match="已经有人"):
        session_unlocks.ask(asker, session_id, reason="再来一次")
    elsewhere = make.teacher(make.programme(title="别的班"), "李老师")
    director = people.staff("child_director")
    county = people.staff("county_staff", "350424")
    for stranger in (elsewhere, director, county):
        with pytest.raises(NotFound):
            kept(stranger, session_id, sent(child))
    tomorrow = make.session(camp, camp.starts_on + timedelta(days=1))
    teacher = make.teacher(camp)
    refusals = kept(teacher, tomorrow, sent(child, "absent"), sent(child, "leave"))
    assert [type(each) for each in refusals] == [Conflict, type(None)]
    assert session_row(tomorrow).status == "planned"
    refusals = kept(
        teacher, tomorrow, sent(child, "gone"), sent(child, "leave", arrived="25:00"),
        Sent(uuid4(), uuid4(), "leave", clock.now(), uuid4()),
    )  # fmt: skip
    assert all(each is not None for each in refusals)


def test_absences_are_told_within_half_an_hour_and_two_in_a_row_ask_for_a_visit(at_morning):
    camp = make.programme()
    first = make.session(camp, starts="09:30", ends="10:00")
    second = make.session(camp, starts="10:10", ends="11:00")
    ling, hao = make.child_in(camp), make.child_in(camp)
    teacher = make.teacher(camp)

    def told(minutes):
        with (
            clock.at(clock.now() + timedelta(minutes=minutes)),
            unit_of_work.transaction(people.everything()),
        ):
            return absences.alert_due()

    kept(teacher, first, sent(ling), sent(hao, "absent"))
    # Put right within the first minutes, it wakes nobody.
    with within(teacher):
        attendance.mark_one(teacher, first, hao.id, state="late", arrived="09:50")
    assert told(9) == 0
    assert told(11) == 1
    assert told(12) == 0
    assert cell(first, ling).alerted_at - clock.now() <= timedelta(minutes=30)
    assert facts_of("attendance_cell.alert") == 1
    assert facts_of(absences.VISIT_DUE) == 0
    kept(teacher, second, sent(ling))
    # Before the session has begun nobody is late.
    assert told(11) == 0
    assert told(21) == 1
    assert facts_of(absences.VISIT_DUE) == 1
    director = people.staff("child_director")
    with within(director):
        absences.visited(director, ling.id, words="孩子发烧在家，奶奶照看")
    with within(director), pytest.raises(Conflict):
        absences.visited(director, ling.id, words="又去了一次")


def picker(child, camp, code="246810", **more):
    with unit_of_work.transaction(people.everything()):
        row = PickupPerson(
            enrolment_id=child.id, programme_id=camp.id, unit_path=child.unit_path, name="王秀英",
            relation="mother", phone="12000000001", code_hash=pickup_codes.hashed(code, 1000),
            **more,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        return row.id


def blocked(departure_id: UUID) -> bool:
    with unit_of_work.reading(people.everything()):
        return db.session.get(Departure, departure_id).blocked


def test_only_a_registered_person_fetches_a_child(at_morning):
    camp = make.programme(kind="after_school")
    session_id = make.session(camp, starts="09:00", ends="10:30")
    ling, hao = make.child_in(camp), make.child_in(camp)
    teacher = make.teacher(camp)
    mother, gone = picker(ling, camp), picker(ling, camp, ended_at=clock.now())

    def let_go(child, pickup_id, **more):
        with within(teacher):
            return departures.let_go(teacher, session_id, child.id, pickup_id=pickup_id, **more)

    with pytest.raises(NotFound):
        let_go(hao, mother, code="246810")
    assert blocked(let_go(ling, mother, code="111111"))
    assert blocked(let_go(ling, gone, code="246810"))
    with within(teacher):
        stranger = departures.block(teacher, session_id, ling.id, words="自称舅舅")
    assert blocked(stranger)
    assert facts_of("departure.block") == 3
    name = uuid4()
    fetched = let_go(ling, mother, code="246810", client_id=name)
    assert not blocked(fetched)
    assert let_go(ling, mother, code="246810", client_id=name) == fetched
    with pytest.raises(Conflict, match="已经登记离开"):
        let_go(ling, mother)
    # A telephone without signal let hao go by a list that was no longer true.
    late = picker(hao, camp, ended_at=clock.now())
    assert not blocked(let_go(hao, late, code="246810", gone=True))
    assert (facts_of("departure.doubt"), facts_of("departure.let_go")) == (1, 1)
