"""Pairings (结对帮扶): one child, one person of tier 2, from a day until it ends."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, Uuid, select, text
from sqlalchemy.orm import Mapped, object_session

from portal.domain import clock
from portal.domain.identity import age_on
from portal.domain.needs import HEARD_FROM_AGE
from portal.domain.pii import P1, P2, P3
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
from portal.models.children import ChildFile
from portal.models.needs import PairingNeed
from portal.models.standings import Clearance, Tied
from portal.models.supporters import Supporter

_LIVE = "status <> 'closed'"
_APPROVED = "status IN ('matched', 'active', 'paused')"
_OPEN = "until_on IS NULL"
#: The states of a need that nobody has been approved for yet.
_WAITING_NEED = ("approved", "held", "published")


class Pairing(Tied, Identified, Stamped, Versioned, UnitScoped, Base):
    """A pairing; ``unit_path`` is the child's. The supporter reads its state, not the child."""

    __tablename__ = "pairings"
    __table_args__ = (
        UniqueConstraint("tenant_path", "file_no"),
        Index(
            "uq_pairings_live",
            "child_id",
            "supporter_id",
            unique=True,
            sqlite_where=text(_LIVE),
            postgresql_where=text(_LIVE),
        ),
        Index(
            "uq_pairings_need",
            "need_id",
            unique=True,
            sqlite_where=text(_APPROVED),
            postgresql_where=text(_APPROVED),
        ),
        Index("ix_pairings_supporter", "supporter_id", "status"),
    )
    __supporter_column__ = "supporter_id"

    tenant_path: Mapped[str] = column(P1, PATH)
    #: JD-YYYY-NNNN: for files and paper inside the bureau.
    file_no: Mapped[str] = column(P1, String(16))
    child_id: Mapped[uuid.UUID] = column(P3, Uuid, ForeignKey("child_files.id"))
    supporter_id: Mapped[uuid.UUID] = column(P2, Uuid, ForeignKey("supporters.id"))
    status: Mapped[str] = column(P1, String(12), default="proposed", index=True)
    status_since: Mapped[datetime] = column(P1, UTCDateTime)
    proposed_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    activated_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    #: What it answers; its rhythm says what is due.
    need_id: Mapped[uuid.UUID | None] = column(P1, Uuid, ForeignKey("pairing_needs.id"), index=True)
    #: Who helps, for the statistics: a key of domain.needs.HELPERS.
    helper: Mapped[str] = column(P1, String(16), default="")
    #: Copied from the need, because its supporter reads no need: keys of KINDS and RHYTHMS.
    kind: Mapped[str] = column(P3, String(16), default="")
    rhythm: Mapped[str] = column(P1, String(20), default="")
    #: Where the proposal came from: application, offer, search, engine, substitute.
    origin: Mapped[str] = column(P1, String(12), default="search")
    #: A sentence per factor at the moment of the proposal (matching.explain).
    reasons: Mapped[list[Any]] = column(P1, JSON, default=list)
    #: The application it answers, where it came from one.
    application_id: Mapped[uuid.UUID | None] = column(P1, Uuid, ForeignKey("need_applications.id"))
    #: The pairing this one follows, after a change of mentor.
    follows_id: Mapped[uuid.UUID | None] = column(P1, Uuid, ForeignKey("pairings.id"))
    approved_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    approved_on: Mapped[date | None] = column(P1)
    guardian_agreed_on: Mapped[date | None] = column(P1)
    guardian_agreed_by: Mapped[str | None] = column(P2, Encrypted("pairings.guardian_agreed_by"))
    child_agreed_on: Mapped[date | None] = column(P1)
    child_words: Mapped[str | None] = column(P3, Encrypted("pairings.child_words"))
    met_on: Mapped[date | None] = column(P1)
    #: The director who was there at the first meeting.
    met_with: Mapped[uuid.UUID | None] = column(P1, Uuid)
    #: The signed agreement as a scan; staff of the field may open it.
    agreement_file_id: Mapped[uuid.UUID | None] = column(P1, Uuid, ForeignKey("stored_files.id"))
    #: The next meeting that is arranged, and who of the staff answers the person's calls.
    meeting_on: Mapped[date | None] = column(P1)
    meeting_hour: Mapped[str] = column(P1, String(5), default="")
    contact_id: Mapped[uuid.UUID | None] = column(P1, Uuid)
    #: What the person calls the child, and where they meet; emptied when the pairing ends.
    called: Mapped[str | None] = column(P3, Encrypted("pairings.called"))
    meeting_place: Mapped[str | None] = column(P3, Encrypted("pairings.meeting_place"))
    started_on: Mapped[date | None] = column(P1)
    #: The day by which it is looked at again (every six months).
    review_due: Mapped[date | None] = column(P1)
    #: Rhythms it had before: pairs of the last day and the key (domain.rhythms), oldest first.
    past_rhythms: Mapped[list[Any]] = column(P1, JSON, default=list)
    #: Since when it waits for the county to end it or to settle that it goes on, and why
    #: (domain.continuity.LEAVING).
    leaving_since: Mapped[date | None] = column(P1)
    leaving_why: Mapped[str] = column(P1, String(8), default="")
    paused_reason: Mapped[str] = column(P1, String(24), default="")
    ended_on: Mapped[date | None] = column(P1)
    end_reason: Mapped[str] = column(P1, String(24), default="")
    words: Mapped[str] = column(P3, Encrypted("pairings.words"), default="")

    @property
    def contact_stands(self) -> bool:
        """Tell whether the person may meet children today: both tiers, read anew each time."""
        session = object_session(self)
        if session is None:
            return False
        standing = session.scalar(
            select(Clearance).where(Clearance.supporter_id == self.supporter_id)
        )
        person = session.get(Supporter, self.supporter_id)
        today = clock.today()
        return bool(standing and person and standing.holds_on(today) and person.stands_on(today))

    @property
    def need_waits(self) -> bool:
        """Tell whether its need is still to be served; a pairing of before has none."""
        session = object_session(self)
        if self.need_id is None or session is None:
            return self.need_id is None
        state = session.scalar(select(PairingNeed.status).where(PairingNeed.id == self.need_id))
        return state in _WAITING_NEED

    @property
    def hears_child(self) -> bool:
        """Tell whether the child is old enough today to be asked; yes where nobody can tell."""
        session = object_session(self)
        if session is None:
            return True
        born = session.scalar(select(ChildFile.birth_date).where(ChildFile.id == self.child_id))
        return born is None or age_on(born, clock.today()) >= HEARD_FROM_AGE


class PairingPause(Identified, Stamped, UnitScoped, Base):
    """A stretch in which a pairing rested, up to ``until_on``: the day it went on, if it did."""

    __tablename__ = "pairing_pauses"
    __table_args__ = (
        Index(
            "uq_pairing_pauses_open",
            "pairing_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
    )
    __supporter_column__ = "supporter_id"

    pairing_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("pairings.id"), index=True)
    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"))
    reason_code: Mapped[str] = column(P1, String(24))
    from_on: Mapped[date] = column(P1)
    until_on: Mapped[date | None] = column(P1)


__all__ = ["Pairing", "PairingPause"]
