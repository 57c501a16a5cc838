"""Transfers of children: what came to one's county, what went out from it, and one of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select

from portal.core import access, scope, transitions
from portal.core.transitions import Offer
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.continuity import ANSWER_DAYS
from portal.domain.errors import NotFound
from portal.domain.lifecycles.child_transfers import MACHINE
from portal.domain.masking import Kind
from portal.domain.permissions import Permission
from portal.domain.sight import show
from portal.extensions import db
from portal.models.accounts import User
from portal.models.children import ChildFile
from portal.models.continuity import ChildTransfer
from portal.queries import transfer_summaries, units
from portal.queries.desk import Waiting
from portal.queries.transfer_summaries import Summary
from portal.queries.units import UnitRow, under

PAGE = 100


@dataclass(frozen=True, slots=True)
class TransferRow:
    """One transfer as both counties read it; the child masked, the words for those two only."""

    id: UUID
    version: int
    status: str
    incoming: bool
    from_county: str
    to_county: str
    proposed_on: date
    moves_on: date
    answered_on: date | None
    summary: Summary
    words: str
    answer: str
    missing: tuple[str, ...]
    proposed_by: str
    answered_by: str
    child_id: UUID
    #: Whether the reader may open the file: the sending county before, the receiving one after.
    may_open: bool
    is_late: bool
    moves: tuple[Offer, ...] = ()
    villages: tuple[tuple[str, tuple[UnitRow, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class ChildLine:
    """The child that somebody proposes to transfer, as their role sees it."""

    id: UUID
    name: str
    unit: str
    counties: tuple[UnitRow, ...]
    open_transfer: UUID | None = None


def queue(actor: Actor) -> tuple[TransferRow, ...]:
    """Return the transfers to and from one's units: those that wait first, then the newest."""
    near, either = scope.current(), or_(_sent(), _received())
    with scope.within(widened(), db.session()):
        rows = db.session.scalars(
            select(ChildTransfer)
            .where(either)
            .order_by(
                ChildTransfer.status != "proposed",
                ChildTransfer.proposed_on.desc(),
                ChildTransfer.id,
            )
            .limit(PAGE)
        ).all()
        return tuple(_row(actor, row, near) for row in rows)


def one(actor: Actor, transfer_id: UUID) -> TransferRow:
    """Return one transfer to or from one's units, with the buttons; NotFound for any other."""
    near, either = scope.current(), or_(_sent(), _received())
    with scope.within(widened(), db.session()):
        row = db.session.scalar(
            select(ChildTransfer).where(ChildTransfer.id == transfer_id, either)
        )
        if row is None:
            raise NotFound
        return _row(actor, row, near, whole=True)


def sent(transfer_id: UUID) -> UUID | None:
    """Return the id of a transfer that one's units sent; None for any other."""
    mine = _sent()
    with scope.within(widened(), db.session()):
        return db.session.scalar(
            select(ChildTransfer.id).where(ChildTransfer.id == transfer_id, mine)
        )


def waiting() -> Waiting:
    """Return how many wait for an answer of the units in scope, and since when."""
    count, since = db.session.execute(
        select(func.count(ChildTransfer.id), func.min(ChildTransfer.status_since)).where(
            ChildTransfer.status == "proposed"
        )
    ).one()
    return Waiting(count, since)


def to_propose(actor: Actor, child_id: UUID) -> ChildLine:
    """Return the child and where it may go: the counties of its authority; NotFound."""
    child = db.session.scalar(select(ChildFile).where(ChildFile.id == child_id))
    if child is None or not access.permits(actor, Permission.TRANSFER_PROPOSE, child):
        raise NotFound
    line = ChildLine(
        id=child.id,
        name=show(actor, Kind.NAME, child.name, child.unit_path),
        unit=units.by_path(child.unit_path).name,
        counties=units.below(child.tenant_path, "county"),
    )
    mine = _sent()
    with scope.within(widened(), db.session()):
        waits = select(ChildTransfer.id).where(
            ChildTransfer.child_id == child_id, ChildTransfer.status == "proposed", mine
        )
        return replace(line, open_transfer=db.session.scalar(waits))


def widened() -> scope.Scope:
    """Return the open scope, widened to the authorities it works in: a transfer has two ends.

    Only transfers are read in it, and of them only those that the reader's units sent or received.
    """
    now = scope.current()
    return scope.Scope(
        paths=(*now.paths, *now.tenants), tenants=now.tenants, supporters=now.supporters,
        reason="a transfer is read by the county that sent it and the one that answers",
    )  # fmt: skip


def _sent() -> ColumnElement[bool]:
    return _within(ChildTransfer.from_path)


def _received() -> ColumnElement[bool]:
    return _within(ChildTransfer.unit_path)


def _within(column: Any) -> ColumnElement[bool]:
    """Return the condition that a path lies in the open scope, for reading in a wider one."""
    return or_(false(), *[under(column, path) for path in scope.current().paths])


def _row(
    actor: Actor, row: ChildTransfer, near: scope.Scope, *, whole: bool = False
) -> TransferRow:
    incoming = near.covers(row.unit_path)
    stands = db.session.scalar(select(ChildFile.unit_path).where(ChildFile.id == row.child_id))
    late = row.proposed_on + timedelta(days=ANSWER_DAYS) <= clock.today()
    return TransferRow(
        id=row.id,
        version=row.version,
        status=row.status,
        incoming=incoming,
        from_county=_county(row.from_path),
        to_county=_county(row.unit_path),
        proposed_on=row.proposed_on,
        moves_on=row.moves_on,
        answered_on=row.answered_on,
        summary=transfer_summaries.read(row.summary),
        words=row.words,
        answer=row.answer,
        missing=tuple(row.missing),
        proposed_by=_name(row.proposed_by) if whole else "",
        answered_by=_name(row.answered_by) if whole else "",
        child_id=row.child_id,
        may_open=stands is not None and near.covers(stands),
        is_late=row.status == "proposed" and late,
        moves=transitions.offers(MACHINE, row, actor) if whole else (),
        villages=_villages(row.unit_path) if whole and incoming else (),
    )


def _villages(county: str) -> tuple[tuple[str, tuple[UnitRow, ...]], ...]:
    """Return the county's villages by township, for choosing one."""
    villages = units.below(county, "village")
    return tuple(
        (town.name, tuple(one for one in villages if one.path.startswith(town.path)))
        for town in units.below(county, "township")
    )


def _county(path: str) -> str:
    return units.by_path(path).name


def _name(user_id: UUID | None) -> str:
    return (db.session.scalar(select(User.name).where(User.id == user_id)) or "") if user_id else ""
