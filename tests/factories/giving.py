"""What people give beside wishes: offers in the directory, profiles in the pool, tier 2."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from portal.core import scope, unit_of_work
from portal.domain import clock, name_search
from portal.domain.actor import Actor
from portal.domain.pool import PoolOffer
from portal.domain.resources import OfferInput, SubjectType
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.pairings import Pairing
from portal.models.service_records import ServiceRecord
from portal.models.standings import Clearance
from portal.models.supporters import Supporter
from portal.services import pool, resource_links, resources
from tests.factories import people
from tests.factories.anything import row_of

OFFER = OfferInput(
    kind="venue",
    title="能坐四十人的多媒体教室",
    unit="场",
    capacity=10,
    counties=("350421", "350424"),
    description="周末可用，有投影仪",
    contact_name="林秀英",
    contact_phone="12042100009",
)
TIME = PoolOffer(
    skills=("music", "tutoring"),
    languages=("mandarin", "hakka"),
    days=("weekend",),
    counties=("350421",),
    capacity=2,
)


def within(actor: Actor):
    """Open a writing transaction in the scope of a person."""
    return unit_of_work.transaction(scope.of(actor))


def offer(giver: Actor, **changes) -> UUID:
    """Offer something; it waits for the county."""
    with within(giver):
        return resources.offer(giver, giver.supporter_ids[0], replace(OFFER, **changes))


def listed(giver: Actor, county: Actor, **changes) -> UUID:
    """Offer something and list it."""
    offer_id = offer(giver, **changes)
    with within(county):
        return resources.accept(county, offer_id)


def book(actor: Actor, offer_id: UUID, wish_id: UUID, amount: int, on: date | None = None) -> UUID:
    """Take a part of an offer for a wish."""
    with within(actor):
        return resource_links.book(
            actor, offer_id, subject_type=SubjectType.WISH, subject_id=wish_id, amount=amount, on=on
        )


def named(actor: Actor, name: str, county: str = "350421") -> Actor:
    """Give a supporter a name and a county."""
    with unit_of_work.transaction(people.everything()):
        row = db.session.get(Supporter, actor.supporter_ids[0])
        row.name, row.name_marks = name, name_search.marks(name)
        row.phone = "12042100077"
        row.county_code = county
        if row.tenant_path == people.SANMING:
            row.unit_path = f"/35/3504/{county}/"
    return actor


def volunteer(name: str = "欧阳晓燕", *, tier2: bool = True, county: str = "350421") -> Actor:
    """Make a person who may meet children, unless told otherwise."""
    actor = named(people.supporter("individual"), name, county)
    if tier2:
        cleared(actor, clock.today() + timedelta(days=100))
    return actor


def cleared(actor: Actor, until: date, status: str = "granted") -> None:
    """Grant tier 2 until a day."""
    with unit_of_work.transaction(people.everything()):
        row = db.session.get(Supporter, actor.supporter_ids[0])
        row.tier = 2
        db.session.add(
            Clearance(
                supporter_id=row.id, tenant_path=row.tenant_path, unit_path=row.unit_path,
                status=status, status_since=clock.now(), valid_to=until,
            )
        )  # fmt: skip


def fills(actor: Actor, **changes) -> UUID:
    """Fill in what one can give in person."""
    with within(actor):
        return pool.fill(actor, actor.supporter_ids[0], replace(TIME, **changes))


def paired(actor: Actor, child_id: UUID, status: str = "active") -> None:
    """Put a pairing of this person and a child."""
    with unit_of_work.transaction(people.everything()):
        child = db.session.get(ChildFile, child_id)
        db.session.add(
            Pairing(
                supporter_id=actor.supporter_ids[0], child_id=child.id, unit_path=child.unit_path,
                tenant_path=child.tenant_path, file_no=f"JD-{uuid4().hex[:8]}", status=status,
                status_since=clock.now(), started_on=clock.today(),
            )
        )  # fmt: skip


def served(actor: Actor, minutes: int, status: str) -> None:
    """Put a service record of so many minutes in a state."""
    with unit_of_work.transaction(people.everything()):
        row_of(
            ServiceRecord, people.MINGXI, people.SANMING, supporter_id=actor.supporter_ids[0],
            user_id=actor.user_id, minutes=minutes, status=status,
        )  # fmt: skip
