"""The public wall, read from the cards table alone; it cannot reach a child.

The statement of each shape of filter is built once. Search runs over catalogue vocabulary in the
program and becomes a list of item codes, so a two-character word costs no more than a filter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, Select, Uuid, bindparam, select, tuple_, union_all

from portal.domain import catalogue
from portal.domain.errors import NotFound
from portal.domain.wall import FEW, PAGE, WallFilter, bands_of, widenings
from portal.extensions import db
from portal.models.units import Unit
from portal.models.wishes import WallCount, WishCard

#: So many item codes are looked up one by one in their index; more are dense enough to walk.
_SEPARATE = 12
_CARDS = WishCard.__table__
_COLUMNS = [column for column in _CARDS.c if column.name != "batch_id"]
#: What a list reads of a card; its markup is kept by the web layer, by code.
_LISTED = [_CARDS.c.id, _CARDS.c.code, _CARDS.c.status, _CARDS.c.shuffle]


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
    sex: str | None
    need: str
    item_code: str
    title: str
    spec: str
    quantity: int
    note: str
    illustration: str
    is_service: bool
    cost_band: str
    occasion: str
    year: int
    closes: date
    deliver_by: date


class Listed(NamedTuple):
    """A card as a list holds it: which one, and where it stands in the order."""

    id: UUID
    code: str
    status: str
    shuffle: int
    #: When the kept counts were refreshed; it rides along so that a page asks one question.
    counted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wall:
    """One page: the cards, what was asked, what is shown (wider if that was too few), and on."""

    cards: tuple[Listed, ...]
    asked: WallFilter
    shown: WallFilter
    next_after: tuple[int, UUID] | None
    counted_at: datetime | None = None

    @property
    def widened(self) -> bool:
        """Tell whether the answer is wider than the question."""
        return self.asked != self.shown


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter with its name and kept count."""

    facet: str
    value: str
    name: str
    cards: int


def wall(asked: WallFilter, after: tuple[int, UUID] | None = None) -> Wall:
    """Return a page of the wall in its shuffled order; too narrow a first page is widened."""
    cards = _page(asked, after)
    shown = asked
    if after is None and len(cards) < FEW:
        for wider in widenings(asked, lambda region: _place(region)[1]):
            shown, cards = wider, _page(wider, None)
            if len(cards) >= FEW:
                break
    more = len(cards) > PAGE
    kept = cards[:PAGE]
    on = (kept[-1].shuffle, kept[-1].id) if more else None
    return Wall(tuple(kept), asked, shown, on, kept[0].counted_at if kept else counted_at())


def card(code: str) -> Card:
    """Return the card of a public code; NotFound for one that is not on the wall (any more)."""
    row = _rows(_by_code(), {"code": code})
    if not row:
        raise NotFound("这个心愿已经不在墙上了；它可能已经实现，或者这一期已经结束")
    return _card(row[0])


def cards(codes: Sequence[str]) -> dict[str, Card]:
    """Return the cards of these codes, as many as are on the wall."""
    if not codes:
        return {}
    return {row.code: _card(row) for row in _rows(_by_codes(), {"codes": list(codes)})}


def similar(to: Card, limit: int = 3) -> tuple[Listed, ...]:
    """Return open cards like this one: same need and place first, then need, then any."""
    found: dict[UUID, Listed] = {}
    for near in (
        WallFilter(category=to.need, region=to.region_code),
        WallFilter(category=to.need),
        WallFilter(),
    ):
        for one in _page(near, None, limit + 1):
            if one.id != to.id and len(found) < limit:
                found.setdefault(one.id, one)
    return tuple(found.values())


def some(limit: int = 6) -> tuple[Listed, ...]:
    """Return a few open cards for the front page."""
    return tuple(_page(WallFilter(), None, limit))


def choices() -> tuple[Choice, ...]:
    """Return the kept counts of every filter value, places with their names."""
    rows = db.session.execute(
        select(WallCount.facet, WallCount.value, Unit.name, WallCount.cards)
        .outerjoin(Unit, Unit.code == WallCount.value)
        .order_by(WallCount.facet, WallCount.value)
    )
    return tuple(Choice(row.facet, row.value, row.name or row.value, row.cards) for row in rows)


def counted_at() -> datetime | None:
    """Return when the kept counts were refreshed: what a page says of numbers is as old."""
    rows = _rows(_counted_at(), {})
    return rows[0][0] if rows else None


@lru_cache(maxsize=1)
def _counted_at() -> Select[Any]:
    return select(WallCount.refreshed_at).where(
        WallCount.facet == bindparam("kept_facet", "all"),
        WallCount.value == bindparam("kept_value", ""),
    )


def _page(asked: WallFilter, after: tuple[int, UUID] | None, size: int = PAGE + 1) -> list[Listed]:
    codes = tuple(one.code for one in catalogue.find(asked.q)) if asked.q else ()
    if asked.q and not codes:
        return []
    level = _place(asked.region)[0] if asked.region else ""
    shape = (
        level,
        *(name for name in ("category", "age", "occasion") if getattr(asked, name)),
        "after" if after else "",
    )
    params: dict[str, Any] = {
        "status": asked.status,
        "region": asked.region,
        "category": asked.category,
        "age": bands_of(asked.age),
        "occasion": asked.occasion,
        "size": size,
    }
    if after:
        params |= {"shuffle": after[0], "id": after[1]}
    if len(codes) > _SEPARATE:
        params["items"] = codes
    else:
        params |= {f"item{number}": code for number, code in enumerate(codes)}
    statement = _statement(tuple(filter(None, shape)), len(codes))
    known = {name: params[name] for name in statement.names}
    return [Listed._make(row) for row in _rows(statement.select, known)]


def _card(row: Row[Any]) -> Card:
    return Card(**row._mapping)  # noqa: SLF001 -- the public name of a row as a mapping


@dataclass(frozen=True, slots=True)
class _Built:
    """A statement and the parameters it knows."""

    select: Any
    names: tuple[str, ...]


@lru_cache(maxsize=256)
def _statement(shape: tuple[str, ...], codes: int) -> _Built:
    """Build the statement of a shape of filter, once."""
    if not 0 < codes <= _SEPARATE:
        narrowed = _narrowed(shape)
        if codes:
            narrowed = narrowed.where(_CARDS.c.item_code.in_(bindparam("items", expanding=True)))
        statement: Any = _ordered(narrowed, _CARDS.c)
    else:
        each = [
            _ordered(_narrowed(shape).where(_CARDS.c.item_code == bindparam(f"item{n}")), _CARDS.c)
            for n in range(codes)
        ]
        merged = union_all(*(select(one.subquery()) for one in each)).subquery()
        statement = _ordered(select(merged), merged.c)
    statement = statement.add_columns(_counted_at().scalar_subquery())
    names = (name for name in statement.compile().params if not name.startswith("kept_"))
    return _Built(statement, tuple(names))


def _narrowed(shape: tuple[str, ...]) -> Select[Any]:
    c = _CARDS.c
    tests = {
        "province": c.region_code == bindparam("region"),
        "county": c.region_code == bindparam("region"),
        "city": c.city_code == bindparam("region"),
        "nowhere": c.region_code == bindparam("region"),
        "category": c.need == bindparam("category"),
        "age": c.band.in_(bindparam("age", expanding=True)),
        "occasion": c.occasion == bindparam("occasion"),
        "after": tuple_(c.shuffle, c.id)
        > tuple_(bindparam("shuffle"), bindparam("id", type_=Uuid())),
    }
    statement = select(*_LISTED).where(c.status == bindparam("status"))
    for name in shape:
        statement = statement.where(tests[name])
    return statement


def _ordered(statement: Select[Any], columns: Any) -> Select[Any]:
    return statement.order_by(columns.shuffle, columns.id).limit(bindparam("size"))


@lru_cache(maxsize=1)
def _by_code() -> Select[Any]:
    return select(*_COLUMNS).where(_CARDS.c.code == bindparam("code"))


@lru_cache(maxsize=1)
def _by_codes() -> Select[Any]:
    return select(*_COLUMNS).where(_CARDS.c.code.in_(bindparam("codes", expanding=True)))


def _rows(statement: Any, params: Mapping[str, Any]) -> Sequence[Row[Any]]:
    """Read past the session: cards stand behind no wall and need no transaction of their own."""
    engine = db.engine
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        return connection.execute(statement, params).all()


def _place(code: str) -> tuple[str, str]:
    """Return a place's level and the city it lies in ("" for none); unknown codes are nowhere."""
    return _known_place(code) or ("nowhere", "")


@lru_cache(maxsize=4096)
def _known_place(code: str) -> tuple[str, str] | None:
    unit = db.session.execute(
        select(Unit.level, Unit.path).where(
            Unit.code == code, Unit.level.in_(("county", "city", "province"))
        )
    ).first()
    if unit is None:
        return None
    above = [unit.path[: at + 1] for at, sign in enumerate(unit.path) if sign == "/"]
    city = db.session.scalar(select(Unit.code).where(Unit.path.in_(above), Unit.level == "city"))
    return unit.level, city or ""
