"""Second factors of a supporter that are about to be forgotten, a day after the desk asked."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped

from portal.domain.pii import P1
from portal.models.base import Base, Identified, UTCDateTime, column

_WAITING = "ended_at IS NULL"


class FactorReset(Identified, Base):
    """Takes effect at ``due_at`` unless the person stops it first.

    Not tenanted, like the factors themselves: an account may serve several authorities. Every
    query asks for one account's rows; who asked, and why, is a fact at the supporter.
    """

    __tablename__ = "factor_resets"
    __table_args__ = (
        Index(
            "uq_factor_resets_waiting",
            "user_id",
            unique=True,
            sqlite_where=text(_WAITING),
            postgresql_where=text(_WAITING),
        ),
    )

    user_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("users.id"))
    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"), index=True)
    asked_at: Mapped[datetime] = column(P1, UTCDateTime)
    due_at: Mapped[datetime] = column(P1, UTCDateTime, index=True)
    ended_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    #: done, kept (the person said no) or void (not theirs to reset any more); empty while waiting.
    outcome: Mapped[str] = column(P1, String(8), default="")
