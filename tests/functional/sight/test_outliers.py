"""Every morning: whose looking was unusual the day before, and who asks about it."""

import pytest

from portal.services import sight, sight_watch
from tests.factories import people
from tests.factories.promises import as_actor


def look(office, client, times):
    """Let somebody open so many fields, as the button does."""
    for _ in range(times):
        with office.app.app_context(), as_actor(client.actor):
            sight.open_field(client.actor, office.child.id, field="id_no", reason="visit")


def next_morning(clock):
    clock.advance(days=1)


def found(office):
    return [(row.actor_id, row.watcher, row.opened, tuple(row.signs)) for row in office.outliers()]


def usual(office, client, clock, days=30, each=8):
    """Let somebody open so many a day for a month."""
    for _ in range(days):
        look(office, client, each)
        clock.advance(days=1)


def test_twenty_one_openings_are_put_before_the_county(office, clock):
    director, clerk = office.desk("child_director"), office.desk("county_staff")
    usual(office, director, clock)
    look(office, director, 20)
    next_morning(clock)
    assert office.run(sight_watch.find_outliers) == 0
    look(office, director, 21)
    next_morning(clock)
    assert office.run(sight_watch.find_outliers) == 1
    assert found(office) == [(director.actor.user_id, "county_staff", 21, ("many",))]
    assert office.mails("sight_outliers") == {clerk.actor.user_id}
    assert office.run(sight_watch.find_outliers) == 0


def test_more_than_three_times_the_own_usual_day(office, clock):
    director = office.desk("child_director")
    usual(office, director, clock, each=2)
    look(office, director, 7)
    next_morning(clock)
    office.run(sight_watch.find_outliers)
    assert found(office) == [(director.actor.user_id, "county_staff", 7, ("unusual",))]


def test_a_night_opening_of_a_clerk_is_the_citys_to_ask_about(office, clock):
    clerk, city = office.desk("county_staff"), office.desk("city_staff")
    colleague = office.another("county_staff")
    clock.advance(hours=12, minutes=30)
    office.open(clerk, "id_no")
    clock.advance(hours=10)
    office.run(sight_watch.find_outliers)
    assert found(office) == [(clerk.actor.user_id, "city_staff", 1, ("night",))]
    assert office.mails("sight_outliers") == {city.actor.user_id}
    assert clerk.actor.name in city.get("/desk/sights").text
    for client in (clerk, colleague):
        assert "在夜间打开" not in client.get("/desk/sights").text


@pytest.fixture
def night(office, clock):
    """A director's opening at half past ten at night, found the next morning; its address."""
    clock.advance(hours=12, minutes=30)
    office.open(office.desk("child_director"), "id_no")
    clock.advance(hours=10)
    office.run(sight_watch.find_outliers)
    return f"/desk/sights/outliers/{office.outliers()[0].id}"


def test_the_county_writes_down_what_it_learnt(office, night):
    clerk = office.desk("county_staff")
    assert "在夜间打开" in clerk.get("/desk/sights").text
    assert "查看申请与核实" in clerk.get("/desk").text
    office.post(clerk, night, finding=" ")
    assert office.outliers()[0].settled_at is None
    office.post(clerk, night, finding="当晚孩子走失，已向派出所核实")
    assert office.outliers()[0].settled_by == clerk.actor.user_id
    assert "当晚孩子走失" in clerk.get("/desk/sights").text
    assert office.post(clerk, night, finding="再写一次").status_code == 409


@pytest.mark.parametrize(
    ("role", "unit"),
    [("city_staff", None), ("auditor", "350400"), ("county_staff", "350429"),
     ("county_staff", "320681")],
)  # fmt: skip
def test_nobody_else_answers_for_it(office, night, role, unit):
    assert office.post(office.desk(role, unit), night, finding="没有问题").status_code == 404
    assert office.outliers()[0].settled_at is None


def test_nobody_answers_for_their_own_night(app, office, client_as, clock):
    """A director who is the county's clerk as well does not settle their own day."""
    with app.app_context():
        both = people.also(people.staff("child_director"), "county_staff", "350421")
    client = client_as(both)
    clock.advance(hours=12, minutes=30)
    office.open(client, "id_no")
    clock.advance(hours=10)
    office.run(sight_watch.find_outliers)
    (row,) = office.outliers()
    assert (row.role, row.watcher) == ("child_director", "county_staff")
    assert "在夜间打开" not in client.get("/desk/sights").text
    where = f"/desk/sights/outliers/{row.id}"
    assert office.post(client, where, finding="没有问题").status_code == 404
    assert office.mails("sight_outliers") == set()
    clerk = office.desk("county_staff")
    assert office.post(clerk, where, finding="已了解").status_code == 303


def test_looks_at_many_files_have_their_own_number(app, office, clock):
    from tests.factories import wishes

    director = office.desk("child_director")
    with app.app_context():
        children = [wishes.child(9).id for _ in range(101)]
    for child_id in children:
        director.get(f"/children/{child_id}")
    next_morning(clock)
    office.run(sight_watch.find_outliers)
    assert found(office) == [(director.actor.user_id, "county_staff", 0, ("viewed",))]


def test_the_authority_sets_the_number(app, office, clock):
    from sqlalchemy import select

    from portal.core import unit_of_work
    from portal.models.units import Unit

    with app.app_context(), unit_of_work.transaction(people.everything()) as session:
        unit = session.scalars(select(Unit).where(Unit.code == "350400")).one()
        unit.settings = {**unit.settings, "sights_per_day": 2}
    director = office.desk("child_director")
    look(office, director, 3)
    next_morning(clock)
    office.run(sight_watch.find_outliers)
    assert found(office) == [(director.actor.user_id, "county_staff", 3, ("many",))]
