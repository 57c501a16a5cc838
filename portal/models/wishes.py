"""Micro-wishes (微心愿): windows, catalogue, the wish inside, and the card outside.

``wish_cards`` has no path to ``child_files``: the wish knows its card, the card knows no wish.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    Uuid,
    select,
    text,
)
from sqlalchemy.orm import Mapped, object_session, relationship

from portal.domain.pii import P0, P1, P2, P3
from portal.models.base import (
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
from portal.models.children import ChildFile
from portal.models.records import Fact

#: What makes somebody one of the hands before the next key (invariant 5).
_CHANGING_FACTS = ("wish.edit", "wish.submit")
_LIVE_WISH = "status NOT IN ('archived', 'expired', 'withdrawn')"
_LIVE_COMMITMENT = "status IN ('pending', 'approved', 'delivering', 'delivered')"


class WishWindow(Identified, Stamped, Versioned, TenantScoped, Base):
    """When wishes of an occasion may be claimed and must be delivered (S0-4.8c)."""

    __tablename__ = "wish_windows"
    __table_args__ = (UniqueConstraint("tenant_path", "year", "occasion"),)

    year: Mapped[int] = column(P0)
    occasion: Mapped[str] = column(P0, String(20))
    opens: Mapped[date] = column(P0)
    closes: Mapped[date] = column(P0)
    deliver_by: Mapped[date] = column(P0)
    festival_on: Mapped[date | None] = column(P0)
    closed_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class PublicationBatch(Identified, Stamped, TenantScoped, Base):
    """Cards appear and disappear together; a batch is what a reader may notice (A2)."""

    __tablename__ = "publication_batches"

    window_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("wish_windows.id"))
    released_at: Mapped[datetime] = column(P1, UTCDateTime)
    cards: Mapped[int] = column(P1, default=0)


class Wish(Identified, Stamped, Versioned, UnitScoped, Base):
    """A wish inside the bureau: whose, in which words, which item, at what cost (分)."""

    __tablename__ = "wishes"
    __table_args__ = (
        UniqueConstraint("tenant_path", "file_no"),
        Index(
            "uq_wishes_live",
            "child_id",
            "window_id",
            unique=True,
            sqlite_where=text(_LIVE_WISH),
            postgresql_where=text(_LIVE_WISH),
        ),
        Index("ix_wishes_queue", "status", "unit_path"),
    )

    tenant_path: Mapped[str] = column(P1, String(120))
    #: WX-YYYY-NNNNN: for files and paper inside the bureau, never public.
    file_no: Mapped[str] = column(P1, String(20))
    child_id: Mapped[uuid.UUID] = column(P3, Uuid, ForeignKey("child_files.id"), index=True)
    window_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("wish_windows.id"), index=True)
    consent_id: Mapped[uuid.UUID | None] = column(P3, Uuid, ForeignKey("consents.id"))
    status: Mapped[str] = column(P1, String(12), default="draft")
    #: The child's own words; they stay inside (security.md, Text).
    own_words: Mapped[str] = column(P3, Encrypted("wishes.own_words"), default="")
    item_code: Mapped[str] = column(P1, String(24))
    spec: Mapped[str] = column(P1, String(40), default="")
    quantity: Mapped[int] = column(P1, default=1)
    est_cost_fen: Mapped[int] = column(P1, default=0)
    cap_reason: Mapped[str] = column(P1, String(200), default="")
    #: One optional free sentence, screened by two people before it may show.
    public_note: Mapped[str] = column(P3, String(80), default="")
    drafted_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    screened_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    approved_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    status_since: Mapped[datetime] = column(P1, UTCDateTime)
    rolled: Mapped[int] = column(P1, default=0)
    hold_reason: Mapped[str] = column(P1, String(200), default="")
    #: What the card discloses, chosen by the K rule at approval.
    disclosure: Mapped[dict[str, Any]] = column(P1, JSON, default=dict)
    #: The live card, while published; not a foreign key from the public side.
    card_id: Mapped[uuid.UUID | None] = column(P1, Uuid, unique=True)
    handed_over_on: Mapped[date | None] = column(P1)
    signed_by: Mapped[str | None] = column(P2, Encrypted("wishes.signed_by"))
    thanks: Mapped[str] = column(P3, Encrypted("wishes.thanks"), default="")
    thanks_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    thanks_public: Mapped[str] = column(P1, String(200), default="")

    child: Mapped[ChildFile] = relationship()
    window: Mapped[WishWindow] = relationship()

    @property
    def changed_by(self) -> frozenset[uuid.UUID]:
        """Return who changed the draft or handed it on; the two-keys guards ask for it.

        Read anew each time, and only for the one wish a guard looks at: lists never ask.
        """
        session = object_session(self)
        if session is None:
            return frozenset()
        hands = select(Fact.actor_id).where(
            Fact.subject_id == self.id, Fact.kind.in_(_CHANGING_FACTS)
        )
        return frozenset(hand for hand in session.scalars(hands) if hand is not None)


class WishCard(Base):
    """What the public sees, and all of it. Written at release; readable by anybody."""

    __tablename__ = "wish_cards"
    __table_args__ = (
        Index("ix_wish_cards_wall", "status", "shuffle", "id"),
        Index("ix_wish_cards_region", "region_code", "status", "shuffle", "id"),
        Index("ix_wish_cards_city", "city_code", "status", "shuffle", "id"),
        Index("ix_wish_cards_need", "need", "status", "shuffle", "id"),
        Index("ix_wish_cards_item", "item_code", "status", "shuffle", "id"),
    )

    id: Mapped[uuid.UUID] = column(P0, Uuid, primary_key=True, default=uuid.uuid4)
    #: Random, new at each publication (security.md, Codes).
    code: Mapped[str] = column(P0, String(26), unique=True)
    status: Mapped[str] = column(P0, String(8), default="open")
    shuffle: Mapped[int] = column(P0, BigInteger)
    batch_id: Mapped[uuid.UUID] = column(P0, Uuid, index=True)
    region_code: Mapped[str] = column(P0, String(12))
    region_name: Mapped[str] = column(P0, String(40))
    city_code: Mapped[str] = column(P0, String(12))
    stage: Mapped[str] = column(P0, String(12))
    band: Mapped[str] = column(P0, String(12))
    sex: Mapped[str | None] = column(P0, String(6))
    need: Mapped[str] = column(P0, String(16))
    item_code: Mapped[str] = column(P0, String(24))
    title: Mapped[str] = column(P0, String(60))
    spec: Mapped[str] = column(P0, String(40), default="")
    quantity: Mapped[int] = column(P0, default=1)
    note: Mapped[str] = column(P0, String(80), default="")
    illustration: Mapped[str] = column(P0, String(24))
    is_service: Mapped[bool] = column(P0, default=False)
    cost_band: Mapped[str] = column(P0, String(12), default="")
    occasion: Mapped[str] = column(P0, String(20))
    year: Mapped[int] = column(P0)
    closes: Mapped[date] = column(P0)
    deliver_by: Mapped[date] = column(P0)


class Commitment(Identified, Stamped, Versioned, UnitScoped, Base):
    """A supporter's promise on a wish. ``unit_path`` is the wish's; one live promise per wish."""

    __tablename__ = "commitments"
    __table_args__ = (
        Index(
            "uq_commitments_live",
            "wish_id",
            unique=True,
            sqlite_where=text(_LIVE_COMMITMENT),
            postgresql_where=text(_LIVE_COMMITMENT),
        ),
        Index("ix_commitments_supporter", "supporter_id", "status"),
        UniqueConstraint("supporter_id", "idempotency_key"),
    )
    __supporter_column__ = "supporter_id"

    tenant_path: Mapped[str] = column(P1, String(120))
    wish_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("wishes.id"), index=True)
    supporter_id: Mapped[uuid.UUID] = column(P2, Uuid, ForeignKey("supporters.id"))
    status: Mapped[str] = column(P1, String(12), default="pending")
    idempotency_key: Mapped[str] = column(P1, String(64))
    #: What the supporter promised, copied from the card: their page never reads the wish.
    promise: Mapped[dict[str, Any]] = column(P0, JSON, default=dict)
    claimed_at: Mapped[datetime] = column(P1, UTCDateTime)
    lapses_at: Mapped[datetime | None] = column(P1, UTCDateTime, index=True)
    deliver_by: Mapped[date | None] = column(P1)
    approved_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    approved_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    dispatched_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    method: Mapped[str] = column(P1, String(16), default="")
    tracking_no: Mapped[str] = column(P2, String(60), default="")
    handover_point: Mapped[str] = column(P1, String(120), default="")
    delivered_on: Mapped[date | None] = column(P1)
    value_fen: Mapped[int | None] = column(P1)
    receipt_file_id: Mapped[uuid.UUID | None] = column(P1, Uuid, ForeignKey("stored_files.id"))
    donation_receipt_no: Mapped[str] = column(P1, String(40), default="")
    reason: Mapped[str] = column(P1, String(200), default="")
    #: The screened words of thanks, copied for the supporter when they may see them.
    thanks: Mapped[str] = column(P1, String(200), default="")
    ended_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class WallCount(Base):
    """Kept counts of open cards per filter value; refreshed by job, shown rounded."""

    __tablename__ = "wall_counts"

    facet: Mapped[str] = column(P0, String(12), primary_key=True)
    value: Mapped[str] = column(P0, String(24), primary_key=True)
    cards: Mapped[int] = column(P0)
    refreshed_at: Mapped[datetime] = column(P0, UTCDateTime)
