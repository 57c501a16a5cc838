"""A pairing's rhythm over time: a new one asks from the next month and the next quarter on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from portal.domain.cadence import Rule, rules_of
from portal.domain.needs import RHYTHMS

#: The last day on which a rhythm held, with its key; oldest first.
Past = Sequence[tuple[date, str]]


def read(stored: Iterable[Sequence[str]]) -> Past:
    """Return what a pairing's column holds: pairs of an ISO day and a key of RHYTHMS."""
    return tuple((date.fromisoformat(day), rhythm) for day, rhythm in stored)


def rules_over(rhythm: str, past: Past = ()) -> tuple[Rule, ...]:
    """Return the rules of every rhythm a pairing had; each asks for the periods that began in it.

    What a period asks is settled on its first day, so nobody is late for a rhythm that was agreed
    afterwards.
    """
    found: list[Rule] = []
    since = date.min
    for until, key in past:
        found += [replace(rule, since=since, until=until) for rule in rules_of(RHYTHMS[key])]
        since = until
    found += [replace(rule, since=since) for rule in rules_of(RHYTHMS[rhythm])]
    return tuple(found)
