"""What lets somebody meet children: the tier-2 standing; and the appeal against a refusal."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, Uuid, select
from sqlalchemy.orm import Mapped, object_session

from portal.domain import clock, passport
from portal.domain.lifecycles import clearances
from portal.domain.passport import Item
from portal.domain.pii import P1, P2
from portal.models.base import (
    PATH,
    Base,
    Encrypted,
    Identified,
    Stamped,
    TenantScoped,
    UTCDateTime,
    Versioned,
    column,
)
from portal.models.supporters import Supporter, Tie, Tied, VettingCheck, people


class Clearance(Tied, Identified, Stamped, Versioned, TenantScoped, Base):
    """Tier 2 of one person at one authority: asked, recommended, granted, ended."""

    __tablename__ = "clearances"
    __table_args__ = (UniqueConstraint("supporter_id"),)
    __supporter_column__ = "supporter_id"

    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"))
    unit_path: Mapped[str] = column(P1, PATH)
    status: Mapped[str] = column(P1, String(12), default="asked", index=True)
    status_since: Mapped[datetime] = column(P1, UTCDateTime)
    recommended_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    granted_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    granted_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    #: The last day on which children may be met: the first check that runs out.
    valid_to: Mapped[date | None] = column(P1)
    #: Words to the applicant when it was sent back or ended.
    words: Mapped[str] = column(P2, Encrypted("clearances.words"), default="")

    @property
    def checks(self) -> tuple[passport.Check, ...]:
        """Return the checks that stand, read anew each time."""
        session = object_session(self)
        rows = session.scalars(_standing_checks(self.supporter_id)) if session else ()
        return tuple(
            passport.Check(
                row.kind, row.done_on, row.expires_on, row.result, row.minutes, row.created_by
            )
            for row in rows
        )

    @property
    def passport(self) -> tuple[Item, ...]:
        """Return the lines of the passport as they stand today."""
        return passport.read(self.checks, clock.today())

    @property
    def recorders(self) -> frozenset[uuid.UUID]:
        """Return who recorded what tier 2 rests on; confirming identity was tier 1's own step."""
        counted = set(passport.CONTACT_KINDS) - {"identity"}
        return frozenset(
            one.recorded_by
            for one in self.checks
            if one.kind in counted and one.recorded_by is not None
        )

    @property
    def goods_stand(self) -> bool:
        """Tell whether tier 1 holds today."""
        session = object_session(self)
        row = session.get(Supporter, self.supporter_id) if session else None
        return row is not None and row.stands_on(clock.today())

    @property
    def open_ties(self) -> bool:
        """Tell whether the applicant declared a tie that nobody has released yet."""
        return bool(
            people(
                self,
                select(Tie.id).where(
                    Tie.supporter_id == self.supporter_id,
                    Tie.side == "applicant",
                    Tie.released_at.is_(None),
                ),
            )
        )

    @property
    def releasers(self) -> frozenset[uuid.UUID]:
        """Return who released the applicant's ties: they take neither of the two steps."""
        return people(
            self,
            select(Tie.released_by).where(
                Tie.supporter_id == self.supporter_id, Tie.side == "applicant"
            ),
        )

    def holds_on(self, day: date) -> bool:
        """Tell whether children may be met on a day; the last day itself still counts."""
        is_live = self.status in clearances.LIVE
        return is_live and self.valid_to is not None and self.valid_to >= day


def _standing_checks(supporter_id: uuid.UUID) -> Any:
    return (
        select(VettingCheck)
        .where(VettingCheck.supporter_id == supporter_id, VettingCheck.struck_at.is_(None))
        .order_by(VettingCheck.done_on, VettingCheck.created_at, VettingCheck.id)
    )


class Appeal(Tied, Identified, Stamped, Versioned, TenantScoped, Base):
    """What somebody says against one refusal, once; and the answer of another person."""

    __tablename__ = "appeals"
    __table_args__ = (UniqueConstraint("supporter_id", "decided_at"),)
    __supporter_column__ = "supporter_id"

    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"))
    unit_path: Mapped[str] = column(P1, PATH)
    status: Mapped[str] = column(P1, String(12), default="open", index=True)
    #: The decision appealed against: rejected or revoked, when and by whom.
    against: Mapped[str] = column(P1, String(12))
    decided_at: Mapped[datetime] = column(P1, UTCDateTime)
    decided_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    words: Mapped[str] = column(P2, Encrypted("appeals.words"))
    answer: Mapped[str] = column(P2, Encrypted("appeals.answer"), default="")
    answered_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    answered_at: Mapped[datetime | None] = column(P1, UTCDateTime)
