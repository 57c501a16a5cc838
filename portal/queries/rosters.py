"""The roster of a programme: given names, ages, whom to call; health for who is on duty today.

No family name, no ID number, no category: whoever works in a programme reads no child's file
(ADR 0019). A look is written down before anything is read (web.roster_looks).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.core import access
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.enrolments import ON_ROSTER
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme
from portal.models.rota import Duty


@dataclass(frozen=True, slots=True)
class Head:
    """The programme whose roster it is, and what its reader may see of it."""

    id: UUID
    code: str
    title: str
    kind: str
    unit_path: str
    tenant_path: str
    organiser_id: UUID | None
    status: str
    starts_on: date
    ends_on: date
    capacity: int
    ratio: int
    places_by: str
    draw_seed: str
    draw_commit: str
    venue: str
    meeting_point: str
    #: The reader is on duty today, or runs the programme: health notes are for them.
    sees_health: bool


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A child on the roster; ``health`` and ``diet`` are empty for whoever is not on duty."""

    id: UUID
    number: int | None
    called: str
    age: int | None
    participant: str
    guardian: str
    guardian_phone: str
    second_contact: str
    second_phone: str
    photo: bool
    medical: bool
    transport: bool
    #: Something is written; what, is in the next two for who is on duty today.
    has_notes: bool
    health: str
    diet: str
    badge: str


def head(actor: Actor, code: str, permission: Permission = Permission.ROSTER_READ) -> Head:
    """Return a programme that this person may open in this way; NotFound for any other."""
    row = db.session.scalar(select(Programme).where(Programme.code == code))
    if row is None or not access.permits(actor, permission, row):
        raise NotFound
    return Head(
        row.id, row.code, row.title, row.kind, row.unit_path, row.tenant_path, row.organiser_id,
        row.status, row.starts_on, row.ends_on, row.capacity, row.ratio, row.places_by,
        row.draw_seed, row.draw_commit, row.venue, row.meeting_point,
        sees_health=_sees_health(actor, row),
    )  # fmt: skip


def rows(of: Head) -> tuple[RosterRow, ...]:
    """Return the roster by number; in the scope that the look opened."""
    found = db.session.scalars(
        select(Enrolment)
        .where(Enrolment.programme_id == of.id, Enrolment.status.in_(ON_ROSTER))
        .order_by(Enrolment.roster_no, Enrolment.id)
    )
    return tuple(_row(one, health=of.sees_health) for one in found)


def _sees_health(actor: Actor, programme: Programme) -> bool:
    """Tell whether somebody is on duty today, or answers for the programme."""
    if programme.organiser_id is not None and programme.organiser_id == actor.user_id:
        return True
    if not actor.supporter_ids or programme.id not in actor.programme_ids:
        return False
    today = select(Duty.id).where(
        Duty.programme_id == programme.id,
        Duty.supporter_id.in_(actor.supporter_ids),
        Duty.happens_on == clock.today(),
        Duty.status.in_(("planned", "done")),
    )
    return db.session.scalar(today.limit(1)) is not None


def _row(one: Enrolment, *, health: bool) -> RosterRow:
    return RosterRow(
        id=one.id,
        number=one.roster_no,
        called=one.called or "",
        age=one.age,
        participant=one.participant,
        guardian=one.guardian_name or "",
        guardian_phone=one.guardian_phone or "",
        second_contact=one.second_contact or "",
        second_phone=one.second_phone or "",
        photo=one.consent_photo,
        medical=one.consent_medical,
        transport=one.consent_transport,
        has_notes=bool(one.health or one.diet),
        health=(one.health or "") if health else "",
        diet=(one.diet or "") if health else "",
        badge=one.badge,
    )
