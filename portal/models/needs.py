"""Needs for a lasting relationship, their public cards, and who would answer them (PN; S0-4.2)."""

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

from portal.domain.needs import CONSENT_SCOPE
from portal.domain.pii import P0, P1, P2, P3
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
from portal.models.children import ChildFile, Consent
from portal.models.supporters import Tied

_LIVE_NEED = "status NOT IN ('closed', 'withdrawn')"
_LIVE_APPLICATION = "status = 'lodged'"
_OPEN_OFFER = "status = 'open'"


class PairingNeed(Identified, Stamped, Versioned, UnitScoped, Base):
    """What one child needs from one person over time; ``unit_path`` is the child's."""

    __tablename__ = "pairing_needs"
    __table_args__ = (
        UniqueConstraint("tenant_path", "file_no"),
        Index(
            "uq_pairing_needs_live",
            "child_id",
            "kind",
            unique=True,
            sqlite_where=text(_LIVE_NEED),
            postgresql_where=text(_LIVE_NEED),
        ),
        Index("ix_pairing_needs_waiting", "tenant_path", "status", "waiting_since"),
    )

    tenant_path: Mapped[str] = column(P1, PATH)
    #: JD-YYYY-NNNN: for files and paper inside the bureau; the card has a random code.
    file_no: Mapped[str] = column(P1, String(16))
    child_id: Mapped[uuid.UUID] = column(P3, Uuid, ForeignKey("child_files.id"))
    #: A key of domain.needs.KINDS.
    kind: Mapped[str] = column(P3, String(16))
    #: A key of domain.needs.RHYTHMS.
    rhythm: Mapped[str] = column(P1, String(20))
    #: Keys of domain.pool.DAYS and LANGUAGES; empty means any.
    days: Mapped[list[str]] = column(P1, JSON, default=list)
    language: Mapped[str] = column(P1, String(12), default="")
    #: A key of domain.needs.HELPERS that is preferred; empty means any.
    helper: Mapped[str] = column(P1, String(16), default="")
    #: Only a person of this sex may be matched: female, male, or empty for either.
    sex_rule: Mapped[str] = column(P1, String(6), default="")
    status: Mapped[str] = column(P1, String(12), default="draft", index=True)
    status_since: Mapped[datetime] = column(P1, UTCDateTime)
    assessed_on: Mapped[date | None] = column(P1)
    assessed_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    #: The child was heard (asked from the age of eight on), and what they said.
    heard_on: Mapped[date | None] = column(P1)
    child_words: Mapped[str] = column(P3, Encrypted("pairing_needs.child_words"), default="")
    #: What staff should know; never public.
    remark: Mapped[str] = column(P3, Encrypted("pairing_needs.remark"), default="")
    drafted_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    approved_by: Mapped[uuid.UUID | None] = column(P1, Uuid)
    #: The day it first could be served: the longest waiting comes first.
    waiting_since: Mapped[date | None] = column(P1)
    hold_reason: Mapped[str] = column(P1, String(200), default="")
    #: What the card discloses, chosen by the K rule.
    disclosure: Mapped[dict[str, Any]] = column(P1, JSON, default=dict)
    #: The live card, while published; not a foreign key from the public side.
    card_id: Mapped[uuid.UUID | None] = column(P1, Uuid, unique=True)

    child: Mapped[ChildFile] = relationship()

    @property
    def consent_stands(self) -> bool:
        """Tell whether a guardian agrees to pairing today; read anew each time (L03)."""
        session = object_session(self)
        standing = select(Consent.id).where(
            Consent.child_id == self.child_id,
            Consent.scope == CONSENT_SCOPE,
            Consent.withdrawn_at.is_(None),
        )
        return session is not None and session.scalar(standing.limit(1)) is not None


class NeedCard(Base):
    """What the public sees of a need, and all of it; readable by anybody."""

    __tablename__ = "need_cards"
    __table_args__ = (
        Index("ix_need_cards_wall", "status", "shuffle", "id"),
        Index("ix_need_cards_region", "region_code", "status", "shuffle", "id"),
        Index("ix_need_cards_need", "need", "status", "shuffle", "id"),
    )

    id: Mapped[uuid.UUID] = column(P0, Uuid, primary_key=True, default=uuid.uuid4)
    #: Random, new at each publication.
    code: Mapped[str] = column(P0, String(26), unique=True)
    status: Mapped[str] = column(P0, String(8), default="open")
    shuffle: Mapped[int] = column(P0, BigInteger)
    batch_id: Mapped[uuid.UUID] = column(P0, Uuid, index=True)
    region_code: Mapped[str] = column(P0, String(12))
    region_name: Mapped[str] = column(P0, String(40))
    city_code: Mapped[str] = column(P0, String(12))
    stage: Mapped[str] = column(P0, String(12))
    band: Mapped[str] = column(P0, String(12))
    #: The public face of the kind (domain.needs.FACES): no kind that tells a diagnosis.
    need: Mapped[str] = column(P0, String(16))
    rhythm: Mapped[str] = column(P0, String(20))
    days: Mapped[list[str]] = column(P0, JSON, default=list)
    language: Mapped[str] = column(P0, String(12), default="")
    helper: Mapped[str] = column(P0, String(16), default="")
    illustration: Mapped[str] = column(P0, String(24))


class NeedApplication(Tied, Identified, Stamped, Versioned, UnitScoped, Base):
    """Somebody of tier 2 would answer a need; ``unit_path`` is the need's."""

    __tablename__ = "need_applications"
    __table_args__ = (
        Index(
            "uq_need_applications_live",
            "need_id",
            "supporter_id",
            unique=True,
            sqlite_where=text(_LIVE_APPLICATION),
            postgresql_where=text(_LIVE_APPLICATION),
        ),
        Index("ix_need_applications_supporter", "supporter_id", "status"),
    )
    __supporter_column__ = "supporter_id"

    tenant_path: Mapped[str] = column(P1, PATH)
    need_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("pairing_needs.id"), index=True)
    supporter_id: Mapped[uuid.UUID] = column(P2, Uuid, ForeignKey("supporters.id"))
    status: Mapped[str] = column(P1, String(12), default="lodged")
    #: What the applicant saw, copied from the card: their page never reads the need.
    promise: Mapped[dict[str, Any]] = column(P0, JSON, default=dict)
    words: Mapped[str] = column(P2, Encrypted("need_applications.words"), default="")
    applied_at: Mapped[datetime] = column(P1, UTCDateTime)
    #: Why it came to nothing, in words for the applicant.
    answer: Mapped[str] = column(P2, Encrypted("need_applications.answer"), default="")
    ended_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class PairingOffer(Tied, Identified, Stamped, Versioned, TenantScoped, Base):
    """Somebody offers without picking a need ("any child near me, Saturdays")."""

    __tablename__ = "pairing_offers"
    __table_args__ = (
        Index(
            "uq_pairing_offers_open",
            "supporter_id",
            unique=True,
            sqlite_where=text(_OPEN_OFFER),
            postgresql_where=text(_OPEN_OFFER),
        ),
    )
    __supporter_column__ = "supporter_id"

    supporter_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("supporters.id"))
    #: The county whose staff vet the supporter.
    unit_path: Mapped[str] = column(P1, PATH)
    #: Keys of domain.needs.KINDS; empty means any. Days, languages, counties: the pool profile.
    kinds: Mapped[list[str]] = column(P1, JSON, default=list)
    status: Mapped[str] = column(P1, String(12), default="open")
    words: Mapped[str] = column(P2, Encrypted("pairing_offers.words"), default="")
    offered_at: Mapped[datetime] = column(P1, UTCDateTime)
    ended_at: Mapped[datetime | None] = column(P1, UTCDateTime)


__all__ = ["NeedApplication", "NeedCard", "PairingNeed", "PairingOffer"]
