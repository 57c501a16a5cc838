"""Reading a story: JSON Lines of acts and sights; a wrong line is named with its number."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_ACT_KEYS = frozenset({"at", "as", "do", "with", "expect", "name"})
_SIGHT_KEYS = frozenset({"at", "as", "see", "with", "equals", "name"})
OK = "ok"
#: ``as`` for the system itself, and for somebody who is not signed in.
SYSTEM, VISITOR = "system", "visitor"


class ScriptError(ValueError):
    """A line that cannot be played, with its number and a sentence."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(f"line {line}: {sentence}")
        self.line = line
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a story: an act (``do``) or a sight (``see``)."""

    number: int
    verb: str
    is_sight: bool
    at: str | None
    who: str | None
    given: Mapping[str, Any]
    name: str | None
    #: What an act is expected to bring: ``ok``, an error's class, part of its sentence, a status.
    expect: str | int = OK
    #: What a sight is expected to show; compared only when ``compares``.
    equals: Any = None
    compares: bool = False


def read(lines: Iterable[str]) -> tuple[Line, ...]:
    """Return the story's lines in order; ScriptError for the first that cannot stand."""
    found: list[Line] = []
    for number, text in enumerate(lines, start=1):
        if text.strip():
            found.append(_line(number, text))
    return tuple(found)


def _line(number: int, text: str) -> Line:
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        raise ScriptError(number, f"not JSON ({error.msg}, column {error.colno})") from None
    if not isinstance(raw, dict):
        raise ScriptError(number, "a line is one JSON object")
    is_sight = "see" in raw
    if is_sight == ("do" in raw):
        raise ScriptError(number, "a line either does something (do) or looks (see)")
    known = _SIGHT_KEYS if is_sight else _ACT_KEYS
    if unknown := sorted(set(raw) - known):
        raise ScriptError(
            number, f"unknown key {', '.join(unknown)}; known are {', '.join(sorted(known))}"
        )
    if is_sight and not {"equals", "name"} & set(raw):
        raise ScriptError(number, "a sight says what it equals, or names what it shows")
    _check_types(number, raw)
    return Line(
        number=number,
        verb=raw["see"] if is_sight else raw["do"],
        is_sight=is_sight,
        at=raw.get("at"),
        who=raw.get("as"),
        given=raw.get("with", {}),
        name=raw.get("name"),
        expect=raw.get("expect", OK),
        equals=raw.get("equals"),
        compares="equals" in raw,
    )


def _check_types(number: int, raw: Mapping[str, Any]) -> None:
    for key in ("at", "as", "do", "see", "name"):
        if key in raw and not isinstance(raw[key], str):
            raise ScriptError(number, f"{key} is a text")
    if not isinstance(raw.get("with", {}), dict):
        raise ScriptError(number, "with holds the arguments by name")
    if not isinstance(raw.get("expect", OK), str | int):
        raise ScriptError(number, "expect is ok, an error's name or words, or a status")
