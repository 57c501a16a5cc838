"""Rows that two requests may bring at once: whoever comes second finds them there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from portal.extensions import db


def insert_missing(model: type[Any], rows: Sequence[dict[str, Any]], *unique: str) -> None:
    """Insert rows of a model, in one statement, leaving out those whose ``unique`` stands already.

    It goes past the ORM's refusal of foreign writes: the caller has read, through its scope, what
    the rows hang on. Row-level security holds all the same.
    """
    if not rows:
        return
    table: Table = model.__table__
    on_postgresql = db.session.get_bind().dialect.name == "postgresql"
    insert: Any = (postgresql if on_postgresql else sqlite).insert
    statement = insert(table).on_conflict_do_nothing(index_elements=list(unique))
    db.session.connection().execute(statement, list(rows))
