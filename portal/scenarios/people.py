"""Fictitious people for stories and the demo: always the same ones, and they are nobody.

ID numbers start with 999, phones with 12, e-mails end in example.org (domain.md 7). Ages count back
from the day of playing, so that the demo never grows old.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from portal.domain.identity import Sex, fictitious_id_number
from portal.domain.ledger import Category, LedgerEntry, ServiceType

SEED = 350400
_FOLDER = Path(__file__).parent.parent / "data" / "demo"
_NAMES = json.loads((_FOLDER / "names.json").read_text(encoding="utf-8"))
LEFT_BEHIND = "left_behind"
_BAND_AGES = ((3, 5), (6, 8), (9, 11), (12, 14), (15, 17))
_BAND_WEIGHTS = (14, 22, 25, 22, 17)
_YEAR = 365
_HOME_SHARE = 0.8
#: A seat is a village where several stories happen, so more children live there.
_SEAT_WEIGHT = 6


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the demo: its ledger line, and what the file knows beyond the ledger."""

    entry: LedgerEntry
    school: str
    nickname: str
    left_behind: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A village where somebody may live."""

    code: str
    name: str
    parent_name: str
    has_director: bool
    is_seat: bool = False


def counties() -> tuple[str, ...]:
    """Return the codes of the demo's counties in the order of domain.md 7."""
    return tuple(row["county"] for row in _register())


def count(county: str) -> int:
    """Return how many children a county has in all."""
    row = next(row for row in _register() if row["county"] == county)
    return sum(int(number) for kind, number in row.items() if kind != "county")


def children(county: str, places: Sequence[Place], today: date) -> list[Child]:
    """Return the children of a county as domain.md 7 counts them, the ledger's categories first."""
    counts = next(row for row in _register() if row["county"] == county)
    rng = random.Random(SEED * 1000 + int(county[-3:]))  # noqa: S311 -- the same people every time
    kinds = [kind for kind in counts if kind != "county" for _ in range(int(counts[kind]))]
    return [_child(rng, county, number, kind, places, today) for number, kind in enumerate(kinds)]


def _register() -> list[dict[str, str]]:
    with (_FOLDER / "register.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _child(
    rng: random.Random, county: str, number: int, kind: str, places: Sequence[Place], today: date
) -> Child:
    sex = rng.choice((Sex.MALE, Sex.FEMALE))
    low, high = rng.choices(_BAND_AGES, _BAND_WEIGHTS)[0]
    birth = _birth(today, rng.randint(low, high), rng.randrange(20, _YEAR - 20))
    surname = rng.choice(_NAMES["surnames"])
    place = _home(rng, places)
    category = Category.OTHER if kind == LEFT_BEHIND else Category(kind)
    services = rng.sample(tuple(ServiceType)[:-1], rng.randint(1, 2))
    entry = LedgerEntry(
        region_code=place.code,
        region_text=f"{place.parent_name}{place.name}",
        name=surname + rng.choice(_NAMES["boys" if sex is Sex.MALE else "girls"]),
        sex=sex,
        birth=birth,
        id_number=fictitious_id_number(county, birth, 2 * number + (1 if sex is Sex.MALE else 2)),
        guardian=rng.choice(_NAMES["surnames"]) + rng.choice(_NAMES["adults"]),
        relation=rng.choice(_NAMES["relations"]),
        phone=phone(int(county[-3:]), number),
        category=category,
        services=tuple(sorted(services, key=list(ServiceType).index)),
        effect="",
    )
    return Child(
        entry, rng.choice(_NAMES["schools"]), rng.choice(_NAMES["nicknames"]), kind == LEFT_BEHIND
    )


def _birth(today: date, age: int, days: int) -> date:
    """Return a birth date of somebody who is ``age`` today and was so for ``days`` days."""
    birthday = today - timedelta(days=days)
    year = birthday.year - age
    return date(year, birthday.month, min(birthday.day, 28))


def _home(rng: random.Random, places: Sequence[Place]) -> Place:
    """Return a village, mostly one whose director has an account."""
    served = [place for place in places if place.has_director]
    if not served or rng.random() >= _HOME_SHARE:
        return rng.choice(places)
    return rng.choices(served, [_SEAT_WEIGHT if place.is_seat else 1 for place in served])[0]


def phone(group: int, number: int) -> str:
    """Return a telephone number that no network has: 12, three digits of a group, six of a row."""
    return f"12{group:03d}{number:06d}"


def adults() -> Iterator[str]:
    """Return names for adults without end, always in the same order."""
    rng = random.Random(SEED)  # noqa: S311 -- the same people every time
    while True:
        yield rng.choice(_NAMES["surnames"]) + rng.choice(_NAMES["adults"])
