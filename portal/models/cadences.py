"""What keeps a pairing's cadence fair: excuses, substitutes, and the reminders that were sent."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped

from portal.domain.pii import P1, P3
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

_STANDING = "withdrawn_at IS NULL"


class Excuse(Identified, Stamped, UnitScoped, Base):
    """One period of one kind that staff do not ask for; ``unit_path`` is the pairing's."""

    __tablename__ = "cadence_excuses"
    __table_args__ = (
        Index(
            "uq_cadence_excuses_standing",
            "pairing_id",
            "kind",
            "period_from",
            unique=True,
            sqlite_where=text(_STANDING),
            postgresql_where=text(_STANDING),
        ),
    )
    __supporter_column__ = "supporter_id"

    pairing_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("pairings.id"))
    #: The mentor, who reads it, too.
    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"))
    #: talk or visit (domain.cadence), and the first day of its month or quarter.
    kind: Mapped[str] = column(P1, String(8))
    period_from: Mapped[date] = column(P1)
    #: A key of domain.absences.EXCUSES.
    reason_code: Mapped[str] = column(P1, String(16))
    words: Mapped[str] = column(P3, Encrypted("cadence_excuses.words"), default="")
    withdrawn_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    withdrawn_by: Mapped[uuid.UUID | None] = column(P1, Uuid)


class Substitution(Identified, Stamped, Versioned, UnitScoped, Base):
    """Somebody of tier 2 keeps a pairing's contacts for the mentor, from a day to a day."""

    __tablename__ = "substitutions"
    __table_args__ = (
        Index("ix_substitutions_pairing_days", "pairing_id", "from_on", "until_on"),
        Index("ix_substitutions_supporter", "supporter_id", "until_on"),
    )
    __supporter_column__ = "supporter_id"

    pairing_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("pairings.id"))
    #: The substitute; the mentor stays the pairing's supporter.
    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"))
    from_on: Mapped[date] = column(P1)
    #: The last day, included; ending it moves this day, before the first if nothing began.
    until_on: Mapped[date] = column(P1)
    #: A key of domain.absences.SUBSTITUTE_REASONS.
    reason_code: Mapped[str] = column(P1, String(16))
    ended_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    ended_by: Mapped[uuid.UUID | None] = column(P1, Uuid)


class CadenceReminder(Identified, Stamped, UnitScoped, Base):
    """One reminder to a mentor: at most three in a month, and what was open then."""

    __tablename__ = "cadence_reminders"
    __table_args__ = (
        UniqueConstraint("pairing_id", "period_from", "number"),
        CheckConstraint("number BETWEEN 1 AND 3", name="three_at_most"),
    )
    __supporter_column__ = "supporter_id"

    pairing_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("pairings.id"))
    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"))
    #: The first day of the month it was sent in.
    period_from: Mapped[date] = column(P1)
    number: Mapped[int] = column(P1, default=1)
    about_talk: Mapped[bool] = column(P1)
    about_visit: Mapped[bool] = column(P1)
    sent_at: Mapped[datetime] = column(P1, UTCDateTime)
