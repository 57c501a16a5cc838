"""Two missed months in a row pause a pairing, and never without three reminders before (PN)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.absences import REMINDERS
from portal.extensions import db
from portal.models.pairings import Pairing
from portal.queries import cadences
from portal.services import pairing_ends
from portal.services.cadence_reminders import sent_to_mentor

WHY = "missed"
_CHUNK = 500


def pause_due() -> int:
    """Pause what two missed months pause; return how many (a job of the system).

    The mentor was reminded three times in the last of the two; who was not is left to the board.
    Safe to run twice, and a first of the month that the worker missed is caught up.
    """
    ids = db.session.scalars(
        select(Pairing.id).where(Pairing.status == "active").order_by(Pairing.file_no, Pairing.id)
    ).all()
    return sum(_pause(list(ids[start : start + _CHUNK])) for start in range(0, len(ids), _CHUNK))


def _pause(ids: list[UUID]) -> int:
    silent = {
        key: kept.cadence.missed_talks[-1].period_from
        for key, kept in cadences.of(ids).items()
        if kept.cadence.pauses
    }
    rows = db.session.scalars(
        select(Pairing).where(Pairing.id.in_(silent)).order_by(Pairing.file_no, Pairing.id)
    ).all()
    count = 0
    for pairing in rows:
        if sent_to_mentor(pairing, silent[pairing.id]) >= REMINDERS:
            pairing_ends.halt(pairing, WHY)
            count += 1
    return count
