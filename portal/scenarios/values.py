"""From JSON to what a service declares, and from what it returns to plain values."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import inspect as inspect_row
from sqlalchemy.exc import NoInspectionAvailable

from portal.scenarios import moments

_SIMPLE = (str, int, float, bool, date, UUID, type(None))


class Unbound(Exception):
    """A name whose line came to nothing, so that a later line cannot use it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the story a value is read: its clock, and what was named so far."""

    present: datetime
    played: datetime
    named: Mapping[str, Any]


def references(value: Any) -> set[str]:
    """Return the names that ``$name`` texts anywhere in a value point at."""
    if isinstance(value, str):
        return {value[1:].split(".", 1)[0]} if value.startswith("$") else set()
    if isinstance(value, Mapping):
        return set().union(*(references(part) for part in value.values()))
    if isinstance(value, list):
        return set().union(*(references(part) for part in value))
    return set()


def resolve(value: Any, place: Place) -> Any:
    """Replace ``$name`` and ``$name.field`` by what was bound, everywhere in a value."""
    if isinstance(value, str) and value.startswith("$"):
        name, *path = value[1:].split(".")
        if name not in place.named:
            raise Unbound(name)
        found = place.named[name]
        for step in path:
            found = found[int(step)] if isinstance(found, list) else found[step]
        return found
    if isinstance(value, Mapping):
        return {key: resolve(part, place) for key, part in value.items()}
    if isinstance(value, list):
        return [resolve(part, place) for part in value]
    return value


def convert(value: Any, kind: Any, place: Place) -> Any:
    """Turn a JSON value (references included) into an instance of ``kind``."""
    value = resolve(value, place)
    if value is None or kind is Any:
        return value
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in {typing.Union, types.UnionType}:
        chosen = next(one for one in inner if one is not type(None))
        return convert(value, chosen, place)
    if origin is not None:
        return _collection(value, origin, inner, place)
    return _single(value, kind, place)


def _single(value: Any, kind: Any, place: Place) -> Any:
    if kind is UUID:
        found = value["id"] if isinstance(value, Mapping) else value
        return found if isinstance(found, UUID) else UUID(str(found))
    if kind in {datetime, date}:
        return _time(value, kind, place)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if dataclasses.is_dataclass(kind) and isinstance(value, Mapping):
        return _dataclass(value, kind, place)
    if kind is str and isinstance(value, date | UUID):
        return str(value)
    if kind in {int, bool, str} and not isinstance(value, kind):
        msg = f"{value!r} is not a value of type {kind.__name__}"
        raise ValueError(msg)
    return value


def _time(value: Any, kind: Any, place: Place) -> Any:
    if isinstance(value, kind):
        return value
    read = moments.moment if kind is datetime else moments.day
    return read(value, place.present, place.played)


def _collection(value: Any, origin: Any, inner: tuple[Any, ...], place: Place) -> Any:
    if issubclass(origin, Mapping):
        return {key: convert(part, inner[1], place) for key, part in value.items()}
    if issubclass(origin, Sequence | set | frozenset) or origin.__name__ == "Iterable":
        parts = [convert(part, inner[0] if inner else Any, place) for part in value]
        return tuple(parts) if origin in {tuple, frozenset} or origin.__name__ != "list" else parts
    return value


def _dataclass(value: Mapping[str, Any], kind: Any, place: Place) -> Any:
    hints = typing.get_type_hints(kind)
    if unknown := sorted(set(value) - set(hints)):
        msg = f"{kind.__name__} does not know {', '.join(unknown)}"
        raise ValueError(msg)
    return kind(**{name: convert(part, hints[name], place) for name, part in value.items()})


def plain(value: Any) -> Any:
    """Return a value as JSON would hold it; rows as their columns, ids kept as they are.

    Called inside the transaction that made the value: rows are read while they can be.
    """
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, _SIMPLE):
        return value
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(part) for part in value]
    return _fields(value)


def _fields(value: Any) -> Any:
    """Return a dataclass or a row as its fields; anything else as text."""
    if dataclasses.is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    try:
        mapper = inspect_row(value).mapper
    except (NoInspectionAvailable, AttributeError):
        return str(value)
    return {column.key: plain(getattr(value, column.key)) for column in mapper.column_attrs}


def shown(value: Any) -> Any:
    """Return a plain value in the words a story compares with: dates and ids as text."""
    if isinstance(value, Mapping):
        return {key: shown(part) for key, part in value.items()}
    if isinstance(value, list):
        return [shown(part) for part in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, date | UUID) else value
