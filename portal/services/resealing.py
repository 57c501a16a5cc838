"""Sealing anew with the key that writes now, so that an older key can be put away (ADR 0006).

Which columns are sealed is read off the models' types. A value is replaced only while it is still
the one that was read: whoever writes meanwhile wins, and writes with the new key anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Table,
    Text,
    and_,
    func,
    or_,
    select,
    type_coerce,
    update,
)

from portal.domain import cipher
from portal.extensions import db
from portal.models import Base
from portal.models.base import Encrypted


@dataclass(frozen=True, slots=True)
class Step:
    """What one batch of a table did; ``last`` is where the next one goes on, None at the end."""

    sealed: int
    unreadable: int
    last: Any


def tables() -> list[Table]:
    """Return every table with sealed columns, by name."""
    return [table for _, table in sorted(Base.metadata.tables.items()) if _sealed(table)]


def left(table: Table) -> int:
    """Return how many rows hold a value that another key than the writing one sealed."""
    stale = or_(*(_is_stale(column) for column in _sealed(table)))
    return db.session.scalar(select(func.count()).select_from(table).where(stale)) or 0


def step(table: Table, *, after: Any = None, rows: int = 500) -> Step:
    """Seal the next ``rows`` rows of a table anew, in the order of their key, from ``after`` on.

    A value that no key opens stays as it is and is counted: the old key is still needed, or
    somebody changed it.
    """
    (key,) = table.primary_key.columns
    columns = _sealed(table)
    wanted = or_(*(_is_stale(column) for column in columns))
    if after is not None:
        wanted = and_(wanted, key > after)
    found = db.session.execute(
        select(key, *(_raw(column).label(column.name) for column in columns))
        .where(wanted)
        .order_by(key)
        .limit(rows)
    ).all()
    outcomes = [
        _again(table, key == row[0], column, raw)
        for row in found
        for column, raw in zip(columns, row[1:], strict=True)
        if raw is not None and not raw.startswith(_prefix())
    ]
    last = found[-1][0] if len(found) == rows else None
    return Step(outcomes.count(True), outcomes.count(False), last)


def _again(table: Table, mine: ColumnElement[bool], column: Column[Any], raw: str) -> bool:
    """Replace one value by itself under the new key; False when no key opens it."""
    try:
        plain = cipher.ring().unseal(raw, _place(column))
    except cipher.CipherError:
        return False
    db.session.execute(update(table).where(mine, _raw(column) == raw).values({column.name: plain}))
    return True


def _sealed(table: Table) -> Sequence[Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, Encrypted)]


def _place(column: Column[Any]) -> str:
    kind = column.type
    assert isinstance(kind, Encrypted)  # noqa: S101 -- _sealed chose it by this type
    return kind.place


def _raw(column: Column[Any]) -> ColumnElement[str]:
    """Read a column as it is stored, without opening it."""
    return type_coerce(column, Text)


def _is_stale(column: Column[Any]) -> ColumnElement[bool]:
    return and_(column.is_not(None), ~_raw(column).startswith(_prefix(), autoescape=True))


def _prefix() -> str:
    return cipher.ring().prefix
