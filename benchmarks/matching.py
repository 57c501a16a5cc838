"""A province matched at once: 10,000 needs, 10,000 people, about 50 candidates each.

Each instance runs in a process of its own, whose peak memory is its own. What is timed goes from
the needs and people as the database gives them to proposals with their sentences: rules, points,
network, solver, sentences. The comparison with taking the best pair first is timed apart. Another
exact solver (SciPy's sparse assignment, a private column for each need that stays unserved) judges
the result: ranks above points, in one number.

    python -m benchmarks.matching [--needs 10000] [--people 10000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import time
import uuid

import numpy as np

COUNTIES = 85
INSTANCES = {
    "spread": "people live where the children do",
    "towns": "two people in three live in a third of the counties",
}


def field(instance: str, needs: int, people: int, seed: int):
    """Make needs and people of a province; a person comes to up to three counties."""
    from portal.domain.matches import Need, Person
    from portal.domain.needs import HELPERS, KINDS
    from portal.domain.pool import DAYS, LANGUAGES, SKILLS

    rng = random.Random(seed)
    codes = [f"35{number:04d}" for number in range(COUNTIES)]
    towns = codes[: COUNTIES // 3]

    def somebody():
        crowded = instance == "towns" and rng.random() < 0.55
        home = rng.choice(towns if crowded else codes)
        near = rng.sample(towns if crowded else codes, rng.randint(0, 2))
        days = rng.sample(list(DAYS), rng.randint(1, 2))
        spoken = rng.sample(list(LANGUAGES), rng.randint(0, 2))
        return Person(
            id=uuid.UUID(int=rng.getrandbits(128)), county=home, counties=frozenset({home, *near}),
            capacity=1 if rng.random() < 0.7 else 2, days=frozenset(days),
            languages=frozenset({"mandarin", *spoken}),
            skills=frozenset(rng.sample(list(SKILLS), 3)),
            helpers=frozenset(rng.sample(list(HELPERS), 2)), sex=rng.choice(["female", "male"]),
        )  # fmt: skip

    everybody = [somebody() for _ in range(people)]
    ids = [one.id for one in everybody]

    def something():
        kind = rng.choice(list(KINDS))
        return Need(
            id=uuid.UUID(int=rng.getrandbits(128)), child_id=uuid.UUID(int=rng.getrandbits(128)),
            kind=kind, skill=KINDS[kind].skill, county=rng.choice(codes),
            waiting_days=rng.randint(0, 400), care_level=rng.choice(["daily", "daily", "key"]),
            days=frozenset(rng.sample(list(DAYS), 1)), language=rng.choice(["", "hakka"]),
            helper=rng.choice(["", *HELPERS]), sex_rule=rng.choice(["", "female"]),
            applications=rng.randint(0, 2), applicants=frozenset(rng.sample(ids, 2)),
        )  # fmt: skip

    return [something() for _ in range(needs)], everybody


def measured(instance: str, needs: int, people: int, seed: int) -> dict:
    """Run one instance here and return its figures."""
    from portal.domain.matches import Weights
    from portal.matching import assignment, engine

    spent = {"solve": [0.0, 0.0], "greedy": [0.0, 0.0]}

    def timed(name):
        act = getattr(assignment, name)

        def run(problem):
            begun, cpu = time.perf_counter(), time.process_time()
            found = act(problem)
            spent[name][0] += time.perf_counter() - begun
            spent[name][1] += time.process_time() - cpu
            return found

        setattr(assignment, name, run)

    problems = []
    solve = assignment.solve
    assignment.solve = lambda problem: problems.append(problem) or solve(problem)
    timed("solve")
    timed("greedy")
    asked, everybody = field(instance, needs, people, seed)
    begun, cpu = time.perf_counter(), time.process_time()
    found = engine.assign(asked, everybody, Weights())
    wall, used = time.perf_counter() - begun, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert all(one.why for one in found.proposals)
    return {
        "candidates": found.candidates,
        "sentences": sum(len(one.why) for one in found.proposals),
        "wall": wall - spent["greedy"][0],
        "cpu": used - spent["greedy"][1],
        "solver": spent["solve"][0],
        "solver_cpu": spent["solve"][1],
        "greedy_cpu": spent["greedy"][1],
        "peak": peak,
        "best": list(found.best),
        "greedy": list(found.greedy),
        **judged(problems[0], solve(problems[0])),
    }


def judged(problem, chosen) -> dict:
    """Let SciPy solve the same and return both values."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    from portal.matching.assignment import served

    needs = len(problem.rank)
    step = 2 * needs * problem.most + 1
    ours = int(problem.rank[problem.needs[chosen]].sum()) * step + served(problem, chosen).score
    room = np.maximum(problem.capacity - problem.carried, 0)
    first = np.concatenate([[0], np.cumsum(room)])
    many = room[problem.people]
    rows = np.repeat(problem.needs, many)
    nth = np.arange(len(rows)) - np.repeat(np.cumsum(many) - many, many)
    columns = np.repeat(first[problem.people], many) + nth
    capacity = np.repeat(problem.capacity[problem.people], many)
    carried = np.repeat(problem.carried[problem.people], many)
    value = np.repeat(problem.rank[problem.needs] * step + problem.points, many)
    value = value + problem.load * (capacity - carried - nth) // capacity
    over = int(value.max()) + 1
    begun = time.process_time()
    table = coo_array(
        (
            np.concatenate([over - value, np.full(needs, over)]).astype(np.float64),
            (
                np.concatenate([rows, np.arange(needs)]),
                np.concatenate([columns, first[-1] + np.arange(needs)]),
            ),
        ),
        shape=(needs, int(first[-1]) + needs),
    ).tocsr()
    left, right = min_weight_full_bipartite_matching(table)
    theirs = round(sum(over - table[left, right]))
    return {"ours": ours, "theirs": theirs, "scipy_cpu": time.process_time() - begun}


def told(instance: str, runs: list[dict]) -> None:
    """Print what the rounds of one instance say."""
    print(f"{instance}: {INSTANCES[instance]}")
    for one in runs:
        print(
            f"  {one['candidates']} candidates  {one['wall']:.2f} s (CPU {one['cpu']:.2f} s)  "
            f"solver {one['solver_cpu'] / one['cpu']:.0%} of it  peak {one['peak']:.0f} MB  "
            f"{one['sentences']} sentences"
        )
        same = "equal" if one["ours"] == one["theirs"] else f"{one['ours']} against {one['theirs']}"
        more = one["best"][1] - one["greedy"][1]
        print(
            f"    children served {one['best'][1]}, best pair first {one['greedy'][1]} "
            f"(+{more}, {more / one['greedy'][1]:.1%}; CPU {one['greedy_cpu']:.2f} s); "
            f"optimum by SciPy: {same} (CPU {one['scipy_cpu']:.2f} s)"
        )
        assert one["ours"] == one["theirs"], "the assignment is not the best one"
    print(
        f"  median {statistics.median(one['wall'] for one in runs):.2f} s "
        f"(CPU {statistics.median(one['cpu'] for one in runs):.2f} s)"
    )


def main() -> None:
    """Run every instance in its own process, or one of them here (``--child``)."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--needs", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", default="")
    parser.add_argument("--seed", type=int, default=350_400)
    given = parser.parse_args()
    if given.child:
        print(json.dumps(measured(given.child, given.needs, given.people, given.seed)))
        return
    print(f"{given.needs} needs, {given.people} people")
    for instance in INSTANCES:
        runs = []
        for number in range(given.rounds):
            answer = subprocess.run(
                [
                    sys.executable, "-m", "benchmarks.matching", "--child", instance,
                    "--needs", str(given.needs), "--people", str(given.people),
                    "--seed", str(given.seed + number),
                ],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
            runs.append(json.loads(answer.stdout.splitlines()[-1]))
        told(instance, runs)


if __name__ == "__main__":
    main()
