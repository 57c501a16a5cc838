"""Everything a story can do and see; a feature adds its verbs here."""

from __future__ import annotations

from portal.scenarios.registry import Verb, table
from portal.scenarios.verbs import (
    cadences,
    claims,
    continuity,
    giving,
    hours,
    journals,
    letters,
    matches,
    needs,
    pairings,
    programmes,
    register,
    sight,
    staff,
    standing,
    supporters,
    wishes,
)

_NOUNS = (
    cadences,
    staff,
    register,
    supporters,
    wishes,
    claims,
    giving,
    standing,
    sight,
    hours,
    needs,
    pairings,
    letters,
    journals,
    continuity,
    matches,
    programmes,
)

VERBS: dict[str, Verb] = table({k: v for noun in _NOUNS for k, v in noun.VERBS.items()})
SIGHTS: dict[str, Verb] = table({k: v for noun in _NOUNS for k, v in noun.SIGHTS.items()})
