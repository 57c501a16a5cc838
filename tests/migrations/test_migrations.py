"""Migrations: one line of revisions, each goes up and down, and they make what the models say."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from portal import create_app
from portal.config import Settings
from portal.extensions import db
from tests.settings import SECRETS

#: Tables that a database makes for its own search index; no model describes them.
INDEX_TABLES = ("wish_search",)


@pytest.fixture
def migrating(databases):
    """The application on an empty database, as the owner role."""
    app = create_app(Settings.for_tests(DATABASE_URL=databases.empty("migrating"), **SECRETS))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def revisions(app):
    script = ScriptDirectory.from_config(app.extensions["migrate"].migrate.get_config())
    assert len(script.get_heads()) == 1
    found = [revision.revision for revision in script.walk_revisions()]
    return found[::-1]


def schema():
    """Return tables, columns with types, indexes, constraints and (PostgreSQL) policies."""
    inspector = inspect(db.engine)
    found = {}
    for table in inspector.get_table_names():
        if table == "alembic_version":
            continue
        found[table] = (
            {c["name"]: (str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)},
            sorted(str(index["name"]) for index in inspector.get_indexes(table)),
            sorted(str(key["name"]) for key in inspector.get_unique_constraints(table)),
            sorted(str(key["name"]) for key in inspector.get_check_constraints(table)),
        )
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "postgresql":
            asked = "SELECT tablename || ':' || policyname FROM pg_policies ORDER BY 1"
        else:
            asked = "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY 1"
        found["policies and triggers"] = connection.execute(text(asked)).scalars().all()
    return found


def differences(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_object": lambda _thing, name, kind, *_rest: (
                    not (kind == "table" and name.startswith(INDEX_TABLES))
                ),
            },
        )
        return compare_metadata(context, db.metadata)


def test_head_is_what_the_models_say(migrating):
    upgrade()
    assert differences(migrating) == []


def test_a_forgotten_column_would_be_seen(migrating):
    upgrade()
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE users DROP COLUMN name"))
    assert [change[0] for change in differences(migrating)] == ["add_column"]


def test_each_revision_goes_up_down_and_up_again(migrating):
    for revision in revisions(migrating):
        before = schema()
        upgrade(revision=revision)
        after = schema()
        assert after != before, f"{revision} changes nothing that can be seen"
        downgrade(revision="-1")
        assert schema() == before, f"{revision} does not undo what it did"
        upgrade(revision=revision)
        assert schema() == after


def test_going_all_the_way_down_leaves_nothing(migrating):
    upgrade()
    downgrade(revision="base")
    left = {name for name, found in schema().items() if found}
    assert left == set()
