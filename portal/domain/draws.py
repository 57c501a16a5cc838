"""Drawing places by lot so that anybody can draw again (issue 5: weighted by need, reproducible).

Everybody holds as many tickets as their need gives them. A ticket's number is the SHA-256 of
``seed:entry:ticket``; the lowest numbers win. Of two entries the one with twice the tickets comes
first twice as often, and whoever has the seed, the entries and their tickets gets the same list.
The digest of the seed is published before the first application, the seed after the draw: nobody
can have looked for a seed that favours somebody.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

_SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class Entry:
    """One lot: a child, or siblings who come together (``size`` places or none)."""

    key: str
    tickets: int = 1
    size: int = 1


@dataclass(frozen=True, slots=True)
class Drawn:
    """An entry's rank, beginning at one, its lowest number, and whether it has its places."""

    entry: Entry
    rank: int
    number: str
    won: bool


def new_seed() -> str:
    """Return a seed that nobody chose: 64 hexadecimal digits."""
    return secrets.token_hex(_SEED_BYTES)


def commitment(seed: str) -> str:
    """Return what is published of a seed before the draw: its SHA-256."""
    return hashlib.sha256(seed.encode()).hexdigest()


def number(seed: str, entry: Entry) -> str:
    """Return the lowest number among an entry's tickets."""
    return min(
        hashlib.sha256(f"{seed}:{entry.key}:{ticket}".encode()).hexdigest()
        for ticket in range(1, max(entry.tickets, 1) + 1)
    )


def draw(seed: str, entries: Iterable[Entry], places: int) -> tuple[Drawn, ...]:
    """Return every entry by rank, those with places marked.

    Siblings for whom too few places are left wait together; who comes after them may still fit.
    """
    ranked = sorted((number(seed, entry), entry.key, entry) for entry in entries)
    found, left = [], places
    for rank, (lowest, _key, entry) in enumerate(ranked, start=1):
        won = entry.size <= left
        left -= entry.size if won else 0
        found.append(Drawn(entry, rank, lowest, won))
    return tuple(found)
