"""Sizes of shoes and clothes, and the ages each is usual for."""

from __future__ import annotations

from enum import StrEnum

from portal.domain.bands import AgeRange


class SizeKind(StrEnum):
    """How an item is sized."""

    SHOE = "shoe"
    CLOTHING = "clothing"


#: Smallest and largest usual size per age in years (shoes in 码, clothes in cm of height). Wide on
#: purpose: an unusual size for an age points at a child.
_USUAL: dict[SizeKind, dict[int, tuple[int, int]]] = {
    SizeKind.SHOE: {
        3: (23, 27), 4: (25, 28), 5: (26, 30), 6: (27, 32), 7: (28, 33), 8: (29, 35),
        9: (31, 37), 10: (32, 38), 11: (33, 40), 12: (34, 41), 13: (35, 43), 14: (35, 44),
        15: (35, 44), 16: (35, 45), 17: (35, 45),
    },
    SizeKind.CLOTHING: {
        3: (90, 110), 4: (95, 115), 5: (100, 120), 6: (105, 130), 7: (110, 140), 8: (115, 150),
        9: (120, 155), 10: (125, 160), 11: (130, 165), 12: (135, 175), 13: (140, 180),
        14: (145, 185), 15: (150, 185), 16: (150, 190), 17: (150, 190),
    },
}  # fmt: skip
SIZES: dict[SizeKind, range] = {
    SizeKind.SHOE: range(22, 47),
    SizeKind.CLOTHING: range(90, 195, 5),
}
#: No age at all: a size that fits none is never shown.
_NOBODY = AgeRange(1, 0)


def size_ages(kind: SizeKind, size: int) -> AgeRange:
    """Return the ages this size is usual for; an empty range when it is usual for none."""
    ages = [age for age, (low, high) in _USUAL[kind].items() if low <= size <= high]
    return AgeRange(min(ages), max(ages)) if ages else _NOBODY
