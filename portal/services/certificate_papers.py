"""What a certificate says, frozen as it is issued, and the file that the worker prints of it."""

from __future__ import annotations

import hashlib
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, select

from portal.core import jobs
from portal.core.storage import storage
from portal.domain import masking
from portal.domain.actor import SYSTEM, Actor
from portal.domain.certificates import Line, Paper
from portal.extensions import db
from portal.models.accounts import User
from portal.models.records import StoredFile
from portal.models.service_records import Certificate, CertificateRecord, ServiceRecord
from portal.models.supporters import Supporter
from portal.queries import units
from portal.services import tombstones

_PDF = "application/pdf"
_DOCUMENT = "居民身份证"


def write(row: Certificate, contact: str) -> Paper:
    """Write the content of 149号: who, document (masked), services, hours, issuer, serial, date.

    The people who answer for it are whoever checked (经办人) and whoever issued (负责人).
    """
    supporter = db.session.get_one(Supporter, row.supporter_id)
    is_person = supporter.kind == "individual"
    unit = units.by_path(row.unit_path)
    settings = units.settings(unit.tenant_path or unit.path)
    names = _names(row.user_id, row.publicised_by, row.issued_by)
    number = masking.mask(masking.Kind.ID_NUMBER, supporter.id_no) if is_person else ""
    return Paper(
        serial=row.serial or "",
        name=supporter.name if is_person else names.get(row.user_id, ""),
        document=f"{_DOCUMENT} {number}" if number else "",
        organisation="" if is_person else f"{supporter.name}（{supporter.uscc or ''}）",
        volunteer_no=row.volunteer_no,
        period_from=row.period_from,
        period_to=row.period_to,
        minutes=row.minutes,
        lines=_lines(row.id),
        unit=unit.name if unit.level == "agency" else f"{unit.name}民政局",
        head=names.get(row.issued_by, ""),
        handler=names.get(row.publicised_by, ""),
        contact=contact.strip() or settings.mailbox,
        issued_on=row.issued_on or row.period_to,
    )


def to_print(certificate_id: UUID) -> Paper | None:
    """Return the paper of an issued certificate that has no file yet; None when there is none."""
    row = db.session.scalar(select(Certificate).where(Certificate.id == certificate_id))
    if row is None or row.status != "issued" or row.file_id is not None or not row.paper:
        return None
    paper = Paper.from_json(row.paper)
    return None if paper.nameless else paper


def keep(certificate_id: UUID, data: bytes) -> None:
    """Keep the printed file; what was printed twice is kept once."""
    row = db.session.scalar(select(Certificate).where(Certificate.id == certificate_id))
    if row is None or row.file_id is not None:
        return
    file_id = uuid4()
    key = f"{file_id.hex[:2]}/{file_id}"
    storage().put(key, data)
    db.session.add(
        StoredFile(
            id=file_id, key=key, mime=_PDF, size=len(data),
            sha256=hashlib.sha256(data).hexdigest(), unit_path=row.unit_path,
        )
    )  # fmt: skip
    db.session.flush()
    row.file_id, row.paper_fault = file_id, ""


def note_fault(certificate_id: UUID, fault: str) -> None:
    """Remember why this machine could print no file; the page offers the browser's printing."""
    row = db.session.scalar(select(Certificate).where(Certificate.id == certificate_id))
    if row is not None and row.file_id is None:
        row.paper_fault = fault


def forget_person(whose: ColumnElement[bool]) -> None:
    """Take the person out of their certificates: name, number, services and the printed file.

    Serial, period, minutes and standing stay, and /verify answers as before.
    """
    for row in db.session.scalars(select(Certificate).where(whose).order_by(Certificate.id)):
        row.paper = Paper.from_json(row.paper).without_person().to_json() if row.paper else None
        row.volunteer_no = row.remark = row.paper_fault = ""
        printed = db.session.get(StoredFile, row.file_id) if row.file_id else None
        row.file_id = None
        db.session.flush()
        if printed is not None:
            tombstones.lay("file", printed.id, "owner")
            storage().delete(printed.key)
            db.session.delete(printed)
            db.session.flush()


def owe_missing() -> int:
    """Owe the printing of certificates that an earlier fault left without a file; return how many.

    Needs the system's scope.
    """
    waiting = db.session.scalars(
        select(Certificate)
        .where(Certificate.status == "issued", Certificate.paper_fault != "")
        .order_by(Certificate.id)
    ).all()
    for row in waiting:
        row.paper_fault = ""
        owe_print(SYSTEM, row)
    return len(waiting)


def owe_print(actor: Actor, row: Certificate) -> None:
    """Owe the printing of an issued certificate to the worker."""
    jobs.owe("certificate_print", actor=actor, unit_path=row.unit_path, certificate=str(row.id))


def _lines(certificate_id: UUID) -> tuple[Line, ...]:
    rows = db.session.scalars(
        select(ServiceRecord)
        .join(CertificateRecord, CertificateRecord.record_id == ServiceRecord.id)
        .where(CertificateRecord.certificate_id == certificate_id)
        .order_by(ServiceRecord.served_on, ServiceRecord.started_at, ServiceRecord.id)
    )
    return tuple(Line(row.served_on, row.kind, row.title, row.place, row.minutes) for row in rows)


def _names(*user_ids: UUID | None) -> dict[UUID | None, str]:
    wanted = [each for each in user_ids if each is not None]
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    return {row.id: row.name for row in rows}
