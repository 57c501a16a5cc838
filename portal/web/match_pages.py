"""The county's matching in words: a run's proposals, one need's ranked list, what weighs what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import g, request
from flask_babel import gettext

from portal.domain.errors import NotFound
from portal.domain.matches import Ranked
from portal.matching import engine, explain
from portal.queries import match_candidates, match_rules, matches, units
from portal.queries.match_rules import RuleRow
from portal.queries.matches import County, NeedLine, PersonLine
from portal.services import matches as asking
from portal.web.match_words import Slice, Told, cut, said
from portal.web.values import maybe_uuid

#: So many people are looked at by name when somebody is searched for.
SEARCH_LIMIT = 5_000


@dataclass(frozen=True, slots=True)
class RankedLine:
    """One person for one need; ``place`` counts from 1 among those who fit."""

    place: int
    person: PersonLine
    score: int
    why: tuple[Told, ...]
    rule: RuleRow | None = None


def county() -> County | None:
    """Return the county that the page is about: the one asked for, or the reader's first."""
    known = matches.counties(g.actor)
    asked = request.args.get("county", "") or request.form.get("county", "")
    if not asked:
        return known[0] if known else None
    found = next((one for one in known if one.path.rstrip("/").endswith(asked)), None)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class NeedPage:
    """One need's ranked list: who may be asked, who may not; ``order`` is its own place."""

    need: NeedLine
    order: tuple[Told, ...]
    fitting: Slice
    out: Slice
    view: str


def need_page(need_id: UUID) -> NeedPage:
    """Return one open need with everybody ranked for it; NotFound when it waits no more."""
    line = matches.need_lines([need_id]).get(need_id)
    place = matches.place_of(need_id)
    if line is None or place is None:
        raise NotFound
    field = match_candidates.of_need(need_id, place, _tenant(place), g.actor.user_id)
    fitting, out = engine.rank(field.needs[0], field.people, field.weights)
    view = "out" if request.args.get("view") == "out" else "fit"
    rules = {one.supporter_id: one for one in match_rules.of_need(need_id)}
    return NeedPage(
        need=line,
        order=tuple(map(said, explain.of_need(field.needs[0], field.weights))),
        fitting=_ranked(fitting, rules, shown=view == "fit"),
        out=_ranked(out, rules, shown=view == "out"),
        view=view,
    )


def _tenant(unit_path: str) -> str:
    return units.by_path(unit_path).tenant_path or ""


def _ranked(rows: Iterable[Ranked], rules: Mapping[UUID, RuleRow], *, shown: bool) -> Slice:
    """Return the page of a ranked list that is looked at; of the other one its count."""
    placed = list(enumerate(rows, 1))
    if not shown:
        return Slice((), len(placed), "")
    q = request.args.get("q", "").strip()
    if q:
        names = matches.person_lines(g.actor, (one.person_id for _, one in placed[:SEARCH_LIMIT]))
        placed = [
            (place, one)
            for place, one in placed
            if one.person_id in names and q in names[one.person_id].name
        ]
    shown_rows, after = cut(placed)
    people = matches.person_lines(g.actor, (one.person_id for _, one in shown_rows))
    lines = tuple(
        RankedLine(
            place, people[one.person_id], one.score, _reasons(one, people[one.person_id]),
            rules.get(one.person_id),
        )
        for place, one in shown_rows
        if one.person_id in people
    )  # fmt: skip
    return Slice(lines, len(placed), after)


def _reasons(one: Ranked, person: PersonLine) -> tuple[Told, ...]:
    """Tell every reason; what bars somebody of another county is that county's to know."""
    told = tuple(map(said, one.out or one.why))
    if person.named or not any(each.factor == "bar" for each in one.out):
        return told
    rest = (said(each) for each in one.out if each.factor != "bar")
    return (Told(gettext("目前不能安排，详情请问所在的县（市、区）"), 0), *rest)


def rules(rows: Iterable[RuleRow]) -> tuple[tuple[RuleRow, NeedLine, PersonLine], ...]:
    """Return kept and avoided pairs with the need and the person of each."""
    kept = tuple(rows)
    needs = matches.need_lines(one.need_id for one in kept)
    people = matches.person_lines(g.actor, (one.supporter_id for one in kept))
    return tuple(
        (one, needs[one.need_id], people[one.supporter_id])
        for one in kept
        if one.need_id in needs and one.supporter_id in people
    )


def shown_run() -> UUID | None:
    """Return the run from whose page one came."""
    return maybe_uuid(request.args.get("run") or request.form.get("run"))


def run_again() -> UUID | None:
    """Compute anew after a change that was made from a run's page; None from anywhere else."""
    before = shown_run()
    if before is None:
        return None
    return asking.run(g.actor, matches.run(before).unit_path)
