"""What a visitor may ask of the wall, and how an answer that would be too narrow is widened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from portal.domain.bands import BAND_LABELS, STAGE_OF, STAGES, Band

#: Fewer cards than this for several filters together: the wider page is shown (security.md A3).
FEW = 3
PAGE = 24
QUERY_LENGTH = 20
_SMALL = 10


@dataclass(frozen=True, slots=True)
class WallFilter:
    """The list query names of the contract; empty means everything."""

    q: str = ""
    region: str = ""
    category: str = ""
    age: str = ""
    occasion: str = ""
    status: str = "open"

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return each name with its value, in the order of the contract."""
        return (
            ("q", self.q),
            ("region", self.region),
            ("category", self.category),
            ("age", self.age),
            ("occasion", self.occasion),
            ("status", self.status),
        )

    def set_names(self) -> tuple[str, ...]:
        """Return the names of the filters that narrow, the status left out."""
        return tuple(name for name, value in self.pairs() if name != "status" and value)


def widenings(asked: WallFilter, city_of: Callable[[str], str]) -> Iterator[WallFilter]:
    """Yield ever wider filters: the age to its stage, the place to its city, then without each.

    A single filter is never widened: what it lists is on the wall for everybody anyway.
    """
    now = asked
    for step in (
        _age_to_stage,
        lambda f: replace(f, region=city_of(f.region)),
        _no_age,
        _no_region,
    ):
        if len(now.set_names()) <= 1:
            return
        wider = step(now)
        if wider != now:
            now = wider
            yield now
    if len(now.set_names()) > 1 and now.category:
        yield replace(now, category="")


def _age_to_stage(asked: WallFilter) -> WallFilter:
    return replace(asked, age=stage_of(asked.age))


def _no_age(asked: WallFilter) -> WallFilter:
    return replace(asked, age="")


def _no_region(asked: WallFilter) -> WallFilter:
    return replace(asked, region="")


def stage_of(age: str) -> str:
    """Return the stage of a five-band; a stage or nothing stays as it is."""
    return STAGE_OF[Band(age)].value if age in STAGE_OF else age


def bands_of(age: str) -> tuple[str, ...]:
    """Return the bands a card may show to belong to an age filter.

    A card that shows a stage may be of any age in it, so it is listed for each band of the stage.
    """
    if age in STAGES:
        return (age, *(five.value for five, stage in STAGE_OF.items() if stage == age))
    return (age, stage_of(age)) if age in set(BAND_LABELS) else ()


def rounded(cards: int) -> int:
    """Round a count down to ten; fewer than ten give 0 when none and 1 when few."""
    return cards // _SMALL * _SMALL if cards >= _SMALL else min(cards, 1)
