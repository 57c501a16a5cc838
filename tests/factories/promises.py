"""Wishes on the wall and promises on them, as far along as a test needs."""

from __future__ import annotations

import itertools
import secrets
import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, update

from portal.core import unit_of_work
from portal.domain import clock
from portal.domain.actor import Actor
from portal.extensions import db
from portal.models.children import ChildFile, Consent, GuardianLink
from portal.models.units import Unit
from portal.models.wishes import Commitment, PublicationBatch, Wish, WishCard, WishWindow
from portal.services import claims, commitments, handover
from tests.factories import people

VILLAGE = "350421100202"
_number = itertools.count(1)


@dataclass(frozen=True)
class Hung:
    """A wish on the wall: its ids and its public code."""

    wish_id: uuid.UUID
    child_id: uuid.UUID
    window_id: uuid.UUID
    code: str


def window(
    *,
    tenant: str = people.SANMING,
    occasion: str = "children_day",
    opens: date | None = None,
    closes: date | None = None,
    deliver_by: date | None = None,
) -> uuid.UUID:
    """Return the open window of an authority, made around today unless it stands."""
    today = clock.today()
    with unit_of_work.transaction(people.everything()):
        found = db.session.scalar(
            select(WishWindow.id).where(
                WishWindow.tenant_path == tenant, WishWindow.occasion == occasion
            )
        )
        if found:
            return found
        row = WishWindow(
            tenant_path=tenant,
            year=today.year,
            occasion=occasion,
            opens=opens or today - timedelta(days=10),
            closes=closes or today + timedelta(days=5),
            deliver_by=deliver_by or today + timedelta(days=12),
        )
        db.session.add(row)
        db.session.flush()
        return row.id


def hung(
    *,
    village: str = VILLAGE,
    window_id: uuid.UUID | None = None,
    name: str = "王小明",
    guardian_hmac: str | None = None,
    item: str = "XX01",
    need: str = "学习",
    cards: int = 1,
) -> list[Hung]:
    """Put ``cards`` wishes of different children on the wall."""
    with unit_of_work.transaction(people.everything()):
        place = db.session.scalar(select(Unit).where(Unit.code == village))
        tenant = place.tenant_path
    window_id = window_id or window(tenant=tenant)
    with unit_of_work.transaction(people.everything()):
        frame = db.session.get(WishWindow, window_id)
        batch = PublicationBatch(
            tenant_path=tenant, window_id=window_id, released_at=clock.now(), cards=cards
        )
        db.session.add(batch)
        db.session.flush()
        return [
            _hang(place, frame, batch.id, name, guardian_hmac, item, need) for _ in range(cards)
        ]


def _hang(place, frame, batch_id, name, guardian_hmac, item, need) -> Hung:
    number = next(_number)
    child = ChildFile(
        tenant_path=place.tenant_path,
        unit_path=place.path,
        name=name,
        gender="male",
        birth_date=date(2015, 6, 1),
        id_no=f"99942120150601{number:04d}",
        id_hmac=f"child{number}",
        county_code="350421",
        region_code=place.code,
        primary_category="other_difficulty",
    )
    db.session.add(child)
    db.session.flush()
    guardian = GuardianLink(
        child_id=child.id,
        unit_path=place.path,
        name="王大山",
        relation="祖父",
        phone="12000000001",
        id_hmac=guardian_hmac,
    )
    consent = Consent(
        child_id=child.id,
        unit_path=place.path,
        given_by="王大山",
        relation="祖父",
        scope="wish",
        method="written",
        text_version="1",
        given_on=clock.today(),
    )
    card = WishCard(
        id=uuid.uuid4(),
        code=secrets.token_hex(13),
        shuffle=number,
        batch_id=batch_id,
        region_code="350421",
        region_name="明溪县",
        city_code="350400",
        stage="primary",
        band="9-11",
        need=need,
        item_code=item,
        title="护眼台灯",
        illustration="lamp",
        occasion=frame.occasion,
        year=frame.year,
        closes=frame.closes,
        deliver_by=frame.deliver_by,
    )
    db.session.add_all([guardian, consent, card])
    db.session.flush()
    wish = Wish(
        tenant_path=place.tenant_path,
        unit_path=place.path,
        file_no=f"WX-{frame.year}-{number:05d}",
        child_id=child.id,
        window_id=frame.id,
        consent_id=consent.id,
        status="published",
        own_words="晚上写作业想要一盏灯",
        item_code=item,
        est_cost_fen=12_800,
        status_since=clock.now(),
        card_id=card.id,
        drafted_by=uuid.uuid4(),
    )
    db.session.add(wish)
    db.session.flush()
    return Hung(wish.id, child.id, frame.id, card.code)


def as_actor(actor: Actor):
    """Open a writing transaction in the scope of a person, as a request of theirs would."""
    from portal.core import scope

    return unit_of_work.transaction(scope.of(actor))


def claimed(actor: Actor, code: str, key: str = "") -> uuid.UUID:
    """Let a supporter claim a card; return the promise's id."""
    with as_actor(actor):
        return claims.claim(actor, actor.supporter_ids[0], code, key).commitment_id


@dataclass(frozen=True)
class Staff:
    """The three people of the bureau that a promise meets."""

    county: Actor
    point: Actor
    director: Actor


def staff() -> Staff:
    """Make county, handover point and director over the wall's village."""
    return Staff(
        people.staff("county_staff"), people.staff("handover_staff"), people.staff("child_director")
    )


def led_to(status: str, supporter: Actor, code: str, crew: Staff) -> uuid.UUID:
    """Claim a card and lead the promise to a status: pending … archived."""
    promise = claimed(supporter, code)
    steps = {
        "approved": lambda: (crew.county, commitments.approve, ()),
        "delivering": lambda: (supporter, commitments.dispatch, ("courier", "SF1234567")),
        "delivered": lambda: (
            crew.point, commitments.receive, (commitments.Receipt(clock.today(), 12_800),),
        ),
        "fulfilled": lambda: (crew.director, handover.fulfil, (clock.today(), "王大山")),
        "archived": lambda: (crew.county, handover.archive, ()),
    }  # fmt: skip
    for name, step in steps.items():
        if status == "pending":
            break
        actor, verb, more = step()
        with as_actor(actor):
            verb(actor, promise, *more)
        if name == status:
            break
    return promise


def read(model: type, row_id: uuid.UUID, *names: str):
    """Return stored values of a row, whoever may see it."""
    with unit_of_work.reading(people.everything()):
        row = db.session.execute(
            select(*(getattr(model, name) for name in names)).where(model.id == row_id)
        ).one()
    return row[0] if len(names) == 1 else tuple(row)


def status_of(promise_id: uuid.UUID) -> tuple[str, str, str]:
    """Return the statuses of a promise, its wish and its card."""
    with unit_of_work.reading(people.everything()):
        row = db.session.execute(
            select(Commitment.status, Wish.status, WishCard.status)
            .join(Wish, Wish.id == Commitment.wish_id)
            .outerjoin(WishCard, WishCard.id == Wish.card_id)
            .where(Commitment.id == promise_id)
        ).one()
    return tuple(row)


def change(model: type, row_id: uuid.UUID, **values: object) -> None:
    """Set columns of a row directly, as a test's given."""
    with unit_of_work.transaction(people.everything()):
        db.session.execute(update(model).where(model.id == row_id).values(**values))
