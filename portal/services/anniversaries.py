"""The day on which a pairing turned a year older: the mentor is told, no birthday of a child is."""

from __future__ import annotations

from sqlalchemy import select

from portal.core import facts
from portal.domain import clock
from portal.domain.actor import SYSTEM
from portal.domain.recognition import years_on
from portal.extensions import db
from portal.models.pairings import Pairing
from portal.models.records import Fact

KIND = "pairing.anniversary"


def tell_due() -> int:
    """Tell the mentors of pairings that are whole years old today; return how many.

    A job of the system's, in the whole tree; running it again the same day adds nothing.
    """
    today = clock.today()
    rows = db.session.scalars(
        select(Pairing)
        .where(Pairing.status == "active", Pairing.started_on < today)
        .order_by(Pairing.file_no, Pairing.id)
    )
    due = {
        row.id: (row, years)
        for row in rows
        if row.started_on is not None and (years := years_on(row.started_on, today))
    }
    told = {
        (row.subject_id, row.data["years"])
        for row in db.session.execute(
            select(Fact.subject_id, Fact.data).where(
                Fact.kind == KIND, Fact.subject_id.in_(list(due))
            )
        )
    }
    fresh = [(row, years) for key, (row, years) in due.items() if (key, years) not in told]
    for row, years in fresh:
        facts.publish(KIND, actor=SYSTEM, subject=row, years=years)
    return len(fresh)


__all__ = ["KIND", "tell_due"]
