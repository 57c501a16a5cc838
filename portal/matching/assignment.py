"""The best of all assignments at once, by min-cost flow; and the best pair first, to compare.

What ``solve`` promises, in this order (ADR 0016 has the proof):

1. as many needs are served as can be;
2. a need is left only if serving it would leave one that ranks at least as high: for every rank,
   as many needs of that rank and above are served as can be;
3. among all such assignments the points are the most.

The sets of needs that can be served together are the independent sets of a matroid (they are
linked into a network whose nodes have room). So serving needs by any positive weights that follow
the ranks gives a set with 1 and 2; each step of rank weighs more than all points together, which
leaves 3 to the points.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
from ortools.graph.python import min_cost_flow

from portal.domain.matches import Served
from portal.matching.scores import load
from portal.matching.table import Ints

#: The solver multiplies costs by the number of nodes in 64 bits.
_ROOM = 1 << 62


@dataclass(frozen=True, slots=True)
class Problem:
    """Allowed pairs (``needs``, ``people``: rows) with their ``points``, ordered by need.

    ``rank`` is of each need, 1 and up; ``child`` tells which child a need is of; ``capacity`` and
    ``carried`` are of each person; ``load`` is the weight of having room. ``most``: more than the
    points of any pair, by amount, the load included.
    """

    needs: Ints
    people: Ints
    points: Ints
    rank: Ints
    child: Ints
    capacity: Ints
    carried: Ints
    load: int
    most: int

    def only(self, forced: Ints) -> Problem:
        """Return the problem in which each pair ``forced`` (places) is its need's only one.

        These needs rank above all others, so they are served before any other may be.
        """
        held = np.isin(self.needs, self.needs[forced])
        keep = ~held
        keep[forced] = True
        rank = self.rank.copy()
        rank[self.needs[forced]] = rank.max(initial=0) + 1
        return replace(
            self,
            needs=self.needs[keep], people=self.people[keep], points=self.points[keep], rank=rank,
        )  # fmt: skip


def solve(problem: Problem) -> Ints:
    """Return the places of the chosen pairs of the best assignment, in order.

    Raises ValueError when the numbers would not fit the solver (far above a province).
    """
    if len(problem.needs) == 0:
        return np.array([], dtype=np.int64)
    net = _Net(problem)
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(net.tails, net.heads, net.rooms, net.costs)
    flow.set_nodes_supplies(net.nodes, net.supplies)
    if (status := flow.solve()) != flow.OPTIMAL:
        msg = f"the flow was not solved: {status.name}"
        raise ValueError(msg)
    return np.flatnonzero(np.asarray(flow.flows(arcs[: len(problem.needs)])) > 0).astype(np.int64)


def greedy(problem: Problem) -> Ints:
    """Return the places of the pairs when the best pair is always taken first."""
    order = np.argsort(-problem.points, kind="stable")
    room = (problem.capacity - problem.carried).tolist()
    needs, people = problem.needs[order].tolist(), problem.people[order].tolist()
    child = problem.child.tolist()
    open_needs = [True] * len(child)
    together: set[tuple[int, int]] = set()
    taken = []
    for place, need, person in zip(order.tolist(), needs, people, strict=True):
        if open_needs[need] and room[person] > 0 and (child[need], person) not in together:
            open_needs[need] = False
            room[person] -= 1
            together.add((child[need], person))
            taken.append(place)
    return np.array(sorted(taken), dtype=np.int64)


def served(problem: Problem, chosen: Ints) -> Served:
    """Return how much an assignment does; the points include the load of each person."""
    total = int(problem.points[chosen].sum())
    for person, many in Counter(problem.people[chosen].tolist()).items():
        capacity, carried = int(problem.capacity[person]), int(problem.carried[person])
        total += sum(load(problem.load, capacity, carried + more) for more in range(many))
    children = np.unique(problem.child[problem.needs[chosen]])
    return Served(len(chosen), len(children), total)


class _Net:
    """The network: need → (child with person) → person → sink, and need → sink for who is left.

    A need brings one unit. Between a child of several needs and one person lies a node with room
    for one: two people are paired once. A person leads to the sink once for each free place, each
    place worth less than the one before.
    """

    def __init__(self, problem: Problem) -> None:
        needs, people = len(problem.rank), len(problem.capacity)
        between, heads = _between(problem, needs + people)
        self.sink = needs + people + len(between)
        places, worth = _places(problem)
        step = 2 * needs * problem.most + 1
        if (int(problem.rank.max()) * step + problem.most) * (self.sink + 2) >= _ROOM:
            msg = "too many needs for one assignment"
            raise ValueError(msg)
        everyone = np.arange(needs)
        self.tails = np.concatenate(
            [problem.needs, needs + people + np.arange(len(between)), places + needs, everyone]
        ).astype(np.int32)
        self.heads = np.concatenate(
            [heads, between + needs, np.full(len(places) + needs, self.sink)]
        ).astype(np.int32)
        self.rooms = np.ones(len(self.tails), dtype=np.int64)
        self.costs = np.concatenate(
            [
                -(problem.rank[problem.needs] * step + problem.points),
                np.zeros(len(between), dtype=np.int64),
                -worth,
                np.zeros(needs, dtype=np.int64),
            ]
        )
        self.nodes = np.arange(self.sink + 1, dtype=np.int32)
        self.supplies = np.zeros(self.sink + 1, dtype=np.int64)
        self.supplies[:needs] = 1
        self.supplies[self.sink] = -needs


def _between(problem: Problem, first: int) -> tuple[Ints, Ints]:
    """Return the person behind each in-between node, and the head of each pair's arc."""
    size = len(problem.capacity)
    heads = problem.people + len(problem.rank)
    many = np.bincount(problem.child) > 1
    of_many = np.flatnonzero(many[problem.child[problem.needs]])
    codes = problem.child[problem.needs[of_many]] * size + problem.people[of_many]
    known, which, times = np.unique(codes, return_inverse=True, return_counts=True)
    shared = times > 1
    number = np.cumsum(shared) - 1
    through = shared[which]
    heads = heads.copy()
    heads[of_many[through]] = first + number[which[through]]
    return known[shared] % size, heads


def _places(problem: Problem) -> tuple[Ints, Ints]:
    """Return for each free place whose it is, and what taking it is worth."""
    persons = np.unique(problem.people)
    room = np.minimum(problem.capacity - problem.carried, len(problem.rank))[persons]
    owners = np.repeat(persons, room)
    nth = np.arange(len(owners)) - np.repeat(np.cumsum(room) - room, room)
    capacity = problem.capacity[owners]
    left = np.maximum(capacity - problem.carried[owners] - nth, 0)
    return owners, problem.load * left // np.maximum(capacity, 1)


__all__ = ["Problem", "greedy", "served", "solve"]
