"""The day before a meeting of a pairing: its person and the director are reminded, once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.core import facts
from portal.domain import clock
from portal.domain.actor import SYSTEM
from portal.extensions import db
from portal.models.pairings import Pairing
from portal.models.records import Fact

KIND = "pairing.meeting_near"
_PLANNED = ("matched", "active")


def remind_due() -> int:
    """Publish the reminders of tomorrow's meetings; return how many (the system's, everywhere).

    Running it again the same day adds nothing; a meeting put off is reminded of anew.
    """
    tomorrow = clock.today() + timedelta(days=1)
    rows = db.session.scalars(
        select(Pairing)
        .where(Pairing.meeting_on == tomorrow, Pairing.status.in_(_PLANNED))
        .order_by(Pairing.file_no)
    ).all()
    told = db.session.execute(
        select(Fact.subject_id, Fact.data).where(
            Fact.subject_id.in_([row.id for row in rows]), Fact.kind == KIND
        )
    )
    said = {row.subject_id for row in told if row.data["on"] == tomorrow.isoformat()}
    due = [row for row in rows if row.id not in said]
    for row in due:
        facts.publish(KIND, actor=SYSTEM, subject=row, on=tomorrow.isoformat())
    return len(due)
