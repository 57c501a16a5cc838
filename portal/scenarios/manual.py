"""The page docs/SCENARIOS.md, written from the registry so that it cannot grow stale."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from portal.scenarios import moments
from portal.scenarios.registry import Parameter, Verb

_HEAD = """# Scenarios

A story is a file of JSON Lines. Each line is played through the same services as the web, in its
own transaction, as its own person, under a simulated clock:

    flask --app wsgi scenario play FILE [--json]     play it in the database of DATABASE_URL
    flask --app wsgi scenario verbs                  list what a story can do and see
    flask --app wsgi scenario docs                   write this page

The result is a table (line, at, who, did, expected, seen, ok); the command ends with 1 when a line
was not as expected. What a worker does by itself (claims lapse, windows close, approvals expire)
happens as the clock passes.

## A line

| key | meaning |
|---|---|
| `at` | when; left out: the time of the line before |
| `as` | a login (without `@example.org`), `$name.field`, `system`, `visitor`; else as before |
| `do`, `with` | a verb and its arguments |
| `expect` | `ok` (default), an error's class (`Conflict`), words of it, or its status (409) |
| `see`, `with`, `equals` | a sight, its arguments, and what it must show (or how it is refused) |
| `name` | names what came of the line: later lines write `$name`, `$name.field` |

Unknown keys, verbs, arguments and names are refused with the number of their line before anything
is played.

## Times

| `at` and date arguments | meaning |
|---|---|
"""

_WORDS: Mapping[Any, str] = {
    str: "text",
    int: "number",
    bool: "true or false",
    date: "date",
    datetime: "time",
    UUID: "a named row, or its id",
}


def page(verbs: Mapping[str, Verb], sights: Mapping[str, Verb]) -> str:
    """Return the whole page as Markdown."""
    times = "\n".join(f"| `{form}` | {meaning} |" for form, meaning in moments.FORMS)
    parts = [_HEAD + times, _section("Verbs", verbs.values()), _section("Sights", sights.values())]
    return "\n\n".join(parts) + "\n"


def _section(title: str, verbs: Iterable[Verb]) -> str:
    entries = [f"## {title}"]
    for verb in verbs:
        lines = [f"### {verb.name}", verb.sentence]
        if verb.parameters:
            rows = [_row(parameter) for parameter in verb.parameters]
            lines.append("\n".join(["| argument | value | |", "|---|---|---|", *rows]))
        entries.append("\n\n".join(lines))
    return "\n\n".join(entries)


def _row(parameter: Parameter) -> str:
    default = parameter.default
    shown = default.value if isinstance(default, Enum) else default
    need = "required" if parameter.required else f"default `{shown!r}`"
    return f"| `{parameter.name}` | {kind(parameter.kind)} | {need} |"


def kind(annotation: Any) -> str:
    """Say in words what an argument is."""
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in {typing.Union, types.UnionType}:
        return " or ".join(kind(one) for one in inner if one is not type(None))
    if origin is None:
        return _single(annotation)
    if issubclass(origin, Mapping):
        return f"object of {kind(inner[1])}" if inner else "object"
    return f"list of {kind(inner[0])}" if inner else "list"


def _single(annotation: Any) -> str:
    if annotation in _WORDS:
        return _WORDS[annotation]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return ", ".join(f"`{one.value}`" for one in annotation)
    if dataclasses.is_dataclass(annotation):
        fields = ", ".join(f"`{field.name}`" for field in dataclasses.fields(annotation))
        return f"object with {fields}"
    return getattr(annotation, "__name__", str(annotation))
