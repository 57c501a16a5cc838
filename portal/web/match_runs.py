"""What a run of the matching found, line by line, as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g

from portal.domain.errors import NotFound
from portal.queries import backlog, matches
from portal.queries.backlog import JobRow
from portal.queries.matches import NeedLine, PersonLine, RunRow
from portal.web.match_words import Slice, Told, cut, said


@dataclass(frozen=True, slots=True)
class PairLine:
    """A proposed pair as the page shows it."""

    need: NeedLine
    person: PersonLine
    score: int
    why: tuple[Told, ...]
    others: tuple[tuple[PersonLine, int], ...]
    forced: bool


@dataclass(frozen=True, slots=True)
class LeftLine:
    """A need that nobody serves, and why."""

    need: NeedLine
    why: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class MovedLine:
    """A need whose person differs from what would be best if no pair were kept or avoided."""

    need: NeedLine
    before: PersonLine | None
    after: PersonLine | None


def job_of(run: RunRow) -> JobRow | None:
    """Return how far the worker is, for whoever asked for the run."""
    if run.status != "queued" or run.job_id is None:
        return None
    try:
        return backlog.job(run.job_id, g.actor.user_id)
    except NotFound:
        return None


def proposals(run: RunRow, q: str = "") -> Slice:
    """Return a page of a run's pairs, by the order in which needs are served."""
    rows = run.outcome.proposals if run.outcome else ()
    needs = matches.need_lines(one.need_id for one in rows)
    everybody = {one.person_id for one in rows} if q else set()
    names = matches.person_lines(g.actor, everybody)
    kept = [
        one
        for one in rows
        if one.need_id in needs and _holds(q, needs[one.need_id], names.get(one.person_id))
    ]
    shown, after = cut(kept)
    people = names | matches.person_lines(
        g.actor,
        {one.person_id for one in shown} | {other for one in shown for other, _ in one.others},
    )
    lines = tuple(
        PairLine(
            needs[one.need_id], people[one.person_id], one.score, tuple(map(said, one.why)),
            tuple((people[other], score) for other, score in one.others if other in people),
            one.forced,
        )
        for one in shown
        if one.person_id in people
    )  # fmt: skip
    return Slice(lines, len(kept), after)


def left(run: RunRow) -> Slice:
    """Return a page of the needs that nobody serves."""
    rows = run.outcome.left if run.outcome else ()
    needs = matches.need_lines(one.need_id for one in rows)
    shown, after = cut([one for one in rows if one.need_id in needs])
    lines = tuple(LeftLine(needs[one.need_id], tuple(map(said, one.why))) for one in shown)
    return Slice(lines, len(rows), after)


def moved(run: RunRow) -> Slice:
    """Return a page of what kept and avoided pairs change."""
    needs = matches.need_lines(one.need_id for one in run.moved)
    shown, after = cut([one for one in run.moved if one.need_id in needs])
    both = {one.before for one in shown} | {one.after for one in shown}
    people = matches.person_lines(g.actor, {one for one in both if one is not None})
    lines = tuple(
        MovedLine(
            needs[one.need_id],
            people.get(one.before) if one.before else None,
            people.get(one.after) if one.after else None,
        )
        for one in shown
    )
    return Slice(lines, len(run.moved), after)


def impossible(run: RunRow) -> tuple[tuple[NeedLine, PersonLine, Told], ...]:
    """Return the pairs that staff keep and no rule allows."""
    rows = run.outcome.impossible if run.outcome else ()
    needs = matches.need_lines(need for need, _, _ in rows)
    people = matches.person_lines(g.actor, (person for _, person, _ in rows))
    return tuple(
        (needs[need], people[person], said(why))
        for need, person, why in rows
        if need in needs and person in people
    )


def families(run: RunRow) -> tuple[tuple[NeedLine, ...], ...]:
    """Return brothers and sisters whose proposals go against the authority's choice."""
    groups = run.outcome.families if run.outcome else ()
    needs = matches.need_lines(need for family in groups for need in family)
    return tuple(tuple(needs[one] for one in family if one in needs) for family in groups)


def _holds(q: str, need: NeedLine, person: PersonLine | None) -> bool:
    if not q:
        return True
    return q.upper() in need.file_no or q in need.unit or bool(person and q in person.name)
