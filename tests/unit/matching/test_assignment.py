"""The solver against brute force on small instances and another exact solver on large ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from portal.matching.assignment import Problem, greedy, served, solve
from portal.matching.scores import load

MOST = 100
Chosen = dict[int, int]


@st.composite
def problems(draw: st.DrawFn, many: int = 6) -> Problem:
    """Up to 6 needs of up to 6 children, up to 6 people with one or two places, sparse pairs."""
    needs, people = draw(st.integers(1, many)), draw(st.integers(1, many))
    pairs = sorted(
        (need, person)
        for need in range(needs)
        for person in draw(st.sets(st.integers(0, people - 1), max_size=3))
    )
    capacity = draw(st.lists(st.integers(0, 2), min_size=people, max_size=people))
    return Problem(
        needs=np.array([need for need, _ in pairs], dtype=np.int64),
        people=np.array([person for _, person in pairs], dtype=np.int64),
        points=np.array([draw(st.integers(-20, 60)) for _ in pairs], dtype=np.int64),
        rank=np.array([draw(st.integers(1, 3)) for _ in range(needs)], dtype=np.int64),
        child=np.array([draw(st.integers(0, needs - 1)) for _ in range(needs)], dtype=np.int64),
        capacity=np.array(capacity, dtype=np.int64),
        carried=np.array([draw(st.integers(0, room)) for room in capacity], dtype=np.int64),
        load=draw(st.sampled_from((0, 10))),
        most=MOST,
    )


def every(problem: Problem, need: int = 0, chosen: Chosen | None = None) -> Iterator[Chosen]:
    """Yield every allowed assignment: need to person, each person within their places."""
    chosen = chosen or {}
    if need == len(problem.rank):
        yield chosen
        return
    yield from every(problem, need + 1, chosen)
    for person in problem.people[problem.needs == need].tolist():
        others = [one for one, whose in chosen.items() if whose == person]
        room = problem.capacity[person] - problem.carried[person]
        same_child = any(problem.child[one] == problem.child[need] for one in others)
        if len(others) < room and not same_child:
            yield from every(problem, need + 1, {**chosen, need: person})


def worth(problem: Problem, chosen: Chosen) -> tuple[int, list[int], int]:
    """Say how good an assignment is, written down anew: how many, of which ranks, points."""
    points = {
        (need, person): points
        for need, person, points in zip(
            problem.needs.tolist(), problem.people.tolist(), problem.points.tolist(), strict=True
        )
    }
    total = sum(points[pair] for pair in chosen.items())
    for person in set(chosen.values()):
        for more in range(sum(whose == person for whose in chosen.values())):
            capacity = int(problem.capacity[person])
            total += load(problem.load, capacity, int(problem.carried[person]) + more)
    ranks = sorted((int(problem.rank[need]) for need in chosen), reverse=True)
    return len(chosen), ranks, total


def as_chosen(problem: Problem, places: np.ndarray) -> Chosen:
    return dict(zip(problem.needs[places].tolist(), problem.people[places].tolist(), strict=True))


@settings(max_examples=300, deadline=None)
@given(problems())
def test_it_is_the_best_of_all_assignments(problem: Problem):
    found = as_chosen(problem, solve(problem))
    all_of_them = list(every(problem))
    assert found in all_of_them
    assert worth(problem, found) == max(worth(problem, one) for one in all_of_them)
    assert served(problem, solve(problem)).score == worth(problem, found)[2]


@settings(max_examples=200, deadline=None)
@given(problems())
def test_for_every_rank_as_many_are_served_as_can_be(problem: Problem):
    found = as_chosen(problem, solve(problem))
    for rank in (3, 2, 1):
        most = max(sum(problem.rank[need] >= rank for need in one) for one in every(problem))
        assert sum(problem.rank[need] >= rank for need in found) == most


@settings(max_examples=200, deadline=None)
@given(problems())
def test_no_need_is_left_while_a_lower_one_is_served_for_its_points(problem: Problem):
    found = as_chosen(problem, solve(problem))
    for left in set(range(len(problem.rank))) - set(found):
        above = {need for need in found if problem.rank[need] >= problem.rank[left]}
        assert not any({left, *above} <= set(one) for one in every(problem))


@settings(max_examples=200, deadline=None)
@given(problems(), st.data())
def test_forced_and_forbidden_pairs_leave_the_best_of_what_remains(problem: Problem, data):
    possible = [one for one in every(problem) if one]
    if not possible:
        return
    kept = data.draw(st.sampled_from(possible))
    need, person = data.draw(st.sampled_from(sorted(kept.items())))
    gone = data.draw(st.integers(0, len(problem.needs) - 1))
    places = np.array(
        [
            place
            for place in range(len(problem.needs))
            if place != gone or (problem.needs[place], problem.people[place]) == (need, person)
        ]
    )
    less = replace(
        problem,
        needs=problem.needs[places],
        people=problem.people[places],
        points=problem.points[places],
    )
    at = np.flatnonzero((less.needs == need) & (less.people == person))
    forced = less.only(at)
    found = as_chosen(forced, solve(forced))
    fitting = [one for one in every(less) if one.get(need) == person]
    assert found in fitting
    # Its own rank counts for nothing any more: the others are served as well as they can be.
    assert worth(forced, found) == max(worth(forced, one) for one in fitting)


@settings(max_examples=100, deadline=None)
@given(problems())
def test_the_best_pair_first_is_allowed_and_never_serves_more(problem: Problem):
    first = as_chosen(problem, greedy(problem))
    assert first in list(every(problem))
    assert len(first) <= len(solve(problem))
    # Nobody could simply be added: it stops only when nothing fits any more.
    assert not any(len(one) > len(first) and first.items() <= one.items() for one in every(problem))


def test_greedy_leaves_a_child_that_the_best_assignment_serves():
    # The best pair (need 0 with person 0) takes the only person whom need 1 could have.
    problem = small([(0, 0, 90), (0, 1, 10), (1, 0, 20)])
    assert len(greedy(problem)) == 1
    assert as_chosen(problem, solve(problem)) == {0: 1, 1: 0}
    assert served(problem, solve(problem)) == (2, 2, 30)


def test_the_load_is_shared_before_anybody_takes_a_second_child():
    problem = replace(
        small([(0, 0, 5), (0, 1, 0), (1, 0, 5), (1, 1, 0)]),
        capacity=np.array([2, 2]), load=20,
    )  # fmt: skip
    # 5 + 5 at one person: 20 + 10 of room; one each: 5 + 0 and 20 + 20.
    assert set(as_chosen(problem, solve(problem)).values()) == {0, 1}
    assert served(problem, solve(problem)).score == 45


def test_numbers_beyond_the_solver_are_refused():
    problem = replace(small([(0, 0, 1)]), most=1 << 61)
    with pytest.raises(ValueError, match="too many needs"):
        solve(problem)


def test_nothing_to_assign():
    assert len(solve(small([]))) == 0


@pytest.mark.parametrize("seed", range(3))
def test_it_equals_another_exact_solver_at_300_by_300(seed: int):
    rng = np.random.default_rng(seed)
    size, each = 300, 20
    problem = Problem(
        needs=np.repeat(np.arange(size), each),
        people=np.concatenate(
            [np.sort(rng.choice(size // 2, each, replace=False)) for _ in range(size)]
        ),
        points=rng.integers(-20, 170, size * each),
        rank=rng.integers(1, 40, size),
        child=np.arange(size),
        capacity=rng.integers(1, 3, size // 2),
        carried=np.zeros(size // 2, dtype=np.int64),
        load=10,
        most=200,
    )
    found = served(problem, solve(problem))
    assert found.needs < size
    assert value(problem, solve(problem)) == _dense(problem)


def value(problem: Problem, chosen: np.ndarray) -> int:
    """Return what the other solver maximises: ranks above everything, then points."""
    step = 2 * len(problem.rank) * problem.most + 1
    return int(problem.rank[problem.needs[chosen]].sum()) * step + served(problem, chosen).score


def _dense(problem: Problem) -> int:
    """Solve by scipy: a column for each place of each person, one private column for nobody."""
    step = 2 * len(problem.rank) * problem.most + 1
    places = np.concatenate([[0], np.cumsum(problem.capacity)])
    count = len(problem.rank)
    table = np.full((count, int(places[-1]) + count), -(1 << 50), dtype=np.int64)
    table[np.arange(count), int(places[-1]) + np.arange(count)] = 0
    for need, person, points in zip(
        problem.needs.tolist(), problem.people.tolist(), problem.points.tolist(), strict=True
    ):
        for nth, column in enumerate(range(int(places[person]), int(places[person + 1]))):
            room = load(problem.load, int(problem.capacity[person]), nth)
            table[need, column] = int(problem.rank[need]) * step + points + room
    rows, columns = linear_sum_assignment(table, maximize=True)
    return int(table[rows, columns].sum())


def small(pairs: list[tuple[int, int, int]]) -> Problem:
    """Two needs of one rank, two people with one place."""
    assert all(one[:2] < other[:2] for one, other in pairwise(pairs))
    needs, people, points = (
        np.array([pair[column] for pair in pairs], dtype=np.int64) for column in range(3)
    )
    one = np.array([1, 1])
    return Problem(needs, people, points, one, np.array([0, 1]), one, one * 0, 0, MOST)
