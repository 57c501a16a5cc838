"""Finding a sealed name by a part of it: keyed marks of its characters and pairs, no plain text.

The marks narrow the search in the database; the opened name decides.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from portal.domain import cipher

_MARK = 6


def marks(name: str) -> str:
    """Return what is stored beside a sealed name."""
    text = _plain(name)
    parts = dict.fromkeys([*text, *map("".join, pairwise(text))])
    return " ".join(_mark(part) for part in parts)


def wanted(query: str) -> tuple[str, ...]:
    """Return the marks that every name containing ``query`` has."""
    text = _plain(query)
    parts = list(map("".join, pairwise(text))) or list(text)
    return tuple(dict.fromkeys(_mark(part) for part in parts))


def contains(name: str, query: str) -> bool:
    """Tell whether an opened name contains what was typed, width and case aside."""
    return _plain(query) in _plain(name)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def _mark(part: str) -> str:
    return cipher.ring().blind_index(part, "name_mark")[:_MARK]
