"""Who would answer a need: applications and offers, for staff and for the applicant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.core import access
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.calendar import Calendar
from portal.domain.errors import NotFound
from portal.domain.masking import Kind
from portal.domain.permissions import Permission
from portal.domain.sight import show
from portal.extensions import db
from portal.models.needs import NeedApplication, PairingNeed, PairingOffer
from portal.models.pairings import Pairing
from portal.models.pool import PoolProfile, PoolTag
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.queries import calendars, kinship
from portal.queries.commitment_queues import shown_name
from portal.queries.desk import Waiting

#: PN: the county decides within so many working days.
ANSWER_DAYS = 10
_MOST = 200


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """An application as the county reads it; ``kin`` warns of a relative of the child."""

    id: UUID
    version: int
    need_id: UUID
    file_no: str
    kind: str
    child_name: str
    unit: str
    supporter_id: UUID
    supporter: str
    words: str
    applied_at: datetime
    due_on: date
    kin: bool
    #: The pairing that was proposed from it and waits for the second person.
    proposal: UUID | None = None

    @property
    def overdue(self) -> bool:
        """Tell whether the answer should have been given."""
        return self.due_on < clock.today()


@dataclass(frozen=True, slots=True)
class Lodged:
    """The need and the person of an application that waits."""

    need_id: UUID
    supporter_id: UUID


@dataclass(frozen=True, slots=True)
class OwnApplication:
    """An application as the applicant reads it: what the card said, and the answer."""

    id: UUID
    promise: Mapping[str, Any]
    status: str
    words: str
    answer: str
    applied_at: datetime
    ended_at: datetime | None
    due_on: date


@dataclass(frozen=True, slots=True)
class OfferRow:
    """Somebody who would meet any child that fits; ``tags`` by kind are the pool profile's."""

    id: UUID
    supporter_id: UUID
    supporter: str
    county: str
    kinds: tuple[str, ...]
    words: str
    offered_at: datetime
    status: str
    ended_at: datetime | None
    tags: Mapping[str, tuple[str, ...]]
    capacity: int


def lodged(actor: Actor, need_id: UUID | None = None) -> tuple[ApplicationRow, ...]:
    """Return the applications in sight that wait for an answer, the oldest first."""
    statement = (
        select(NeedApplication, PairingNeed, Unit.name, Supporter.kind, Supporter.name, Pairing.id)
        .outerjoin(
            Pairing,
            (Pairing.application_id == NeedApplication.id) & (Pairing.status == "proposed"),
        )
        .join(PairingNeed, PairingNeed.id == NeedApplication.need_id)
        .join(Unit, Unit.path == NeedApplication.unit_path)
        .join(Supporter, Supporter.id == NeedApplication.supporter_id)
        .options(joinedload(PairingNeed.child))
        .where(NeedApplication.status == "lodged")
        .order_by(NeedApplication.applied_at, NeedApplication.id)
        .limit(_MOST)
    )
    if need_id is not None:
        statement = statement.where(NeedApplication.need_id == need_id)
    rows = db.session.execute(statement).all()
    due = _Due()
    return tuple(
        # Whether they are related is asked where one need is decided, not for a whole list.
        _application(actor, row, due, asks_kin=need_id is not None)
        for row in rows
    )


def get(application_id: UUID) -> Lodged:
    """Return which need and which person an application that waits joins; NotFound."""
    row = db.session.execute(
        select(NeedApplication.need_id, NeedApplication.supporter_id).where(
            NeedApplication.id == application_id, NeedApplication.status == "lodged"
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return Lodged(*row)


def waiting() -> Waiting:
    """Return how many applications in the scope wait for an answer, and since when."""
    row = db.session.execute(
        select(func.count(), func.min(NeedApplication.applied_at)).where(
            NeedApplication.status == "lodged"
        )
    ).one()
    return Waiting(*row)


def own(actor: Actor) -> tuple[OwnApplication, ...]:
    """Return every application of the people the actor speaks for, the newest first."""
    rows = db.session.scalars(
        select(NeedApplication)
        .where(NeedApplication.supporter_id.in_(actor.supporter_ids))
        .order_by(NeedApplication.applied_at.desc(), NeedApplication.id)
        .limit(_MOST)
    )
    due = _Due()
    return tuple(
        OwnApplication(
            row.id, row.promise, row.status, row.words, row.answer, row.applied_at, row.ended_at,
            due.of(row),
        )
        for row in rows
    )  # fmt: skip


def open_offers(actor: Actor) -> tuple[OfferRow, ...]:
    """Return the open offers of the authority, the oldest first, with their pool profile."""
    rows = db.session.execute(
        select(PairingOffer, Supporter.kind, Supporter.name, Unit.name)
        .join(Supporter, Supporter.id == PairingOffer.supporter_id)
        .join(Unit, Unit.path == PairingOffer.unit_path)
        .where(PairingOffer.status == "open")
        .order_by(PairingOffer.offered_at, PairingOffer.id)
        .limit(_MOST)
    ).all()
    tags = _tags([offer.supporter_id for offer, *_ in rows])
    return tuple(
        _offer(offer, _name(actor, offer, kind, name), county, tags)
        for offer, kind, name, county in rows
    )


def own_offers(actor: Actor) -> tuple[OfferRow, ...]:
    """Return the actor's own offers, the newest first."""
    rows = db.session.scalars(
        select(PairingOffer)
        .where(PairingOffer.supporter_id.in_(actor.supporter_ids))
        .order_by(PairingOffer.offered_at.desc(), PairingOffer.id)
        .limit(_MOST)
    ).all()
    return tuple(_offer(row, "", "", {}) for row in rows)


class _Due:
    """By when each is answered; an authority's calendar is read once."""

    def __init__(self) -> None:
        self._known: dict[str, Calendar] = {}

    def of(self, row: NeedApplication) -> date:
        """Return the last day of the answer (PN: 10 working days)."""
        calendar = self._known.get(row.tenant_path) or calendars.of(row.tenant_path)
        self._known[row.tenant_path] = calendar
        return calendar.workdays_after(clock.local(row.applied_at).date(), ANSWER_DAYS)


def _application(actor: Actor, found: Any, due: _Due, *, asks_kin: bool) -> ApplicationRow:
    row, need, unit, kind, name, proposal = found
    return ApplicationRow(
        id=row.id,
        version=row.version,
        need_id=need.id,
        file_no=need.file_no,
        kind=need.kind,
        child_name=show(actor, Kind.NAME, need.child.name, need.unit_path),
        unit=unit,
        supporter_id=row.supporter_id,
        supporter=_name(actor, row, kind, name),
        words=row.words,
        applied_at=row.applied_at,
        due_on=due.of(row),
        kin=asks_kin and kinship.is_kin(row.supporter_id, need.child_id),
        proposal=proposal,
    )


def _name(actor: Actor, row: Any, kind: str, name: str) -> str:
    """Return the whole name for whoever may read supporters at the row's unit, else its mask."""
    return shown_name(kind, name, full=access.permits(actor, Permission.SUPPORTER_READ, row))


def _tags(supporters: list[UUID]) -> dict[UUID, tuple[dict[str, tuple[str, ...]], int]]:
    if not supporters:
        return {}
    found: dict[UUID, tuple[dict[str, tuple[str, ...]], int]] = {
        row.supporter_id: ({}, row.capacity)
        for row in db.session.execute(
            select(PoolProfile.supporter_id, PoolProfile.capacity).where(
                PoolProfile.supporter_id.in_(supporters)
            )
        )
    }
    for tag in db.session.execute(
        select(PoolTag.supporter_id, PoolTag.kind, PoolTag.value)
        .where(PoolTag.supporter_id.in_(supporters))
        .order_by(PoolTag.kind, PoolTag.value)
    ):
        if tag.supporter_id in found:
            kept = found[tag.supporter_id][0]
            kept[tag.kind] = (*kept.get(tag.kind, ()), tag.value)
    return found


def _offer(
    row: PairingOffer,
    name: str,
    county: str,
    tags: Mapping[UUID, tuple[Mapping[str, tuple[str, ...]], int]],
) -> OfferRow:
    known, capacity = tags.get(row.supporter_id, ({}, 0))
    return OfferRow(
        id=row.id,
        supporter_id=row.supporter_id,
        supporter=name,
        county=county,
        kinds=tuple(row.kinds),
        words=row.words,
        offered_at=row.offered_at,
        status=row.status,
        ended_at=row.ended_at,
        tags=known,
        capacity=capacity,
    )
