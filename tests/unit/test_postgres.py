"""The suite's own PostgreSQL: what the wall and race tests lean on."""

import pytest

from tests import postgres

pytestmark = pytest.mark.postgres


def test_application_role_can_neither_bypass_row_security_nor_own_the_database():
    cluster = postgres.shared()
    cluster.create("roles_test")
    with cluster.connect("roles_test", postgres.APP) as connection:
        rights = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolinherit, rolcreatedb FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()
        owner = connection.execute(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    cluster.drop("roles_test")
    assert rights == (False, False, False, False)
    assert owner == (postgres.OWNER,)


def test_two_character_chinese_words_keep_their_tokens():
    cluster = postgres.shared()
    with cluster.connect() as connection:
        found = connection.execute("SELECT to_tsvector('simple', '书包 文具')::text").fetchone()
    assert found == ("'书包':1 '文具':2",)


def test_every_process_of_a_run_is_given_the_same_server():
    assert postgres.shared() == postgres.shared()


def test_a_renewed_database_is_its_template_again(databases):
    county = "SELECT name FROM units WHERE code = '350421'"
    rows = "SELECT count(*) FROM units"
    with postgres.shared().connect(databases.template) as template:
        expected = [template.execute(query).fetchall() for query in (county, rows)]
    databases.renew("renewed")
    with postgres.shared().connect("renewed") as there:
        there.execute("UPDATE units SET name = 'changed' WHERE code = '350421'")
        there.execute("DELETE FROM units WHERE code = '350421100202'")
        there.execute("INSERT INTO alembic_version VALUES ('another')")
        assert [there.execute(query).fetchall() for query in (county, rows)] != expected
        assert databases.renew("renewed")
        assert [there.execute(query).fetchall() for query in (county, rows)] == expected
        assert there.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE users DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE facts DISABLE TRIGGER USER",
        "GRANT DELETE ON facts TO portal_app",
        "CREATE TABLE more (id int)",
    ],
)
def test_a_database_changed_in_more_than_rows_is_copied_again(databases, change):
    databases.renew("renewed")
    with postgres.shared().connect("renewed") as there:
        there.execute(change)
    assert not databases.renew("renewed")
    assert databases.renew("renewed")
