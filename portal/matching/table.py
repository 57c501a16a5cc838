"""Needs and people as whole numbers: sets as bits, pairs as codes; computed for many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar
from uuid import UUID

import numpy as np
import numpy.typing as npt

from portal.domain import pool
from portal.domain.matches import Need, Person, Weights
from portal.domain.needs import HELPERS, KINDS

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
T = TypeVar("T")

#: Who stands how to the child of a need: attributes of Need that name people.
RELATIONS = ("kin", "paired", "refused", "known", "with_sibling", "applicants", "avoided")
#: Everybody speaks it who names no language.
_COMMON = "mandarin"


class _Bits(dict[frozenset[str], int]):
    """The number of a set of words of one vocabulary; the same sets come again and again."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        super().__init__({frozenset(): 0})
        self.of = {word: 1 << place for place, word in enumerate(vocabulary)}

    def __missing__(self, words: frozenset[str]) -> int:
        return self.setdefault(words, sum(self.of.get(word, 0) for word in words))


_DAYS, _LANGUAGES, _SKILLS = _Bits(pool.DAYS), _Bits(pool.LANGUAGES), _Bits(pool.SKILLS)
_HELPERS, _KINDS = _Bits(HELPERS), _Bits(KINDS)
_SEXES = {"": 0, "female": 1, "male": 2}
_COMMON_ONLY = frozenset({_COMMON})


class Table:
    """The columns of needs and people; row i is ``needs[i]``, ``people[i]``."""

    def __init__(self, needs: Sequence[Need], people: Sequence[Person], weights: Weights) -> None:
        """Encode both lists once; the rules and the scores only compare columns."""
        self.needs, self.people, self.weights = needs, people, weights
        self.need_at = {one.id: place for place, one in enumerate(needs)}
        self.person_at = {one.id: place for place, one in enumerate(people)}
        self._counties: dict[str, int] = {}
        self._encode_needs(needs)
        self._encode_people(people)
        self._pairs = {name: self._codes(name) for name in RELATIONS}

    def related(self, name: str, needs: Ints, people: Ints) -> Flags:
        """Tell for each pair whether the person is among ``name`` of the need."""
        known = self._pairs[name]
        found = np.zeros(len(needs), dtype=np.bool_)
        if len(known):
            wanted = needs * len(self.people) + people
            places = np.searchsorted(known, wanted)
            places[places == len(known)] = 0
            found = known[places] == wanted
        return found

    def county(self, code: str) -> int:
        """Return the number of a county."""
        return self._counties.setdefault(code, len(self._counties))

    def _encode_needs(self, needs: Sequence[Need]) -> None:
        self.need_county = _column(needs, lambda one: self.county(one.county))
        self.need_days = _column(needs, lambda one: _DAYS[one.days])
        self.need_language = _column(needs, lambda one: _LANGUAGES.of.get(one.language, 0))
        self.need_skill = _column(needs, lambda one: _SKILLS.of.get(one.skill, 0))
        self.need_helper = _column(needs, lambda one: _HELPERS.of.get(one.helper, 0))
        self.need_kind = _column(needs, lambda one: _KINDS.of.get(one.kind, 0))
        self.need_sex = _column(needs, lambda one: _SEXES[one.sex_rule])
        children: dict[UUID, int] = {}
        self.need_child = _column(
            needs, lambda one: children.setdefault(one.child_id, len(children))
        )

    def _encode_people(self, people: Sequence[Person]) -> None:
        self.home = _column(people, lambda one: self.county(one.county))
        self.days = _column(people, lambda one: _DAYS[one.days])
        self.languages = _column(people, lambda one: _LANGUAGES[one.languages or _COMMON_ONLY])
        self.skills = _column(people, lambda one: _SKILLS[one.skills])
        self.helpers = _column(people, lambda one: _HELPERS[one.helpers])
        self.kinds = _column(people, lambda one: _KINDS[one.kinds])
        self.sex = _column(people, lambda one: _SEXES.get(one.sex, 0))
        self.capacity = _column(people, lambda one: one.capacity)
        self.carried = _column(people, lambda one: one.carried)
        self.free = _column(people, lambda one: one.free)
        self.barred = _column(people, lambda one: one.bar != "").astype(np.bool_)
        self.offers = _column(people, lambda one: one.offers).astype(np.bool_)
        self.reach = self._reach(people)

    def _reach(self, people: Sequence[Person]) -> dict[int, Ints]:
        """Return for each county the people who come there, in their order."""
        found: dict[int, list[int]] = {}
        for place, one in enumerate(people):
            for code in one.counties:
                found.setdefault(self.county(code), []).append(place)
        return {county: np.array(rows, dtype=np.int64) for county, rows in found.items()}

    def _codes(self, name: str) -> Ints:
        size, at = len(self.people), self.person_at
        codes = [
            row * size + at[who]
            for row, one in enumerate(self.needs)
            for who in getattr(one, name)
            if who in at
        ]
        return np.array(sorted(codes), dtype=np.int64)


def _column(rows: Sequence[T], value: Callable[[T], int]) -> Ints:
    return np.fromiter((value(one) for one in rows), dtype=np.int64, count=len(rows))
