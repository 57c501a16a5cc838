"""The catalogue of what a wish may ask for, and the words its public card is made of.

A card is built from catalogue vocabulary only (decisions at the head of security.md). An item that
by itself predicts a category, a health or a family fact (``implies``) has no public face of its
own: it borrows the face of an ordinary item (``public_as``), words, picture, search words and all,
so that nothing on the card tells the two apart.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Protocol

from portal.domain.anonymity import Asked
from portal.domain.bands import AgeRange
from portal.domain.errors import Invalid
from portal.domain.sizes import SIZES, SizeKind, size_ages

#: The coarse public word of a need, in the order of the wall's filter.
NEEDS: tuple[str, ...] = ("学习", "图书", "衣物", "运动", "生活", "兴趣", "陪伴", "课程与服务")
#: The wish categories of domain.md 7; they stay inside, because some of them name a diagnosis.
CATEGORIES: tuple[str, ...] = (
    "学习用品",
    "衣物鞋帽",
    "图书",
    "体育用品",
    "生活用品",
    "康复训练",
    "技能+陪伴",
    "情感陪伴",
    "课业辅导",
    "亲情连线",
)
QUANTITY_MAX = 20
COST_CAP_FEN = 30_000


class Added(Protocol):
    """Where the items are found that authorities added to the shipped file."""

    def find(self, code: str) -> CatalogueItem | None:
        """Return the added item of a code."""

    def every(self) -> tuple[CatalogueItem, ...]:
        """Return every added item."""


class CatalogueError(ValueError):
    """The catalogue file contradicts itself; the programme does not start."""


@dataclass(frozen=True, slots=True)
class Specification:
    """What exactly is wanted: a size, a choice of the item's list, both or neither."""

    size: int | None = None
    choice: str | None = None

    def stored(self) -> str:
        """Return the specification as a wish keeps it: ``150|红色``."""
        return f"{self.size or ''}|{self.choice or ''}"

    @classmethod
    def read(cls, stored: str) -> Specification:
        """Read what ``stored`` wrote; an empty text is no specification."""
        size, _, choice = stored.partition("|")
        return cls(int(size) if size else None, choice or None)


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One thing or service a child may wish for. Costs are typical, in 分."""

    code: str
    category: str
    need: str
    name: str
    public_name: str
    unit: str
    words: tuple[str, ...]
    size_kind: SizeKind | None
    choices: tuple[str, ...]
    spec_public: bool
    needs_sex: bool
    ages: AgeRange
    cost_fen: int
    is_service: bool
    implies: str
    public_as: str
    illustration: str

    @property
    def sizes(self) -> tuple[int, ...]:
        """Return the sizes that can be chosen; none for an item without size."""
        return tuple(SIZES[self.size_kind]) if self.size_kind else ()

    @property
    def search_text(self) -> str:
        """Return the public words this item is found by."""
        return " ".join((self.public_name, *self.words, self.need)).casefold()


@dataclass(frozen=True, slots=True)
class CardText:
    """The words on a card; ``deferred`` says that a detail is told after the claim."""

    title: str
    detail: str
    amount: str
    deferred: bool

    def __str__(self) -> str:
        return " ".join(part for part in (self.title, self.detail, self.amount) if part)


_added: list[Added] = []


def extend(added: Added) -> None:
    """Find authorities' own items there from now on; the shipped file stays the base."""
    _added[:] = [added]


def item(code: str) -> CatalogueItem:
    """Return the item with this code; raise Invalid for a code the catalogue does not hold."""
    found = _catalogue().get(code)
    for more in _added:
        found = found or more.find(code)
    if found is None:
        raise Invalid("目录里没有这件物品，请从列表中选择")
    return found


def items() -> tuple[CatalogueItem, ...]:
    """Return every shipped item in the order of the file."""
    return tuple(_catalogue().values())


def face_of(code: str) -> CatalogueItem:
    """Return the item whose words and picture the public sees for this code."""
    chosen = item(code)
    return _catalogue()[chosen.public_as] if chosen.public_as else chosen


def faces() -> tuple[CatalogueItem, ...]:
    """Return the shipped items that can stand on a public card."""
    return tuple(one for one in items() if not one.public_as)


def specify(code: str, size: int | None, choice: str | None) -> Specification:
    """Return a checked specification; raise Invalid when the item knows no such size or choice."""
    face = face_of(code)
    if size is None and face.size_kind:
        raise Invalid("这件物品要选尺码")
    if size is not None and size not in face.sizes:
        raise Invalid("这件物品没有 {size} 码", size=size)
    if not choice and face.choices:
        raise Invalid("请选一个款式或规格")
    if choice and choice not in face.choices:
        raise Invalid("这件物品没有“{choice}”这一款", choice=choice)
    return Specification(size, choice or None)


def asked(code: str, spec: Specification) -> Asked:
    """Return what the public face of this item would tell about a child."""
    face = face_of(code)
    ages = size_ages(face.size_kind, spec.size) if face.size_kind and spec.size else None
    return Asked(ages=face.ages, needs_sex=face.needs_sex, size_ages=ages)


def card_text(
    code: str, spec: Specification, quantity: int, *, shows_size: bool = True
) -> CardText:
    """Write the card's words from catalogue vocabulary only (item, specification, quantity).

    ``shows_size`` comes from the disclosure: a size that points at few is told after the claim.
    """
    face = face_of(code)
    parts: list[str] = []
    deferred = False
    if spec.size is not None:
        parts, deferred = ([f"{spec.size}码"], False) if shows_size else ([], True)
    if spec.choice:
        if face.spec_public:
            parts.append(spec.choice)
        else:
            deferred = True
    return CardText(face.public_name, " ".join(parts), f"{quantity}{face.unit}", deferred)


def find(query: str, among: Iterable[CatalogueItem] | None = None) -> tuple[CatalogueItem, ...]:
    """Return the items whose public words hold every word of the query (two characters suffice).

    Visitors search this vocabulary and never a text that a child or a clerk typed.
    """
    words = unicodedata.normalize("NFKC", query).casefold().split()
    more = tuple(one for added in _added for one in added.every())
    pool = (*faces(), *more) if among is None else tuple(among)
    return tuple(one for one in pool if words and all(word in one.search_text for word in words))


def find_for_staff(query: str, among: Iterable[CatalogueItem]) -> tuple[CatalogueItem, ...]:
    """Return those items, inner names and categories included, that hold the words."""
    words = unicodedata.normalize("NFKC", query).casefold().split()
    return tuple(
        one
        for one in among
        if all(word in f"{one.search_text} {one.name} {one.category}".casefold() for word in words)
    )


@cache
def _catalogue() -> dict[str, CatalogueItem]:
    text = resources.files("portal.domain").joinpath("catalogue.csv").read_text("utf-8")
    return load(text)


def load(text: str) -> dict[str, CatalogueItem]:
    """Read a catalogue file; raise CatalogueError naming the first line that cannot stand."""
    found: dict[str, CatalogueItem] = {}
    for row in csv.DictReader(text.splitlines()):
        one = _read(row)
        if one.code in found:
            msg = f"{one.code}: code used twice"
            raise CatalogueError(msg)
        found[one.code] = one
    for one in found.values():
        if problem := _problem(one, found):
            msg = f"{one.code}: {problem}"
            raise CatalogueError(msg)
    return found


def _read(row: dict[str, str]) -> CatalogueItem:
    low, high = (int(part) for part in row["ages"].split("-"))
    sized = row["spec"] in set(SizeKind)
    return CatalogueItem(
        code=row["code"],
        category=row["category"],
        need=row["need"],
        name=row["name"],
        public_name=row["public_name"],
        unit=row["unit"],
        words=tuple(row["words"].split()),
        size_kind=SizeKind(row["spec"]) if sized else None,
        choices=tuple(filter(None, row["choices"].split("|"))),
        spec_public=row["spec_public"] == "1",
        needs_sex=row["needs_sex"] == "1",
        ages=AgeRange(low, high),
        cost_fen=int(row["cost_fen"]),
        is_service=row["service"] == "1",
        implies=row["implies"],
        public_as=row["public_as"],
        illustration=row["illustration"],
    )


def _problem(one: CatalogueItem, found: dict[str, CatalogueItem]) -> str:
    """Say what is wrong with an item, or nothing."""
    face = found.get(one.public_as) if one.public_as else one
    if face is None or face.public_as:
        return "public_as must name an item with a face of its own"
    faults = {
        "only an item that implies something borrows a face, and it must": (
            bool(one.implies) != bool(one.public_as)
        ),
        "unknown category or need": one.category not in CATEGORIES or face.need not in NEEDS,
        "the borrowed face is made for other ages": (
            one.ages.low < face.ages.low or one.ages.high > face.ages.high
        ),
        "cost above the cap": not 0 <= one.cost_fen <= COST_CAP_FEN,
        "malformed code": not re.fullmatch(r"[A-Z]{2}\d{2}", one.code),
        "a public face needs a name, a unit and an illustration": not (
            face.public_name and face.unit and face.illustration
        ),
    }
    return next((fault for fault, present in faults.items() if present), "")
