"""Brothers and sisters of one round, together or apart, where it costs no need its person.

What a pair is worth would depend on another pair, which a flow cannot say. So the best assignment
is looked through once more: a need of a family goes to another person who may be asked, into a
free place or in exchange for one of theirs, when all points together rise, the weight for families
included. The same needs stay served: the first two promises of ``assignment`` hold as they are;
the third is kept up to these changes (ADR 0016).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from portal.matching.assignment import Problem
from portal.matching.scores import load
from portal.matching.table import Ints

#: How often the families are gone through: one change may make room for another.
_ROUNDS = 2
#: How many people are tried for one family, those with the most points first.
_LOOKED_AT = 20
_Moves = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Kin:
    """Which needs are of one family; ``weight`` is below nothing where they should be apart.

    ``of`` names the family of each need, empty for none; ``counted`` tells of a need and a person
    who is with a brother or sister already, whose points the pair has by itself.
    """

    of: Sequence[str]
    weight: int
    counted: Callable[[int, int], bool]

    def points(self, problem: Problem, chosen: Ints) -> int:
        """Return what the families of an assignment are worth."""
        return self.weight * len(self.beside(problem, chosen))

    def beside(self, problem: Problem, chosen: Ints) -> frozenset[int]:
        """Return the needs whose person is given a brother or sister in the same round."""
        if not self.weight:
            return frozenset()
        children: dict[tuple[str, int], set[int]] = defaultdict(set)
        found = []
        for need, person in _pairs(problem, chosen):
            if self.of[need]:
                children[self.of[need], person].add(int(problem.child[need]))
                found.append((need, person))
        return frozenset(
            need
            for need, person in found
            if len(children[self.of[need], person]) > 1 and not self.counted(need, person)
        )


def settle(problem: Problem, chosen: Ints, kin: Kin) -> Ints:
    """Return the places of an assignment of the same needs that suits the families better.

    The points, those of the families included, never fall. The same question has one answer.
    """
    families: dict[str, list[int]] = defaultdict(list)
    for need, _ in _pairs(problem, chosen):
        if kin.of[need]:
            families[kin.of[need]].append(need)
    several = [
        needs for needs in families.values() if len({int(problem.child[one]) for one in needs}) > 1
    ]
    if not kin.weight or not several:
        return chosen
    now = _Round(problem, chosen, kin, families)
    for _ in range(_ROUNDS):
        if not sum(now.improve(needs) for needs in several):
            break
    return now.places()


class _Round:
    """An assignment while needs change persons."""

    def __init__(
        self, problem: Problem, chosen: Ints, kin: Kin, families: dict[str, list[int]]
    ) -> None:
        self.problem, self.kin, self.families = problem, kin, families
        self.child = problem.child.tolist()
        self.capacity, self.carried = problem.capacity.tolist(), problem.carried.tolist()
        self.allowed: dict[int, dict[int, int]] = {}
        self.of = dict(_pairs(problem, chosen))
        self.serving: dict[int, list[int]] = defaultdict(list)
        for need, person in self.of.items():
            self.serving[person].append(need)

    def places(self) -> Ints:
        """Return the places of the pairs as they are now, in order."""
        size = len(self.capacity)
        wanted = np.array([need * size + person for need, person in self.of.items()])
        codes = self.problem.needs * size + self.problem.people
        return np.sort(np.searchsorted(codes, wanted)).astype(np.int64)

    def improve(self, members: list[int]) -> bool:
        """Make the best change for one family; tell whether there was one."""
        best: tuple[int, _Moves] = (0, [])
        for moves in self._ways(members):
            gain, kept = self._attempt(moves)
            if gain > best[0]:
                best = gain, kept
        if best[1]:
            self._put(best[1])
        return bool(best[1])

    def _ways(self, members: list[int]) -> Iterable[_Moves]:
        """Yield what may be tried: all to one person, or one of them to another person."""
        given = Counter(self.of[need] for need in members)
        if self.kin.weight < 0:
            for need in members:
                if given[self.of[need]] > 1:
                    yield from ([(need, other)] for other in self._candidates(need))
            return
        if len(given) == 1:
            return
        for person in self._shared(members):
            yield [(need, person) for need in members if person in self._candidates(need)]

    def _shared(self, members: list[int]) -> list[int]:
        """Return who may be asked for several of them and has room, the most points first."""
        points: dict[int, list[int]] = defaultdict(list)
        for need in members:
            for person, given in self._candidates(need).items():
                points[person].append(given)
        several = [
            (-sum(given), person)
            for person, given in points.items()
            if len(given) > 1 and self.capacity[person] - self.carried[person] > 1
        ]
        return [person for _, person in sorted(several)[:_LOOKED_AT]]

    def _attempt(self, wishes: _Moves) -> tuple[int, _Moves]:
        """Try wishes one after the other; return the best gain on the way and its moves."""
        before = dict(self.of)
        made: _Moves = []
        total, best = 0, (0, 0)
        for need, person in wishes:
            if self.of[need] == person:
                continue
            step = self._step(need, person)
            if step is None:
                continue
            total += step[0]
            made += step[1]
            if total > best[0]:
                best = total, len(made)
        self._put([(need, before[need]) for need, _ in reversed(made)])
        return best[0], made[: best[1]]

    def _step(self, need: int, person: int) -> tuple[int, _Moves] | None:
        """Bring a need to a person in the way that gains most, and leave it so; None if none."""
        home, family = self.of[need], self.kin.of[need]
        others = [one for one in self.serving[person] if self.kin.of[one] != family]
        ways: list[_Moves] = [
            [(need, person)],
            *([(need, person), (other, home)] for other in others),
        ]
        best: tuple[int, _Moves] | None = None
        for moves in ways:
            gain = self._change(moves)
            if gain is None:
                continue
            self._put([(one, person if one != need else home) for one, _ in moves])
            if best is None or gain > best[0]:
                best = gain, moves
        if best is not None:
            self._put(best[1])
        return best

    def _change(self, moves: _Moves) -> int | None:
        """Carry moves out and return the gain; None and nothing done where they may not be."""
        if any(person not in self._candidates(need) for need, person in moves):
            return None
        old = [(need, self.of[need]) for need, _ in moves]
        persons = sorted({person for _, person in (*old, *moves)})
        needs = [need for need, _ in moves]
        before = self._worth(persons, needs)
        self._put(moves)
        if not all(self._fits(person) for person in persons):
            self._put(old)
            return None
        return self._worth(persons, needs) - before

    def _put(self, moves: _Moves) -> None:
        for need, person in moves:
            self.serving[self.of[need]].remove(need)
            self.serving[person].append(need)
            self.of[need] = person

    def _fits(self, person: int) -> bool:
        needs = self.serving[person]
        room = self.capacity[person] - self.carried[person]
        return len(needs) <= room and len({self.child[one] for one in needs}) == len(needs)

    def _worth(self, persons: list[int], moved: list[int]) -> int:
        """Return the points of some people and of the families of some needs."""
        total = 0
        for person in persons:
            capacity, carried = self.capacity[person], self.carried[person]
            for more, need in enumerate(self.serving[person]):
                total += self._candidates(need)[person]
                total += load(self.problem.load, capacity, carried + more)
        names = {self.kin.of[need] for need in moved} - {""}
        return total + self.kin.weight * sum(self._beside(name) for name in names)

    def _beside(self, family: str) -> int:
        rows = [(need, self.of[need]) for need in self.families[family]]
        children: dict[int, set[int]] = defaultdict(set)
        for need, person in rows:
            children[person].add(self.child[need])
        return sum(
            len(children[person]) > 1 and not self.kin.counted(need, person)
            for need, person in rows
        )

    def _candidates(self, need: int) -> dict[int, int]:
        """Return who may be asked for a need, each with the points of the pair."""
        if need not in self.allowed:
            first, last = np.searchsorted(self.problem.needs, [need, need + 1])
            self.allowed[need] = dict(
                zip(
                    self.problem.people[first:last].tolist(),
                    self.problem.points[first:last].tolist(),
                    strict=True,
                )
            )
        return self.allowed[need]


def _pairs(problem: Problem, chosen: Ints) -> Iterable[tuple[int, int]]:
    return zip(problem.needs[chosen].tolist(), problem.people[chosen].tolist(), strict=True)


__all__ = ["Kin", "settle"]
