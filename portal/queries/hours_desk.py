"""Hours as the bureau reads them: the queue, one record whole, requests to correct, the export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select

from portal.core import access, transitions
from portal.core.transitions import Offer
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.lifecycles.service_records import MACHINE
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.accounts import User
from portal.models.service_records import (
    Certificate,
    CertificateRecord,
    RecordCorrection,
    ServiceRecord,
)
from portal.models.supporters import Supporter
from portal.models.units import Unit

PAGE = 20
WAITING = "recorded"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One record in the queue; ``person`` served, ``organisation`` is empty for individuals."""

    id: UUID
    person: str
    organisation: str
    kind: str
    title: str
    place: str
    served_on: date
    minutes: int
    started_at: datetime | None
    ended_at: datetime | None
    county: str
    status: str
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A request that waits for an answer, with the record it is about."""

    id: UUID
    record_id: UUID
    person: str
    kind: str
    served_on: date
    minutes: int
    words: str
    asked_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything about one record, with the buttons."""

    row: QueueRow
    remark: str
    recorder: str
    verifier: str
    verified_at: datetime | None
    source: str
    moves: tuple[Offer, ...]
    #: Certificates built on it that stand: (id, status).
    certificates: tuple[tuple[UUID, str], ...]


def queue(
    *, status: str = WAITING, county: str = "", kind: str = "", after: str = ""
) -> tuple[tuple[QueueRow, ...], str]:
    """Return a page of the records in the scope, the longest waiting first, and the cursor."""
    query = _rows().where(ServiceRecord.status == status)
    if county:
        query = query.where(Unit.code == county)
    if kind:
        query = query.where(ServiceRecord.kind == kind)
    if (cursor := _cursor(after)) is not None:
        at, last = cursor
        later = and_(ServiceRecord.created_at == at, ServiceRecord.id > last)
        query = query.where(or_(ServiceRecord.created_at > at, later))
    ordered = query.order_by(ServiceRecord.created_at, ServiceRecord.id)
    found = db.session.execute(ordered.limit(PAGE + 1)).all()
    rows = tuple(_row(row) for row in found[:PAGE])
    more = len(found) > PAGE
    return rows, f"{rows[-1].created_at.isoformat()}~{rows[-1].id}" if more else ""


def counts() -> dict[str, int]:
    """Return how many records stand in each state, and how many requests wait."""
    rows = db.session.execute(
        select(ServiceRecord.status, func.count(ServiceRecord.id)).group_by(ServiceRecord.status)
    )
    waiting = db.session.scalar(
        select(func.count(RecordCorrection.id)).where(RecordCorrection.answered_at.is_(None))
    )
    return {**dict(iter(rows)), "corrections": waiting or 0}


def waiting() -> dict[str, int]:
    """Return how many records and requests wait in the scope (for the desk's first page)."""
    found = counts()
    return {"hours": found.get(WAITING, 0), "corrections": found["corrections"]}


def counties() -> tuple[tuple[str, str], ...]:
    """Return the counties that hold records in the scope: pairs (code, name)."""
    rows = db.session.execute(
        select(Unit.code, Unit.name)
        .join(ServiceRecord, ServiceRecord.unit_path == Unit.path)
        .distinct()
        .order_by(Unit.code)
    )
    return tuple((row.code, row.name) for row in rows)


def dossier(actor: Actor, record_id: UUID) -> Dossier:
    """Return one record for whoever verifies it; NotFound behind a wall."""
    record = db.session.scalar(select(ServiceRecord).where(ServiceRecord.id == record_id))
    if record is None or not access.permits(actor, Permission.HOURS_VERIFY, record):
        raise NotFound
    shown = db.session.execute(_rows().where(ServiceRecord.id == record_id)).one()
    names = _names(record.recorded_by, record.verified_by)
    standing = db.session.execute(
        select(Certificate.id, Certificate.status)
        .join(CertificateRecord, CertificateRecord.certificate_id == Certificate.id)
        .where(CertificateRecord.record_id == record_id)
        .order_by(Certificate.created_at, Certificate.id)
    )
    return Dossier(
        row=_row(shown),
        remark=record.remark,
        recorder=names.get(record.recorded_by, ""),
        verifier=names.get(record.verified_by, ""),
        verified_at=record.verified_at,
        source=record.subject_type or "",
        moves=transitions.offers(MACHINE, record, actor),
        certificates=tuple((row.id, row.status) for row in standing),
    )


def corrections() -> tuple[CorrectionRow, ...]:
    """Return the requests in the scope that wait for an answer, oldest first."""
    rows = db.session.execute(
        select(
            RecordCorrection.id, RecordCorrection.record_id, User.name, ServiceRecord.kind,
            ServiceRecord.served_on, ServiceRecord.minutes, RecordCorrection.words,
            RecordCorrection.created_at, RecordCorrection.version,
        )
        .join(ServiceRecord, ServiceRecord.id == RecordCorrection.record_id)
        .join(User, User.id == RecordCorrection.user_id)
        .where(RecordCorrection.answered_at.is_(None))
        .order_by(RecordCorrection.created_at, RecordCorrection.id)
        .limit(PAGE)
    )  # fmt: skip
    return tuple(CorrectionRow(*row) for row in rows)


def next_waiting(besides: UUID) -> UUID | None:
    """Return the record to open next: the one that has waited longest."""
    return db.session.scalar(
        select(ServiceRecord.id)
        .where(ServiceRecord.status == WAITING, ServiceRecord.id != besides)
        .order_by(ServiceRecord.created_at, ServiceRecord.id)
        .limit(1)
    )


def of_period(first: date, last: date) -> Iterator[QueueRow]:
    """Yield the records of a period in the scope by day (for the workbook), voided ones too."""
    rows = db.session.execute(
        _rows()
        .where(ServiceRecord.served_on.between(first, last))
        .order_by(ServiceRecord.served_on, ServiceRecord.id)
    )
    return (_row(row) for row in rows)


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            ServiceRecord.id, User.name.label("person"), Supporter.kind.label("supporter_kind"),
            Supporter.name.label("supporter"), ServiceRecord.kind, ServiceRecord.title,
            ServiceRecord.place, ServiceRecord.served_on, ServiceRecord.minutes,
            ServiceRecord.started_at, ServiceRecord.ended_at, Unit.name.label("county"),
            ServiceRecord.status, ServiceRecord.version, ServiceRecord.created_at,
        )
        .join(Supporter, Supporter.id == ServiceRecord.supporter_id)
        .join(User, User.id == ServiceRecord.user_id)
        .join(Unit, Unit.path == ServiceRecord.unit_path)
    )  # fmt: skip


def _row(row: Any) -> QueueRow:
    is_person = row.supporter_kind == "individual"
    return QueueRow(
        row.id, row.supporter if is_person else row.person, "" if is_person else row.supporter,
        row.kind, row.title, row.place, row.served_on, row.minutes, row.started_at, row.ended_at,
        row.county, row.status, row.version, row.created_at,
    )  # fmt: skip


def _names(*user_ids: UUID | None) -> dict[UUID | None, str]:
    wanted = [each for each in user_ids if each is not None]
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def _cursor(after: str) -> tuple[datetime, UUID] | None:
    at, _, last = after.partition("~")
    try:
        moment, identifier = datetime.fromisoformat(at), UUID(last)
    except ValueError:
        return None
    return (moment, identifier) if moment.tzinfo else None
