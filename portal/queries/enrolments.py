"""Enrolments as the field sees them: the list of one's own children, one of them whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select

from portal.core import access
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.masking import Kind
from portal.domain.permissions import Permission
from portal.domain.sight import show
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.enrolments import Enrolment, PickupPerson
from portal.models.programmes import Programme
from portal.models.units import Unit
from portal.queries.desk import Waiting

PAGE = 50
Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    """One line: a child, a programme, where it stands."""

    id: UUID
    version: int
    status: str
    since: datetime
    child: str
    child_id: UUID
    unit: str
    participant: str
    code: str
    title: str
    kind: str
    starts_on: date
    ends_on: date
    wait_no: int | None
    answer_by: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who may fetch a child."""

    id: UUID
    version: int
    name: str
    relation: str
    phone: str
    has_photo: bool


@dataclass(frozen=True, slots=True)
class EnrolmentView:
    """One enrolment whole; of health and meals only that something is written (S0-4.4)."""

    row: EnrolmentRow
    programme_id: UUID
    venue: str
    meeting_point: str
    age: int | None
    called: str
    source: str
    consents: Mapping[str, bool]
    consented_by: str
    consented_on: date | None
    consent_method: str
    guardian: str
    guardian_phone: str
    second_contact: str
    second_phone: str
    has_notes: bool
    together: bool
    persons: tuple[Person, ...]


def listed(actor: Actor, status: str = "", after: str = "") -> tuple[tuple[EnrolmentRow, ...], str]:
    """Return a page of the enrolments in one's units, the newest first, and where it goes on."""
    wanted = chosen().order_by(Enrolment.applied_at.desc(), Enrolment.id)
    if status:
        wanted = wanted.where(Enrolment.status == status)
    skip = int(after) if after.isdecimal() else 0
    found = db.session.execute(wanted.offset(skip).limit(PAGE + 1)).all()
    rows = tuple(row_of(actor, each) for each in found[:PAGE])
    return rows, str(skip + PAGE) if len(found) > PAGE else ""


def counts() -> Mapping[str, int]:
    """Return how many enrolments of one's units stand in each state."""
    counted = select(Enrolment.status, func.count(Enrolment.id)).group_by(Enrolment.status)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def waiting(status: str) -> Waiting:
    """Return how many in one's units wait for the family's word, and since when."""
    count, since = db.session.execute(
        select(func.count(Enrolment.id), func.min(Enrolment.status_since)).where(
            Enrolment.status == status
        )
    ).one()
    return Waiting(count, since)


def view(actor: Actor, enrolment_id: UUID) -> EnrolmentView:
    """Return one enrolment for whoever speaks with the family; NotFound."""
    found = db.session.execute(chosen().where(Enrolment.id == enrolment_id)).one_or_none()
    if found is None or not access.permits(actor, Permission.ENROL_APPLY, found.Enrolment):
        raise NotFound
    one, programme = found.Enrolment, found.Programme
    return EnrolmentView(
        row=row_of(actor, found),
        programme_id=programme.id,
        venue=programme.venue,
        meeting_point=programme.meeting_point,
        age=one.age,
        called=one.called or "",
        source=one.source,
        consents=consents_of(one),
        consented_by=one.consented_by or "",
        consented_on=one.consented_on,
        consent_method=one.consent_method,
        guardian=one.guardian_name or "",
        guardian_phone=show(actor, Kind.PHONE, one.guardian_phone, one.unit_path),
        second_contact=one.second_contact or "",
        second_phone=one.second_phone or "",
        has_notes=bool(one.health or one.diet),
        together=one.together is not None,
        persons=persons(one.id),
    )


def consents_of(one: Enrolment) -> Mapping[str, bool]:
    """Return the four consents by name."""
    return {
        "activity": one.consent_activity,
        "photo": one.consent_photo,
        "medical": one.consent_medical,
        "transport": one.consent_transport,
    }


def persons(enrolment_id: UUID) -> tuple[Person, ...]:
    """Return who may fetch a child today; the codes are known to nobody here."""
    rows = db.session.scalars(
        select(PickupPerson)
        .where(PickupPerson.enrolment_id == enrolment_id, PickupPerson.ended_at.is_(None))
        .order_by(PickupPerson.created_at, PickupPerson.id)
    )
    return tuple(
        Person(
            one.id, one.version, one.name, one.relation, one.phone or "", one.photo_id is not None
        )
        for one in rows
    )


def chosen() -> Rows:
    """Return enrolments with their programme, child and unit, in any order."""
    found: Rows = (
        select(Enrolment, Programme, ChildFile, Unit.name.label("unit"))
        .join(Programme, Programme.id == Enrolment.programme_id)
        .join(ChildFile, ChildFile.id == Enrolment.child_id)
        .join(Unit, Unit.path == Enrolment.unit_path)
    )
    return found


def row_of(actor: Actor, found: Row[Any]) -> EnrolmentRow:
    """Return a line of ``chosen`` as this reader sees it."""
    one, programme = found.Enrolment, found.Programme
    return EnrolmentRow(
        id=one.id,
        version=one.version,
        status=one.status,
        since=one.status_since,
        child=show(actor, Kind.NAME, found.ChildFile.name, one.unit_path),
        child_id=one.child_id,
        unit=found.unit,
        participant=one.participant,
        code=programme.code,
        title=programme.title,
        kind=programme.kind,
        starts_on=programme.starts_on,
        ends_on=programme.ends_on,
        wait_no=one.wait_no,
        answer_by=one.answer_by,
        reason=one.reason,
    )
