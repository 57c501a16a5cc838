"""Sentences and weights of the matching in the reader's language; a page of a long list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from flask import request
from flask_babel import gettext

from portal.domain.matches import SIBLINGS, Sentence, Weights
from portal.matching import explain
from portal.queries import units

Line = TypeVar("Line")
PAGE = 50
_LONGEST = 7


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence in the reader's language with the points it gave."""

    text: str
    points: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Slice:
    """A page of lines; ``after`` continues it (a count), empty at the end."""

    rows: tuple[object, ...]
    total: int
    after: str


def said(sentence: Sentence) -> Told:
    """Return a sentence in the reader's language."""
    params = {name: word(value) for name, value in sentence.params.items()}
    label = explain.FACTORS.get(sentence.factor)
    return Told(
        gettext(sentence.message).format(**params),
        sentence.points,
        gettext(label.label) if label else "",
    )


def weights(tenant_path: str) -> tuple[tuple[str, str, str, str], ...]:
    """Return each weight as (setting, label, value, what it means)."""
    kept = Weights.of(units.settings(tenant_path))
    lines = [
        (f"match_{name}", words.label, gettext("%(n)s 分", n=getattr(kept, name)), words.means)
        for name, words in explain.FACTORS.items()
    ]
    place = next(n for n, line in enumerate(lines) if line[0] == "match_sibling") + 1
    lines.insert(
        place, ("match_siblings", explain.SIBLINGS_CHOICE, gettext(SIBLINGS[kept.siblings]), "")
    )
    return tuple((name, gettext(label), value, word(means)) for name, label, value, means in lines)


def day_weights(tenant_path: str) -> tuple[tuple[str, str, str], ...]:
    """Return what orders the needs as (setting, label, value)."""
    kept = Weights.of(units.settings(tenant_path))
    return tuple(
        (f"match_{name}", gettext(label), gettext("%(n)s 天", n=getattr(kept, name)))
        for name, label in explain.DAYS_ADDED.items()
    )


def cut(rows: list[Line]) -> tuple[list[Line], str]:
    """Return the part of a list that the page shows, and where it goes on."""
    text = request.args.get("after", "")
    begin = int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST else 0
    end = begin + PAGE
    return rows[begin:end], str(end) if end < len(rows) else ""


def word(value: object) -> str:
    """Return a value of a sentence: a label or several are translated, a number stays."""
    if isinstance(value, list | tuple):
        return gettext("、").join(word(one) for one in value)
    return gettext(value) if isinstance(value, str) and value else str(value)
