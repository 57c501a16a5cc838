"""Requests about one's own data: an asker's own, and the desk's queue with its clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, false, func, or_, select

from portal.core import access, transitions
from portal.core.transitions import Offer
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.lifecycles.requests import MACHINE
from portal.domain.masking import Kind
from portal.domain.permissions import Permission
from portal.domain.sight import show
from portal.extensions import db
from portal.models.accounts import User
from portal.models.children import ChildFile, GuardianLink
from portal.models.rights import ChildProtection, RightsRequest
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.queries.guardians import RequestRow, request_row

PAGE = 50
OPEN = ("received", "in_hand")


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One request in the desk's queue; ``who`` as the reader's role sees it."""

    id: UUID
    kind: str
    field: str
    about: str
    who: str
    status: str
    received_at: datetime
    due_on: date

    @property
    def overdue(self) -> bool:
        """Tell whether the written answer is late."""
        return self.status in OPEN and self.due_on < clock.today()


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything about one request before the button."""

    id: UUID
    unit_path: str
    version: int
    kind: str
    field: str
    words: str
    about: str
    who: str
    now_on_file: str
    child_id: UUID | None
    supporter_id: UUID | None
    asker_id: UUID | None
    relation: str
    protected: bool
    status: str
    received_at: datetime
    due_on: date
    answer: str
    answered_at: datetime | None
    moves: tuple[Offer, ...]

    @property
    def overdue(self) -> bool:
        """Tell whether the written answer is late."""
        return self.status in OPEN and self.due_on < clock.today()


def own(actor: Actor) -> tuple[RequestRow, ...]:
    """Return what this person asked, and what was asked for supporters they speak for."""
    rows = db.session.scalars(
        select(RightsRequest)
        .where(RightsRequest.supporter_id.in_(actor.supporter_ids))
        .order_by(RightsRequest.received_at.desc(), RightsRequest.id)
    )
    return tuple(request_row(row) for row in rows)


def queue(actor: Actor, status: str = "") -> tuple[QueueRow, ...]:
    """Return the requests this person may answer, the nearest deadline first."""
    chosen = _rows(actor).where(
        RightsRequest.status == status if status else RightsRequest.status.in_(OPEN)
    )
    order = RightsRequest.due_on if not status or status in OPEN else RightsRequest.due_on.desc()
    found = db.session.execute(chosen.order_by(order, RightsRequest.id).limit(PAGE)).all()
    return tuple(
        QueueRow(
            request.id,
            request.kind,
            request.field,
            _about(request),
            _who(actor, request, supporter, child),
            request.status,
            request.received_at,
            request.due_on,
        )
        for request, supporter, child in found
    )


def counts(actor: Actor) -> dict[str, int]:
    """Return how many requests stand in each state, and ``overdue``."""
    late = case(
        (RightsRequest.status.in_(OPEN) & (RightsRequest.due_on < clock.today()), 1), else_=0
    )
    rows = db.session.execute(
        select(RightsRequest.status, func.count().label("many"), func.sum(late).label("late"))
        .where(_mine(actor))
        .group_by(RightsRequest.status)
    ).all()
    found = {row.status: int(row.many) for row in rows}
    return {**found, "overdue": sum(int(row.late) for row in rows)}


def dossier(actor: Actor, request_id: UUID) -> Dossier:
    """Return one request with what is on file now; NotFound behind a wall."""
    found = db.session.execute(_rows(actor).where(RightsRequest.id == request_id)).one_or_none()
    if found is None or not access.permits(actor, Permission.RIGHTS_ANSWER, found[0]):
        raise NotFound
    request, supporter, child = found
    return Dossier(
        **{name: getattr(request, name) for name in _AS_STORED},
        about=_about(request),
        who=_who(actor, request, supporter, child),
        now_on_file=_now(actor, request, supporter, child),
        relation=_relation(request.guardian_id),
        protected=_protected(request.child_id),
        moves=transitions.offers(MACHINE, request, actor),
    )


_AS_STORED = (
    "id", "unit_path", "version", "kind", "field", "words", "child_id", "supporter_id",
    "asker_id", "status", "received_at", "due_on", "answer", "answered_at",
)  # fmt: skip


def _rows(actor: Actor) -> Any:
    return (
        select(RightsRequest, Supporter, ChildFile)
        .outerjoin(Supporter, Supporter.id == RightsRequest.supporter_id)
        .outerjoin(ChildFile, ChildFile.id == RightsRequest.child_id)
        .where(_mine(actor))
    )


def _mine(actor: Actor) -> Any:
    """Name the requests at this person's units; the gate left them the answering roles only."""
    paths = [grant.path for grant in actor.grants]
    return or_(*(RightsRequest.unit_path.startswith(path) for path in paths)) if paths else false()


def _who(
    actor: Actor, request: RightsRequest, supporter: Supporter | None, child: ChildFile | None
) -> str:
    if child is not None:
        return show(actor, Kind.NAME, child.name, child.unit_path)
    if supporter is not None:
        return supporter.name
    asker = _asker(request)
    return asker.name if asker is not None else ""


def _about(request: RightsRequest) -> str:
    if request.child_id:
        return "child"
    return "supporter" if request.supporter_id else "account"


def _asker(request: RightsRequest) -> User | None:
    return db.session.get(User, request.asker_id) if request.asker_id else None


def _now(
    actor: Actor, request: RightsRequest, supporter: Supporter | None, child: ChildFile | None
) -> str:
    """Return the value on file that a correction would change, as the reader may see it."""
    if request.kind != "correct" or request.field in ("", "other"):
        return ""
    if supporter is not None:
        kind = Kind.NAME if request.field == "name" else Kind.PHONE
        value = getattr(supporter, request.field) or ""
        return value if kind is Kind.NAME else show(actor, kind, value, supporter.unit_path)
    if child is None:
        return _now_on_account(actor, request)
    if request.field == "phone":
        guardian = db.session.get(GuardianLink, request.guardian_id)
        phone = guardian.phone if guardian is not None else ""
        return show(actor, Kind.PHONE, phone, request.unit_path)
    kind = Kind.ADDRESS if request.field == "home_address" else Kind.TEXT
    return show(actor, kind, getattr(child, request.field, "") or "", request.unit_path)


def _now_on_account(actor: Actor, request: RightsRequest) -> str:
    asker = _asker(request)
    value = (getattr(asker, request.field, "") or "") if asker is not None else ""
    if request.field == "name":
        return value
    return show(actor, Kind.PHONE, value, request.unit_path)


def _relation(guardian_id: UUID | None) -> str:
    if guardian_id is None:
        return ""
    return (
        db.session.scalar(select(GuardianLink.relation).where(GuardianLink.id == guardian_id)) or ""
    )


def _protected(child_id: UUID | None) -> bool:
    if child_id is None:
        return False
    standing = select(ChildProtection.id).where(
        ChildProtection.child_id == child_id,
        ChildProtection.guardian_id.is_(None),
        ChildProtection.lifted_at.is_(None),
    )
    return db.session.scalar(standing) is not None


def unit_name(path: str) -> str:
    """Return a unit's name."""
    return db.session.scalar(select(Unit.name).where(Unit.path == path)) or ""


def open_twin(
    actor: Actor, asked: tuple[str, str], supporter_id: UUID | None, child_id: UUID | None
) -> bool:
    """Tell whether the same request (kind and field) waits for its answer already."""
    kind, field = asked
    of_account = (
        RightsRequest.supporter_id.is_(None),
        RightsRequest.child_id.is_(None),
        RightsRequest.asker_id == actor.user_id,
    )
    whose = (
        (RightsRequest.supporter_id == supporter_id,)
        if supporter_id
        else (RightsRequest.child_id == child_id,)
        if child_id
        else of_account
    )
    same = select(RightsRequest.id).where(
        RightsRequest.kind == kind,
        RightsRequest.field == field,
        RightsRequest.status.in_(("received", "in_hand")),
        *whose,
    )
    return db.session.scalar(same.limit(1)) is not None
