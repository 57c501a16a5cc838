"""Closing interviews: which pairings still wait for theirs, and what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from portal.core import access
from portal.domain import clock, masking
from portal.domain.actor import Actor
from portal.domain.continuity import interview_by
from portal.domain.errors import NotFound
from portal.domain.masking import Kind
from portal.domain.permissions import Permission
from portal.domain.sight import show
from portal.extensions import db
from portal.models.accounts import User
from portal.models.children import ChildFile
from portal.models.continuity import ClosingInterview
from portal.models.needs import PairingNeed
from portal.models.pairings import Pairing
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.queries.desk import Waiting

PAGE = 100


@dataclass(frozen=True, slots=True)
class OpenInterview:
    """A pairing that ended and whose interview nobody has recorded yet."""

    pairing_id: UUID
    file_no: str
    child: str
    unit: str
    supporter: str
    ended_on: date
    end_reason: str
    due_on: date
    is_late: bool


@dataclass(frozen=True, slots=True)
class InterviewView:
    """The interview of one pairing: what was said, or the form while it is open."""

    pairing_id: UUID
    status: str
    file_no: str
    child: str
    supporter: str
    ended_on: date | None
    end_reason: str
    due_on: date | None
    need_id: UUID | None
    need_state: str
    is_held: bool
    may_record: bool
    held_on: date | None = None
    parties: tuple[str, ...] = ()
    child_words: str = ""
    mentor_words: str = ""
    words: str = ""
    follows: str = ""
    by: str = ""


def is_open() -> ColumnElement[bool]:
    """Return the condition that a pairing had begun, has ended, and was never talked over."""
    held = select(ClosingInterview.id).where(ClosingInterview.pairing_id == Pairing.id)
    return and_(
        Pairing.status == "closed",
        Pairing.started_on.is_not(None),
        ~held.correlate(Pairing).exists(),
    )


def is_held(pairing_id: UUID) -> bool:
    """Tell whether the interview of a pairing was recorded."""
    held = select(ClosingInterview.id).where(ClosingInterview.pairing_id == pairing_id)
    return db.session.scalar(held.limit(1)) is not None


def waiting() -> Waiting:
    """Return how many in the scope are open, and since when the oldest is."""
    count, since = db.session.execute(
        select(func.count(Pairing.id), func.min(Pairing.status_since)).where(is_open())
    ).one()
    return Waiting(count, since)


def open_of(pairing_ids: list[UUID]) -> frozenset[UUID]:
    """Return which of some pairings still wait for theirs."""
    found = select(Pairing.id).where(Pairing.id.in_(pairing_ids), is_open())
    return frozenset(db.session.scalars(found)) if pairing_ids else frozenset()


def queue(actor: Actor) -> tuple[OpenInterview, ...]:
    """Return the open interviews of the scope, the oldest end first."""
    rows = db.session.execute(
        select(Pairing, ChildFile.name.label("child"), Supporter, Unit.name.label("unit"))
        .join(ChildFile, ChildFile.id == Pairing.child_id)
        .join(Supporter, Supporter.id == Pairing.supporter_id)
        .join(Unit, Unit.path == Pairing.unit_path)
        .where(is_open())
        .order_by(Pairing.ended_on, Pairing.file_no)
        .limit(PAGE)
    )
    today = clock.today()
    found = []
    for row in rows:
        one = row.Pairing
        ended = one.ended_on or today
        found.append(
            OpenInterview(
                pairing_id=one.id,
                file_no=one.file_no,
                child=show(actor, Kind.NAME, row.child, one.unit_path),
                unit=row.unit,
                supporter=_supporter(actor, row.Supporter),
                ended_on=ended,
                end_reason=one.end_reason,
                due_on=interview_by(ended),
                is_late=interview_by(ended) < today,
            )
        )
    return tuple(found)


def one(actor: Actor, pairing_id: UUID) -> InterviewView:
    """Return the interview of a pairing; NotFound for who may not hold it."""
    row = db.session.execute(
        select(Pairing, ChildFile.name.label("child"), Supporter)
        .join(ChildFile, ChildFile.id == Pairing.child_id)
        .join(Supporter, Supporter.id == Pairing.supporter_id)
        .where(Pairing.id == pairing_id)
    ).one_or_none()
    if row is None or not access.permits(actor, Permission.PAIRING_MEET, row.Pairing):
        raise NotFound
    pairing = row.Pairing
    held = db.session.scalar(
        select(ClosingInterview).where(ClosingInterview.pairing_id == pairing_id)
    )
    need = db.session.scalar(select(PairingNeed).where(PairingNeed.id == pairing.need_id))
    said = _said(actor, held) if held else {}
    return InterviewView(
        pairing_id=pairing.id,
        status=pairing.status,
        file_no=pairing.file_no,
        child=show(actor, Kind.NAME, row.child, pairing.unit_path),
        supporter=_supporter(actor, row.Supporter),
        ended_on=pairing.ended_on,
        end_reason=pairing.end_reason,
        due_on=interview_by(pairing.ended_on) if pairing.ended_on else None,
        need_id=need.id if need else None,
        need_state=need.status if need else "",
        is_held=held is not None,
        may_record=held is None and pairing.status == "closed" and pairing.started_on is not None,
        **said,
    )


def _said(actor: Actor, held: ClosingInterview) -> dict[str, Any]:
    def text(value: str) -> str:
        return show(actor, Kind.TEXT, value, held.unit_path) if value else ""

    by = db.session.scalar(select(User.name).where(User.id == held.recorded_by))
    return {
        "held_on": held.held_on,
        "parties": tuple(held.parties),
        "child_words": text(held.child_words),
        "mentor_words": text(held.mentor_words),
        "words": text(held.words),
        "follows": held.follows,
        "by": by or "",
    }


def _supporter(actor: Actor, person: Supporter) -> str:
    named = access.permits(actor, Permission.SUPPORTER_READ, person)
    return person.name if named else masking.mask_name(person.name)
