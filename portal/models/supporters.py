"""People and organisations who want to help, and what was looked at before they may."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint, Uuid, select
from sqlalchemy.orm import Mapped, object_session

from portal.domain.pii import P1, P2, P4
from portal.models.base import (
    PATH,
    Base,
    Encrypted,
    Identified,
    Stamped,
    TenantScoped,
    UnitScoped,
    UTCDateTime,
    Versioned,
    column,
)


def people(row: object, statement: Any) -> frozenset[uuid.UUID]:
    """Return the ids a statement finds, by the session of ``row``; none when it is detached."""
    session = object_session(row)
    found: Iterable[uuid.UUID | None] = session.scalars(statement) if session else ()
    return frozenset(one for one in found if one is not None)


class Tied:
    """Mixin of what concerns one supporter: the guards ask who may not act on it."""

    @property
    def tied_staff(self) -> frozenset[uuid.UUID]:
        """Return the staff who declared a tie with the supporter; read anew each time."""
        return tied_staff(self, getattr(self, "supporter_id"))  # noqa: B009 -- a mixin


def tied_staff(row: object, supporter_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Return the staff who declared a tie with a supporter, by the session of ``row``."""
    return people(
        row,
        select(Tie.created_by).where(Tie.supporter_id == supporter_id, Tie.side == "staff"),
    )


class Supporter(Identified, Stamped, Versioned, TenantScoped, Base):
    """A supporter at one authority: vetting, tier, quota and block-list are per authority."""

    __tablename__ = "supporters"
    __table_args__ = (
        UniqueConstraint("tenant_path", "uscc_hmac"),
        UniqueConstraint("tenant_path", "id_hmac"),
    )
    #: A supporter reads their own row without holding a role in the authority.
    __supporter_column__ = "id"

    kind: Mapped[str] = column(P1, String(12))
    status: Mapped[str] = column(P1, String(12), default="draft", index=True)
    tier: Mapped[int] = column(P1, default=0)
    #: The path of the county whose staff vet; the row itself is shared in the authority.
    unit_path: Mapped[str] = column(P1, PATH)
    county_code: Mapped[str] = column(P1, String(12))
    name: Mapped[str] = column(P2, Encrypted("supporters.name"))
    #: Keyed marks by which a part of the sealed name is found (domain.name_search).
    name_marks: Mapped[str] = column(P2, Text, default="")
    uscc: Mapped[str | None] = column(P1, String(18))
    uscc_hmac: Mapped[str | None] = column(P1, String(64))
    id_no: Mapped[str | None] = column(P2, Encrypted("supporters.id_no"))
    id_hmac: Mapped[str | None] = column(P2, String(64))
    birth_date: Mapped[date | None] = column(P2)
    phone: Mapped[str | None] = column(P2, Encrypted("supporters.phone"))
    address: Mapped[str | None] = column(P2, Encrypted("supporters.address"))
    is_teacher: Mapped[bool] = column(P2, default=False)
    fundraising_no: Mapped[str | None] = column(P1, String(40))
    details: Mapped[dict[str, Any]] = column(P2, JSON, default=dict)
    pledge_version: Mapped[str | None] = column(P1, String(16))
    privacy_version: Mapped[str | None] = column(P1, String(16))
    submitted_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    approved_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    approved_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    valid_to: Mapped[date | None] = column(P1)
    #: Sentence per returned field: {field: reason}.
    returned_fields: Mapped[dict[str, str]] = column(P1, JSON, default=dict)
    claims_blocked_until: Mapped[date | None] = column(P1)
    #: Why it is suspended: staff, complaint, offence; empty while it is not.
    suspended_for: Mapped[str] = column(P1, String(12), default="")
    suspended_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    #: When it was refused or revoked, and by whom: an appeal goes to another person.
    closed_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    closed_by: Mapped[uuid.UUID | None] = column(P1, Uuid)

    @property
    def tied_staff(self) -> frozenset[uuid.UUID]:
        """Return the staff who declared a tie with this supporter; read anew each time."""
        return tied_staff(self, self.id)

    @property
    def open_complaints(self) -> bool:
        """Tell whether a complaint waits for its finding."""
        found = select(Complaint.id).where(
            Complaint.supporter_id == self.id, Complaint.status == "open"
        )
        return bool(people(self, found))

    @property
    def complaint_hands(self) -> frozenset[uuid.UUID]:
        """Return who recorded, decided or caused what it is suspended for."""
        if self.suspended_for not in ("complaint", "offence"):
            return frozenset()
        hands = frozenset({self.suspended_by} if self.suspended_by else ())
        for hand in (Complaint.created_by, Complaint.decided_by):
            hands |= people(self, select(hand).where(Complaint.supporter_id == self.id))
        return hands

    def stands_on(self, day: date) -> bool:
        """Tell whether tier 1 holds on a day; the last day itself still counts."""
        in_time = self.valid_to is None or self.valid_to >= day
        return self.status == "approved" and self.tier >= 1 and in_time


class SupporterMember(Identified, Stamped, Base):
    """A login that speaks for a supporter; read at sign-in, before any scope is open."""

    __tablename__ = "supporter_members"
    __table_args__ = (UniqueConstraint("supporter_id", "user_id"),)

    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"))
    user_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"), index=True)
    role: Mapped[str] = column(P1, String(12), default="contact")
    #: An open invitation: it speaks for nobody until it is accepted, which empties this.
    invited_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    ended_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class SupporterDocument(Identified, Stamped, TenantScoped, Base):
    """A document a supporter handed in (licence, certificate, ID picture)."""

    __tablename__ = "supporter_documents"
    __supporter_column__ = "supporter_id"

    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"), index=True)
    kind: Mapped[str] = column(P1, String(24))
    file_id: Mapped[uuid.UUID] = column(P2, Uuid, ForeignKey("stored_files.id"))


class VettingCheck(Identified, Stamped, Versioned, TenantScoped, Base):
    """One check of a supporter with its expiry; an offence check keeps a result code only.

    Who held an interview or a training is ``office``; who recorded it is ``created_by``.
    """

    __tablename__ = "vetting_checks"
    __supporter_column__ = "supporter_id"

    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"), index=True)
    kind: Mapped[str] = column(P1, String(16))
    done_on: Mapped[date] = column(P1)
    expires_on: Mapped[date | None] = column(P1)
    office: Mapped[str] = column(P1, String(80), default="")
    result: Mapped[str] = column(P4, Encrypted("vetting_checks.result"), default="")
    #: Of a training.
    minutes: Mapped[int] = column(P1, default=0)
    #: The version of the pledge, or the number of a certificate.
    reference: Mapped[str] = column(P1, String(40), default="")
    #: The day a certificate was issued.
    issued_on: Mapped[date | None] = column(P1)
    file_id: Mapped[uuid.UUID | None] = column(P2, Uuid, ForeignKey("stored_files.id"))
    #: Struck out as a mistake; the row stays as memory.
    struck_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    struck_by: Mapped[uuid.UUID | None] = column(P1, Uuid)


class BlockEntry(Identified, Stamped, TenantScoped, Base):
    """A hash on the authority's block-list, with a reason code and no name."""

    __tablename__ = "block_entries"
    __table_args__ = (UniqueConstraint("tenant_path", "hmac"),)

    hmac: Mapped[str] = column(P2, String(64))
    reason_code: Mapped[str] = column(P4, String(24))
    lifted_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class Tie(Identified, Stamped, Versioned, TenantScoped, Base):
    """A conflict of interest, declared by the applicant or by a member of staff."""

    __tablename__ = "ties"
    __supporter_column__ = "supporter_id"

    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"), index=True)
    side: Mapped[str] = column(P1, String(10))
    kind: Mapped[str] = column(P2, String(20))
    words: Mapped[str] = column(P2, Encrypted("ties.words"), default="")
    released_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    released_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    release_words: Mapped[str] = column(P2, Encrypted("ties.release_words"), default="")


class Complaint(Tied, Identified, Stamped, Versioned, UnitScoped, Base):
    """A complaint about a supporter. Units read it, never the supporter: who said it is secret."""

    __tablename__ = "complaints"

    tenant_path: Mapped[str] = column(P1, PATH)
    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"), index=True)
    kind: Mapped[str] = column(P1, String(12))
    #: staff, or public (through the complaint page).
    source: Mapped[str] = column(P1, String(8), default="staff")
    words: Mapped[str] = column(P4, Encrypted("complaints.words"))
    reporter: Mapped[str] = column(P4, Encrypted("complaints.reporter"), default="")
    status: Mapped[str] = column(P1, String(12), default="open", index=True)
    finding: Mapped[str] = column(P4, Encrypted("complaints.finding"), default="")
    decided_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    decided_at: Mapped[datetime | None] = column(P1, UTCDateTime)
