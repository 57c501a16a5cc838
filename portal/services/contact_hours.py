"""From a verified meeting to hours of service: what the certificate of its writer counts."""

from __future__ import annotations

from sqlalchemy import select

from portal.core import scope
from portal.domain.actor import Actor
from portal.domain.contacts import IN_PERSON
from portal.domain.errors import NotFound
from portal.domain.hours import Service
from portal.extensions import db
from portal.models.contact_logs import ContactLog
from portal.models.pairings import Pairing
from portal.queries import units
from portal.services import service_records

#: The subject of the record, and its line on a certificate: nothing about the child, no place
#: finer than the county.
SUBJECT = "contact_log"
_TITLES = {"talk": "结对帮扶谈心", "home_visit": "结对帮扶入户看望"}


def count(row: ContactLog, *, verified_by: Actor) -> None:
    """Make a verified record of a meeting in person; other kinds of contact give no hours.

    Raises Invalid when the day or the person's standing does not bear it.
    """
    if row.kind not in IN_PERSON:
        return
    with scope.within(_reach(row), db.session()):
        county = _county(row)
        service_records.record(
            Actor(user_id=row.user_id),
            supporter_id=row.supporter_id,
            user_id=row.user_id,
            unit_path=county.path,
            service=Service(row.kind, _TITLES[row.kind], county.name, row.happened_on, row.minutes),
            subject_type=SUBJECT,
            subject_id=row.id,
            verified_by=verified_by,
        )


def take_back(row: ContactLog, actor: Actor) -> None:
    """Strike out the record of a meeting that turned out void."""
    with scope.within(_reach(row), db.session()):
        service_records.fall_with(actor, subject_type=SUBJECT, subject_id=row.id)


def _reach(row: ContactLog) -> scope.Scope:
    """Reach the writer's own hours, which a county keeps above the village of the meeting."""
    return scope.Scope(
        paths=(row.unit_path, _county(row).path),
        supporters=(row.supporter_id,),
        reason="hours of a meeting in a village are kept by its county",
    )


def _county(row: ContactLog) -> units.UnitRow:
    tenant = db.session.scalar(select(Pairing.tenant_path).where(Pairing.id == row.pairing_id))
    if tenant is None:
        raise NotFound
    above = [one for one in units.below(tenant, "county") if row.unit_path.startswith(one.path)]
    # An authority that is itself a county keeps its hours at itself.
    return above[0] if above else units.by_path(tenant)
