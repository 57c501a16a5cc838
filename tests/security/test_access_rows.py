"""The log of looks stays as it was written, in the database itself; and nothing of it leaks out."""

from __future__ import annotations

import json
import logging

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from portal.core import unit_of_work
from portal.extensions import db
from portal.models.records import Message
from portal.models.sight import AccessRow
from portal.services import sight, sight_requests, sight_watch
from tests.factories import people, wishes
from tests.factories.promises import as_actor
from tests.factories.sights import ADDRESS, PHONE, SCHOOL, Office


@pytest.fixture
def row(app):
    """A director's opening of an ID number."""
    with app.app_context():
        director, child = people.staff("child_director"), wishes.child(10)
        with as_actor(director):
            sight.open_field(director, child.id, field="id_no", reason="visit")
        yield child.id


@pytest.mark.parametrize("verb", ["ORM update", "ORM delete", "SQL update", "SQL delete"])
def test_a_look_can_neither_be_changed_nor_removed(row, verb):
    statement = {
        "ORM update": update(AccessRow).values(reason="verify"),
        "ORM delete": delete(AccessRow),
        "SQL update": text("UPDATE access_rows SET reason = 'verify'"),
        "SQL delete": text("DELETE FROM access_rows"),
    }[verb]
    refused = pytest.raises(DBAPIError, match=r"append-only|permission denied")
    with refused, unit_of_work.reading(people.everything()) as session:
        session.execute(statement)
    with unit_of_work.reading(people.everything()) as session:
        assert (
            session.scalar(select(AccessRow.reason).where(AccessRow.subject_id == row)) == "visit"
        )


@pytest.mark.postgres
@pytest.mark.parametrize(
    "statement", ["TRUNCATE access_rows", "UPDATE access_rows SET at = now()", "DELETE FROM access_rows"]
)  # fmt: skip
def test_the_application_role_holds_no_such_power(app, statement):
    refused = pytest.raises(DBAPIError, match=r"(?i)permission denied")
    with app.app_context(), db.engine.connect() as connection, refused:
        connection.execute(text(statement))


def _open_and_fail(director, child_id):
    with as_actor(director):
        sight.open_field(director, child_id, field="id_no", reason="visit")
        raise RuntimeError


def test_an_opening_and_its_row_are_one_transaction(app):
    """What fails after the row takes the row with it: there is no row for a look that was none."""
    with app.app_context():
        director, child = people.staff("child_director"), wishes.child(10)
        with pytest.raises(RuntimeError):
            _open_and_fail(director, child.id)
        with unit_of_work.reading(people.everything()) as session:
            assert session.scalar(select(func.count(AccessRow.id))) == 0


def test_mails_logs_and_facts_about_looking_hold_nothing_of_the_child(
    app, client_as, clock, caplog
):
    """Ask, grant, open, end, break the glass, find the night: everything that is written about it."""
    caplog.set_level(logging.DEBUG)
    office = Office(app, client_as)
    city, clerk = office.desk("city_staff"), office.desk("county_staff")
    auditor, admin = office.desk("auditor", "350400"), office.desk("platform_admin")
    request = office.ask(city, "name", "id_no", "guardian_phone")
    office.decide(clerk, request, "grant")
    office.open_granted(city, request)
    clock.advance(hours=13)
    emergency = office.break_glass(admin, "name", "home_address").location
    office.decide(clerk, emergency, "confirm")
    office.open_granted(admin, emergency)
    office.run(sight_requests.close_due)
    clock.advance(days=1)
    office.run(sight_requests.close_due)
    office.run(sight_watch.find_outliers)
    with app.app_context(), unit_of_work.reading(people.everything()) as session:
        mails = session.scalars(select(Message).where(Message.template.startswith("sight_"))).all()
        written = [json.dumps([m.template, m.context], ensure_ascii=False) for m in mails]
        told = {(m.template, m.user_id) for m in mails}
        kept = session.execute(text("SELECT data FROM facts")).scalars().all()
    assert {template for template, _ in told} >= {
        "sight_asked", "sight_granted", "sight_opened", "sight_ended", "sight_broken",
        "sight_outliers",
    }  # fmt: skip
    assert ("sight_outliers", auditor.actor.user_id) in told
    secrets = ("林安宁", "林建国", office.child.id_no, PHONE, ADDRESS, SCHOOL, str(office.child.id))
    said = "\n".join([*written, *map(str, kept)])
    assert [secret for secret in secrets if secret in said] == []
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert [secret for secret in secrets[:-1] if secret in logged] == []
