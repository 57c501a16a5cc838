"""Reminders before a promise is due: 7, 3 and 1 days, each once (domain.md 4, CM)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portal.core import facts
from portal.domain import clock
from portal.domain.actor import SYSTEM
from portal.extensions import db
from portal.models.records import Fact
from portal.models.wishes import Commitment

DAYS_BEFORE = (7, 3, 1)
KIND = "commitment.remind"
OVERDUE = "commitment.overdue"
_ON_THE_WAY = ("approved", "delivering")


def remind_due() -> int:
    """Publish today's reminders; return how many (system's job, in the whole tree).

    Whoever was not reminded because the job stood still gets the nearest one only; the first day
    after the deadline is a fact of its own. Running it again the same day adds nothing.
    """
    today = clock.today()
    rows = db.session.scalars(
        select(Commitment)
        .where(
            Commitment.status.in_(_ON_THE_WAY),
            Commitment.deliver_by.is_not(None),
            Commitment.deliver_by <= today + timedelta(days=max(DAYS_BEFORE)),
        )
        .order_by(Commitment.deliver_by, Commitment.id)
    ).all()
    said = _said([row.id for row in rows])
    count = 0
    for row in rows:
        day = row.deliver_by or today
        kind, days = _step((day - today).days)
        if (row.id, kind, days, day.isoformat()) in said:
            continue
        facts.publish(
            kind,
            actor=SYSTEM,
            subject=row,
            days=days,
            deliver_by=day.isoformat(),
            supporter_id=str(row.supporter_id),
        )
        count += 1
    return count


def _step(left: int) -> tuple[str, int]:
    """Return which reminder stands for ``left`` days to go."""
    if left < 0:
        return OVERDUE, 0
    return KIND, min(step for step in DAYS_BEFORE if step >= left)


def _said(ids: list[UUID]) -> set[tuple[object, str, int, str]]:
    """Return the reminders already given, by promise, kind, step and deadline."""
    if not ids:
        return set()
    rows = db.session.execute(
        select(Fact.subject_id, Fact.kind, Fact.data).where(
            Fact.subject_id.in_(ids), Fact.kind.in_((KIND, OVERDUE))
        )
    )
    return {(row.subject_id, row.kind, row.data["days"], row.data["deliver_by"]) for row in rows}
