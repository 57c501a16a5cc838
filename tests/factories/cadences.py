"""Contacts of a pairing in any state, written with the models alone; nights of the worker."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.core import unit_of_work
from portal.domain import clock
from portal.extensions import db
from portal.models.contact_logs import ContactLog
from portal.models.records import Fact, Message
from portal.services import cadence_digests, cadence_pauses, cadence_reminders
from tests.factories.people import everything


def contact(
    pair: SimpleNamespace,
    day: date,
    kind: str = "talk",
    *,
    status: str = "verified",
    by: UUID | None = None,
    told_on: date | None = None,
) -> UUID:
    """Put an entry of the journal, by the mentor or by ``by`` (a supporter)."""
    with unit_of_work.transaction(everything()):
        row = ContactLog(
            pairing_id=pair.id, supporter_id=by or pair.supporter_id,
            user_id=pair.mentor.user_id, client_id=uuid4(), kind=kind, happened_on=day,
            minutes=60, status=status, status_since=clock.start_of(told_on or day),
            unit_path=pair.unit_path,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        return row.id


def night(job) -> int:
    """Run a piece of periodic work as the worker does."""
    with unit_of_work.transaction(unit_of_work.system_scope("a night of the worker")):
        return job()


def nights(standing, first: date, last: date) -> None:
    """Let the worker's pieces run every morning from a day to a day; ``standing`` is the clock."""
    day = first
    while day <= last:
        standing.move_to(clock.start_of(day) + timedelta(hours=8, minutes=30))
        for job in (
            cadence_pauses.pause_due,
            cadence_reminders.remind_due,
            cadence_digests.send_due,
        ):
            night(job)
        day += timedelta(days=1)


def told(kind: str) -> list[tuple[date, dict]]:
    """Return the days and the data of the facts of a kind."""
    with unit_of_work.reading(everything()):
        rows = db.session.execute(
            select(Fact.at, Fact.data).where(Fact.kind == kind).order_by(Fact.at)
        )
        return [(clock.local(row.at).date(), row.data) for row in rows]


def mails(template: str) -> list[tuple[str, str]]:
    """Return recipient and context of the mails of a template."""
    with unit_of_work.reading(everything()):
        rows = db.session.scalars(
            select(Message).where(Message.template == template).order_by(Message.created_at)
        )
        return [(row.recipient, row.context) for row in rows]
