"""Settling cells into faces so that everybody behind one face is at least K children.

A whole register is settled at once: how coarse one card is must not tell how rare its child is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.domain.bands import FIVE_BANDS, STAGE_OF, Band

#: A county's path (county, city, province) and a five-band: the finest cell a card could show.
Cell = tuple[tuple[str, ...], Band]


@dataclass(frozen=True, slots=True)
class Face:
    """The place and band a card shows."""

    place: str
    band: Band


@dataclass(slots=True)
class _Block:
    """Cells that roll up together: one stage of one place."""

    place: str
    depth: int
    paths: set[tuple[str, ...]]
    crowd: int
    five: bool = False
    parents: dict[int, str] = field(default_factory=dict)


def settle(
    cells: Mapping[Cell, int], k: int, *, bands: bool = True, regions: bool = True
) -> dict[Cell, Face | None]:
    """Give every finest cell the face its cards show (None: held), each face's crowd at least K."""
    faces: dict[Cell, Face | None] = {}
    key = STAGE_OF if bands else {band: band for band in FIVE_BANDS}
    for shown_band in dict.fromkeys(key.values()):
        chosen = {cell: n for cell, n in cells.items() if key[cell[1]] == shown_band}
        for block in _settled_blocks(chosen, k, regions=regions):
            for cell in chosen:
                if cell[0] in block.paths:
                    own = cell[1] if block.five else shown_band
                    faces[cell] = Face(block.place, own) if block.crowd >= k else None
    return faces


def _settled_blocks(cells: Mapping[Cell, int], k: int, *, regions: bool) -> list[_Block]:
    """Merge the cells of one stage upwards, place by place, until every crowd holds K."""
    by_path: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for (path, _), count in cells.items():
        by_path[path].append(count)
    blocks = [
        _Block(
            path[0],
            len(path),
            {path},
            sum(counts),
            all(count >= k for count in counts),
            {len(path) - step: place for step, place in enumerate(path)},
        )
        for path, counts in by_path.items()
    ]
    deepest = max((block.depth for block in blocks), default=0)
    for depth in range(deepest - 1, 0, -1) if regions else ():
        blocks = _merge_at(blocks, depth, k)
    return blocks


def _merge_at(blocks: list[_Block], depth: int, k: int) -> list[_Block]:
    """Lift blocks below K to their parent place at ``depth``, with as many neighbours as needed.

    The smallest neighbours go along when the lifted ones alone would be fewer than K: their own
    cards get a little coarser, and the lifted children are not held back.
    """
    lacking: dict[str, list[_Block]] = defaultdict(list)
    for block in blocks:
        if block.crowd < k and block.depth > depth:
            lacking[block.parents[depth]].append(block)
    for parent, members in lacking.items():
        neighbours = sorted(
            (b for b in blocks if b.crowd >= k and b.parents.get(depth) == parent),
            key=lambda b: (b.crowd, b.place),
        )
        while neighbours and sum(b.crowd for b in members) < k:
            members.append(neighbours.pop(0))
        blocks = [block for block in blocks if block not in members]
        above = {at: place for at, place in members[0].parents.items() if at <= depth}
        paths = set().union(*(b.paths for b in members))
        blocks.append(_Block(parent, depth, paths, sum(b.crowd for b in members), False, above))
    return blocks
