"""The pieces of what a person is handed about themselves: headings, rows, words for codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from portal.domain import clock
from portal.domain.lifecycles import MACHINES
from portal.domain.lifecycles.requests import FIELDS, KINDS
from portal.domain.words import CONSENT_WORDS
from portal.extensions import db
from portal.models.units import Unit
from portal.queries.guardians import RequestRow

_STATES = {
    (machine.noun, name): state.label
    for machine in MACHINES
    for name, state in machine.states.items()
}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its columns and rows, as texts."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A paper the person handed in themselves."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class SubjectData:
    """Whose data, from which authority, made when, in which pieces."""

    title: str
    authority: str
    made_at: datetime
    sections: tuple[Section, ...]
    attachments: tuple[Attachment, ...] = ()


def requests(rows: Iterable[RequestRow]) -> Section:
    """Return a person's requests with their answers."""
    told = (
        (KINDS.get(row.kind, row.kind), FIELDS.get(row.field) or CONSENT_WORDS.get(row.field, ""),
         row.received_at, state("request", row.status), row.answer)
        for row in rows
    )  # fmt: skip
    return section("requests", "个人信息请求", ("事项", "内容", "提出", "结果", "答复"), told)


def pairs(name: str, title: str, pairs: Iterable[tuple[str, Any]]) -> Section:
    """Return a section of names and values; what is empty is left out."""
    return section(name, title, ("项目", "内容"), ((a, b) for a, b in pairs if text(b)))


def section(name: str, title: str, columns: tuple[str, ...], rows: Iterable[Any]) -> Section:
    """Return a section of rows."""
    told = tuple(tuple(text(value) for value in row) for row in rows)
    return Section(name, title, columns, told)


def text(value: Any) -> str:
    """Return a value as the copy writes it: Shanghai time, ISO days."""
    if isinstance(value, datetime):
        return clock.local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def state(noun: str, status: str) -> str:
    """Return the Chinese word of a stored status."""
    return _STATES.get((noun, status), status)


def place(path: str) -> str:
    """Return a unit's name."""
    return db.session.scalar(select(Unit.name).where(Unit.path == path)) or ""
