"""Memory and machinery: facts, owed messages, jobs, stored files."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, relationship

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
    time_ordered_id,
)


class Fact(UnitScoped, Base):
    """Who did what, when, to what: ids, never names. No update, no delete, in any database."""

    __tablename__ = "facts"
    __table_args__ = (Index("ix_facts_subject", "subject_id", "id"),)
    #: Facts are written by core.facts alone and may concern a unit the actor cannot read.
    __write_open__ = True

    id: Mapped[uuid.UUID] = column(P1, Uuid, primary_key=True, default=time_ordered_id)
    at: Mapped[datetime] = column(P1, UTCDateTime, index=True)
    actor_id: Mapped[uuid.UUID | None] = column(P1, Uuid, index=True)
    kind: Mapped[str] = column(P1, String(40), index=True)
    subject_type: Mapped[str] = column(P1, String(24))
    subject_id: Mapped[uuid.UUID | None] = column(P1, Uuid)
    before: Mapped[str | None] = column(P1, String(24))
    after: Mapped[str | None] = column(P1, String(24))
    data: Mapped[dict[str, Any]] = column(P1, JSON, default=dict)
    request_id: Mapped[str] = column(P1, String(36), default="")


class FactNote(UnitScoped, Base):
    """A person's free words beside a fact; they may be erased, the fact stays."""

    __tablename__ = "fact_notes"
    __write_open__ = True

    fact_id: Mapped[uuid.UUID] = column(P1, Uuid, ForeignKey("facts.id"), primary_key=True)
    text: Mapped[str] = column(P3, Encrypted("fact_notes.text"))
    erased_at: Mapped[datetime | None] = column(P1, UTCDateTime)

    #: Puts the fact before its note when both are written.
    fact: Mapped[Fact] = relationship()


class Message(Base):
    """A mail that is owed; written in the transaction of the act, sent by the worker."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_due", "status", "due_at"),
        UniqueConstraint("dedupe_key"),
    )

    id: Mapped[uuid.UUID] = column(P1, Uuid, primary_key=True, default=time_ordered_id)
    #: ``<fact id>:<template>:<recipient>``: the same fact never owes the same mail twice.
    dedupe_key: Mapped[str] = column(P1, String(160))
    recipient: Mapped[str] = column(P2, Encrypted("messages.recipient"))
    user_id: Mapped[uuid.UUID | None] = column(P1, Uuid, index=True)
    template: Mapped[str] = column(P1, String(40))
    context: Mapped[str] = column(P2, Encrypted("messages.context"))
    status: Mapped[str] = column(P1, String(8), default="owed")
    attempts: Mapped[int] = column(P1, Integer, default=0)
    due_at: Mapped[datetime] = column(P1, UTCDateTime)
    leased_until: Mapped[datetime | None] = column(P1, UTCDateTime)
    sent_at: Mapped[datetime | None] = column(P1, UTCDateTime)
    last_error: Mapped[str] = column(P1, String(200), default="")
    created_at: Mapped[datetime] = column(P1, UTCDateTime)


class Job(Stamped, Base):
    """Work owed to the background; the queue carries only its id. Safe to run twice."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_due", "status", "due_at"), UniqueConstraint("slot"))

    id: Mapped[uuid.UUID] = column(P1, Uuid, primary_key=True, default=time_ordered_id)
    kind: Mapped[str] = column(P1, String(32))
    #: ``name@2026-11-22T10:00``: a periodic job exists once per slot, however many workers tick.
    slot: Mapped[str | None] = column(P1, String(80))
    args: Mapped[dict[str, Any]] = column(P1, JSON, default=dict)
    unit_path: Mapped[str | None] = column(P1, PATH)
    status: Mapped[str] = column(P1, String(8), default="queued")
    progress: Mapped[int] = column(P1, default=0)
    note: Mapped[str] = column(P1, String(200), default="")
    attempts: Mapped[int] = column(P1, default=0)
    due_at: Mapped[datetime] = column(P1, UTCDateTime)
    leased_until: Mapped[datetime | None] = column(P1, UTCDateTime)
    #: Grows with each lease; a worker whose lease has passed finds its number stale.
    fence: Mapped[int] = column(P1, default=0)
    finished_at: Mapped[datetime | None] = column(P1, UTCDateTime)


class StoredFile(Identified, Stamped, Base):
    """An uploaded file after cleaning; ``key`` is where the storage keeps it."""

    __tablename__ = "stored_files"

    key: Mapped[str] = column(P1, String(100), unique=True)
    mime: Mapped[str] = column(P1, String(60))
    size: Mapped[int] = column(P1)
    sha256: Mapped[str] = column(P1, String(64))
    #: Who may fetch it: the unit or authority path, and the supporter it belongs to.
    unit_path: Mapped[str | None] = column(P1, PATH)
    supporter_id: Mapped[uuid.UUID | None] = column(P1, Uuid)


__all__ = ["Fact", "FactNote", "Job", "Message", "StoredFile", "Versioned"]
