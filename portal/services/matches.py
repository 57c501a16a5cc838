"""Asking for the best assignment of a county, and proposing pairs from it (PN)."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts, jobs
from portal.domain import clock, match_results
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import DomainError, NotFound, WrongState
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.matching import engine
from portal.models.base import time_ordered_id
from portal.models.matching import MatchRun
from portal.models.needs import PairingNeed
from portal.queries import match_candidates, match_counts, matches, units
from portal.queries.match_candidates import Field
from portal.services import pairings

#: Needs times people: above it the worker does it, and the page does not wait.
AT_ONCE = 200_000
Refused = list[tuple[UUID, DomainError]]


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as the policy asks for it."""

    unit_path: str


def run(actor: Actor, unit_path: str) -> UUID:
    """Ask for the best assignment of all open needs below a unit to all free people.

    Small ones are answered at once, large ones by the worker. Raises NotFound for a unit that is
    not one's own, WrongState when nothing waits.
    """
    unit = units.by_path(unit_path)
    if unit.tenant_path is None or not access.permits(
        actor, Permission.MATCH_RUN, Place(unit_path)
    ):
        raise NotFound
    size = match_counts.size(unit_path, unit.tenant_path)
    if not size.needs:
        raise WrongState("现在没有等待安排的需求")
    row = MatchRun(
        id=time_ordered_id(), unit_path=unit_path, tenant_path=unit.tenant_path,
        asked_at=clock.now(), created_by=actor.user_id, needs=size.needs, people=size.people,
    )  # fmt: skip
    db.session.add(row)
    if size.needs * size.people > AT_ONCE:
        row.stage = "queued"
        row.job_id = jobs.owe("match_run", actor=actor, unit_path=unit_path, run=str(row.id)).id
    else:
        _answer(row, match_candidates.of_county(unit_path, row.tenant_path, actor.user_id))
    db.session.flush()
    facts.publish("match_run.begin", actor=actor, subject=row, needs=size.needs)
    return row.id


def answer(run_id: UUID) -> None:
    """Answer a run that waits for the worker; once, however often it is asked."""
    row = db.session.scalar(select(MatchRun).where(MatchRun.id == run_id))
    if row is not None and row.stage == "queued":
        _answer(row, match_candidates.of_county(row.unit_path, row.tenant_path, row.created_by))
        # Who asked has left the page: the worker's act is told by mail.
        facts.publish("match_run.finish", actor=SYSTEM, subject=row, served=row.served)


def propose(actor: Actor, run_id: UUID, need_ids: Iterable[UUID]) -> tuple[list[UUID], Refused]:
    """Propose the chosen pairs of a run; another person approves each.

    Returns the new pairings, and what could not be proposed with the refusal: a need or a person
    may have been taken since. Raises NotFound for a run that is not one's own.
    """
    found = matches.run(run_id)
    pairs = {one.need_id: one for one in found.outcome.proposals} if found.outcome else {}
    made: list[UUID] = []
    refused: Refused = []
    for need_id in need_ids:
        if (chosen := pairs.get(need_id)) is None:
            raise NotFound
        reasons = [match_results.plain(one) for one in chosen.why]
        try:
            # What is refused leaves nothing half done.
            with db.session().begin_nested():
                made.append(_propose(actor, need_id, chosen.person_id, reasons))
        except DomainError as refusal:
            refused.append((need_id, refusal))
    return made, refused


def propose_one(actor: Actor, need_id: UUID, supporter_id: UUID) -> UUID:
    """Propose one person of a need's ranked list; the sentences of today go with it.

    Raises NotFound for a need that is not one's own or a person out of reach, WrongState for
    somebody whom a hard rule excludes, and what services.pairings.propose raises.
    """
    need = db.session.scalar(select(PairingNeed).where(PairingNeed.id == need_id))
    if need is None:
        raise NotFound
    access.require(actor, Permission.MATCH_RUN, need)
    field = match_candidates.of_need(need_id, need.unit_path, need.tenant_path, actor.user_id)
    fitting, out = engine.rank(field.needs[0], field.people, field.weights)
    if chosen := next((one for one in fitting if one.person_id == supporter_id), None):
        reasons = [match_results.plain(one) for one in chosen.why]
        return _propose(actor, need_id, supporter_id, reasons)
    if excluded := next((one for one in out if one.person_id == supporter_id), None):
        if excluded.out[0].factor == "bar":
            # What bars somebody may be another county's secret.
            raise WrongState("这位爱心人士目前不能安排，请另选一位")
        raise WrongState("不能提出这一对：{why}", why=match_results.plain(excluded.out[0]))
    raise NotFound


def _answer(row: MatchRun, field: Field) -> None:
    begun = time.perf_counter()
    is_free = not field.keep and not any(need.avoided for need in field.needs)
    found = engine.assign(field.needs, field.people, field.weights, keep=field.keep)
    free = found if is_free else engine.assign(field.needs, field.people, field.weights, free=True)
    row.result = match_results.dump(found, engine.moved(free, found))
    row.stage, row.candidates = "done", found.candidates
    row.needs, row.people = len(field.needs), sum(not one.bar for one in field.people)
    row.served, row.children, row.score = found.best
    # What taking the best pair first would do under the same rules.
    row.greedy_served, row.greedy_children, row.greedy_score = found.greedy
    row.free_served, row.free_score = free.best.needs, free.best.score
    row.took_ms = round((time.perf_counter() - begun) * 1000)


def _propose(actor: Actor, need_id: UUID, supporter_id: UUID, reasons: list[str]) -> UUID:
    """Hand a pair on: from an application when the person asked for this need."""
    application_id = match_counts.application(need_id, supporter_id)
    return pairings.propose(
        actor, need_id, supporter_id,
        origin="application" if application_id else "engine",
        application_id=application_id, reasons=reasons,
    )  # fmt: skip
