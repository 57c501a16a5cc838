"""Who stands in for a mentor on a day, who could, and what a substitute may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select

from portal.core import scope
from portal.domain import clock
from portal.domain.actor import VIEWER, Actor
from portal.domain.lifecycles import clearances
from portal.extensions import db
from portal.models.cadences import Substitution
from portal.models.pairings import Pairing
from portal.models.standings import Clearance
from portal.models.supporters import Supporter

_CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Stand:
    """Somebody's days in a mentor's place, both included."""

    id: UUID
    pairing_id: UUID
    supporter_id: UUID
    unit_path: str
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class StandRow:
    """A substitution as staff read it."""

    id: UUID
    name: str
    from_on: date
    until_on: date
    reason_code: str
    version: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class OwnStand:
    """What a substitute knows of the pairing on the days of standing in."""

    id: UUID
    pairing_id: UUID
    called: str
    meeting_place: str
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of tier 2 who could stand in."""

    supporter_id: UUID
    name: str
    county_code: str
    until: date


def standing(actor: Actor, pairing_id: UUID, day: date) -> Stand | None:
    """Return the actor's own substitution in a pairing that covers a day, while tier 2 holds.

    Who only reads for a supporter stands in for nobody.
    """
    own = [one for one in actor.supporter_ids if actor.role_in(one) != VIEWER]
    found = db.session.scalar(
        select(Substitution).where(
            Substitution.pairing_id == pairing_id,
            Substitution.supporter_id.in_(own),
            *_covers(day),
        )
    )
    if found is None or not _holds(found.supporter_id, clock.today()):
        return None
    return Stand(
        found.id, found.pairing_id, found.supporter_id, found.unit_path,
        found.from_on, found.until_on,
    )  # fmt: skip


def own(actor: Actor) -> tuple[OwnStand, ...]:
    """Return the pairings in which the actor stands in today, with what they must know."""
    today = clock.today()
    rows = db.session.scalars(
        select(Substitution)
        .where(Substitution.supporter_id.in_(actor.supporter_ids), *_covers(today))
        .order_by(Substitution.until_on, Substitution.id)
    ).all()
    mine = [row for row in rows if _holds(row.supporter_id, today)]
    if not mine:
        return ()
    villages = scope.Scope(
        paths=tuple(sorted({row.unit_path for row in mine})),
        reason="a substitute reads how the child is called and where they meet",
    )
    told = {row.id: (row.pairing_id, row.from_on, row.until_on) for row in mine}
    with scope.within(villages, db.session()):
        pairs = db.session.execute(
            select(Pairing.id, Pairing.called, Pairing.meeting_place).where(
                Pairing.id.in_([pairing for pairing, _, _ in told.values()]),
                Pairing.status == "active",
            )
        )
        known = {row.id: (row.called or "", row.meeting_place or "") for row in pairs}
    return tuple(
        OwnStand(key, pairing, *known[pairing], since, until)
        for key, (pairing, since, until) in told.items()
        if pairing in known
    )


def of_pairing(pairing_id: UUID) -> tuple[StandRow, ...]:
    """Return the substitutions of a pairing, newest first."""
    rows = db.session.execute(
        select(Substitution, Supporter.name)
        .join(Supporter, Supporter.id == Substitution.supporter_id)
        .where(Substitution.pairing_id == pairing_id)
        .order_by(Substitution.from_on.desc(), Substitution.id)
    )
    today = clock.today()
    return tuple(
        StandRow(
            one.id, name, one.from_on, one.until_on, one.reason_code, one.version,
            one.ended_at is None and one.until_on >= today,
        )
        for one, name in rows
    )  # fmt: skip


def candidates(pairing_id: UUID) -> tuple[Candidate, ...]:
    """Return who of the authority holds tier 2 today, the pairing's own county first."""
    pairing = db.session.execute(
        select(Pairing.supporter_id, Pairing.tenant_path).where(Pairing.id == pairing_id)
    ).one_or_none()
    if pairing is None:
        return ()
    rows = db.session.execute(
        select(Supporter.id, Supporter.name, Supporter.county_code, Clearance.valid_to)
        .join(Clearance, Clearance.supporter_id == Supporter.id)
        .where(
            Supporter.kind == "individual",
            Supporter.status == "approved",
            Supporter.tenant_path == pairing.tenant_path,
            Supporter.id != pairing.supporter_id,
            Clearance.status.in_(clearances.LIVE),
            Clearance.valid_to >= clock.today(),
        )
        .order_by(Supporter.county_code, Supporter.id)
        .limit(_CANDIDATES)
    )
    return tuple(Candidate(row.id, row.name, row.county_code, row.valid_to) for row in rows)


def on_day(pairing_ids: list[UUID], day: date) -> dict[UUID, Stand]:
    """Return who stands in for whom on a day, by pairing (staff and the system)."""
    rows = db.session.scalars(
        select(Substitution).where(Substitution.pairing_id.in_(pairing_ids), *_covers(day))
    )
    return {
        row.pairing_id: Stand(
            row.id, row.pairing_id, row.supporter_id, row.unit_path, row.from_on, row.until_on
        )
        for row in rows
    }


def _covers(day: date) -> tuple[ColumnElement[bool], ...]:
    return Substitution.from_on <= day, Substitution.until_on >= day


def _holds(supporter_id: UUID, day: date) -> bool:
    standing = db.session.scalar(select(Clearance).where(Clearance.supporter_id == supporter_id))
    person = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    return bool(standing and person and standing.holds_on(day) and person.stands_on(day))
