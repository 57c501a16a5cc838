"""Who may write in a pairing's journal on a day, and what the pairing says about that day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from portal.core import scope
from portal.domain import clock
from portal.domain.actor import VIEWER, Actor
from portal.domain.contact_entries import Bond
from portal.domain.contacts import IN_PERSON
from portal.domain.lifecycles.contact_logs import STANDING
from portal.extensions import db
from portal.models.cadences import Substitution
from portal.models.children import Consent
from portal.models.contact_logs import ContactLog
from portal.models.pairings import Pairing, PairingPause


@dataclass(frozen=True, slots=True)
class Door:
    """A pairing whose journal somebody may write in, as the supporter ``supporter_id``."""

    pairing_id: UUID
    supporter_id: UUID
    child_id: UUID
    unit_path: str
    tenant_path: str
    status: str
    begun_on: date | None
    ended_on: date | None
    rests: tuple[tuple[date, date | None], ...]
    #: What the writer calls the child; empty once the pairing is over.
    called: str = ""
    is_mentor: bool = True

    def bond(self, in_person_before: int) -> Bond:
        """Return what the entry is checked against."""
        return Bond(self.begun_on, self.ended_on, self.rests, in_person_before)


def find(actor: Actor, pairing_id: UUID, day: date | None = None) -> Door | None:
    """Return the pairing's door for its mentor, or for a substitute on one of their days.

    Without a day a substitute whose days have begun finds it, to write what is still owed.
    """
    pairing = db.session.scalar(select(Pairing).where(Pairing.id == pairing_id))
    if pairing is not None and _writes(actor, pairing.supporter_id):
        return _door(pairing, pairing.supporter_id, is_mentor=True)
    stand_in = _substitution(actor, pairing_id, day)
    if stand_in is None:
        return None
    reached = scope.Scope(
        paths=(stand_in.unit_path,), reason="a substitute reaches the pairing they keep"
    )
    with scope.within(reached, db.session()):
        pairing = db.session.scalar(select(Pairing).where(Pairing.id == pairing_id))
        if pairing is None:
            return None
        door = _door(pairing, stand_in.supporter_id, is_mentor=False)
    return door if stand_in.until_on >= clock.today() else replace(door, called="")


def in_person_before(door: Door, besides: UUID | None = None) -> int:
    """Return how often this writer has met the child, by the entries that stand."""
    with scope.within(_of(door), db.session()):
        counted = select(func.count(ContactLog.id)).where(
            ContactLog.pairing_id == door.pairing_id,
            ContactLog.supporter_id == door.supporter_id,
            ContactLog.kind.in_(IN_PERSON),
            ContactLog.status.in_(STANDING),
        )
        if besides is not None:
            counted = counted.where(ContactLog.id != besides)
        return db.session.scalar(counted) or 0


def photos_allowed(door: Door) -> bool:
    """Tell whether the guardian agreed that pictures are taken."""
    with scope.within(_of(door), db.session()):
        sheet = select(Consent.id).where(
            Consent.child_id == door.child_id,
            Consent.scope == "photo",
            Consent.withdrawn_at.is_(None),
        )
        return db.session.scalar(sheet.limit(1)) is not None


def _of(door: Door) -> scope.Scope:
    """Reach the one village of the pairing: what is counted there is shown to nobody."""
    return scope.Scope(
        paths=(door.unit_path,),
        supporters=(door.supporter_id,),
        reason="a writer's entry is checked against the pairing's own rows",
    )


def _substitution(actor: Actor, pairing_id: UUID, day: date | None) -> Substitution | None:
    mine = [each for each in actor.supporter_ids if _writes(actor, each)]
    chosen = select(Substitution).where(
        Substitution.pairing_id == pairing_id,
        Substitution.supporter_id.in_(mine),
        Substitution.from_on <= (day or clock.today()),
    )
    if day is not None:
        chosen = chosen.where(Substitution.until_on >= day)
    return db.session.scalar(chosen.order_by(Substitution.until_on.desc()).limit(1))


def _writes(actor: Actor, supporter_id: UUID) -> bool:
    return supporter_id in actor.supporter_ids and actor.role_in(supporter_id) != VIEWER


def _door(pairing: Pairing, writer: UUID, *, is_mentor: bool) -> Door:
    begun = pairing.status not in ("proposed", "matched")
    return Door(
        pairing_id=pairing.id,
        supporter_id=writer,
        child_id=pairing.child_id,
        unit_path=pairing.unit_path,
        tenant_path=pairing.tenant_path,
        status=pairing.status,
        begun_on=(pairing.met_on or pairing.started_on) if begun else None,
        is_mentor=is_mentor,
        ended_on=pairing.ended_on,
        rests=_rests(pairing),
        called=pairing.called or "",
    )


def _rests(pairing: Pairing) -> tuple[tuple[date, date | None], ...]:
    """Return when it rested; one that rests now without a row rests since its state began."""
    rows = db.session.execute(
        select(PairingPause.from_on, PairingPause.until_on)
        .where(PairingPause.pairing_id == pairing.id)
        .order_by(PairingPause.from_on)
    ).all()
    rests = tuple((row.from_on, row.until_on) for row in rows)
    if pairing.status == "paused" and all(until is not None for _, until in rests):
        rests += ((clock.local(pairing.status_since).date(), None),)
    return rests
