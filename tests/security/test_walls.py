"""Invariant 2: a row of another bureau is never read, counted, joined, fetched, changed or added.

Every scoped table is met by itself: a row of 明溪 and a row of 启东 are made for each mapped class.
On PostgreSQL everything is tried once more with the ORM wall switched off.
"""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from sqlalchemy import Uuid, delete, exists, func, select, text, update
from sqlalchemy import inspect as inspect_mapper
from sqlalchemy.exc import DBAPIError

from portal.core import scope, unit_of_work
from portal.core.scope import Scope
from portal.domain.errors import NotFound
from portal.extensions import db
from portal.models import Base
from portal.models.base import TenantScoped
from tests.factories.anything import row_of
from tests.factories.people import QIDONG, SANMING

OURS = "/35/3504/350421/350421100/350421100202/"
SISTER = "/35/3504/350424/"
THEIRS = "/32/3206/320681/320681100/"
COUNTY = Scope(paths=("/35/3504/350421/",), tenants=(SANMING,), reason="staff of 明溪")
NOBODY = Scope(reason="nobody")
#: Facts and their notes may be written for any unit; core.facts is the only writer.
WRITE_OPEN = {"Fact", "FactNote"}
APPEND_ONLY = {"AccessRow"}
MODELS = sorted(scope.scoped_models(), key=lambda model: model.__name__)


def name_of(model):
    return model.__name__


def key(model):
    """The mapped primary key: a bare table column would be a Core statement."""
    mapper = inspect_mapper(model)
    return getattr(model, mapper.get_property_by_column(mapper.primary_key[0]).key)


@pytest.fixture(params=["both walls", "row security alone"])
def wall(request, database_kind):
    """Both walls; on PostgreSQL also row-level security without the ORM's criteria."""
    if request.param == "both walls":
        return nullcontext
    if database_kind == "postgresql":
        return scope.orm_wall_off
    # SQLite has one wall only: show that it is the one that holds.
    return None


@pytest.fixture
def rows(app):
    """For a model: the ids of our row and of theirs."""

    def make(model):
        with unit_of_work.transaction(unit_of_work.system_scope("walls test")):
            ours = row_of(model, OURS, SANMING)
            theirs = row_of(model, THEIRS, QIDONG)
            return key_of(ours), key_of(theirs)

    with app.app_context():
        yield make


def key_of(row):
    return getattr(row, key(type(row)).key)


def seen(model):
    column = key(model)
    session = db.session
    return {
        "entities": [key_of(row) for row in session.scalars(select(model))],
        "columns": list(session.scalars(select(column))),
        "subquery": list(session.scalars(select(column).where(column.in_(select(column))))),
        "count": session.scalar(select(func.count()).select_from(model)),
        "count of column": session.scalar(select(func.count(column))),
        "exists": session.scalar(select(exists(select(column)))),
    }


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_a_foreign_row_is_out_of_reach(model, rows, wall, subtests):
    """Each step leaves our row and theirs as they were, so one pair of rows serves them all."""
    ours, theirs = rows(model)
    if wall is None:
        with unit_of_work.reading(COUNTY), scope.orm_wall_off():
            assert theirs in seen(model)["columns"]
        return
    steps = [not_read_counted_or_fetched, nothing_without_a_scope]
    if name_of(model) not in WRITE_OPEN:
        steps += [not_moved_away, not_planted]
    # Facts and looks change for nobody, notes only by erasing; test_append_only shows it.
    if name_of(model) not in WRITE_OPEN | APPEND_ONLY:
        steps += [not_changed_or_erased]
    for step in steps:
        with subtests.test(step.__name__):
            step(model, ours, theirs, wall)


def not_read_counted_or_fetched(model, ours, theirs, wall):
    with unit_of_work.reading(COUNTY) as session, wall():
        found = seen(model)
        assert found["entities"] == found["columns"] == found["subquery"] == [ours]
        assert found["count"] == found["count of column"] == 1
        assert session.get(model, ours) is not None
        assert session.get(model, theirs) is None
        assert session.scalar(select(key(model)).where(key(model) == theirs)) is None


def nothing_without_a_scope(model, ours, theirs, wall):
    db.session.remove()
    with wall():
        for session_state in ("a fresh session", "the same connection again"):
            found = seen(model)
            db.session.rollback()
            assert not any(found.values()), session_state


def not_changed_or_erased(model, ours, theirs, wall):
    column = change_of(model)
    with unit_of_work.transaction(COUNTY) as session, wall():
        assert session.execute(update(model).values(column)).rowcount == 1
    with unit_of_work.transaction(COUNTY) as session, wall():
        assert session.execute(delete(model).where(key(model) == theirs)).rowcount == 0
    with unit_of_work.reading(unit_of_work.system_scope("walls test")) as session:
        assert session.get(model, theirs) is not None


def change_of(model):
    """Return a change that keeps the row where it is."""
    path = "unit_path" if "unit_path" in model.__table__.c else "tenant_path"
    column = getattr(model, path)
    return {column: column}


def not_planted(model, ours, theirs, wall):
    with unit_of_work.transaction(unit_of_work.system_scope("walls test")):
        parents = {
            column.name: parent_id(column)
            for column in model.__table__.columns
            if column.foreign_keys and not column.nullable
        }
    with pytest.raises((NotFound, DBAPIError)), unit_of_work.transaction(COUNTY), wall():
        row_of(model, THEIRS, QIDONG, **parents)


def parent_id(column):
    from tests.factories.anything import model_of

    target = next(iter(column.foreign_keys)).column.table
    return row_of(model_of(target), THEIRS, QIDONG).id


def not_moved_away(model, ours, theirs, wall):
    path, foreign = (
        ("tenant_path", QIDONG) if issubclass(model, TenantScoped) else ("unit_path", THEIRS)
    )
    with unit_of_work.reading(COUNTY) as session, wall():
        setattr(session.get(model, ours), path, foreign)
        with pytest.raises((NotFound, DBAPIError)):
            session.flush()
        session.rollback()


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_a_foreign_object_is_let_go_and_not_taken_over(model, rows, subtests):
    _, theirs = rows(model)
    with subtests.test("an object loaded under a wide scope is let go when the scope narrows"):
        fetched_through_what_was_loaded_before(model, theirs)
    db.session.remove()
    if name_of(model) not in WRITE_OPEN:
        with subtests.test("a row from elsewhere is refused even when its new path is ours"):
            taken_over(model, theirs)
    db.session.remove()
    # Supporters, windows and batches are shared inside one authority, by design.
    if not issubclass(model, TenantScoped):
        with subtests.test("a sister county is as foreign as another province"):
            seen_from_a_sister_county(model)


def fetched_through_what_was_loaded_before(model, theirs):
    with unit_of_work.reading(COUNTY) as session:
        with scope.everywhere("walls test", session):
            # Held here: the session itself keeps only a weak hold on what it loaded.
            loaded = session.get(model, theirs)
        assert loaded is not None
        assert session.get(model, theirs) is None


def taken_over(model, theirs):
    path, mine = (
        ("tenant_path", SANMING) if issubclass(model, TenantScoped) else ("unit_path", OURS)
    )
    with unit_of_work.reading(COUNTY) as session:
        with scope.everywhere("walls test", session):
            carried = session.get(model, theirs)
            session.expunge(carried)
        session.add(carried)
        setattr(carried, path, mine)
        with pytest.raises(NotFound):
            session.flush()
        session.rollback()


def seen_from_a_sister_county(model):
    with unit_of_work.transaction(unit_of_work.system_scope("walls test")):
        theirs = key_of(row_of(model, SISTER, SANMING))
    with unit_of_work.reading(COUNTY) as session:
        assert session.get(model, theirs) is None


@pytest.mark.parametrize("prefix", ["/35/3504/35042/", "/35/350421/", "/3/"])
def test_a_scope_is_a_path_of_whole_units(prefix, rows):
    """A prefix of digits is not a unit above: 35042 covers no county."""
    model = next(m for m in MODELS if m.__name__ == "Wish")
    rows(model)
    with unit_of_work.reading(Scope(paths=(prefix,))) as session:
        assert session.scalar(select(model.id)) is None


def test_core_statements_and_plain_sql_meet_row_security(rows, database_kind):
    if database_kind != "postgresql":
        return
    for model in MODELS:
        rows(model)
        table = model.__table__
        with unit_of_work.reading(COUNTY) as session:
            paths = session.scalars(
                select(table.c.tenant_path if "unit_path" not in table.c else table.c.unit_path)
            )
            assert not [path for path in paths if path.startswith("/32/")]
            count = session.scalar(text(f"SELECT count(*) FROM {table.name}"))
            assert count == session.scalar(select(func.count()).select_from(model))


def test_there_is_a_row_to_hide_for_every_table():
    """The tables that hold units' rows are exactly those the scope governs, or listed here."""
    pathed = {
        table.name
        for table in Base.metadata.sorted_tables
        if {"unit_path", "tenant_path"} & set(table.columns.keys())
    }
    assert pathed - {model.__tablename__ for model in MODELS} == set(UNSCOPED)


#: Tables with a path that no scope governs, and why that is right.
UNSCOPED = {
    "units": "the tree itself is public",
    "role_grants": "read at sign-in, before any scope is open",
    "jobs": "the worker leases any job, then opens the job's own scope",
    "stored_files": "fetched by id through the row that owns the file",
    "catalogue_additions": "public vocabulary, written at a second person's approval",
}


@pytest.mark.parametrize(
    "model", [m for m in MODELS if hasattr(m, "__programme_column__")], ids=name_of
)
def test_a_duty_opens_one_programme_and_no_other(model, app, wall):
    """Whoever works in a programme meets its rows wherever the child lives, and no others."""
    with app.app_context():
        with unit_of_work.transaction(unit_of_work.system_scope("walls test")):
            worked, other = row_of(model, THEIRS, QIDONG), row_of(model, THEIRS, QIDONG)
            programme = getattr(worked, model.__programme_column__)
            ours, theirs = key_of(worked), key_of(other)
        duty = Scope(programmes=(programme,), reason="on duty")
        for opened, expected in ((duty, [ours]), (NOBODY, [])):
            with unit_of_work.reading(opened), (wall or nullcontext)():
                assert seen(model)["entities"] == expected
                assert theirs not in seen(model)["columns"]


def test_ids_do_not_tell_when_a_row_was_made():
    """Only memory and machinery sort by time; what a page may show has a random id."""
    timed = {
        mapper.class_.__name__
        for mapper in Base.registry.mappers
        for column in mapper.local_table.primary_key
        if isinstance(column.type, Uuid)
        and getattr(column.default, "is_callable", False)
        and "time_ordered" in getattr(column.default.arg, "__qualname__", "")
    }
    assert timed == {"AccessRow", "AuditCheck", "Fact", "Job", "Message", "Tombstone", "UnitChange"}
