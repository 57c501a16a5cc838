"""Data of a size, for measuring: synthetic children, wishes and cards, never real ones.

Bulk inserts through Core in batches. Nothing here runs the lifecycles: a million wishes through
``fire`` would take hours, and it is the reading that is measured.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from portal.domain import catalogue, cipher, clock
from portal.domain.bands import STAGE_OF, Band, band_of
from portal.domain.errors import Conflict
from portal.domain.identity import age_on, fictitious_id_number
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.units import Unit
from portal.models.wishes import PublicationBatch, Wish, WishCard, WishWindow
from portal.services import publication

BATCH = 10_000
_CATEGORIES = (("de_facto_unattended", 50), ("autism", 34), ("scattered_orphan", 16))
_SURNAMES = "陈林黄张吴李王刘杨周"
_GIVEN = "安宁乐和平明远清嘉文思雨晨"
_OPEN_SHARE = 0.7
_CLAIMED_SHARE = 0.1
_OCCASIONS = ("children_day", "school_start", "spring_festival")
Said = Callable[[str], None]


class Person(NamedTuple):
    """What a wish and its card need to know of a synthetic child."""

    id: UUID
    path: str
    county: str
    county_name: str
    birth: date


class Opened(NamedTuple):
    """A window and its batch."""

    id: UUID
    year: int
    occasion: str
    closes: date
    deliver_by: date
    batch: UUID


def fill(wishes: int, children: int, *, tenant_path: str, seed: int, said: Said) -> None:
    """Insert ``children`` files and ``wishes`` wishes with a card each for the open ones.

    Raises Conflict when the tenant holds wishes already: a measurement wants a known size.
    """
    if db.session.scalar(select(Wish.id).limit(1)):
        raise Conflict("这个数据库里已有心愿；请在空库上生成规模数据")
    rng = random.Random(seed)  # noqa: S311 -- the same data every time, no secret
    villages = _villages(tenant_path)
    windows = [_window(tenant_path, number) for number in range(-(-wishes // children))]
    people = _children(rng, children, villages, tenant_path, said)
    _wishes(rng, wishes, people, windows, tenant_path, said)
    publication.refresh_counts()


def _villages(tenant_path: str) -> list[tuple[str, str, str]]:
    counties = {
        path: (code, name)
        for code, name, path in db.session.execute(
            select(Unit.code, Unit.name, Unit.path).where(
                Unit.level == "county", Unit.path.startswith(tenant_path)
            )
        )
    }
    found = []
    for path in db.session.scalars(
        select(Unit.path).where(Unit.level == "village", Unit.path.startswith(tenant_path))
    ):
        county = "/".join(path.split("/")[:4]) + "/"
        code, name = counties[county]
        found.append((path, code, name))
    return sorted(found)


def _window(tenant_path: str, number: int) -> Opened:
    """Open one window; a child has one live wish a window, so more wishes need more windows."""
    today = clock.today()
    window = WishWindow(
        tenant_path=tenant_path,
        year=today.year + number // len(_OCCASIONS),
        occasion=_OCCASIONS[number % len(_OCCASIONS)],
        opens=today - timedelta(days=10),
        closes=today + timedelta(days=30),
        deliver_by=today + timedelta(days=40),
    )
    db.session.add(window)
    db.session.flush()
    batch = PublicationBatch(
        tenant_path=tenant_path, window_id=window.id, released_at=clock.now(), cards=0
    )
    db.session.add(batch)
    db.session.flush()
    return Opened(
        window.id, window.year, window.occasion, window.closes, window.deliver_by, batch.id
    )


def _insert(table: type[Any], rows: Iterator[dict[str, object]], said: Said, what: str) -> None:
    pending: list[dict[str, object]] = []
    done = 0
    statement = insert(table)
    for row in rows:
        pending.append(row)
        if len(pending) == BATCH:
            db.session.execute(statement, pending)
            done += len(pending)
            pending = []
            if done % (BATCH * 10) == 0:
                said(f"{what}: {done}")
    if pending:
        db.session.execute(statement, pending)


def _children(
    rng: random.Random, count: int, villages: list[tuple[str, str, str]], tenant: str, said: Said
) -> list[Person]:
    made: list[Person] = []
    today = clock.today()
    names = [name for name, _ in _CATEGORIES]
    weights = [weight for _, weight in _CATEGORIES]

    def rows() -> Iterator[dict[str, object]]:
        for number in range(count):
            path, county, county_name = rng.choice(villages)
            birth = today - timedelta(days=rng.randint(3 * 366, 17 * 365))
            id_no = fictitious_id_number(county, birth, number % 1000)
            identifier = uuid4()
            made.append(Person(identifier, path, county, county_name, birth))
            yield {
                "id": identifier,
                "unit_path": path,
                "tenant_path": tenant,
                "name": rng.choice(_SURNAMES) + rng.choice(_GIVEN) + rng.choice(_GIVEN),
                "gender": "male" if number % 2 else "female",
                "birth_date": birth,
                "id_no": id_no,
                "id_hmac": cipher.ring().blind_index(f"{id_no}#{number}", "child_id"),
                "county_code": county,
                "region_code": path.rstrip("/").rsplit("/", 1)[-1],
                "region_text": county_name,
                "primary_category": rng.choices(names, weights)[0],
                "left_behind": False,
                "status": "active",
                "version": 1,
                "created_at": clock.now(),
            }

    _insert(ChildFile, rows(), said, "children")
    return made


def _wishes(
    rng: random.Random,
    count: int,
    children: list[Person],
    windows: list[Opened],
    tenant: str,
    said: Said,
) -> None:
    faces = catalogue.faces()
    cards: list[dict[str, object]] = []
    counter = iter(range(count))

    def rows() -> Iterator[dict[str, object]]:
        for number in counter:
            child = children[number % len(children)]
            window = windows[number // len(children)]
            item = rng.choice(faces)
            draw = rng.random()
            status = "open" if draw < _OPEN_SHARE else "claimed"
            public = draw < _OPEN_SHARE + _CLAIMED_SHARE
            card_id = uuid4() if public else None
            if card_id is not None:
                cards.append(_card(card_id, child, item, window, status))
            yield _wish(number, child, item, window, tenant, card_id, status)

    _insert(Wish, rows(), said, "wishes")
    for start in range(0, len(cards), BATCH):
        db.session.execute(insert(WishCard), cards[start : start + BATCH])
    said(f"cards: {len(cards)}")


def _wish(
    number: int,
    child: Person,
    item: catalogue.CatalogueItem,
    window: Opened,
    tenant: str,
    card_id: UUID | None,
    status: str,
) -> dict[str, object]:
    live = {"open": "published", "claimed": "reserved"}[status] if card_id else "archived"
    return {
        "id": uuid4(),
        "unit_path": child.path,
        "tenant_path": tenant,
        "file_no": f"WX-{window.year}-{number:07d}",
        "child_id": child.id,
        "window_id": window.id,
        "status": live,
        "own_words": "",
        "item_code": item.code,
        "est_cost_fen": item.cost_fen,
        "status_since": clock.now(),
        "card_id": card_id,
        "disclosure": {},
        "version": 1,
        "created_at": clock.now(),
    }


def _card(
    card_id: UUID,
    child: Person,
    item: catalogue.CatalogueItem,
    window: Opened,
    status: str,
) -> dict[str, object]:
    band = band_of(age_on(child.birth, clock.today())) or Band.A9_11
    code = uuid4().hex[:26]
    return {
        "id": card_id,
        "code": code,
        "status": status,
        "shuffle": cipher.ring().keyed_number(str(window.batch), code),
        "batch_id": window.batch,
        "region_code": child.county,
        "region_name": child.county_name,
        "city_code": child.county[:4] + "00",
        "stage": STAGE_OF[band].value,
        "band": band.value,
        "need": item.need,
        "item_code": item.code,
        "title": item.public_name,
        "spec": "",
        "quantity": 1,
        "note": "",
        "illustration": item.illustration,
        "is_service": item.is_service,
        "cost_band": "",
        "occasion": window.occasion,
        "year": window.year,
        "closes": window.closes,
        "deliver_by": window.deliver_by,
    }
