"""Role × endpoint × status, for every endpoint there is."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from portal.core import unit_of_work
from portal.domain import clock as portal_clock
from portal.domain.actor import Role
from portal.models.accounts import UserSession
from tests.factories import people
from tests.security import access_matrix
from tests.security.access_matrix import DOORS, EVERYBODY

PERSONAS = sorted(EVERYBODY)
WRITING = [door for door in DOORS if door.method == "POST"]


def few():
    """Return few people of whom at least one opens each door, and one who opens none."""
    shut, chosen = {door for door in DOORS if door.who}, ["visitor"]
    while shut:
        chosen.append(max(PERSONAS, key=lambda one: sum(one in door.who for door in shut)))
        shut = {door for door in shut if chosen[-1] not in door.who}
    return chosen


#: PostgreSQL answers behind every door; who else is turned away is asked of it in check-long.
TRIED = [pytest.param(one, marks=[] if one in few() else pytest.mark.long) for one in PERSONAS]


@pytest.fixture
def without_csrf(app, monkeypatch):
    """Forged forms are another test's subject: here the gate behind them is asked."""
    monkeypatch.setattr("flask_wtf.csrf.validate_csrf", lambda *_, **__: None)
    return app


def doors_of(app):
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def asks_proof(app, door):
    """Return the act and the thing that a door asks a fresh proof for; None where it asks none."""
    act = app.view_functions[door.endpoint].__gate__.fresh
    given = app.url_map.bind("localhost").match(door.address.split("?")[0], method=door.method)[1]
    return (act, ":".join(str(value) for value in given.values())) if act else None


def in_order():
    """What ends the session that the other doors are tried with comes last."""
    last = ("rights.close_account", "auth.logout")
    return sorted(DOORS, key=lambda door: door.endpoint in last and 1 + last.index(door.endpoint))


def test_every_role_is_tried():
    assert {role.value for role in Role} <= EVERYBODY


def test_every_door_is_listed_and_every_listed_door_exists(app):
    listed = [(door.endpoint, door.method) for door in DOORS]
    assert len(listed) == len(set(listed))
    assert set(listed) == doors_of(app)


def test_each_row_leads_to_its_endpoint(app):
    adapter = app.url_map.bind("localhost")
    for door in DOORS:
        assert adapter.match(door.address.split("?")[0], method=door.method)[0] == door.endpoint


@pytest.mark.parametrize("persona", TRIED)
def test_each_persona_gets_what_the_matrix_says(persona, without_csrf, client_as):
    client = without_csrf.test_client() if persona == "visitor" else client_as(persona)
    found, expected = {}, {}
    for door in in_order():
        if persona != "visitor" and (asked := asks_proof(without_csrf, door)):
            people.prove(client, *asked)
        answer = client.open(door.address, method=door.method)
        found[door.endpoint, door.method] = answer.status_code
        expected[door.endpoint, door.method] = door.expected(persona)
        if answer.status_code == 303 and persona == "visitor" and persona not in door.who:
            assert answer.location.startswith("/login"), door.endpoint
    wrong = {
        row: (found[row], "expected", expected[row]) for row in found if found[row] != expected[row]
    }
    assert wrong == {}


@pytest.mark.sqlite  # no row plays a part in it
@pytest.mark.parametrize("persona", sorted(EVERYBODY - {"visitor"}))
def test_a_door_that_asks_for_a_fresh_proof_leads_to_it(persona, without_csrf, client_as):
    client, seen = client_as(persona), 0
    for door in DOORS:
        asked = asks_proof(without_csrf, door)
        if not asked or persona not in door.who or asked[0] == "password.change":
            continue
        answer = client.open(door.address, method=door.method)
        assert answer.status_code == 303, door.endpoint
        assert answer.location.startswith(f"/confirm?act={asked[0]}&thing={asked[1]}")
        seen += 1
    assert seen or persona not in {"county_staff", "platform_admin"}


@pytest.mark.sqlite  # no row plays a part in it
@pytest.mark.parametrize("persona", PERSONAS)
def test_a_form_without_our_token_is_refused(persona, app, client_as):
    """Whoever is signed in: a page of another site cannot send our forms."""
    client = app.test_client() if persona == "visitor" else client_as(persona)
    tried = [door for door in WRITING if persona in door.who]
    answers = {
        door.endpoint: client.open(door.address, method="POST").status_code for door in tried
    }
    assert {endpoint: status for endpoint, status in answers.items() if status != 400} == {}


def test_every_form_has_somebody_to_forge_it():
    assert [door.endpoint for door in WRITING if not door.who] == []


def test_a_session_that_was_revoked_opens_nothing(app, client_as):
    client = client_as("county_staff")
    assert client.get("/desk").status_code == 200
    with app.app_context(), unit_of_work.transaction(people.everything()) as session:
        session.execute(update(UserSession).values(revoked_at=portal_clock.now()))
    assert client.get("/desk").status_code == 303


def test_a_role_ends_with_its_last_day(app, client_as, clock):
    with app.app_context():
        leaving = people.staff("county_staff", until=portal_clock.today())
    client = client_as(leaving)
    assert client.get("/children").status_code == 200
    clock.advance(days=1)
    assert client.get("/children").status_code == 403


def test_the_matrix_speaks_of_personas_that_exist():
    for door in access_matrix.DOORS:
        assert door.who <= EVERYBODY, door.endpoint
        assert {name for name, _ in door.differs} <= door.who, door.endpoint
