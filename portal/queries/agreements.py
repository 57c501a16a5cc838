"""Which texts a person's supporters have still to accept."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.domain.actor import CONTACT, Actor
from portal.extensions import db
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.queries import texts

_LIVE = ("submitted", "returned", "checking", "approved", "expired", "suspended")


@dataclass(frozen=True, slots=True)
class Asked:
    """One supporter with the versions to read: kind → number."""

    supporter_id: UUID
    name: str
    authority: str
    authority_code: str
    numbers: dict[str, str]


def waiting(actor: Actor) -> tuple[Asked, ...]:
    """Return the supporters this person is a contact of and for whom a newer text is in force."""
    bound = [one for one in actor.supporter_ids if actor.role_in(one) == CONTACT]
    if not bound:
        return ()
    rows = db.session.execute(
        select(Supporter, Unit.name, Unit.code)
        .join(Unit, Unit.path == Supporter.tenant_path)
        .where(Supporter.id.in_(bound), Supporter.status.in_(_LIVE))
        .order_by(Supporter.created_at, Supporter.id)
    ).all()
    found = (
        Asked(row.id, row.name, place, code, texts.asked_again(row)) for row, place, code in rows
    )
    return tuple(each for each in found if each.numbers)
