"""Pairings under way and the entries of their journals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.core import scope, unit_of_work
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.contact_entries import Entry
from portal.extensions import db
from portal.models.children import Consent
from portal.models.contact_logs import ContactLog
from portal.models.pairings import Pairing
from portal.models.service_records import ServiceRecord
from portal.models.supporters import Tie
from portal.services import contact_logs
from tests.factories import hours, people, wishes

VILLAGE = wishes.VILLAGE
BEGUN = date(2026, 2, 3)
TALK = Entry(
    "talk", date(2026, 2, 12), 60, accompanied_by="陈主任", did="一起读了一本书",
    mood="calm", child_state="愿意说学校的事", next_step="下次带一本绘本",
)  # fmt: skip


def paired(mentor: Actor | None = None, *, status: str = "active") -> SimpleNamespace:
    """Make a mentor approved in January and paired since 3 February with a child of the village."""
    mentor = mentor or hours.volunteer()
    child = wishes.child(10)
    with unit_of_work.transaction(people.everything()):
        row = Pairing(
            supporter_id=mentor.supporter_ids[0], child_id=child.id, unit_path=_path(),
            tenant_path=people.SANMING, file_no=f"JD-{uuid4().hex[:8]}", status=status,
            status_since=datetime(2026, 2, 3, 10, tzinfo=clock.SHANGHAI), met_on=BEGUN,
            started_on=BEGUN, called="小雨",
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        pairing_id = row.id
    return SimpleNamespace(id=pairing_id, mentor=mentor, child=child)


def changed(pairing_id: UUID, **values: object) -> None:
    """Put values on a pairing."""
    with unit_of_work.transaction(people.everything()):
        row = db.session.get(Pairing, pairing_id)
        for name, value in values.items():
            setattr(row, name, value)


def photos_allowed(pair: SimpleNamespace) -> None:
    """File the guardian's consent to pictures."""
    with unit_of_work.transaction(people.everything()):
        db.session.add(
            Consent(
                child_id=pair.child.id, unit_path=_path(), given_by="林建国", relation="爷爷",
                scope="photo", method="paper", text_version="1", given_on=BEGUN,
            )
        )  # fmt: skip


def told(
    pair: SimpleNamespace, entry: Entry = TALK, /, client_id=None, photo=None, **other
) -> UUID:
    """Let the mentor write an entry; ``other`` replaces fields of it."""
    with unit_of_work.transaction(scope.of(pair.mentor)):
        return contact_logs.record(
            pair.mentor, pair.id, replace(entry, **other), client_id=client_id, photo=photo
        )


def do(actor: Actor, verb, *args, **kwargs):
    """Do a step in the actor's own scope."""
    with unit_of_work.transaction(scope.of(actor)):
        return verb(actor, *args, **kwargs)


def log(log_id: UUID, *names: str):
    """Read columns of an entry."""
    return hours.row(ContactLog, log_id, *names)


def records(user_id: UUID) -> list[tuple[str, date, int]]:
    """Return the hours of a person: (status, day, minutes) by day."""
    with unit_of_work.reading(people.everything()):
        rows = db.session.execute(
            select(ServiceRecord.status, ServiceRecord.served_on, ServiceRecord.minutes)
            .where(ServiceRecord.user_id == user_id)
            .order_by(ServiceRecord.served_on)
        )
        return [tuple(row) for row in rows]


def tied(actor: Actor, supporter_id: UUID) -> None:
    """Let a member of staff have declared a tie with a supporter."""
    with unit_of_work.transaction(people.everything()):
        db.session.add(
            Tie(
                supporter_id=supporter_id, tenant_path=people.SANMING, side="staff",
                kind="relative", created_by=actor.user_id,
            )
        )  # fmt: skip


def _path() -> str:
    return f"/35/3504/{VILLAGE[:6]}/{VILLAGE[:9]}/{VILLAGE}/"
