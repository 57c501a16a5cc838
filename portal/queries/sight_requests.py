"""Leaves to see and unusual days, for those who ask, give, confirm and watch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from portal.core import access, transitions
from portal.core.transitions import Offer
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.lifecycles.sights import BREAK_GLASS, GRANT, MACHINE
from portal.domain.outliers import watcher_of
from portal.domain.permissions import Permission
from portal.domain.sight import BANNER_FOR, CHILD_FIELDS, show
from portal.extensions import db
from portal.models.accounts import User
from portal.models.children import ChildFile, GuardianLink
from portal.models.sight import SightOutlier, SightRequest
from portal.models.units import Unit
from portal.queries import sight

_MOST = 50
_Asker, _Decider = aliased(User), aliased(User)


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One leave as lists show it; ``child`` is a name only for who reads the file anyway."""

    id: UUID
    kind: str
    status: str
    version: int
    child_id: UUID
    child: str
    unit: str
    unit_path: str
    fields: tuple[str, ...]
    reason: str
    words: str
    asked_by: UUID
    asker: str
    asked_role: str
    asked_at: datetime
    decided_by: UUID | None
    decider: str
    decided_at: datetime | None
    opened_at: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class RequestView:
    """One leave with its buttons and, while it is open for this reader, what was opened."""

    row: RequestRow
    offers: tuple[Offer, ...] = ()
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OutlierRow:
    """One unusual day of one person."""

    id: UUID
    day: date
    actor: str
    role: str
    unit: str
    opened: int
    viewed: int
    outside: int
    night: int
    signs: tuple[str, ...]
    settled_at: datetime | None
    settler: str
    finding: str


def waiting(actor: Actor) -> tuple[RequestRow, ...]:
    """Return what waits for this person's word, oldest first; one's own is another's to answer."""
    mine = [
        SightRequest.kind == kind
        for kind, permission in (
            (GRANT, Permission.SIGHT_GRANT),
            (BREAK_GLASS, Permission.SIGHT_CONFIRM),
        )
        if access.permits(actor, permission)
    ]
    if not mine:
        return ()
    return _rows(
        actor,
        or_(*mine),
        SightRequest.status == "asked",
        SightRequest.asked_by != actor.user_id,
        newest_first=False,
    )


def own(actor: Actor) -> tuple[RequestRow, ...]:
    """Return this person's own requests, newest first."""
    return _rows(actor, SightRequest.asked_by == actor.user_id)


def broken(actor: Actor) -> tuple[RequestRow, ...]:
    """Return the emergency requests of the last 30 days in the scope, newest first."""
    recent = SightRequest.created_at > clock.now() - BANNER_FOR
    return _rows(actor, SightRequest.kind == BREAK_GLASS, recent)


def get(actor: Actor, sight_id: UUID) -> RequestView:
    """Return one leave; NotFound when it is absent or behind a wall.

    The values are there for the asker alone, and only where the log says that they are open.
    """
    found = _rows(actor, SightRequest.id == sight_id)
    if not found:
        raise NotFound
    row = found[0]
    offers = tuple(
        offer
        for offer in transitions.offers(MACHINE, row, actor)
        if offer.move.name not in _NOT_FOR[row.kind]
        and (offer.move.name != "open" or row.asked_by == actor.user_id)
    )
    view = RequestView(row, offers)
    return replace(view, values=_values(actor, row)) if row.asked_by == actor.user_id else view


def count_waiting(actor: Actor) -> int:
    """Return how many requests and unusual days wait for this person."""
    return len(waiting(actor)) + sum(row.settled_at is None for row in outliers(actor))


def outliers(actor: Actor) -> tuple[OutlierRow, ...]:
    """Return the unusual days that this person asks about, open ones first, newest first."""
    roles = {grant.role.value for grant in actor.grants}
    rows = db.session.execute(
        select(SightOutlier, _Asker.name, Unit.name, _Decider.name)
        .outerjoin(_Asker, _Asker.id == SightOutlier.actor_id)
        .outerjoin(_Decider, _Decider.id == SightOutlier.settled_by)
        .outerjoin(Unit, Unit.path == SightOutlier.unit_path)
        .where(SightOutlier.watcher.in_(roles), SightOutlier.actor_id != actor.user_id)
        .order_by(SightOutlier.settled_at.is_not(None), SightOutlier.day.desc(), SightOutlier.id)
        .limit(_MOST)
    )
    return tuple(
        OutlierRow(
            each.id, each.day, name or "", each.role, unit or "", each.opened, each.viewed,
            each.outside, each.night, tuple(each.signs), each.settled_at, settler or "",
            each.finding,
        )
        for each, name, unit, settler in rows
        if actor.has(watcher_of(each.role), each.unit_path)
    )  # fmt: skip


#: Moves of the other kind of leave.
_NOT_FOR = {GRANT: {"confirm"}, BREAK_GLASS: {"grant"}}


def _rows(
    actor: Actor, *tests: ColumnElement[bool], newest_first: bool = True
) -> tuple[RequestRow, ...]:
    order = SightRequest.created_at
    rows = db.session.execute(
        select(
            SightRequest, ChildFile, Unit.name, _Asker.name.label("asker"),
            _Decider.name.label("decider"),
        )
        .join(ChildFile, ChildFile.id == SightRequest.child_id)
        .outerjoin(Unit, Unit.path == SightRequest.unit_path)
        .outerjoin(_Asker, _Asker.id == SightRequest.asked_by)
        .outerjoin(_Decider, _Decider.id == SightRequest.decided_by)
        .where(*tests)
        .order_by(order.desc() if newest_first else order, SightRequest.id)
        .limit(_MOST)
    ).all()  # fmt: skip
    return tuple(_row(actor, *row) for row in rows)


def _row(
    actor: Actor, row: SightRequest, child: ChildFile, unit: str, asker: str, decider: str
) -> RequestRow:
    kind = CHILD_FIELDS["name"].kind
    reads = access.permits(actor, Permission.CHILD_READ, child)
    return RequestRow(
        id=row.id, kind=row.kind, status=row.status, version=row.version, child_id=row.child_id,
        child=show(actor, kind, child.name, child.unit_path) if reads else "",
        unit=unit or "", unit_path=row.unit_path, fields=tuple(row.fields), reason=row.reason,
        words=row.words, asked_by=row.asked_by, asker=asker or "", asked_role=row.asked_role,
        asked_at=row.created_at, decided_by=row.decided_by, decider=decider or "",
        decided_at=row.decided_at, opened_at=row.opened_at, until=row.until,
    )  # fmt: skip


def _values(actor: Actor, row: RequestRow) -> tuple[tuple[str, str], ...]:
    standing = sight.opened(actor, row.child_id)
    fields = [name for name in row.fields if name in standing]
    if not fields:
        return ()
    child = db.session.scalars(select(ChildFile).where(ChildFile.id == row.child_id)).one()
    carers: Sequence[Any] = ()
    if "guardian_name" in fields or "guardian_phone" in fields:
        carers = db.session.scalars(
            select(GuardianLink)
            .where(GuardianLink.child_id == row.child_id)
            .order_by(GuardianLink.created_at, GuardianLink.id)
        ).all()
    of_carers = {"guardian_name": "name", "guardian_phone": "phone"}
    return tuple(
        (
            name,
            "、".join(getattr(carer, of_carers[name]) or "" for carer in carers)
            if name in of_carers
            else getattr(child, name) or "",
        )
        for name in fields
    )
