"""Hours and certificates, as the volunteer's rooms and the desk do them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from portal.domain.actor import Actor
from portal.domain.hours import Service
from portal.queries import stories_hours
from portal.services import (
    certificate_objections,
    certificates,
    record_corrections,
    service_records,
)


@dataclass(frozen=True, slots=True)
class Told:
    """A service as a story tells it; ``starts`` and ``ends`` are such as ``14:00``."""

    kind: str
    title: str
    served_on: date
    place: str = ""
    minutes: int = 0
    starts: str = ""
    ends: str = ""

    def service(self) -> Service:
        """Return what the form would send."""
        return Service(
            kind=self.kind,
            title=self.title,
            place=self.place,
            served_on=self.served_on,
            minutes=self.minutes or None,
            starts=time.fromisoformat(self.starts) if self.starts else None,
            ends=time.fromisoformat(self.ends) if self.ends else None,
        )


def enter(actor: Actor, supporter_id: UUID, service: Told, organiser: str = "") -> UUID:
    """Tell of an own service, which waits to be verified."""
    return service_records.enter(actor, supporter_id, service.service(), organiser=organiser)


def enter_all(actor: Actor, supporter_id: UUID, services: tuple[Told, ...]) -> list[UUID]:
    """Tell of several own services; return the records in order."""
    return [enter(actor, supporter_id, each) for each in services]


def verify_all(actor: Actor, record_ids: tuple[UUID, ...]) -> int:
    """Verify several records; return how many."""
    return len([service_records.verify(actor, each) for each in record_ids])


VERBS: Mapping[str, Callable[..., Any]] = {
    "hours.enter": enter,
    "hours.enter_all": enter_all,
    "hours.verify": service_records.verify,
    "hours.verify_all": verify_all,
    "hours.return": service_records.give_back,
    "hours.reopen": service_records.reopen,
    "hours.void": service_records.void,
    "hours.withdraw": service_records.withdraw,
    "hours.ask_correction": record_corrections.ask,
    "hours.answer_correction": record_corrections.answer,
    "certificate.request": certificates.request,
    "certificate.publicise": certificates.publicise,
    "certificate.issue": certificates.issue,
    "certificate.decline": certificates.decline,
    "certificate.revoke": certificates.revoke,
    "certificate.withdraw": certificates.withdraw,
    "certificate.object": certificate_objections.raise_one,
    "certificate.answer_objection": certificate_objections.answer,
}
SIGHTS: Mapping[str, Callable[..., Any]] = {
    "certificate.paper": stories_hours.paper,
    "certificate.checked": stories_hours.checked,
    "hours.verified": stories_hours.verified_hours,
}
