"""GET never writes: no page changes a row by being looked at."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from portal.extensions import db
from tests.security.access_matrix import DOORS

READERS = ["visitor", "newcomer", "enterprise", "child_director", "child_supervisor", "county_staff",
           "city_staff", "handover_staff", "auditor", "platform_admin"]  # fmt: skip


@pytest.fixture
def writes(app):
    """The writing statements that reach the database while the test runs."""
    found = []

    def look(connection, cursor, statement, parameters, context, executemany):
        if not statement.lstrip().upper().startswith(("SELECT", "PRAGMA", "WITH")):
            found.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", look)
    yield found
    event.remove(engine, "before_cursor_execute", look)


#: A look at a child's file keeps the log of itself, in a transaction of its own (ADR 0011).
KEEPS_ITS_LOG = {"children.file", "children.looks"}


@pytest.mark.parametrize("persona", READERS)
def test_no_page_writes(persona, app, client_as, writes):
    client = app.test_client() if persona == "visitor" else client_as(persona)
    writes.clear()
    for door in DOORS:
        if door.method == "GET" and persona in door.who and door.endpoint not in KEEPS_ITS_LOG:
            client.get(door.address)
            assert [each for each in writes if each != "BEGIN"] == [], door.endpoint


def test_a_write_would_be_seen(app, client_as, writes):
    client_as("newcomer")
    assert any(each.startswith("INSERT INTO users") for each in writes)
