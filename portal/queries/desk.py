"""What waits for whom on the desk: counts, the oldest, and the first few by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select

from portal.core import scope
from portal.domain import catalogue
from portal.domain.actor import Actor
from portal.extensions import db
from portal.models.children import ImportBatch
from portal.models.units import Unit
from portal.models.wishes import Wish
from portal.queries import commitment_queues, vetting

#: Wishes that wait for somebody's step, by who takes it.
WISH_QUEUES = {
    "wish_draft": ("draft",),
    "wish_screen": ("submitted",),
    "wish_approve": ("screened", "held"),
    "batch": ("approved", "rolled_over"),
}
_VETTING = (*vetting.WAITING, vetting.RENEWAL)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait in a list, and since when the oldest does."""

    count: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class WaitingWish:
    """A wish that waits for a step."""

    id: UUID
    file_no: str
    item: str
    unit: str
    status: str
    since: datetime


@contextmanager
def seen_by(worker: Actor) -> Iterator[None]:
    """Read for a moment with these roles alone (domain.permissions.with_only)."""
    with scope.within(scope.of(worker), db.session()):
        yield


def wishes() -> dict[str, Waiting]:
    """Return the lists of wishes in the scope, in one query."""
    columns: list[Any] = []
    for name, states in WISH_QUEUES.items():
        inside = Wish.status.in_(states)
        columns.append(func.sum(case((inside, 1), else_=0)).label(f"n_{name}"))
        columns.append(func.min(case((inside, Wish.status_since))).label(f"since_{name}"))
    every = [state for states in WISH_QUEUES.values() for state in states]
    row = db.session.execute(select(*columns).where(Wish.status.in_(every))).one()._asdict()
    return {name: Waiting(int(row[f"n_{name}"] or 0), row[f"since_{name}"]) for name in WISH_QUEUES}


def supporters(actor: Actor) -> Waiting:
    """Return how many applications wait for this person's vetting."""
    found = vetting.counts(actor)
    return Waiting(sum(found.get(status, 0) for status in _VETTING))


def imports() -> Waiting:
    """Return how many ledgers were read and wait for somebody to take them over."""
    row = db.session.execute(
        select(func.count(), func.min(ImportBatch.created_at))
        .select_from(ImportBatch)
        .where(ImportBatch.status == "previewed")
    ).one()
    return Waiting(row[0], row[1])


def first_wishes(name: str, limit: int = 5) -> tuple[WaitingWish, ...]:
    """Return the wishes that wait longest in a list."""
    rows = db.session.execute(
        select(Wish.id, Wish.file_no, Wish.item_code, Unit.name, Wish.status, Wish.status_since)
        .join(Unit, Unit.path == Wish.unit_path)
        .where(Wish.status.in_(WISH_QUEUES[name]))
        .order_by(Wish.status_since, Wish.id)
        .limit(limit)
    )
    return tuple(
        WaitingWish(
            row.id,
            row.file_no,
            catalogue.item(row.item_code).name,
            row.name,
            row.status,
            row.status_since,
        )
        for row in rows
    )


def first_promises(
    name: str, limit: int = 5, *, full: bool = True
) -> tuple[commitment_queues.QueueRow, ...]:
    """Return the promises that wait longest in a list."""
    return commitment_queues.page(name, limit=limit, full=full).rows
