"""Find the unit that a typed region means, down to the village (form 1, column 地区).

People write 明溪县城关乡坪埠村委会, 城关乡坪埠村, 坪埠村 or 三明市明溪县城关乡坪埠村3组. The tree
decides what is under a bureau, never the digits of a code (domain.md 5).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from portal.domain.ledger import RegionMatch, ResolveRegion
from portal.domain.ledger_normalise import squeeze

VILLAGE = "village"
TOWNSHIP = "township"
_MAX_CANDIDATES = 5
_SEPARATORS = str.maketrans("", "", "-—–/>·,、|_")
_VILLAGE_ENDS = ("村民委员会", "村委会", "村")
_RESIDENT_ENDS = ("社区居民委员会", "社区居委会", "居民委员会", "居委会", "社区")
_TOWNSHIP_ENDS = ("街道办事处", "办事处", "街道", "镇", "乡")
_UPPER_ENDS = ("自治区", "自治县", "省", "市", "县", "区")
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Region:
    """One row of the region table; ``parent`` is empty at the top."""

    code: str
    name: str
    level: str
    parent: str


def _spellings(region: Region) -> Iterator[str]:
    """Yield every way to write one unit's own name, the official one first."""
    name = squeeze(region.name)
    bare = name.removesuffix("(新)")
    yield name
    yield bare
    if region.level == VILLAGE:
        yield from _village_spellings(bare)
        return
    for end in _TOWNSHIP_ENDS if region.level == TOWNSHIP else _UPPER_ENDS:
        if bare.endswith(end) and len(bare) - len(end) >= _SHORTEST:
            yield bare.removesuffix(end)
    if bare.endswith("街道办事处"):
        yield bare.removesuffix("办事处")


def _village_spellings(name: str) -> Iterator[str]:
    for ends in (_VILLAGE_ENDS, _RESIDENT_ENDS):
        end = next((end for end in ends if name.endswith(end)), None)
        if end:
            core = name.removesuffix(end)
            yield from (core + other for other in ends)
            yield core
            return


class RegionNames:
    """An index over the names of a region tree; build once, ask often."""

    def __init__(self, regions: Iterable[Region], former: Iterable[Region] = ()) -> None:
        """Take the regions of today, and ``former`` ones: today's code with an earlier name."""
        self._regions = {region.code: region for region in regions}
        self._villages: dict[str, list[str]] = defaultdict(list)
        self._uppers: dict[str, list[str]] = defaultdict(list)
        for region in (*self._regions.values(), *former):
            index = self._villages if region.level == VILLAGE else self._uppers
            for spelling in dict.fromkeys(_spellings(region)):
                if region.code in self._regions and region.code not in index[spelling]:
                    index[spelling].append(region.code)
        self._longest_upper = max(map(len, self._uppers), default=0)
        self._lines = {code: self._line(code) for code in self._regions}

    def _line(self, code: str) -> tuple[str, ...]:
        line: list[str] = []
        region = self._regions.get(code)
        while region is not None:
            line.append(region.code)
            region = self._regions.get(region.parent)
        return tuple(reversed(line))

    def full_name(self, code: str) -> str:
        """Return the name as form 1 writes it: county, township, village in one word."""
        line = [self._regions[each] for each in self._lines.get(code, ())]
        below = [region.name for region in line if region.level not in {"province", "city"}]
        return "".join(below) if below else line[-1].name if line else ""

    def resolver(self, bureau: str) -> ResolveRegion:
        """Return the function that reads a region text as staff of ``bureau`` mean it."""

        @lru_cache(maxsize=65536)
        def resolve(text: str) -> RegionMatch:
            word = squeeze(text).translate(_SEPARATORS)
            return self._resolve(word, bureau) if bureau in self._regions else RegionMatch()

        return resolve

    def _resolve(self, word: str, bureau: str) -> RegionMatch:
        """Strip the names of upper units from the left, then look for the village."""
        states = list(self._strip(word, bureau, frozenset()))
        whole = {code for rest, unit in states for code in self._units_for(rest, unit)}
        whole |= {unit for rest, unit in states if not rest and word}
        if whole:
            return self._choose(word, whole, "")
        for rest, unit in states:
            for length in range(len(rest) - 1, _SHORTEST, -1):
                codes = self._units_for(rest[:length], unit)
                if codes and _ends_like_village(rest[:length], rest[length:]):
                    return self._choose(word, set(codes), rest[length:])
        return self._miss(states, bureau)

    def _strip(self, word: str, unit: str, seen: frozenset[str]) -> Iterator[tuple[str, str]]:
        """Yield (what is left, the unit so far) for every way to take upper names off."""
        yield word, unit
        for length in range(_SHORTEST, min(len(word), self._longest_upper) + 1):
            for code in self._uppers.get(word[:length], ()):
                if code in seen:
                    continue
                if unit in self._lines[code]:
                    yield from self._strip(word[length:], code, seen | {code})
                elif code in self._lines[unit]:
                    yield from self._strip(word[length:], unit, seen | {code})

    def _units_for(self, name: str, unit: str) -> list[str]:
        return [code for code in self._villages.get(name, ()) if unit in self._lines[code]]

    def _choose(self, word: str, codes: set[str], rest: str) -> RegionMatch:
        named = {c for c in codes if (word + "$").endswith(squeeze(self._regions[c].name) + "$")}
        left = named if len(named) == 1 else codes
        if len(left) > 1:
            shown = tuple(sorted(self.full_name(code) for code in left))
            return RegionMatch(candidates=shown[:_MAX_CANDIDATES])
        code = next(iter(left))
        text = self.full_name(code)
        coarse = self._regions[code].level not in {VILLAGE, TOWNSHIP}
        return RegionMatch(code, text, word == text, too_coarse=coarse, rest=rest)

    def _miss(self, states: list[tuple[str, str]], bureau: str) -> RegionMatch:
        for rest, _ in states:
            for length in range(_SHORTEST + 1, min(len(rest), self._longest_upper) + 1):
                for code in self._uppers.get(rest[:length], ()):
                    if self._regions[code].level == "county" and bureau not in self._lines[code]:
                        return RegionMatch(text=self._regions[bureau].name, outside=True)
        return RegionMatch(candidates=self._near(states, bureau))

    def _near(self, states: list[tuple[str, str]], bureau: str) -> tuple[str, ...]:
        """Offer the villages whose name stands at the end of what was typed."""
        for rest, _ in states:
            for start in range(1, len(rest) - _SHORTEST):
                codes = self._units_for(rest[start:], bureau)
                if codes:
                    return tuple(sorted(map(self.full_name, codes)))[:_MAX_CANDIDATES]
        return ()


def _ends_like_village(head: str, rest: str) -> bool:
    """Say whether ``head`` is a finished village name and ``rest`` is only an addition."""
    return head.endswith((*_VILLAGE_ENDS, *_RESIDENT_ENDS)) and not rest.startswith(("委", "民"))
