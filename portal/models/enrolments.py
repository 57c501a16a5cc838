"""Children and carers in programmes, and who may fetch a child (PG enrolment; S0-4.7).

What a roster needs is copied here: whoever works in a programme reads no child's file.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import Boolean, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, relationship

from portal.domain.pii import P1, P2, P3
from portal.models.base import (
    Base,
    Encrypted,
    Identified,
    Stamped,
    UnitScoped,
    UTCDateTime,
    Versioned,
    column,
)
from portal.models.programmes import Programme

_LIVE = "status NOT IN ('dropped', 'refused')"


class Enrolment(Identified, Stamped, Versioned, UnitScoped, Base):
    """A child, or a child's carer, in a programme; ``unit_path`` is the child's."""

    __tablename__ = "enrolments"
    __table_args__ = (
        Index(
            "uq_enrolments_live",
            "programme_id",
            "child_id",
            "participant",
            unique=True,
            sqlite_where=text(_LIVE),
            postgresql_where=text(_LIVE),
        ),
        Index("ix_enrolments_child", "child_id", "status"),
        Index("ix_enrolments_programme", "programme_id", "status"),
    )
    __programme_column__ = "programme_id"

    programme_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programmes.id"))
    child_id: Mapped[uuid.UUID] = column(P3, Uuid, ForeignKey("child_files.id"))
    #: child, or carer (classes for carers count them apart, S1-2.3.5a).
    participant: Mapped[str] = column(P1, String(8), default="child")
    #: Given name only; what the roster and the sheet call them.
    called: Mapped[str | None] = column(P3, Encrypted("enrolments.called"))
    #: Age in whole years on the first day.
    age: Mapped[int | None] = column(P3)
    #: The child's number in the roster, on the badge and on paper.
    roster_no: Mapped[int | None] = column(P1)
    #: director, guardian, staff.
    source: Mapped[str] = column(P1, String(12), default="director")
    applied_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    applied_at: Mapped[datetime] = column(P1, UTCDateTime)
    #: applied, consented, enrolled, waitlisted, offered, attended, dropped, refused.
    status: Mapped[str] = column(P1, String(12), default="applied")
    status_since: Mapped[datetime] = column(P1, UTCDateTime)
    #: Siblings who come together or not at all share this.
    together: Mapped[uuid.UUID | None] = column(P3, Uuid)
    #: Consents one by one; activity is needed, the others are the family's choice.
    consent_activity: Mapped[bool] = column(P2, Boolean, default=False)
    consent_photo: Mapped[bool] = column(P2, Boolean, default=False)
    consent_medical: Mapped[bool] = column(P2, Boolean, default=False)
    consent_transport: Mapped[bool] = column(P2, Boolean, default=False)
    consented_by: Mapped[str | None] = column(P2, Encrypted("enrolments.consented_by"))
    consented_on: Mapped[date | None] = column(P1)
    consent_method: Mapped[str] = column(P1, String(16), default="")
    #: The edition of the sentences that were agreed to (domain.enrolments.CONSENT_VERSION).
    consent_version: Mapped[str] = column(P1, String(16), default="")
    #: How many tickets the child held in the draw, and the rank that came out: to draw it again.
    draw_tickets: Mapped[int | None] = column(P3)
    draw_rank: Mapped[int | None] = column(P1)
    #: Place in the line while waiting; the draw's rank before that.
    wait_no: Mapped[int | None] = column(P1)
    #: A promoted family accepts or passes by this moment.
    answer_by: Mapped[datetime | None] = column(P1, UTCDateTime)
    #: Why it was refused or dropped.
    reason: Mapped[str] = column(P3, Encrypted("enrolments.reason"), default="")
    guardian_name: Mapped[str | None] = column(P2, Encrypted("enrolments.guardian_name"))
    guardian_phone: Mapped[str | None] = column(P2, Encrypted("enrolments.guardian_phone"))
    second_contact: Mapped[str | None] = column(P2, Encrypted("enrolments.second_contact"))
    second_phone: Mapped[str | None] = column(P2, Encrypted("enrolments.second_phone"))
    #: Seen by who is on duty that day; gone 30 days after the end.
    health: Mapped[str | None] = column(P3, Encrypted("enrolments.health"))
    diet: Mapped[str | None] = column(P3, Encrypted("enrolments.diet"))
    forgotten_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    #: What the badge's code says: random, worth nothing outside this programme.
    badge: Mapped[str] = column(P3, Encrypted("enrolments.badge"), default="")

    programme: Mapped[Programme] = relationship()

    @property
    def organiser_id(self) -> uuid.UUID | None:
        """Return who answers for the programme (domain.permissions.organising)."""
        return self.programme.organiser_id


class PickupPerson(Identified, Stamped, Versioned, UnitScoped, Base):
    """Somebody registered to fetch a child, known by a code or a picture of their card."""

    __tablename__ = "pickup_persons"
    __programme_column__ = "programme_id"

    enrolment_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("enrolments.id"), index=True)
    programme_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("programmes.id"))
    name: Mapped[str] = column(P2, Encrypted("pickup_persons.name"))
    relation: Mapped[str] = column(P2, String(20), default="")
    phone: Mapped[str | None] = column(P2, Encrypted("pickup_persons.phone"))
    #: A salted digest of the code the family was told.
    code_hash: Mapped[str] = column(P1, String(200), default="")
    photo_id: Mapped[uuid.UUID | None] = column(P1, Uuid, ForeignKey("stored_files.id"))
    ended_at: Mapped[datetime | None] = column(P1, UTCDateTime)
