"""Runs of the matching as a county's staff read them: needs by number, people masked by place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from portal.core import access, scope
from portal.domain import bands, clock, masking, match_results
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.identity import age_on
from portal.domain.lifecycles import pairings
from portal.domain.matches import Moved, Outcome, Served
from portal.domain.permissions import Permission, with_only
from portal.extensions import db
from portal.models.accounts import User
from portal.models.children import ChildFile
from portal.models.matching import MatchRun
from portal.models.needs import PairingNeed
from portal.models.pairings import Pairing
from portal.models.supporters import Supporter
from portal.models.units import Unit

RUNS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class County:
    """A county whose needs the reader may match."""

    path: str
    name: str
    tenant_path: str


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A need without a name: number, kind, age band, place, how long it waits, where it stands.

    ``taken``: somebody is proposed or paired for it already.
    """

    id: UUID
    file_no: str
    kind: str
    rhythm: str
    band: str
    unit: str
    status: str
    waiting_since: date | None
    taken: bool


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person as the reader may see them: by name in one's own county, masked elsewhere."""

    id: UUID
    name: str
    county: str
    named: bool


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run with its numbers; ``outcome`` is empty while the worker has it."""

    id: UUID
    asked_at: datetime
    asked_by: str
    status: str
    job_id: UUID | None
    unit_path: str
    tenant_path: str
    needs: int
    people: int
    candidates: int
    best: Served
    greedy: Served
    free_needs: int
    free_score: int
    took_ms: int
    outcome: Outcome | None = None
    moved: tuple[Moved, ...] = ()


def counties(actor: Actor) -> tuple[County, ...]:
    """Return the counties whose needs the reader may match, by path."""
    grants = with_only(actor, Permission.MATCH_RUN).grants
    found = {
        grant.path: County(grant.path, grant.unit_name, grant.tenant_path)
        for grant in grants
        if grant.tenant_path
    }
    return tuple(found[path] for path in sorted(found))


def run(run_id: UUID) -> RunRow:
    """Return a run of the reader's units; NotFound."""
    row = db.session.execute(
        select(MatchRun, User.name)
        .outerjoin(User, User.id == MatchRun.created_by)
        .where(MatchRun.id == run_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return _run(row.MatchRun, row.name)


def runs(unit_path: str) -> tuple[RunRow, ...]:
    """Return the newest runs of a county, without what they found."""
    rows = db.session.execute(
        select(MatchRun, User.name)
        .outerjoin(User, User.id == MatchRun.created_by)
        .where(MatchRun.unit_path == unit_path)
        .order_by(MatchRun.asked_at.desc(), MatchRun.id.desc())
        .limit(RUNS_SHOWN)
    )
    return tuple(_run(row.MatchRun, row.name, whole=False) for row in rows)


def place_of(need_id: UUID) -> str | None:
    """Return the unit path of a need of the reader's units."""
    return db.session.scalar(select(PairingNeed.unit_path).where(PairingNeed.id == need_id))


def need_lines(need_ids: Iterable[UUID]) -> dict[UUID, NeedLine]:
    """Return the needs of the reader's units by id; foreign ones are left out."""
    wanted = sorted(set(need_ids))
    taken = set(
        db.session.scalars(
            select(Pairing.need_id).where(
                Pairing.need_id.in_(wanted), Pairing.status.in_(pairings.LIVE)
            )
        )
    )
    rows = db.session.execute(
        select(PairingNeed, ChildFile.birth_date, Unit.name.label("unit"))
        .join(ChildFile, ChildFile.id == PairingNeed.child_id)
        .join(Unit, Unit.path == PairingNeed.unit_path)
        .where(PairingNeed.id.in_(wanted))
    )
    return {
        row.PairingNeed.id: _need_line(
            row.PairingNeed, row.birth_date, row.unit, taken=row.PairingNeed.id in taken
        )
        for row in rows
    }


def person_lines(actor: Actor, supporter_ids: Iterable[UUID]) -> dict[UUID, PersonLine]:
    """Return people of the reader's authority by id, masked as the pool masks them."""
    here = scope.current()
    wide = scope.Scope(
        paths=tuple(sorted({*here.tenants, *here.paths})), reason="people are the authority's"
    )
    with scope.within(wide, db.session()):
        rows = db.session.execute(
            select(Supporter, Unit.name.label("county"))
            .join(Unit, Unit.path == Supporter.unit_path)
            .where(Supporter.id.in_(sorted(set(supporter_ids))))
        ).all()
        return {row.Supporter.id: _person_line(actor, row.Supporter, row.county) for row in rows}


def _need_line(need: PairingNeed, birth: date, unit: str, *, taken: bool) -> NeedLine:
    band = bands.band_of(age_on(birth, clock.today()))
    return NeedLine(
        id=need.id,
        file_no=need.file_no,
        kind=need.kind,
        rhythm=need.rhythm,
        band=bands.BAND_LABELS[band] if band else "",
        unit=unit,
        status=need.status,
        waiting_since=need.waiting_since,
        taken=taken,
    )


def _person_line(actor: Actor, supporter: Supporter, county: str) -> PersonLine:
    named = access.permits(actor, Permission.SUPPORTER_READ, supporter)
    name = supporter.name if named else masking.mask(masking.Kind.NAME, supporter.name)
    return PersonLine(supporter.id, name, county, named)


def _run(row: MatchRun, by: str | None, *, whole: bool = True) -> RunRow:
    best = Served(row.served, row.children, row.score)
    greedy = Served(row.greedy_served, row.greedy_children, row.greedy_score)
    outcome: Outcome | None = None
    moved: tuple[Moved, ...] = ()
    if whole and row.result is not None:
        outcome, moved = match_results.load(
            row.result, candidates=row.candidates, best=best, greedy=greedy
        )
    return RunRow(
        id=row.id,
        asked_at=row.asked_at,
        asked_by=by or "",
        status=row.stage,
        job_id=row.job_id,
        unit_path=row.unit_path,
        tenant_path=row.tenant_path,
        needs=row.needs,
        people=row.people,
        candidates=row.candidates,
        best=best,
        greedy=greedy,
        free_needs=row.free_served,
        free_score=row.free_score,
        took_ms=row.took_ms,
        outcome=outcome,
        moved=moved,
    )
