"""What a story looks at: a certificate's numbers, and what a stranger learns of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.hours import hours
from portal.extensions import db
from portal.models.service_records import Certificate
from portal.queries import certificates, service_records


@dataclass(frozen=True, slots=True)
class PaperNumbers:
    """The state of a certificate, how many services it holds and the hours with two decimals."""

    status: str
    services: int
    hours: str


def paper(certificate_id: UUID) -> PaperNumbers:
    """Return the numbers of a certificate in the scope; NotFound."""
    row = db.session.scalar(select(Certificate).where(Certificate.id == certificate_id))
    if row is None:
        raise NotFound
    return PaperNumbers(row.status, row.record_count, str(hours(row.minutes)))


def checked(certificate_id: UUID) -> str:
    """Return what a stranger with the serial reads: valid, void, or unknown."""
    row = db.session.scalar(select(Certificate).where(Certificate.id == certificate_id))
    found = certificates.by_serial(row.serial) if row is not None and row.serial else None
    if found is None:
        return "unknown"
    return "valid" if found.valid else "void"


def verified_hours(actor: Actor) -> str:
    """Return one's own verified hours with two decimals."""
    return str(hours(service_records.totals(actor).verified_minutes))
