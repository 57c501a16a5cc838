"""From needs and people to explained proposals: all at once, or one need's ranked list."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

import numpy as np

from portal.domain.matches import (
    Left,
    Moved,
    Need,
    Outcome,
    Person,
    Proposal,
    Ranked,
    Sentence,
    Served,
    Siblings,
    Weights,
)
from portal.matching import assignment, explain, families, rules, scores
from portal.matching.assignment import Problem
from portal.matching.families import Kin
from portal.matching.table import Ints, Table

#: How many other candidates a proposal names.
OTHERS = 3
Pair = tuple[UUID, UUID]


def assign(
    needs: Iterable[Need],
    people: Iterable[Person],
    weights: Weights,
    *,
    keep: Sequence[Pair] = (),
    free: bool = False,
) -> Outcome:
    """Return the best assignment of all needs to all people, each pair with its sentences.

    ``keep``: pairs (need, person) that staff fixed; those that no rule allows come back as
    impossible. ``free``: as if nobody had fixed or avoided anything, to compare with.
    """
    table = _table(needs, people, weights)
    found = _candidates(table, free=free)
    problem = _problem(table, *found)
    forced, impossible = _forced(table, problem, () if free else keep)
    restricted = problem.only(forced) if len(forced) else problem
    kin = _kin(table)
    flow = assignment.solve(restricted)
    chosen = families.settle(restricted, flow, kin)
    held = {int(row) for row in problem.needs[forced]}
    return Outcome(
        proposals=tuple(_proposals(table, restricted, problem, chosen, held)),
        left=tuple(_left(table, problem, restricted, chosen)),
        candidates=len(problem.needs),
        best=_served(restricted, chosen, kin),
        greedy=_served(problem, assignment.greedy(problem), kin),
        families=_families(table, restricted, chosen),
        impossible=impossible,
        siblings=_siblings(restricted, flow, chosen, kin),
    )


def rank(
    need: Need, people: Iterable[Person], weights: Weights
) -> tuple[tuple[Ranked, ...], tuple[Ranked, ...]]:
    """Return everybody for one need: who may be asked, best first; and who may not, and why."""
    table = _table((need,), people, weights)
    everyone = np.arange(len(table.people), dtype=np.int64)
    row = np.zeros(len(everyone), dtype=np.int64)
    broken = {name: rule(table, row, everyone) for name, rule in rules.RULES.items()}
    points = scores.of(table, row, everyone)
    fitting, out = [], []
    for place, person in enumerate(table.people):
        against = tuple(
            rules.told(name, need, person) for name in broken if bool(broken[name][place])
        )
        given = {name: int(column[place]) for name, column in points.items()}
        given["load"] = scores.load(weights.load, person.capacity, person.carried)
        if against:
            out.append(Ranked(person.id, 0, (), against))
        else:
            why = (*explain.of_pair(need, person, given), *explain.lacking(need, given))
            fitting.append(Ranked(person.id, sum(given.values()), why))
    fitting.sort(key=lambda one: (-one.score, one.person_id.bytes))
    out.sort(key=lambda one: (len(one.out), _place(one.out[0]), one.person_id.bytes))
    return tuple(fitting), tuple(out)


def moved(before: Outcome, after: Outcome) -> tuple[Moved, ...]:
    """Return the needs whose person differs between two assignments."""
    old = {one.need_id: one.person_id for one in before.proposals}
    new = {one.need_id: one.person_id for one in after.proposals}
    order = [*old, *(need for need in new if need not in old)]
    return tuple(
        Moved(need, old.get(need), new.get(need))
        for need in order
        if old.get(need) != new.get(need)
    )


def _place(sentence: Sentence) -> int:
    return list(rules.RULES).index(sentence.factor)


def _table(needs: Iterable[Need], people: Iterable[Person], weights: Weights) -> Table:
    """Put both in a fixed order, whatever order they come in: the same question, one answer."""
    first = sorted(needs, key=lambda one: (-scores.waited(one, weights), one.id.bytes))
    return Table(first, sorted(people, key=lambda one: one.id.bytes), weights)


def _candidates(table: Table, *, free: bool) -> tuple[Ints, Ints]:
    if not free:
        return rules.candidates(table)
    lifted = [replace(need, avoided=frozenset()) if need.avoided else need for need in table.needs]
    return rules.candidates(Table(lifted, table.people, table.weights))


def _problem(table: Table, needs: Ints, people: Ints) -> Problem:
    total = np.zeros(len(needs), dtype=np.int64)
    for points in scores.FACTORS.values():
        total += points(table, needs, people)
    return Problem(
        needs=needs,
        people=people,
        points=total,
        rank=scores.ranks(table.needs, table.weights),
        child=table.need_child,
        capacity=table.capacity,
        carried=table.carried,
        load=table.weights.load,
        most=table.weights.most(),
    )


def _kin(table: Table) -> Kin:
    def is_with(need: int, person: int) -> bool:
        return table.people[person].id in table.needs[need].with_sibling

    weight = scores.SIGNS[table.weights.siblings] * table.weights.sibling
    return Kin([one.family for one in table.needs], weight, is_with)


def _served(problem: Problem, chosen: Ints, kin: Kin) -> Served:
    done = assignment.served(problem, chosen)
    return done._replace(score=done.score + kin.points(problem, chosen))


def _siblings(problem: Problem, flow: Ints, chosen: Ints, kin: Kin) -> Siblings:
    before, after = assignment.served(problem, flow), assignment.served(problem, chosen)
    return Siblings(
        moved=len(set(chosen.tolist()) - set(flow.tolist())),
        gained=kin.points(problem, chosen) - kin.points(problem, flow),
        given_up=before.score - after.score,
    )


def _forced(
    table: Table, problem: Problem, keep: Sequence[Pair]
) -> tuple[Ints, tuple[tuple[UUID, UUID, Sentence], ...]]:
    """Return the places of the fixed pairs, and the pairs that cannot be, with the reason."""
    codes = problem.needs * len(table.people) + problem.people
    room = Counter({row: int(free) for row, free in enumerate(table.free)})
    together: set[tuple[int, int]] = set()
    places, impossible = [], []
    for need_id, person_id in keep:
        if need_id not in table.need_at or person_id not in table.person_at:
            continue
        need, person = table.need_at[need_id], table.person_at[person_id]
        place = int(np.searchsorted(codes, need * len(table.people) + person))
        child = int(table.need_child[need])
        against = _against(table, need, person)
        if against is None and room[person] <= 0:
            against = "full"
        if against is None and (child, person) in together:
            against = "paired"
        if against is not None:
            told = rules.told(against, table.needs[need], table.people[person])
            impossible.append((need_id, person_id, told))
            continue
        room[person] -= 1
        together.add((child, person))
        places.append(place)
    return np.array(places, dtype=np.int64), tuple(impossible)


def _against(table: Table, need: int, person: int) -> str | None:
    """Return the first hard rule against a pair."""
    row, column = np.array([need]), np.array([person])
    return next(
        (name for name, broken in rules.RULES.items() if bool(broken(table, row, column)[0])), None
    )


def _proposals(
    table: Table, restricted: Problem, problem: Problem, chosen: Ints, held: set[int]
) -> Iterable[Proposal]:
    needs, people = restricted.needs[chosen], restricted.people[chosen]
    columns = {name: column.tolist() for name, column in scores.of(table, needs, people).items()}
    others = _others(problem)
    kin = _kin(table)
    beside = kin.beside(restricted, chosen)
    given: Counter[int] = Counter()
    for place, (row, column) in enumerate(zip(needs.tolist(), people.tolist(), strict=True)):
        need, person = table.needs[row], table.people[column]
        points = {name: values[place] for name, values in columns.items()}
        more = given[column]
        points["load"] = scores.load(table.weights.load, person.capacity, person.carried + more)
        given[column] += 1
        points["sibling"] += kin.weight * (row in beside)
        yield Proposal(
            need.id,
            person.id,
            sum(points.values()),
            tuple(explain.of_pair(need, person, points, more, beside=row in beside)),
            tuple(
                (table.people[other].id, score) for other, score in others[row] if other != column
            )[:OTHERS],
            forced=row in held,
        )


def _others(problem: Problem) -> dict[int, list[tuple[int, int]]]:
    """Return for each need its best candidates (one more than are named), the load left aside."""
    # The pairs are ordered by need and person: a stable sort by points keeps that order in ties.
    worth = problem.needs * (2 * problem.most) - problem.points
    order = np.argsort(worth, kind="stable")
    many = np.bincount(problem.needs)
    nth = np.arange(len(order)) - np.repeat(np.cumsum(many) - many, many)
    best = order[nth <= OTHERS]
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = (problem.needs[best], problem.people[best], problem.points[best])
    for need, person, points in zip(*(column.tolist() for column in rows), strict=True):
        found[need].append((person, points))
    return found


def _left(table: Table, problem: Problem, restricted: Problem, chosen: Ints) -> Iterable[Left]:
    taken = set(restricted.needs[chosen].tolist())
    fitting = np.bincount(problem.needs, minlength=len(table.needs)).tolist()
    for row, need in enumerate(table.needs):
        if row not in taken:
            yield Left(need.id, fitting[row], (explain.left(fitting[row]),))


def _families(table: Table, problem: Problem, chosen: Ints) -> tuple[tuple[UUID, ...], ...]:
    """Return the needs of brothers and sisters whose proposals go against the choice."""
    wish = table.weights.siblings
    groups: dict[str, list[tuple[Need, int]]] = defaultdict(list)
    rows = (problem.needs[chosen], problem.people[chosen])
    for row, person in zip(*(column.tolist() for column in rows), strict=True):
        if family := table.needs[row].family:
            groups[family].append((table.needs[row], person))
    found = []
    for members in groups.values():
        children = {need.child_id for need, _ in members}
        people = {person for _, person in members}
        is_apart, is_together = len(people) > 1, len(people) < len(children)
        if (wish == "together" and len(children) > 1 and is_apart) or (
            wish == "apart" and is_together
        ):
            found.append(tuple(need.id for need, _ in members))
    return tuple(found)


__all__ = ["Pair", "assign", "moved", "rank"]
