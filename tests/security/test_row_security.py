"""What PostgreSQL's own catalogue says about the second wall (security.md 3.3)."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.core import unit_of_work
from portal.core.scope import Scope
from portal.extensions import db
from tests import postgres
from tests.security.test_walls import UNSCOPED

pytestmark = pytest.mark.postgres


@pytest.fixture
def ask(app):
    """Run a query as the application's role, outside any scope."""

    def run(query, **values):
        with db.engine.connect() as connection:
            return connection.execute(text(query), values).scalars().all()

    with app.app_context():
        yield run


def test_the_application_connects_as_a_role_without_powers(ask):
    assert ask("SELECT current_user::text") == [postgres.APP]
    powers = (
        "rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolinherit OR rolreplication"
    )
    assert ask(f"SELECT {powers} FROM pg_roles WHERE rolname = current_user") == [False]
    assert ask(
        "SELECT count(*) FROM pg_auth_members WHERE member = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
    ) == [0]


def test_the_application_owns_nothing(ask):
    owned = "SELECT relname::text FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = :role)"
    assert ask(owned, role=postgres.APP) == []
    assert len(ask(owned, role=postgres.OWNER)) > 20


def test_row_security_is_forced_on_every_table_with_a_unit_or_an_authority(ask):
    naked = ask(
        """
        SELECT c.relname::text FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
        WHERE c.relkind IN ('r', 'p')
          AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped
                      AND a.attname IN ('unit_path', 'tenant_path'))
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                   AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
        """
    )
    assert set(naked) == set(UNSCOPED)


def test_no_view_or_definer_function_walks_around_the_wall(ask):
    assert ask("SELECT viewname::text FROM pg_views WHERE schemaname = 'public'") == []
    assert ask("SELECT matviewname::text FROM pg_matviews WHERE schemaname = 'public'") == []
    definers = "SELECT proname::text FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    assert ask(definers) == []


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE FUNCTION leak() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE child_files DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE child_files NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY wall ON child_files",
        "TRUNCATE child_files",
        "TRUNCATE facts",
        "UPDATE facts SET kind = 'x'",
        "DELETE FROM facts",
        "DELETE FROM fact_notes",
        "UPDATE alembic_version SET version_num = 'x'",
        "SET ROLE portal_owner",
    ],
)
def test_the_application_may_not(app, statement):
    refused = pytest.raises(DBAPIError, match=r"(?i)permission denied|must be owner")
    with app.app_context(), db.engine.connect() as connection, refused:
        connection.execute(text(statement))


def test_a_scope_does_not_outlive_its_transaction(app):
    """The next client of a pooled connection starts with no scope at all."""
    with app.app_context():
        # An empty pool hands out again what was just given back.
        db.engine.dispose()
        with unit_of_work.reading(Scope(paths=("/35/",))) as session:
            paths = "SELECT current_setting('app.paths', true)"
            assert session.scalar(text(paths)) == "/35/"
            backend = session.scalar(text("SELECT pg_backend_pid()"))
        with db.engine.connect() as connection:
            assert connection.scalar(text("SELECT pg_backend_pid()")) == backend
            assert not connection.scalar(text(paths))


def test_a_failed_statement_keeps_its_own_error(app):
    """Leaving a scope after a failed statement must not cover the error with another."""
    county = unit_of_work.reading(Scope(paths=("/35/",)))
    with app.app_context(), pytest.raises(DBAPIError, match="division by zero"), county as session:
        session.execute(text("SELECT 1/0"))
