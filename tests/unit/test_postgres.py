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
