"""Brothers and sisters of one round: what the second look may change, and what never."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain import match_results
from portal.domain.matches import Siblings, Weights
from portal.matching import assignment, engine, families
from tests.unit.matching.test_engine import NEED, PERSON, ident, said

ONE = replace(NEED, family="f")
TWO = replace(NEED, id=ident(2), child_id=ident(102), family="f")
OTHER = replace(NEED, id=ident(3), child_id=ident(103))
#: Two who have one place, one who has two; alike in everything else.
FIRST = replace(PERSON, capacity=1)
SECOND = replace(PERSON, id=ident(12), capacity=1)
WIDE = replace(PERSON, id=ident(13), capacity=2)


def persons(done) -> dict:
    return {one.need_id: one.person_id for one in done.proposals}


def test_two_sisters_go_to_one_person_into_free_places():
    done = engine.assign([ONE, TWO], [FIRST, SECOND, WIDE], Weights())
    assert set(persons(done).values()) == {WIDE.id}
    # By hand: same county 15 each; apart the load is 10 + 10, together with WIDE 10 + 5; the
    # family brings 20 for each of the two.
    assert done.siblings == Siblings(moved=done.siblings.moved, gained=40, given_up=5)
    assert done.best.score == 15 + 15 + 10 + 5 + 40
    sentences = [said(one) for one in done.proposals[0].why]
    assert "这一轮也安排陪伴这名儿童的兄弟姐妹" in sentences
    assert sum(one.score for one in done.proposals) == done.best.score
    kept, _ = match_results.load(
        match_results.dump(done, ()),
        candidates=done.candidates, best=done.best, greedy=done.greedy,
    )  # fmt: skip
    assert kept == done


def test_an_exchange_makes_room_and_nobody_is_left_for_it():
    skilled = replace(WIDE, skills=frozenset({"tutoring"}))
    needs = [replace(ONE, skill="tutoring"), TWO, replace(OTHER, waiting_days=50)]
    plain = [replace(need, skill="") for need in needs[1:]]
    apart = engine.assign([needs[0], *plain], [skilled, FIRST], Weights(siblings="any"))
    done = engine.assign([needs[0], *plain], [skilled, FIRST], Weights())
    assert done.best.needs == apart.best.needs == 3
    assert persons(done)[ONE.id] == persons(done)[TWO.id] == skilled.id
    assert persons(done)[OTHER.id] == FIRST.id


def test_apart_takes_them_from_one_person_when_another_has_room():
    skills = frozenset({"tutoring"})
    best = replace(WIDE, skills=skills)
    # Thirty points of skill outweigh half a load, not the forty of a family.
    together = engine.assign([ONE, TWO], [best, FIRST], Weights(siblings="any"))
    assert set(persons(together).values()) == {best.id}
    apart = engine.assign([ONE, TWO], [best, FIRST], Weights(siblings="apart"))
    assert set(persons(apart).values()) == {best.id, FIRST.id}
    assert apart.families == ()


def test_a_kept_pair_is_not_moved_for_a_family():
    done = engine.assign([ONE, TWO], [FIRST, SECOND, WIDE], Weights(), keep=[(ONE.id, FIRST.id)])
    assert persons(done)[ONE.id] == FIRST.id
    assert done.families == ((ONE.id, TWO.id),)


def nobody(_need: int, _person: int) -> bool:
    return False


@st.composite
def rounds(draw):
    needs, people = draw(st.integers(2, 4)), draw(st.integers(1, 3))
    pairs = [pair for pair in product(range(needs), range(people)) if draw(st.booleans())]

    def column(least: int, most: int, many: int):
        return np.array([draw(st.integers(least, most)) for _ in range(many)], dtype=np.int64)

    problem = assignment.Problem(
        needs=np.array([need for need, _ in pairs], dtype=np.int64),
        people=np.array([person for _, person in pairs], dtype=np.int64),
        points=column(0, 30, len(pairs)),
        rank=column(1, 3, needs),
        child=np.arange(needs),
        capacity=column(1, 3, people),
        carried=np.zeros(people, dtype=np.int64),
        load=10,
        most=60,
    )
    kin = families.Kin(
        [draw(st.sampled_from(["", "f", "g"])) for _ in range(needs)],
        draw(st.sampled_from([20, -20])),
        nobody,
    )
    return problem, kin


@settings(max_examples=200, deadline=None)
@given(rounds())
def test_the_same_needs_stay_served_and_all_points_never_fall(drawn):
    problem, kin = drawn
    flow = assignment.solve(problem)
    found = families.settle(problem, flow, kin)

    def all_points(chosen) -> int:
        return assignment.served(problem, chosen).score + kin.points(problem, chosen)

    assert sorted(problem.needs[found]) == sorted(problem.needs[flow])
    assert all_points(found) >= all_points(flow)
    taken = np.bincount(problem.people[found], minlength=len(problem.capacity))
    assert (taken <= problem.capacity).all()
    assert len(set(problem.needs[found].tolist())) == len(found)
