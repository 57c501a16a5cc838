"""Looking at a roster, and taking one along: the row of the look comes first (L05, ADR 0011)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts, scope
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Permission
from portal.domain.sight import HEALTH, ROSTER, Basis
from portal.extensions import db
from portal.models.programmes import Programme
from portal.models.sight import AccessRow
from portal.services import sight

_REASON_LENGTH = 200


def look(actor: Actor, programme_id: UUID, *, health: bool) -> None:
    """Write that somebody opens a roster, and its health notes where they are shown.

    Once per person, programme and quarter of an hour. NotFound for whom it is none of,
    Unavailable when the row cannot be written.
    """
    programme = _open(actor, programme_id)
    for field in (ROSTER, HEALTH) if health else (ROSTER,):
        if not _stands(actor, programme.id, field):
            _record(actor, programme, field, "view")


def take(actor: Actor, programme_id: UUID, *, reason: str) -> None:
    """Write that the county takes a roster along as a file, and why; Invalid without a reason."""
    programme = _open(actor, programme_id)
    access.require(actor, Permission.ROSTER_EXPORT, programme)
    if not reason.strip():
        raise Invalid("请写明用途", {"reason": "请写明用途"})
    facts.publish(
        "roster.export", actor=actor, subject=programme, note=reason.strip()[:_REASON_LENGTH]
    )
    _record(actor, programme, ROSTER, "report")


def _open(actor: Actor, programme_id: UUID) -> Programme:
    programme = db.session.scalar(select(Programme).where(Programme.id == programme_id))
    if programme is None or not access.permits(actor, Permission.ROSTER_READ, programme):
        raise NotFound
    return programme


def _record(actor: Actor, programme: Programme, field: str, reason: str) -> None:
    # A duty opens a programme, no unit: the row of the look lies with the unit all the same.
    why = "the look is written where the programme's unit reads it"
    unit = scope.Scope(
        paths=(programme.unit_path,), tenants=(programme.tenant_path,), reason=why,
        programmes=(programme.id,),
    )  # fmt: skip
    with scope.within(unit, db.session()):
        sight.record(actor, programme, field, reason=reason, basis=Basis.ASSIGNMENT)


def _stands(actor: Actor, programme_id: UUID, field: str) -> bool:
    row = select(AccessRow.id).where(
        AccessRow.subject_id == programme_id,
        AccessRow.actor_id == actor.user_id,
        AccessRow.field == field,
        AccessRow.until > clock.now(),
    )
    return db.session.scalar(row.limit(1)) is not None
