"""What a public card may disclose about a child: bands, the ladder, and K over the register.

Rule sources: the decisions at the head of security.md (K counts the active children on the
register whose true attributes fit everything a card discloses), section 2 there, and domain.md 3.

Counting who fits is not enough by itself. If 9–11 rolls up to 小学 in a county because only four
children are 9–11, while 6–8 stays as it is, then everybody who knows the rule knows that a 小学
card of that county is one of four. So the ladder settles whole cells and not single cards: the
*crowd* of a face (place, band) is every child whose own card would show exactly that face, and
the crowd too is never below K. See docs/adr for the decision.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.bands import (
    ALL_AGES,
    BAND_AGES,
    BAND_LABELS,
    STAGE_OF,
    AgeRange,
    Band,
    band_of,
)
from portal.domain.crowds import Cell, Face, settle

__all__ = [
    "ALL_AGES",
    "BAND_LABELS",
    "K_DEFAULT",
    "K_FLOOR",
    "LADDER",
    "AgeRange",
    "Asked",
    "Band",
    "ChildFacts",
    "Disclosure",
    "Face",
    "Held",
    "HeldReason",
    "Register",
    "RegisterRow",
    "Rung",
    "band_of",
    "choose_disclosure",
]

#: Default and lowest K; a tenant may raise it, never lower it under the floor.
K_DEFAULT = 10
K_FLOOR = 5


class Rung(StrEnum):
    """One way of saying less, in the order in which they are tried."""

    SEX = "sex"
    SIZE = "size"
    BAND = "band"
    REGION = "region"


#: The disclosure ladder; below its last rung a card is held for staff-mediated matching.
LADDER: tuple[Rung, ...] = (Rung.SEX, Rung.SIZE, Rung.BAND, Rung.REGION)


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """How many active children share a place, an age in years and a sex.

    ``path`` names the places a card could show, narrowest first (county, city, province); a county
    that reports to the province straight away (平潭) simply has a shorter path.
    """

    path: tuple[str, ...]
    age: int
    sex: str
    count: int = 1


class Register:
    """The active children as counts; it holds no names and nothing finer than an age in years."""

    def __init__(self, rows: Iterable[RegisterRow]) -> None:
        self._rows = tuple(row for row in rows if row.count > 0 and band_of(row.age))

    @property
    def sexes(self) -> frozenset[str]:
        """Return every sex the register knows."""
        return frozenset(row.sex for row in self._rows)

    def cells(self, ages: AgeRange, sex: str | None = None) -> dict[Cell, int]:
        """Count the children of these ages (and sex, if given) per finest cell."""
        counts: dict[Cell, int] = defaultdict(int)
        for row in self._rows:
            band = band_of(row.age)
            if band is not None and row.age in ages and sex in (None, row.sex):
                counts[row.path, band] += row.count
        return dict(counts)

    def fitting(self, place: str, ages: AgeRange, sex: str | None = None) -> int:
        """Count the children whose true attributes fit a place, ages and (if shown) a sex."""
        return sum(
            row.count
            for row in self._rows
            if place in row.path and row.age in ages and sex in (None, row.sex)
        )


@dataclass(frozen=True, slots=True)
class ChildFacts:
    """The three true attributes of a child that a card is derived from."""

    path: tuple[str, ...]
    age: int
    sex: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the item itself tells: the ages it is made for, and the ages its size would fit."""

    ages: AgeRange = ALL_AGES
    needs_sex: bool = False
    size_ages: AgeRange | None = None


class HeldReason(StrEnum):
    """Why a card is not published; each has its sentence in ``explanations``."""

    TOO_FEW = "too_few"
    NO_BAND = "no_band"
    AGE_MISFIT = "age_misfit"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What a card may show. ``fitting`` counts who fits it, ``crowd`` who would show the same."""

    face: Face
    rolled_up: int
    sex: str | None
    shows_size: bool
    fitting: int
    crowd: int
    k: int
    dropped: tuple[Rung, ...] = ()
    #: The finest face that was tried and how many children fit it.
    wanted: Face | None = None
    wanted_fitting: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """A card that stays inside: staff look for a supporter by themselves."""

    reason: HeldReason
    k: int
    fitting: int = 0
    widest: Face | None = None


def choose_disclosure(
    register: Register,
    child: ChildFacts,
    asked: Asked,
    k: int = K_DEFAULT,
    ladder: Iterable[Rung] = LADDER,
) -> Disclosure | Held:
    """Return the finest card whose fitting and crowd are at K, or why it is held.

    ``k`` under the floor of 5 raises ValueError.
    """
    _refuse_low(k)
    rungs = frozenset(ladder)
    band = band_of(child.age)
    if band is None or child.age not in asked.ages:
        return Held(HeldReason.AGE_MISFIT if band else HeldReason.NO_BAND, k)
    cells = register.cells(asked.ages)
    faces = settle(cells, k, bands=Rung.BAND in rungs, regions=Rung.REGION in rungs)
    face = faces.get((child.path, band))
    if face is None:
        return _too_few(register, Face(child.path[-1], STAGE_OF[band]), asked, k)
    sharers = [cell for cell, shown in faces.items() if shown == face]
    size, sex = _extras(register, child, asked, sharers, k)
    wanted = Face(child.path[0], band)
    dropped = _dropped(face, wanted, asked, size=size, sex=sex)
    if not set(dropped) <= rungs:
        return _too_few(register, face, asked, k)
    return Disclosure(
        face=face,
        rolled_up=child.path.index(face.place),
        sex=child.sex if sex else None,
        shows_size=size,
        fitting=_fitting(register, face, asked),
        crowd=sum(cells[cell] for cell in sharers),
        k=k,
        dropped=dropped,
        wanted=wanted,
        wanted_fitting=_fitting(register, wanted, asked),
    )


def _refuse_low(k: int) -> None:
    if k < K_FLOOR:
        msg = f"k must be at least {K_FLOOR}, got {k}"
        raise ValueError(msg)


def _too_few(register: Register, widest: Face, asked: Asked, k: int) -> Held:
    return Held(HeldReason.TOO_FEW, k, _fitting(register, widest, asked), widest)


def _fitting(register: Register, face: Face, asked: Asked) -> int:
    """Count who fits a face and the ages a reader infers from the item."""
    return register.fitting(face.place, BAND_AGES[face.band].meet(asked.ages))


def _extras(
    register: Register, child: ChildFacts, asked: Asked, sharers: list[Cell], k: int
) -> tuple[bool, bool]:
    """Tell whether size and sex may be shown: the sharers they leave must still be K.

    Sex is shown only if both sexes would stay at K; otherwise hiding it would name the rarer one.
    """

    def crowd(ages: AgeRange, sex: str | None = None) -> int:
        counts = register.cells(ages, sex)
        return sum(counts.get(cell, 0) for cell in sharers)

    ages = asked.ages
    size = asked.size_ages is not None and child.age in asked.size_ages
    if size and asked.size_ages is not None:
        size = crowd(ages.meet(asked.size_ages)) >= k
        ages = ages.meet(asked.size_ages) if size else ages
    sexes = register.sexes | {child.sex}
    sex = asked.needs_sex and all(crowd(ages, one) >= k for one in sexes)
    return size, sex


def _dropped(face: Face, wanted: Face, asked: Asked, *, size: bool, sex: bool) -> tuple[Rung, ...]:
    """List the rungs that were used, in the order of the ladder."""
    used = {
        Rung.SEX: asked.needs_sex and not sex,
        Rung.SIZE: asked.size_ages is not None and not size,
        Rung.BAND: face.band != wanted.band,
        Rung.REGION: face.place != wanted.place,
    }
    return tuple(rung for rung in LADDER if used[rung])
