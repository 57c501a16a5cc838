"""The fixtures themselves: a fresh database for each test, people who are really signed in."""

import pytest
from sqlalchemy import func, select

from portal.core import unit_of_work
from portal.domain import clock as portal_clock
from portal.extensions import db
from portal.models.accounts import User
from tests.factories import people


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_starts_with_no_people(app, turn):
    with app.app_context():
        people.account()
        with unit_of_work.reading(people.everything()):
            assert db.session.scalar(select(func.count()).select_from(User)) == 1


def test_the_database_is_the_kind_that_was_asked_for(app, database_kind):
    with app.app_context():
        assert db.engine.dialect.name == database_kind


def test_staff_reach_their_desk_and_a_visitor_is_sent_to_sign_in(client, client_as):
    assert client_as("county_staff").get("/desk").status_code == 200
    turned_away = client.get("/desk")
    assert (turned_away.status_code, turned_away.location) == (303, "/login?next=/desk")


def test_the_clock_stands_until_it_is_moved(clock):
    assert portal_clock.today().isoformat() == "2026-05-20"
    clock.advance(hours=14)
    assert portal_clock.today().isoformat() == "2026-05-21"
