"""Which pairings need somebody: a mentor who leaves or may not come, a contact person who left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from portal.core import access
from portal.domain import clock, masking
from portal.domain.actor import Actor
from portal.domain.continuity import PASSING, STANDING
from portal.domain.lifecycles import clearances
from portal.domain.lifecycles.pairings import APPROVED
from portal.domain.masking import Kind
from portal.domain.permissions import Permission
from portal.domain.sight import show
from portal.extensions import db
from portal.models.accounts import User
from portal.models.children import ChildFile
from portal.models.continuity import Handover
from portal.models.pairings import Pairing
from portal.models.standings import Clearance
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.queries.desk import Waiting
from portal.queries.pairing_contacts import Colleague, candidates

PAGE = 100


@dataclass(frozen=True, slots=True)
class GapRow:
    """One pairing that needs somebody, and whom staff may name for it."""

    id: UUID
    version: int
    file_no: str
    status: str
    child: str
    unit: str
    supporter: str
    #: Keys of domain.continuity.GAPS.
    reasons: tuple[str, ...]
    since: date
    contact: str
    has_handover: bool
    may_close: bool
    colleagues: tuple[Colleague, ...]


def needed() -> ColumnElement[bool]:
    """Return the condition that an approved pairing needs somebody, for ``joined`` rows."""
    return and_(
        Pairing.status.in_(APPROVED), or_(Pairing.leaving_since.is_not(None), _no_standing())
    )


def reasons_of(row: Any) -> tuple[str, ...]:
    """Return why a pairing needs somebody; the row has Pairing, Supporter and Clearance."""
    one = row.Pairing
    found = [one.leaving_why] if one.leaving_since is not None else []
    if one.status in ("matched", "paused") and one.paused_reason not in PASSING:
        today, clearance = clock.today(), row.Clearance
        holds = clearance is not None and clearance.holds_on(today)
        if not (holds and row.Supporter.stands_on(today)):
            found.append(STANDING)
    return tuple(found)


def of(pairing_ids: list[UUID]) -> Mapping[UUID, tuple[str, ...]]:
    """Return the reasons of those of some pairings that need somebody."""
    rows = db.session.execute(joined().where(Pairing.id.in_(pairing_ids), needed()))
    return {row.Pairing.id: reasons_of(row) for row in rows}


def waiting() -> Waiting:
    """Return how many pairings in the scope need somebody, and since when one does."""
    count, since = db.session.execute(
        select(func.count(Pairing.id), func.min(Pairing.status_since))
        .select_from(Pairing)
        .join(Supporter, Supporter.id == Pairing.supporter_id)
        .outerjoin(Clearance, Clearance.supporter_id == Pairing.supporter_id)
        .where(needed())
    ).one()
    return Waiting(count, since)


def queue(actor: Actor) -> tuple[GapRow, ...]:
    """Return the pairings of the scope that need somebody, the longest waiting first."""
    rows = db.session.execute(
        joined().where(needed()).order_by(Pairing.leaving_since, Pairing.file_no).limit(PAGE)
    ).all()
    written = _written([row.Pairing.id for row in rows])
    return tuple(_row(actor, row, written) for row in rows)


def joined() -> Any:
    """Return pairings with the mentor, the standing, the child and the unit."""
    return (
        select(
            Pairing, Supporter, Clearance, ChildFile.name.label("child"), Unit.name.label("unit"),
            User.name.label("contact"),
        )
        .join(Supporter, Supporter.id == Pairing.supporter_id)
        .join(ChildFile, ChildFile.id == Pairing.child_id)
        .join(Unit, Unit.path == Pairing.unit_path)
        .outerjoin(Clearance, Clearance.supporter_id == Pairing.supporter_id)
        .outerjoin(User, User.id == Pairing.contact_id)
    )  # fmt: skip


def _row(actor: Actor, row: Any, written: frozenset[UUID]) -> GapRow:
    one, person = row.Pairing, row.Supporter
    named = access.permits(actor, Permission.SUPPORTER_READ, person)
    return GapRow(
        id=one.id,
        version=one.version,
        file_no=one.file_no,
        status=one.status,
        child=show(actor, Kind.NAME, row.child, one.unit_path),
        unit=row.unit,
        supporter=person.name if named else masking.mask_name(person.name),
        reasons=reasons_of(row),
        since=one.leaving_since or clock.local(one.status_since).date(),
        contact=row.contact or "",
        has_handover=one.id in written,
        may_close=access.permits(actor, Permission.PAIRING_MANAGE, one),
        colleagues=candidates(one.unit_path),
    )


def _no_standing() -> ColumnElement[bool]:
    today = clock.today()
    holds = and_(Clearance.status.in_(clearances.LIVE), Clearance.valid_to >= today)
    stands = and_(
        Supporter.status == "approved",
        Supporter.tier >= 1,
        or_(Supporter.valid_to.is_(None), Supporter.valid_to >= today),
    )
    return and_(
        Pairing.status.in_(("matched", "paused")),
        Pairing.paused_reason.not_in(PASSING),
        ~func.coalesce(and_(holds, stands), False),
    )


def _written(pairing_ids: list[UUID]) -> frozenset[UUID]:
    found = select(Handover.pairing_id).where(Handover.pairing_id.in_(pairing_ids))
    return frozenset(db.session.scalars(found)) if pairing_ids else frozenset()
