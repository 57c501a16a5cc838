"""Worries about children that wait for a word, the oldest first; and those answered lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.core import access
from portal.domain import clock, masking
from portal.domain.actor import Actor
from portal.domain.masking import Kind
from portal.domain.permissions import Permission
from portal.domain.sight import show
from portal.extensions import db
from portal.models.accounts import User
from portal.models.children import ChildFile
from portal.models.contact_logs import ContactLog
from portal.models.pairings import Pairing
from portal.models.records import Fact, FactNote
from portal.models.rights import Grievance
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.queries.desk import Waiting

#: Staff are asked to answer within the hour.
ANSWER_WITHIN = timedelta(hours=1)
PAGE = 50
_KINDS = ("contact_log.worry", "grievance.worry")
_ANSWERS = ("contact_log.acknowledge", "grievance.acknowledge")


@dataclass(frozen=True, slots=True)
class Concern:
    """One worry: from a journal, or from anybody through the public page."""

    noun: str
    id: UUID
    at: datetime
    unit: str
    words: str
    contact: str = ""
    #: Of a journal only: whose, about which pairing, which day.
    writer: str = ""
    writer_phone: str = ""
    child: str = ""
    file_no: str = ""
    pairing_id: UUID | None = None
    happened_on: date | None = None
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None

    @property
    def is_late(self) -> bool:
        """Tell whether nobody answered within the hour."""
        return self.answered_at is None and clock.now() - self.at > ANSWER_WITHIN


def waiting(actor: Actor) -> tuple[Concern, ...]:
    """Return the worries that nobody answered, the oldest first."""
    rows = db.session.execute(
        _worries().where(~_answered()).order_by(Fact.at, Fact.id).limit(PAGE)
    ).all()
    return _told(actor, rows)


def answered(actor: Actor) -> tuple[Concern, ...]:
    """Return the worries that were answered, the latest first."""
    rows = db.session.execute(
        _worries().where(_answered()).order_by(Fact.at.desc(), Fact.id.desc()).limit(PAGE)
    ).all()
    return _told(actor, rows)


def count() -> Waiting:
    """Return how many wait, and since when the oldest does (for the first page)."""
    row = db.session.execute(
        select(func.count(Fact.id), func.min(Fact.at)).where(Fact.kind.in_(_KINDS), ~_answered())
    ).one()
    return Waiting(row[0], row[1])


def _worries() -> Any:
    return select(Fact.kind, Fact.subject_id, Fact.at, Fact.unit_path).where(Fact.kind.in_(_KINDS))


def _answered() -> Any:
    later = aliased(Fact)
    return (
        select(later.id)
        .where(later.subject_id == Fact.subject_id, later.kind.in_(_ANSWERS))
        .exists()
    )


def _told(actor: Actor, rows: Any) -> tuple[Concern, ...]:
    ids = [row.subject_id for row in rows]
    journals, letters, answers = _journals(actor, ids), _letters(ids), _answers(ids)
    units = dict(
        iter(
            db.session.execute(
                select(Unit.path, Unit.name).where(Unit.path.in_([row.unit_path for row in rows]))
            )
        )
    )
    found = []
    for row in rows:
        about = journals.get(row.subject_id) or letters.get(row.subject_id)
        if about is None:
            continue
        found.append(
            Concern(
                noun=row.kind.split(".")[0],
                id=row.subject_id,
                at=row.at,
                unit=units.get(row.unit_path, ""),
                **about,
                **answers.get(row.subject_id, {}),
            )
        )
    return tuple(found)


def _journals(actor: Actor, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    rows = db.session.execute(
        select(ContactLog, Pairing.file_no, ChildFile.name, Supporter, User.phone)
        .join(Pairing, Pairing.id == ContactLog.pairing_id)
        .join(ChildFile, ChildFile.id == Pairing.child_id)
        .join(Supporter, Supporter.id == ContactLog.supporter_id)
        .join(User, User.id == ContactLog.user_id)
        .where(ContactLog.id.in_(ids))
    )
    return {
        log.id: {
            "words": log.worry or log.child_state or log.did,
            "writer": (
                person.name
                if access.permits(actor, Permission.SUPPORTER_READ, person)
                else masking.mask_name(person.name)
            ),
            "writer_phone": show(actor, Kind.PHONE, phone, log.unit_path) if phone else "",
            "child": show(actor, Kind.NAME, child, log.unit_path),
            "file_no": file_no,
            "pairing_id": log.pairing_id,
            "happened_on": log.happened_on,
        }
        for log, file_no, child, person, phone in rows
    }


def _letters(ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    rows = db.session.execute(
        select(Grievance.id, Grievance.words, Grievance.contact).where(Grievance.id.in_(ids))
    )
    return {row.id: {"words": row.words, "contact": row.contact} for row in rows}


def _answers(ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    rows = db.session.execute(
        select(Fact.subject_id, Fact.at, FactNote.text, User.name)
        .outerjoin(FactNote, FactNote.fact_id == Fact.id)
        .outerjoin(User, User.id == Fact.actor_id)
        .where(Fact.subject_id.in_(ids), Fact.kind.in_(_ANSWERS))
        .order_by(Fact.at.desc())
    )
    return {
        row.subject_id: {
            "answer": row.text or "", "answered_by": row.name or "", "answered_at": row.at,
        }
        for row in rows
    }  # fmt: skip
