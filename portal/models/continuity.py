"""What lets no child be dropped: reviews, hand-overs, closing interviews, transfers (PN)."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, Uuid, select, text
from sqlalchemy.orm import Mapped, object_session

from portal.domain.pii import P1, P3
from portal.models.base import (
    PATH,
    Base,
    Encrypted,
    Identified,
    Stamped,
    UnitScoped,
    UTCDateTime,
    Versioned,
    column,
)
from portal.models.pairings import Pairing
from portal.models.supporters import tied_staff

_OPEN = "status = 'proposed'"


class PairingReview(Identified, Stamped, UnitScoped, Base):
    """One look at a pairing after half a year; ``unit_path`` is the pairing's. Staff only."""

    __tablename__ = "pairing_reviews"
    __table_args__ = (Index("ix_pairing_reviews_pairing_day", "pairing_id", "held_on"),)

    pairing_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("pairings.id"))
    child_id: Mapped[uuid.UUID] = column(P3, Uuid, ForeignKey("child_files.id"), index=True)
    held_on: Mapped[date] = column(P1)
    reviewer_id: Mapped[uuid.UUID | None] = column(P1, Uuid)
    #: The figures of that day: talks and visits kept and due since the last review.
    figures: Mapped[dict[str, Any]] = column(P1, JSON, default=dict)
    #: Keys of domain.continuity: FARES, GOALS, DECISIONS.
    fares: Mapped[str] = column(P3, Encrypted("pairing_reviews.fares"), default="")
    goal: Mapped[str] = column(P3, Encrypted("pairing_reviews.goal"), default="")
    decision: Mapped[str] = column(P1, String(8))
    child_words: Mapped[str] = column(P3, Encrypted("pairing_reviews.child_words"), default="")
    director_words: Mapped[str] = column(
        P3, Encrypted("pairing_reviews.director_words"), default=""
    )
    words: Mapped[str] = column(P3, Encrypted("pairing_reviews.words"), default="")
    #: The rhythm that was agreed, where it changed.
    rhythm: Mapped[str] = column(P1, String(20), default="")
    next_due: Mapped[date | None] = column(P1)


class Handover(Identified, Stamped, Versioned, UnitScoped, Base):
    """What one mentor leaves for the next; ``unit_path`` is the pairing's.

    ``supporter_id`` is who may read the row from outside: its mentor while they write it and the
    pairing stands, nobody after its end, the next mentor once theirs has begun. The wall holds it.
    """

    __tablename__ = "handovers"
    __table_args__ = (UniqueConstraint("pairing_id"),)
    __supporter_column__ = "supporter_id"

    pairing_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("pairings.id"))
    child_id: Mapped[uuid.UUID] = column(P3, Uuid, ForeignKey("child_files.id"), index=True)
    supporter_id: Mapped[uuid.UUID | None] = column(
        P1, Uuid, ForeignKey("supporters.id"), index=True
    )
    status: Mapped[str] = column(P1, String(12), default="written", index=True)
    status_since: Mapped[datetime] = column(P1, UTCDateTime)
    did: Mapped[str] = column(P3, Encrypted("handovers.did"), default="")
    likes: Mapped[str] = column(P3, Encrypted("handovers.likes"), default="")
    worked: Mapped[str] = column(P3, Encrypted("handovers.worked"), default="")
    avoid: Mapped[str] = column(P3, Encrypted("handovers.avoid"), default="")
    ahead: Mapped[str] = column(P3, Encrypted("handovers.ahead"), default="")
    #: Who wrote it last, mentor or staff: somebody else reads it through.
    written_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    written_on: Mapped[date] = column(P1)
    released_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    #: The last words of whoever sent it back.
    remark: Mapped[str] = column(P3, Encrypted("handovers.remark"), default="")

    @property
    def mentor_id(self) -> uuid.UUID | None:
        """Return whose pairing it is, also while the row is closed to them."""
        session = object_session(self)
        if session is None:
            return None
        return session.scalar(select(Pairing.supporter_id).where(Pairing.id == self.pairing_id))

    @property
    def tied_staff(self) -> frozenset[uuid.UUID]:
        """Return the staff who declared a tie with the mentor; read anew each time."""
        mentor = self.mentor_id
        return tied_staff(self, mentor) if mentor else frozenset()


class ClosingInterview(Identified, Stamped, UnitScoped, Base):
    """The talk at the end of a pairing, once; ``unit_path`` is the pairing's. Staff only."""

    __tablename__ = "closing_interviews"
    __table_args__ = (UniqueConstraint("pairing_id"),)

    pairing_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("pairings.id"))
    child_id: Mapped[uuid.UUID] = column(P3, Uuid, ForeignKey("child_files.id"), index=True)
    held_on: Mapped[date] = column(P1)
    #: Keys of domain.continuity.PARTIES; empty where nobody could be spoken with.
    parties: Mapped[list[str]] = column(P1, JSON, default=list)
    child_words: Mapped[str] = column(P3, Encrypted("closing_interviews.child_words"), default="")
    mentor_words: Mapped[str] = column(P3, Encrypted("closing_interviews.mentor_words"), default="")
    words: Mapped[str] = column(P3, Encrypted("closing_interviews.words"), default="")
    #: A key of domain.continuity.FOLLOWS.
    follows: Mapped[str] = column(P1, String(12))
    recorded_by: Mapped[uuid.UUID | None] = column(P1, Uuid)


class ChildTransfer(Identified, Stamped, Versioned, UnitScoped, Base):
    """A child's file on its way to another county of the authority.

    ``unit_path`` is the receiving county, which answers; the sending one (``from_path``) reads it
    through queries.child_transfers. Until it is accepted nothing of the child moves, and the
    receiving county knows only what was copied here.
    """

    __tablename__ = "child_transfers"
    __table_args__ = (
        Index(
            "uq_child_transfers_open",
            "child_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
    )

    child_id: Mapped[uuid.UUID] = column(P3, Uuid, ForeignKey("child_files.id"), index=True)
    #: The county that sends.
    from_path: Mapped[str] = column(P1, PATH, index=True)
    status: Mapped[str] = column(P1, String(12), default="proposed", index=True)
    status_since: Mapped[datetime] = column(P1, UTCDateTime)
    proposed_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    proposed_on: Mapped[date] = column(P1)
    #: The first day in the new place.
    moves_on: Mapped[date] = column(P1)
    words: Mapped[str] = column(P3, Encrypted("child_transfers.words"))
    #: What the receiving county may know before it accepts: masked, copied at the proposal (JSON).
    summary: Mapped[str] = column(P3, Encrypted("child_transfers.summary"))
    answered_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    answered_on: Mapped[date | None] = column(P1)
    answer: Mapped[str] = column(P3, Encrypted("child_transfers.answer"), default="")
    #: Keys of domain.continuity.MISSING: what the new county was told to settle.
    missing: Mapped[list[str]] = column(P1, JSON, default=list)
    reminded_on: Mapped[date | None] = column(P1)


__all__ = ["ChildTransfer", "ClosingInterview", "Handover", "PairingReview"]
