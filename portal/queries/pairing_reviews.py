"""The reviews of a pairing: what was found and decided, and the figures of the next one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.domain.actor import Actor
from portal.domain.masking import Kind
from portal.domain.sight import show
from portal.extensions import db
from portal.models.accounts import User
from portal.models.continuity import PairingReview


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One review that was held; codes are keys of domain.continuity."""

    id: UUID
    held_on: date
    by: str
    fares: str
    goal: str
    decision: str
    rhythm: str
    child_words: str
    director_words: str
    words: str
    next_due: date | None
    #: [met, due] by kind of contact, since the review before.
    figures: dict[str, Any]


def of_pairing(actor: Actor, pairing_id: UUID) -> tuple[ReviewRow, ...]:
    """Return the reviews of a pairing in the scope, the newest first; words masked by role."""
    rows = db.session.execute(
        select(PairingReview, User.name)
        .outerjoin(User, User.id == PairingReview.reviewer_id)
        .where(PairingReview.pairing_id == pairing_id)
        .order_by(PairingReview.held_on.desc(), PairingReview.created_at.desc())
    )
    return tuple(_row(actor, row, by or "") for row, by in rows)


def _row(actor: Actor, row: PairingReview, by: str) -> ReviewRow:
    def text(value: str) -> str:
        return show(actor, Kind.TEXT, value, row.unit_path) if value else ""

    return ReviewRow(
        id=row.id,
        held_on=row.held_on,
        by=by,
        fares=row.fares,
        goal=row.goal,
        decision=row.decision,
        rhythm=row.rhythm,
        child_words=text(row.child_words),
        director_words=text(row.director_words),
        words=text(row.words),
        next_due=row.next_due,
        figures=dict(row.figures),
    )
