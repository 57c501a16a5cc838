"""Certificates: one's own, the bureau's, and what a stranger with a serial may learn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select

from portal.core import access, scope, transitions
from portal.core.storage import storage
from portal.core.transitions import Offer
from portal.domain import clock, masking
from portal.domain.actor import Actor
from portal.domain.certificates import NAME_DELETED, Line, Paper
from portal.domain.errors import NotFound
from portal.domain.lifecycles.certificates import MACHINE
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.accounts import User
from portal.models.records import StoredFile
from portal.models.service_records import (
    Certificate,
    CertificateObjection,
    CertificateRecord,
    ServiceRecord,
)
from portal.models.supporters import Supporter
from portal.models.units import Unit

PAGE = 20
#: The states a list of the bureau may ask for, in the order of the tabs.
LISTED = ("requested", "publicised", "issued", "declined", "withdrawn", "void")


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """One certificate in a list; the name is masked for whoever only reads."""

    id: UUID
    person: str
    #: The person's data was deleted; the certificate is kept without a name.
    is_gone: bool
    organisation: str
    unit: str
    period_from: date
    period_to: date
    minutes: int
    record_count: int
    status: str
    version: int
    created_at: datetime
    publicity_until: date | None
    open_objections: int
    issued_on: date | None
    serial: str
    remark: str
    paper_fault: str
    has_file: bool


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection with its answer."""

    id: UUID
    words: str
    by: str
    own: bool
    at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything about one certificate, with the buttons."""

    row: CertificateRow
    lines: tuple[Line, ...]
    document: str
    objections: tuple[Objection, ...]
    moves: tuple[Offer, ...]
    may_handle: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """What a stranger with a serial learns: valid with what the paper says, or void since a day."""

    valid: bool
    ended_on: date | None = None
    name: str = ""
    period_from: date | None = None
    period_to: date | None = None
    minutes: int = 0
    unit: str = ""
    issued_on: date | None = None
    nameless: bool = False


def by_serial(serial: str) -> Checked | None:
    """Return what a serial's certificate is today; None for a serial that was never issued.

    A void one tells nothing but that it is void, and since when.
    """
    with scope.everywhere("a stranger holds a paper and asks whether it is valid", db.session()):
        row = db.session.scalar(select(Certificate).where(Certificate.serial == serial))
        if row is None or not row.paper:
            return None
        if row.status != "issued":
            return Checked(valid=False, ended_on=row.ended_on)
        paper = Paper.from_json(row.paper)
    return Checked(
        valid=True, name=masking.mask(masking.Kind.NAME, paper.name), minutes=paper.minutes,
        period_from=paper.period_from, period_to=paper.period_to, unit=paper.unit,
        issued_on=paper.issued_on, nameless=paper.nameless,
    )  # fmt: skip


def mine(actor: Actor) -> tuple[CertificateRow, ...]:
    """Return one's own certificates, the newest first."""
    rows = db.session.execute(
        _rows()
        .where(Certificate.user_id == actor.user_id)
        .order_by(Certificate.created_at.desc(), Certificate.id)
        .limit(PAGE)
    )
    return tuple(_row(row, full=True) for row in rows)


def own(actor: Actor, certificate_id: UUID) -> tuple[CertificateRow, tuple[Line, ...]]:
    """Return one own certificate and what it is built on; NotFound for anybody else's."""
    row = db.session.execute(
        _rows().where(Certificate.id == certificate_id, Certificate.user_id == actor.user_id)
    ).first()
    if row is None:
        raise NotFound
    return _row(row, full=True), _lines(certificate_id)


def page(actor: Actor, status: str, offset: int = 0) -> tuple[tuple[CertificateRow, ...], bool]:
    """Return a page of the scope's certificates of one state, and whether more follow."""
    waiting = status in ("requested", "publicised")
    at = Certificate.created_at if waiting else Certificate.created_at.desc()
    found = db.session.execute(
        _rows()
        .where(Certificate.status == status)
        .order_by(at, Certificate.id)
        .offset(offset)
        .limit(PAGE + 1)
    ).all()
    full = access.permits(actor, Permission.CERTIFICATE_ISSUE)
    return tuple(_row(row, full=full) for row in found[:PAGE]), len(found) > PAGE


def counts() -> dict[str, int]:
    """Return how many certificates of the scope stand in each state."""
    rows = db.session.execute(
        select(Certificate.status, func.count(Certificate.id)).group_by(Certificate.status)
    )
    return dict(iter(rows))


def count_waiting() -> int:
    """Return how many certificates wait for a step: requests, and those whose publicity is over."""
    over = and_(Certificate.status == "publicised", Certificate.publicity_until < clock.today())
    return (
        db.session.scalar(
            select(func.count(Certificate.id)).where(or_(Certificate.status == "requested", over))
        )
        or 0
    )


def dossier(actor: Actor, certificate_id: UUID) -> Dossier:
    """Return one certificate for the bureau; names and titles only for whoever handles it."""
    certificate = db.session.scalar(select(Certificate).where(Certificate.id == certificate_id))
    if certificate is None or not access.permits(actor, Permission.CERTIFICATE_READ, certificate):
        raise NotFound
    full = access.permits(actor, Permission.CERTIFICATE_ISSUE, certificate)
    shown = db.session.execute(_rows().where(Certificate.id == certificate_id)).one()
    return Dossier(
        row=_row(shown, full=full),
        lines=_lines(certificate_id),
        document=masking.mask(masking.Kind.ID_NUMBER, shown.id_no) if full else "",
        objections=_objections(actor, certificate_id),
        moves=transitions.offers(MACHINE, certificate, actor),
        may_handle=full,
    )


def paper_of(actor: Actor, certificate_id: UUID) -> Paper:
    """Return an issued certificate's content for its owner or whoever handles it; NotFound."""
    row = _readable(actor, certificate_id)
    if row.status != "issued" or not row.paper:
        raise NotFound("这份证明现在不能打印")
    paper = Paper.from_json(row.paper)
    if paper.nameless:
        raise NotFound("这份证明现在不能打印")
    return paper


def file_of(actor: Actor, certificate_id: UUID) -> tuple[bytes, str]:
    """Return the printed file and its serial; NotFound while there is none, and for a void one."""
    row = _readable(actor, certificate_id)
    stored = db.session.get(StoredFile, row.file_id) if row.file_id else None
    if row.status != "issued" or stored is None:
        raise NotFound("这份证明还没有可以下载的文件")
    return storage().open(stored.key), row.serial or ""


def _readable(actor: Actor, certificate_id: UUID) -> Certificate:
    row = db.session.scalar(select(Certificate).where(Certificate.id == certificate_id))
    if row is None:
        raise NotFound
    if row.user_id != actor.user_id and not access.permits(
        actor, Permission.CERTIFICATE_ISSUE, row
    ):
        raise NotFound
    return row


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Certificate, User.name.label("person"), Supporter.kind.label("supporter_kind"),
            Supporter.name.label("supporter"), Supporter.id_no, Supporter.status.label("standing"),
            Unit.name.label("unit"),
        )
        .join(Supporter, Supporter.id == Certificate.supporter_id)
        .join(User, User.id == Certificate.user_id)
        .join(Unit, Unit.path == Certificate.unit_path)
    )  # fmt: skip


def _row(row: Any, *, full: bool) -> CertificateRow:
    held: Certificate = row.Certificate
    is_person = row.supporter_kind == "individual"
    name = row.supporter if is_person else row.person
    is_gone = row.standing == "erased" if is_person else not name
    shown = name if full else masking.mask(masking.Kind.NAME, name)
    return CertificateRow(
        id=held.id,
        person=NAME_DELETED if is_gone else shown,
        is_gone=is_gone,
        organisation="" if is_person else row.supporter,
        unit=row.unit,
        period_from=held.period_from,
        period_to=held.period_to,
        minutes=held.minutes,
        record_count=held.record_count,
        status=held.status,
        version=held.version,
        created_at=held.created_at,
        publicity_until=held.publicity_until,
        open_objections=held.open_objections,
        issued_on=held.issued_on,
        serial=(held.serial or "") if full else "",
        remark=held.remark if full else "",
        paper_fault=held.paper_fault,
        has_file=held.file_id is not None,
    )


def _lines(certificate_id: UUID) -> tuple[Line, ...]:
    rows = db.session.execute(
        select(
            ServiceRecord.served_on, ServiceRecord.kind, ServiceRecord.title, ServiceRecord.place,
            ServiceRecord.minutes,
        )
        .join(CertificateRecord, CertificateRecord.record_id == ServiceRecord.id)
        .where(CertificateRecord.certificate_id == certificate_id)
        .order_by(ServiceRecord.served_on, ServiceRecord.started_at, ServiceRecord.id)
    )  # fmt: skip
    return tuple(Line(*row) for row in rows)


def _objections(actor: Actor, certificate_id: UUID) -> tuple[Objection, ...]:
    rows = db.session.execute(
        select(CertificateObjection, User.name)
        .outerjoin(User, User.id == CertificateObjection.created_by)
        .where(CertificateObjection.certificate_id == certificate_id)
        .order_by(CertificateObjection.created_at, CertificateObjection.id)
    )
    return tuple(
        Objection(
            row.id, row.words, name or "", row.created_by == actor.user_id, row.created_at,
            row.answer, row.answered_at,
        )
        for row, name in rows
    )  # fmt: skip
