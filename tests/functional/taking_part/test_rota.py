"""The rota: invited, confirmed, in one place at a time, off at once without tier 2 (S0-4.4)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import scope, unit_of_work
from portal.domain import clock as portal_clock
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.extensions import db
from portal.models.programmes import Programme
from portal.models.records import Fact, Message
from portal.models.rota import Duty, ProgrammeStaff
from portal.models.standings import Clearance
from portal.models.supporters import Supporter
from portal.queries import actors, own_duties
from portal.queries import rota as rows
from portal.services import duties, duty_swaps, rota, standings
from tests.factories import giving, people
from tests.factories import programmes as make
from tests.factories.pairings import do

ALL_DAY = {"starts": "08:00", "ends": "18:00"}


@pytest.fixture(autouse=True)
def on(app, clock):
    with app.app_context():
        yield clock


@pytest.fixture
def county():
    return people.staff("county_staff", "350421")


@pytest.fixture
def camp():
    return make.programme(starts_on=portal_clock.today() + timedelta(days=20), capacity=8)


def duty_of(staff_id):
    with unit_of_work.reading(people.everything()):
        return db.session.scalars(
            select(Duty.id).where(Duty.staff_id == staff_id, Duty.status == "planned")
        ).all()


def state(staff_id):
    with unit_of_work.reading(people.everything()):
        return db.session.get(ProgrammeStaff, staff_id).status


def on_rota(county, camp, name="欧阳晓燕", role="teacher", **hours):
    person = giving.volunteer(name)
    staff_id = do(rota.invite, county, camp.id, person.supporter_ids[0], role=role)
    do(rota.confirm, person, staff_id)
    if hours:
        do(
            duties.assign, county, staff_id, first=camp.starts_on,
            last=camp.starts_on + timedelta(days=camp.days - 1), **hours,
        )  # fmt: skip
    return person, staff_id


def programmes_of(person):
    return actors.by_user(person.user_id).programme_ids


def test_a_duty_opens_the_programme_seven_days_before_and_for_24_hours_after(on, county, camp):
    person, staff_id = on_rota(county, camp)
    assert programmes_of(person) == ()
    on.move_to(portal_clock.start_of(camp.starts_on))
    assert programmes_of(person) == ()
    on.move_to(portal_clock.start_of(camp.starts_on) - timedelta(days=9))
    assert do(duties.assign, county, staff_id, first=camp.starts_on, **ALL_DAY) == 1
    assert programmes_of(person) == ()
    on.move_to(portal_clock.start_of(camp.starts_on) - timedelta(days=7))
    assert programmes_of(person) == (camp.id,)
    last_midnight = portal_clock.start_of(camp.starts_on + timedelta(days=10))
    on.move_to(last_midnight + timedelta(hours=24) - timedelta(seconds=1))
    assert programmes_of(person) == (camp.id,)
    on.move_to(last_midnight + timedelta(hours=24))
    assert programmes_of(person) == ()


def test_nobody_is_in_two_places_at_once(county, camp):
    person, staff_id = on_rota(county, camp, starts="08:00", ends="12:00")
    other = make.programme(kind="interest_class", starts_on=camp.starts_on, days=1)
    second = do(rota.invite, county, other.id, person.supporter_ids[0], role="teacher")
    with pytest.raises(Conflict, match="时间重叠"):
        do(duties.assign, county, second, first=camp.starts_on, starts="11:59", ends="13:00")
    assert (
        do(duties.assign, county, second, first=camp.starts_on, starts="12:00", ends="13:00") == 1
    )
    with pytest.raises(Invalid, match="结束时间"):
        do(duties.assign, county, second, first=camp.starts_on, starts="15:00", ends="14:00")
    far = camp.starts_on + timedelta(days=90)
    with pytest.raises(Invalid, match="没有安排"):
        do(duties.assign, county, staff_id, first=far, **ALL_DAY)


def test_who_may_be_asked_and_who_may_ask(county, camp):
    director = people.staff("child_director")
    neighbour = people.staff("county_staff", "350424")
    volunteer = giving.volunteer()
    someone = volunteer.supporter_ids[0]
    for outsider in (director, neighbour):
        with pytest.raises(NotAllowed):
            do(rota.invite, outsider, camp.id, someone, role="helper")
    with pytest.raises(Conflict, match="资格没有生效"):
        do(
            rota.invite,
            county,
            camp.id,
            giving.volunteer(tier2=False).supporter_ids[0],
            role="cook",
        )
    with pytest.raises(Invalid):
        do(rota.invite, county, camp.id, someone, role="king")
    staff_id = do(rota.invite, county, camp.id, someone, role="helper")
    with pytest.raises(Conflict, match="已经在值班表上"):
        do(rota.invite, county, camp.id, someone, role="helper")
    with pytest.raises(NotFound):
        do(rota.confirm, giving.volunteer(), staff_id)
    do(rota.decline, volunteer, staff_id)
    assert state(staff_id) == "removed"
    with pytest.raises(WrongState):
        do(duties.assign, county, staff_id, first=camp.starts_on, **ALL_DAY)


def test_a_lapsed_check_takes_somebody_off_at_once_and_alarms(on, county, camp):
    organiser = people.staff("organiser", "350421")
    with unit_of_work.transaction(people.everything()):
        db.session.get(Programme, camp.id).organiser_id = organiser.user_id
    person, staff_id = on_rota(county, camp, **ALL_DAY)
    on.move_to(portal_clock.start_of(camp.starts_on))
    assert programmes_of(person) == (camp.id,)
    with unit_of_work.transaction(unit_of_work.system_scope("the standing ended")):
        supporter = db.session.get(Supporter, person.supporter_ids[0])
        standings.contact_ended(supporter, "training_expired")
    assert state(staff_id) == "removed"
    assert programmes_of(person) == ()
    assert duty_of(staff_id) == []
    with unit_of_work.reading(people.everything()):
        told = set(
            db.session.scalars(select(Message.recipient).where(Message.template == "duty_lapsed"))
        )
        moved = db.session.scalars(select(Fact).where(Fact.kind == "programme_staff.lapse")).one()
    assert {organiser.email, county.email} <= told
    assert moved.data["reason_code"] == "training_expired"


def test_the_ratio_counts_confirmed_adults_of_tier_2_on_the_day(on, county, camp):
    for _ in range(8):
        make.child_in(camp)
    person, _ = on_rota(county, camp, **ALL_DAY)
    on_rota(county, camp, "林志远", role="cook", **ALL_DAY)
    with unit_of_work.reading(people.everything()):
        days = rows.days(camp.id)
    # A cook looks after no child; eight children need one adult, and two there must be (PG).
    assert [(day.adults, day.needed, day.is_short) for day in days] == [(1, 2, True)] * 10
    on_rota(county, camp, "赖秀兰", role="helper", **ALL_DAY)
    with unit_of_work.transaction(people.everything()):
        row = db.session.scalar(
            select(Clearance).where(Clearance.supporter_id == person.supporter_ids[0])
        )
        row.valid_to = camp.starts_on + timedelta(days=4)
    on.move_to(portal_clock.start_of(camp.starts_on))
    with unit_of_work.reading(people.everything()):
        days = rows.days(camp.id)
        assert [day.is_short for day in days] == [False] * 5 + [True] * 5
        assert rows.short_of_adults() == (
            (camp.code, "「萤火虫」夏令营", camp.starts_on + timedelta(days=5)),
        )


def test_a_swap_takes_the_organisers_yes(county, camp):
    giver, giving_staff = on_rota(county, camp, starts="08:00", ends="12:00")
    taker, taking_staff = on_rota(county, camp, "林志远", role="helper")
    duty = duty_of(giving_staff)[0]
    with pytest.raises(NotFound):
        do(duty_swaps.ask_swap, taker, duty, to_staff_id=taking_staff)
    swap = do(duty_swaps.ask_swap, giver, duty, to_staff_id=taking_staff, words="要去体检")
    with pytest.raises(Conflict):
        do(duty_swaps.ask_swap, giver, duty, to_staff_id=taking_staff)
    with pytest.raises(NotAllowed):
        do(duty_swaps.decide_swap, giver, swap, yes=True)
    do(duty_swaps.decide_swap, county, swap, yes=True)
    assert len(duty_of(giving_staff)) == 9
    assert len(duty_of(taking_staff)) == 1
    again = do(duty_swaps.ask_swap, giver, duty_of(giving_staff)[0], to_staff_id=taking_staff)
    do(duty_swaps.withdraw_swap, giver, again)
    own = own_duties_of(giver)
    assert (own.title, len(own.duties), own.colleagues[0][1]) == ("「萤火虫」夏令营", 9, "林志远")


def own_duties_of(person):
    fresh = actors.by_user(person.user_id)
    with unit_of_work.reading(scope.of(fresh)):
        return own_duties.of(fresh)[0]


def test_a_day_gone_by_is_done_with_its_hours(on, county, camp):
    _, staff_id = on_rota(county, camp, starts="08:00", ends="11:30")
    on.move_to(portal_clock.start_of(camp.starts_on + timedelta(days=2)))
    with unit_of_work.transaction(unit_of_work.system_scope("the nightly work")):
        assert duties.finish_due() == 2
        assert duties.finish_due() == 0
    with unit_of_work.reading(people.everything()):
        minutes = db.session.scalars(
            select(Duty.minutes).where(Duty.staff_id == staff_id, Duty.status == "done")
        ).all()
    assert minutes == [210, 210]
