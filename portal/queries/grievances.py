"""Complaints: the desk's queue, one of them whole, and the answer behind a receipt code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import false, func, or_, select

from portal.core import access, scope, transitions
from portal.core.transitions import Offer
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.lifecycles.requests import GRIEVANCES
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.rights import Grievance
from portal.models.units import Unit

PAGE = 50
OPEN = ("received", "in_hand")


@dataclass(frozen=True, slots=True)
class Row:
    """One complaint in the queue."""

    id: UUID
    category: str
    unit: str
    status: str
    received_at: datetime
    due_on: date

    @property
    def overdue(self) -> bool:
        """Tell whether the answer is late."""
        return self.status in OPEN and self.due_on < clock.today()


@dataclass(frozen=True, slots=True)
class Dossier:
    """One complaint, opened."""

    id: UUID
    unit_path: str
    unit: str
    version: int
    category: str
    words: str
    contact: str
    status: str
    received_at: datetime
    due_on: date
    answer: str
    answered_at: datetime | None
    moves: tuple[Offer, ...]

    @property
    def overdue(self) -> bool:
        """Tell whether the answer is late."""
        return self.status in OPEN and self.due_on < clock.today()


@dataclass(frozen=True, slots=True)
class Progress:
    """What a receipt code shows: how far it is, and the answer."""

    category: str
    status: str
    received_at: datetime
    due_on: date
    answer: str
    answered_at: datetime | None


def queue(actor: Actor, status: str = "") -> tuple[Row, ...]:
    """Return the complaints this person answers, the nearest deadline first."""
    chosen = _rows(actor).where(
        Grievance.status == status if status else Grievance.status.in_(OPEN)
    )
    order = Grievance.due_on if not status or status in OPEN else Grievance.due_on.desc()
    found = db.session.execute(chosen.order_by(order, Grievance.id).limit(PAGE))
    return tuple(
        Row(row.id, row.category, unit, row.status, row.received_at, row.due_on)
        for row, unit in found
    )


def counts(actor: Actor) -> dict[str, int]:
    """Return how many complaints stand in each state."""
    rows = db.session.execute(
        select(Grievance.status, func.count()).where(_mine(actor)).group_by(Grievance.status)
    )
    return dict(iter(rows))


def dossier(actor: Actor, grievance_id: UUID) -> Dossier:
    """Return one complaint; NotFound behind a wall."""
    found = db.session.execute(_rows(actor).where(Grievance.id == grievance_id)).one_or_none()
    if found is None or not access.permits(actor, Permission.GRIEVANCE_ANSWER, found[0]):
        raise NotFound
    row, unit = found
    return Dossier(
        **{name: getattr(row, name) for name in _AS_STORED},
        unit=unit,
        moves=transitions.offers(GRIEVANCES, row, actor),
    )


def progress(grievance_id: UUID) -> Progress:
    """Return what the holder of a receipt code reads."""
    with scope.everywhere("a receipt code shows its own row", db.session()):
        row = db.session.get(Grievance, grievance_id)
        if row is None:
            raise NotFound
        return Progress(
            row.category, row.status, row.received_at, row.due_on, row.answer, row.answered_at
        )


_AS_STORED = (
    "id", "unit_path", "version", "category", "words", "contact", "status", "received_at",
    "due_on", "answer", "answered_at",
)  # fmt: skip


def _rows(actor: Actor) -> Any:
    return (
        select(Grievance, Unit.name)
        .join(Unit, Unit.path == Grievance.unit_path)
        .where(_mine(actor))
    )


def _mine(actor: Actor) -> Any:
    """Leave out what only a wider role of the same person would show."""
    paths = [grant.path for grant in actor.grants]
    return or_(*(Grievance.unit_path.startswith(path) for path in paths)) if paths else false()
