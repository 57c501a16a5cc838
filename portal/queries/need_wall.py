"""The public cards of needs, read from their own table alone; it cannot reach a child."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select, tuple_

from portal.domain.errors import NotFound
from portal.domain.need_cards import faces_of
from portal.domain.wall import FEW, PAGE, WallFilter, bands_of, widenings
from portal.extensions import db
from portal.models.needs import NeedCard
from portal.models.units import Unit

_CARDS = NeedCard.__table__
_COLUMNS = [column for column in _CARDS.c if column.name != "batch_id"]
_NAMES = [column.name for column in _COLUMNS]


@dataclass(frozen=True, slots=True)
class Card:
    """A public card, all of it."""

    id: UUID
    code: str
    status: str
    shuffle: int
    region_code: str
    region_name: str
    city_code: str
    stage: str
    band: str
    need: str
    rhythm: str
    days: tuple[str, ...]
    language: str
    helper: str
    illustration: str


@dataclass(frozen=True, slots=True)
class NeedWall:
    """One page: the cards, what was asked, what is shown (wider if that was too few), and on."""

    cards: tuple[Card, ...]
    asked: WallFilter
    shown: WallFilter
    next_after: tuple[int, UUID] | None

    @property
    def widened(self) -> bool:
        """Tell whether the answer is wider than the question."""
        return self.asked != self.shown


def wall(asked: WallFilter, after: tuple[int, UUID] | None = None) -> NeedWall:
    """Return a page in the shuffled order; too narrow a first page is widened (security.md A3)."""
    cards = _page(asked, after)
    shown = asked
    if after is None and len(cards) < FEW:
        for wider in widenings(asked, _city_of):
            shown, cards = wider, _page(wider, None)
            if len(cards) >= FEW:
                break
    kept = cards[:PAGE]
    on = (kept[-1].shuffle, kept[-1].id) if len(cards) > PAGE else None
    return NeedWall(tuple(kept), asked, shown, on)


def card(code: str) -> Card:
    """Return the card of a public code; NotFound for one that is not shown (any more)."""
    row = db.session.execute(
        select(*_COLUMNS).where(_CARDS.c.code == code, _CARDS.c.status == "open")
    ).one_or_none()
    if row is None:
        raise NotFound("这项需求已经不在征集中了；可能已经有人陪伴，或者不再需要")
    return _card(row)


def similar(to: Card, limit: int = 3) -> tuple[Card, ...]:
    """Return cards like this one: same face and place first, then the face, then any."""
    found: dict[UUID, Card] = {}
    for near in (
        WallFilter(category=to.need, region=to.region_code),
        WallFilter(category=to.need),
        WallFilter(),
    ):
        for one in _page(near, None, limit + 1):
            if one.id != to.id and len(found) < limit:
                found.setdefault(one.id, one)
    return tuple(found.values())


def places() -> tuple[tuple[str, str], ...]:
    """Return code and name of every place a card shows, cities before counties; no counts."""
    rows = db.session.execute(
        select(Unit.code, Unit.name, Unit.level)
        .where(
            or_(
                Unit.code.in_(select(_CARDS.c.region_code)),
                Unit.code.in_(select(_CARDS.c.city_code)),
            )
        )
        .order_by(Unit.code)
    ).all()
    ordered = sorted(rows, key=lambda row: (row.level == "county", row.code))
    return tuple((row.code, row.name) for row in ordered)


def _page(asked: WallFilter, after: tuple[int, UUID] | None, size: int = PAGE + 1) -> list[Card]:
    rows = db.session.execute(_statement(asked, after).limit(size))
    return [_card(row) for row in rows]


def _statement(asked: WallFilter, after: tuple[int, UUID] | None) -> Select[Any]:
    cards = _CARDS.c
    wanted = [cards.status == "open"]
    if asked.q:
        wanted.append(cards.need.in_(faces_of(asked.q)))
    if asked.category:
        wanted.append(cards.need == asked.category)
    if asked.region:
        wanted.append(or_(cards.region_code == asked.region, cards.city_code == asked.region))
    if asked.age:
        wanted.append(cards.band.in_(bands_of(asked.age)))
    if after:
        wanted.append(tuple_(cards.shuffle, cards.id) > tuple_(*after))
    return select(*_COLUMNS).where(and_(*wanted)).order_by(cards.shuffle, cards.id)


def _card(row: Any) -> Card:
    values = dict(zip(_NAMES, row, strict=True))
    return Card(**{**values, "days": tuple(row.days)})


def _city_of(region: str) -> str:
    """Return the city of a county that has cards; nothing for any other place."""
    found = db.session.scalar(
        select(_CARDS.c.city_code).where(_CARDS.c.region_code == region).limit(1)
    )
    return found if found and found != region else ""
