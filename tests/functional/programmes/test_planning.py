"""A programme's way from the first line to the notice; a session called off and made up (PG)."""

from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from portal.core import scope, unit_of_work
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.domain.programme_inputs import LineInput, Preparation, ProgrammeInput
from portal.extensions import db
from portal.models.programmes import (
    Programme,
    ProgrammeAccess,
    ProgrammeNotice,
    ProgrammeSession,
    TimetableItem,
)
from portal.models.rota import ProgrammeStaff
from portal.models.standings import Clearance
from portal.queries import actors, programme_checks
from portal.services import files, programmes, sessions, timetables
from tests.factories import people
from tests.factories import programmes as make

#: The clock of the tests stands on Wednesday 2026-05-20.
FIRST, LAST = date(2026, 7, 6), date(2026, 7, 15)
CAMP = ProgrammeInput(
    kind="camp",
    title="「萤火虫」夏令营",
    starts_on=FIRST,
    ends_on=LAST,
    season="summer",
    capacity=30,
    venue="明溪县青少年活动中心",
    register_from=date(2026, 6, 1),
    register_until=date(2026, 6, 30),
    budget_yuan=30_000,
)
CLASS = ProgrammeInput(
    kind="interest_class",
    title="周日篮球",
    starts_on=date(2026, 6, 14),
    ends_on=date(2026, 9, 6),
    venue="县体育馆",
    register_from=date(2026, 5, 21),
    register_until=date(2026, 6, 5),
)


@pytest.fixture(autouse=True)
def on(app, clock):
    with app.app_context():
        yield clock


@pytest.fixture
def organiser():
    return people.staff("organiser", "350421")


@pytest.fixture
def county():
    return people.staff("county_staff", "350421")


def do(verb, actor, *args, **kwargs):
    """Run a verb in the actor's own scope, as a request would; the actor is read anew."""
    actor = actors.by_user(actor.user_id)
    with unit_of_work.transaction(scope.of(actor)):
        return verb(actor, *args, **kwargs)


def lacks(programme_id):
    with unit_of_work.reading(people.everything()):
        programme = db.session.get(Programme, programme_id)
        return {one.code: str(one) for one in programme_checks.lacks(programme)}


def row(model, *columns, **where):
    with unit_of_work.reading(people.everything()):
        one = db.session.scalar(select(model).filter_by(**where))
        return one and tuple(getattr(one, name) for name in columns)


def held(programme_id):
    with unit_of_work.reading(people.everything()):
        return db.session.scalars(
            select(ProgrammeSession.happens_on).where(
                ProgrammeSession.programme_id == programme_id,
                ProgrammeSession.status != "cancelled",
            )
        ).all()


def plan_camp(organiser, **changes):
    programme_id = do(programmes.draft, organiser, replace(CAMP, **changes))
    do(timetables.fill, organiser, programme_id, plan="firefly")
    do(
        programmes.prepare, organiser, programme_id,
        Preparation(insurance_no="PICC-2026-0001", insured_until=LAST,
                    drill_on=date(2026, 5, 10), venue_checked_on=date(2026, 5, 12)),
    )  # fmt: skip
    return programme_id


def with_plan_file(actor, programme_id):
    kept = files.keep_draft(actor, data=b"%PDF-1.4", mime="application/pdf")
    do(programmes.attach_plan, actor, programme_id, kept)


def staffed(programme_id, heads=4):
    """Put adults of tier 2 on every day."""
    with unit_of_work.reading(people.everything()):
        one = db.session.get(Programme, programme_id)
        of = SimpleNamespace(
            id=one.id, tenant_path=one.tenant_path, starts_on=one.starts_on, ends_on=one.ends_on,
            days=(one.ends_on - one.starts_on).days + 1,
        )  # fmt: skip
    return [make.teacher(of, f"林老师{n}") for n in range(heads)]


def test_a_camp_is_planned_approved_by_another_and_announced(organiser, county, on):
    programme_id = plan_camp(organiser)
    code, status = row(Programme, "code", "status", id=programme_id)
    assert (code, status) == ("HD-2026-0001", "draft")
    # Three roll calls a day, ten days (issue 5: 08:30, 14:20, 20:00).
    assert len(held(programme_id)) == 30
    assert row(ProgrammeAccess, "user_id", "role", programme_id=programme_id) == (
        organiser.user_id, "organiser",
    )  # fmt: skip

    # 9 of 10 days: the sentence names the day, submission is refused with all of it.
    do(timetables.clear_day, organiser, programme_id, day=date(2026, 7, 9))
    assert "还差 1 天：已排 9 / 10 天（7月9日）" in lacks(programme_id)["planned"]
    assert len(held(programme_id)) == 27
    with pytest.raises(Invalid, match="已排 9 / 10 天"):
        do(programmes.submit, organiser, programme_id)
    do(timetables.undo, organiser, programme_id)
    assert len(held(programme_id)) == 30

    do(programmes.submit, organiser, programme_id)
    with pytest.raises(NotAllowed):
        do(programmes.approve, organiser, programme_id)
    do(programmes.send_back, county, programme_id, reason="预算请列明伙食")
    do(programmes.submit, organiser, programme_id)
    do(programmes.approve, county, programme_id)
    assert row(ProgrammeNotice, "code", code=code) is None

    # No camp opens without plan, drill and four adults of tier 2 on every day (30 places, 1:8).
    with pytest.raises(Invalid) as refused:
        do(programmes.open_registration, organiser, programme_id)
    assert set(refused.value.fields) == {"plan_file", "rota"}
    with_plan_file(organiser, programme_id)
    staffed(programme_id, 3)
    assert "每天要有 4 名" in lacks(programme_id)["adults"]
    staffed(programme_id, 1)
    assert lacks(programme_id) == {}
    do(programmes.open_registration, organiser, programme_id)
    topics, days, state, region = row(
        ProgrammeNotice, "topics", "days", "state", "region_code", code=code
    )
    assert topics[:5] == ["patriotism", "traditional_culture", "health", "family_bonds", "safety"]
    assert (days, state, region) == (10, "open", "350421")


def test_a_lapsed_adult_bars_opening(organiser, county):
    programme_id = plan_camp(organiser)
    with_plan_file(organiser, programme_id)
    adults = staffed(programme_id, 5)
    do(programmes.submit, organiser, programme_id)
    do(programmes.approve, county, programme_id)
    with unit_of_work.transaction(people.everything()):
        standing = db.session.scalar(
            select(Clearance).where(Clearance.supporter_id == adults[0].supporter_ids[0])
        )
        standing.valid_to = date(2026, 7, 10)
    # Four others are enough in number: it is the person without a standing who bars it.
    assert list(lacks(programme_id)) == ["lapsed"]
    assert "7月11日" in lacks(programme_id)["lapsed"]
    with pytest.raises(Invalid, match="没有接触儿童的资格"):
        do(programmes.open_registration, organiser, programme_id)
    with unit_of_work.transaction(people.everything()):
        staff = db.session.scalar(
            select(ProgrammeStaff).where(ProgrammeStaff.user_id == adults[0].user_id)
        )
        staff.status = "removed"
    do(programmes.open_registration, organiser, programme_id)


def test_nine_days_are_refused_and_a_third_camp_only_warns(organiser, county):
    short = plan_camp(organiser, ends_on=date(2026, 7, 14))
    assert "还差 1 天：起止日期共 9 天，每期不少于 10 天" in lacks(short)["length"]
    with pytest.raises(Invalid, match="共 9 天"):
        do(programmes.submit, organiser, short)
    for _ in range(2):
        do(programmes.submit, organiser, plan_camp(organiser))
    third = plan_camp(organiser)
    assert "third" in lacks(third)
    do(programmes.submit, organiser, third)


def test_the_county_that_drafts_does_not_approve(county):
    programme_id = plan_camp(county)
    do(programmes.submit, county, programme_id)
    with pytest.raises(NotAllowed, match="两人把关"):
        do(programmes.approve, county, programme_id)
    do(programmes.approve, people.staff("city_staff"), programme_id)


def test_a_class_keeps_its_twelve_sessions_and_never_meets_on_a_wednesday(organiser, county, on):
    programme_id = do(programmes.draft, organiser, CLASS)
    do(timetables.fill, organiser, programme_id, plan="weekend", sessions_wanted=12)
    first = held(programme_id)
    assert len(first) == 12
    assert {day.weekday() for day in first} == {6}
    wednesday = LineInput(date(2026, 6, 17), "15:00", "16:30", "篮球", "sport")
    with pytest.raises(Invalid, match="周三"):
        do(timetables.add, organiser, programme_id, wednesday)
    # 27 September 2026 is no day of this class; a Sunday worked in exchange is none of any class.
    do(
        programmes.prepare, organiser, programme_id,
        Preparation(drill_on=date(2026, 5, 10), venue_checked_on=date(2026, 5, 12)),
    )  # fmt: skip
    do(programmes.submit, organiser, programme_id)
    with pytest.raises(WrongState):
        do(timetables.clear_day, organiser, programme_id, day=first[0])
    do(programmes.approve, county, programme_id)

    with unit_of_work.reading(people.everything()):
        rained = db.session.scalar(
            select(ProgrammeSession.id).where(
                ProgrammeSession.programme_id == programme_id,
                ProgrammeSession.happens_on == date(2026, 6, 21),
            )
        )
    with pytest.raises(WrongState):
        do(sessions.replan, organiser, rained, day=date(2026, 6, 27))
    do(sessions.cancel_session, organiser, rained, reason="下雨")
    assert len(held(programme_id)) == 11
    with pytest.raises(Invalid, match="周三"):
        do(sessions.replan, organiser, rained, day=date(2026, 6, 24))
    new = do(sessions.replan, organiser, rained, day=date(2026, 6, 27))
    assert len(held(programme_id)) == 12
    assert row(ProgrammeSession, "starts", "ends", "replaces_id", id=new) == (
        "09:00", "10:30", rained,
    )  # fmt: skip
    with pytest.raises(Conflict):
        do(sessions.replan, organiser, rained, day=date(2026, 6, 28))
    # The stand-in is on the timetable, and a later change leaves both where they are.
    line = row(TimetableItem, "id", programme_id=programme_id, happens_on=date(2026, 6, 27))[0]
    asked = LineInput(date(2026, 6, 27), "09:00", "10:30", "篮球（补课）", "sport", "三号馆")
    do(timetables.change, organiser, programme_id, line, asked)
    assert len(held(programme_id)) == 12
    assert row(ProgrammeSession, "title", "room", id=new) == ("篮球（补课）", "三号馆")


def test_an_approved_camp_keeps_what_it_was_approved_for(organiser, county):
    programme_id = plan_camp(organiser)
    do(programmes.submit, organiser, programme_id)
    do(programmes.approve, county, programme_id)
    with pytest.raises(Invalid, match="批准之后日程仍要齐全"):
        do(timetables.clear_day, organiser, programme_id, day=date(2026, 7, 9))
    assert len(held(programme_id)) == 30
    do(timetables.copy_day, organiser, programme_id, source=FIRST, targets=[date(2026, 7, 9)])


def test_the_clock_begins_and_ends_what_is_ready(organiser, county, on):
    programme_id = plan_camp(organiser)
    with_plan_file(organiser, programme_id)
    staffed(programme_id, 4)
    do(programmes.submit, organiser, programme_id)
    do(programmes.approve, county, programme_id)
    do(programmes.open_registration, organiser, programme_id)
    on.move_to(datetime(2026, 7, 6, 0, 30))
    with unit_of_work.transaction(people.everything()):
        db.session.scalar(select(Clearance)).status = "expired"
    with unit_of_work.transaction(people.everything()):
        assert programmes.move_on() == (0, 0)
    with unit_of_work.transaction(people.everything()):
        for standing in db.session.scalars(select(Clearance)):
            standing.status = "granted"
    with unit_of_work.transaction(people.everything()):
        assert programmes.move_on() == (1, 0)
    on.move_to(datetime(2026, 7, 16, 0, 30))
    with unit_of_work.transaction(people.everything()):
        assert programmes.move_on() == (0, 1)
    code = row(Programme, "code", id=programme_id)[0]
    assert row(ProgrammeNotice, "state", code=code) == ("finished",)


def test_cancelling_takes_the_sessions_and_says_so_in_public(organiser, county):
    programme_id = plan_camp(organiser)
    with_plan_file(organiser, programme_id)
    helpers = staffed(programme_id, 4)
    do(programmes.submit, organiser, programme_id)
    do(programmes.approve, county, programme_id)
    do(programmes.open_registration, organiser, programme_id)
    do(programmes.cancel, organiser, programme_id, reason="台风")
    assert held(programme_id) == []
    code = row(Programme, "code", id=programme_id)[0]
    assert row(ProgrammeNotice, "state", code=code) == ("cancelled",)
    assert actors.by_user(helpers[0].user_id).programme_ids == ()
    assert actors.by_user(organiser.user_id).programme_ids == (programme_id,)


def test_who_may_not(organiser, county):
    programme_id = plan_camp(organiser)
    other, neighbour = people.staff("organiser", "350421"), people.staff("county_staff", "320681")
    with pytest.raises(NotAllowed):
        do(timetables.clear_day, other, programme_id, day=FIRST)
    with pytest.raises(NotFound):
        do(programmes.cancel, neighbour, programme_id, reason="不归我管")
    with pytest.raises(NotFound):
        do(programmes.draft, organiser, CAMP, unit="350424")
    with pytest.raises(Invalid, match="孤独症"):
        do(programmes.draft, organiser, replace(CAMP, title="「星星伙伴」孤独症融合营"))
    # Another authority's first programme carries the next number of the whole portal.
    theirs = do(programmes.draft, neighbour, CAMP)
    assert row(Programme, "code", id=theirs) == ("HD-2026-0002",)
