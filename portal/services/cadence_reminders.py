"""Reminders before a month ends: three to whoever keeps the contact, then the staff (PN)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.core import facts
from portal.domain import clock
from portal.domain.absences import REMINDERS, reminder_due
from portal.domain.actor import SYSTEM
from portal.domain.cadence import TALK, VISIT, Cadence, period_of
from portal.extensions import db
from portal.models.cadences import CadenceReminder, Substitution
from portal.models.pairings import Pairing, PairingPause
from portal.queries import cadences, substitutions

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class _Sent:
    """What was sent to a pairing this month."""

    count: int = 0
    last: date | None = None


def remind_due() -> int:
    """Send today's reminders; return how many (a job of the system, in the whole tree).

    On the 10th, the 20th and three days before the end, while the month's talk is missing, or in
    a quarter's last month its visit; the third goes to the staff, too. Safe to run twice.
    """
    ids = db.session.scalars(
        select(Pairing.id).where(Pairing.status == "active").order_by(Pairing.file_no, Pairing.id)
    ).all()
    return sum(_remind(list(ids[start : start + _CHUNK])) for start in range(0, len(ids), _CHUNK))


def sent_to_mentor(pairing: Pairing, month: date) -> int:
    """Return how often the mentor was reminded of a month's talk (``month``: its first day)."""
    return len(
        db.session.scalars(
            select(CadenceReminder.id).where(
                CadenceReminder.pairing_id == pairing.id,
                CadenceReminder.supporter_id == pairing.supporter_id,
                CadenceReminder.period_from == month,
                CadenceReminder.about_talk,
            )
        ).all()
    )


def _remind(ids: list[UUID]) -> int:
    today = clock.today()
    open_ones = {
        key: missing
        for key, kept in cadences.of(ids).items()
        if any(missing := _missing(kept.cadence, today))
    }
    if not open_ones:
        return 0
    chosen = list(open_ones)
    sent, since = _sent(chosen, today), _since(chosen)
    stands = substitutions.on_day(chosen, today)
    count = 0
    pairs = db.session.scalars(
        select(Pairing).where(Pairing.id.in_(chosen)).order_by(Pairing.file_no, Pairing.id)
    ).all()
    for pairing in pairs:
        had = sent[pairing.id]
        number = reminder_due(today, sent=had.count, last=had.last, since=since[pairing.id])
        if number is not None:
            _send(pairing, number, open_ones[pairing.id], stands.get(pairing.id))
            count += 1
    return count


def _missing(cadence: Cadence, today: date) -> tuple[bool, bool]:
    """Tell whether the talk, and whether the visit is to be reminded of today."""
    talk, visit = cadence.current(TALK), cadence.current(VISIT)
    last_month = visit is not None and period_of(today, 1)[1] == visit.period_to
    return (
        talk is not None and talk.state == "waiting",
        visit is not None and visit.state == "waiting" and last_month,
    )


def _send(
    pairing: Pairing, number: int, missing: tuple[bool, bool], stand: substitutions.Stand | None
) -> None:
    talk, visit = missing
    keeper = pairing.supporter_id if stand is None else stand.supporter_id
    month = period_of(clock.today(), 1)[0]
    db.session.add(
        CadenceReminder(
            pairing_id=pairing.id, supporter_id=keeper, unit_path=pairing.unit_path,
            period_from=month, number=number, about_talk=talk, about_visit=visit,
            sent_at=clock.now(), created_by=None,
        )
    )  # fmt: skip
    told: dict[str, Any] = {
        "number": number, "talk": int(talk), "visit": int(visit), "period": month.isoformat(),
    }  # fmt: skip
    if stand is None:
        facts.publish("pairing.remind", actor=SYSTEM, subject=pairing, **told)
    else:
        row = db.session.get_one(Substitution, stand.id)
        facts.publish("substitution.remind", actor=SYSTEM, subject=row, **told)
    if number == REMINDERS:
        facts.publish("pairing.reminded_in_vain", actor=SYSTEM, subject=pairing, **told)


def _sent(ids: list[UUID], today: date) -> Mapping[UUID, _Sent]:
    found: dict[UUID, _Sent] = defaultdict(_Sent)
    for row in db.session.execute(
        select(CadenceReminder.pairing_id, CadenceReminder.number, CadenceReminder.sent_at)
        .where(
            CadenceReminder.pairing_id.in_(ids),
            CadenceReminder.period_from == period_of(today, 1)[0],
        )
        .order_by(CadenceReminder.number)
    ):
        found[row.pairing_id] = _Sent(row.number, clock.local(row.sent_at).date())
    return found


def _since(ids: list[UUID]) -> dict[UUID, date]:
    """Return since when each pairing runs: its start, or the end of its last pause."""
    since = {
        row.id: row.started_on
        for row in db.session.execute(
            select(Pairing.id, Pairing.started_on).where(Pairing.id.in_(ids))
        )
    }
    for row in db.session.execute(
        select(PairingPause.pairing_id, PairingPause.until_on).where(
            PairingPause.pairing_id.in_(ids),
            PairingPause.until_on.is_not(None),
            PairingPause.until_on >= clock.today() - timedelta(days=31),
        )
    ):
        since[row.pairing_id] = max(since[row.pairing_id], row.until_on)
    return since
