"""Invariant 9: what was done stays written; only a person's words beside it can be erased."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from portal.core import facts, unit_of_work
from portal.domain.actor import SYSTEM
from portal.extensions import db
from portal.models.records import Fact, FactNote
from tests.factories import people

UNIT = "/35/3504/350421/"


@pytest.fixture
def fact(app):
    with app.app_context():
        with unit_of_work.transaction(people.everything()):
            published = facts.publish("test.done", actor=SYSTEM, unit_path=UNIT, note="家访记录")
            identifier = published.id
        yield identifier


@pytest.mark.parametrize("verb", ["ORM update", "ORM delete", "SQL update", "SQL delete"])
def test_a_fact_can_neither_be_changed_nor_removed(fact, verb):
    statement = {
        "ORM update": update(Fact).values(kind="test.undone"),
        "ORM delete": delete(Fact),
        "SQL update": text("UPDATE facts SET kind = 'test.undone'"),
        "SQL delete": text("DELETE FROM facts"),
    }[verb]
    refused = pytest.raises(DBAPIError, match=r"append-only|permission denied")
    with refused, unit_of_work.reading(people.everything()) as session:
        session.execute(statement)
    with unit_of_work.reading(people.everything()) as session:
        assert session.scalar(select(Fact.kind).where(Fact.id == fact)) == "test.done"


def test_the_words_beside_a_fact_can_be_erased(fact):
    with unit_of_work.transaction(people.everything()) as session:
        session.execute(update(FactNote).where(FactNote.fact_id == fact).values(text=""))
    with unit_of_work.reading(people.everything()) as session:
        assert session.scalar(select(FactNote.text).where(FactNote.fact_id == fact)) == ""
        assert session.get(Fact, fact) is not None


def test_the_words_lie_sealed_in_the_database(fact):
    with db.engine.connect() as connection:
        stored = connection.execute(text("SELECT text FROM fact_notes")).scalars().all()
    # Row security hides the note from a connection without a scope; SQLite shows it sealed.
    assert all("家访" not in each for each in stored)
