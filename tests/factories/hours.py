"""Volunteers with a standing, records of what they did, certificates on their way."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from portal.core import scope, unit_of_work
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.hours import Service
from portal.domain.identity import fictitious_id_number
from portal.extensions import db
from portal.models.service_records import Certificate, ServiceRecord
from portal.models.supporters import Supporter
from portal.services import certificates, service_records
from tests.factories import people

APPROVED = datetime(2026, 1, 20, 9, 0, tzinfo=clock.SHANGHAI)
#: Nobody's number: starts with 999 (domain.md 7).
ID_NUMBER = fictitious_id_number("350421", date(1985, 3, 2), 512)


def volunteer(name: str = "王晓燕", kind: str = "individual") -> Actor:
    """Make a supporter who was approved on 2026-01-20, and who speaks for it."""
    actor = people.supporter(kind)
    with unit_of_work.transaction(people.everything()):
        row = db.session.get(Supporter, actor.supporter_ids[0])
        row.name, row.approved_at = name, APPROVED
        if kind == "individual":
            row.id_no = ID_NUMBER
        else:
            row.uscc = "91999404MADEM0A019"
    return actor


def service(
    day: date,
    minutes: int | None = 60,
    *,
    at: tuple[str, str] | None = None,
    kind: str = "talk",
    title: str = "陪孩子聊天读书",
    place: str = "雪峰镇儿童之家",
) -> Service:
    """Return a service of a day: minutes, or two times such as ("14:00", "15:30")."""
    starts, ends = (time.fromisoformat(text) for text in at) if at else (None, None)
    return Service(kind, title, place, day, None if at else minutes, starts, ends)


def told(actor: Actor, what: Service, **more: str) -> UUID:
    """Enter an own service."""
    with unit_of_work.transaction(scope.of(actor)):
        return service_records.enter(actor, actor.supporter_ids[0], what, **more)


def verified(actor: Actor, clerk: Actor, *services: Service) -> list[UUID]:
    """Enter services and let a clerk verify them."""
    made = [told(actor, each) for each in services]
    with unit_of_work.transaction(scope.of(clerk)):
        for each in made:
            service_records.verify(clerk, each)
    return made


def asked(actor: Actor, first: date, last: date) -> UUID:
    """Ask for a certificate of a period."""
    with unit_of_work.transaction(scope.of(actor)):
        return certificates.request(
            actor, actor.supporter_ids[0], period_from=first, period_to=last
        )


def issued(actor: Actor, checker: Actor, issuer: Actor, first: date, last: date, clock) -> UUID:
    """Bring a certificate to its end: asked for, publicised, the days gone by, issued."""
    made = asked(actor, first, last)
    with unit_of_work.transaction(scope.of(checker)):
        certificates.publicise(checker, made)
    clock.advance(days=8)
    with unit_of_work.transaction(scope.of(issuer)):
        certificates.issue(issuer, made, contact="0598-2860000")
    return made


def row(model: type, identifier: UUID, *names: str):
    """Read columns of a record or certificate, whatever the scope."""
    with unit_of_work.reading(people.everything()):
        found = db.session.get(model, identifier)
        values = tuple(getattr(found, name) for name in names)
    return values if len(values) > 1 else values[0]


def status(identifier: UUID) -> str:
    """Return the state of a record or a certificate."""
    with unit_of_work.reading(people.everything()):
        for model in (ServiceRecord, Certificate):
            found = db.session.scalar(select(model.status).where(model.id == identifier))
            if found:
                return str(found)
    raise LookupError(identifier)


def day(month: int, number: int) -> date:
    """Return a day of the demo year."""
    return date(2026, month, number)


def before(days: int) -> date:
    """Return a day some days ago."""
    return clock.today() - timedelta(days=days)
