"""A row of any table, under any unit: the wall tests meet new tables by themselves."""

from __future__ import annotations

import itertools
import uuid
from datetime import date

from sqlalchemy import JSON, BigInteger, Boolean, Date, Integer, String, Text, Uuid
from sqlalchemy import inspect as inspect_mapper

from portal.domain import clock
from portal.extensions import db
from portal.models import Base
from portal.models.base import Encrypted, UTCDateTime

_number = itertools.count(1)


def row_of(model: type, unit_path: str, tenant_path: str, **given: object) -> object:
    """Add a row of ``model`` with its required parents, all owned by the same unit."""
    values = dict(given)
    for attribute in inspect_mapper(model).column_attrs:
        column = attribute.columns[0]
        if attribute.key in given:
            continue
        if attribute.key == "unit_path":
            values["unit_path"] = unit_path
        elif attribute.key == "tenant_path":
            values["tenant_path"] = tenant_path
        elif column.foreign_keys and not column.nullable:
            target = next(iter(column.foreign_keys)).column.table
            parent = row_of(model_of(target), unit_path, tenant_path)
            values[attribute.key] = parent.id
        elif not column.nullable and column.default is None and column.server_default is None:
            values[attribute.key] = value_for(column)
    row = model(**values)
    db.session.add(row)
    db.session.flush()
    return row


def model_of(table) -> type:
    """Return the class mapped to a table."""
    return next(m.class_ for m in Base.registry.mappers if m.local_table is table)


def value_for(column) -> object:
    """Return a legal value for a column, different each time where it may matter."""
    number = next(_number)
    values = {
        (Encrypted, Text): f"字{number}",
        (Uuid,): uuid.uuid4(),
        (UTCDateTime,): clock.now(),
        (Date,): date(2015, 6, 1),
        (Boolean,): False,
        (Integer, BigInteger): number,
        (JSON,): {},
        (String,): f"x{number}"[: getattr(column.type, "length", None)],
    }
    return next(value for kinds, value in values.items() if isinstance(column.type, kinds))
