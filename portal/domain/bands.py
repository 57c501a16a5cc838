"""Age bands: the five of domain.md 3 and the three stages they roll up to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class AgeRange:
    """Ages in completed years, both ends included."""

    low: int
    high: int

    def __contains__(self, age: object) -> bool:
        return isinstance(age, int) and self.low <= age <= self.high

    def meet(self, other: AgeRange) -> AgeRange:
        """Return the ages both hold (possibly none: low above high)."""
        return AgeRange(max(self.low, other.low), min(self.high, other.high))


class Band(StrEnum):
    """An age band: the five of domain.md 3 and the three stages they roll up to."""

    A3_5 = "3-5"
    A6_8 = "6-8"
    A9_11 = "9-11"
    A12_14 = "12-14"
    A15_17 = "15-17"
    PRESCHOOL = "preschool"
    PRIMARY = "primary"
    SECONDARY = "secondary"


BAND_LABELS: dict[Band, str] = {
    Band.A3_5: "3–5岁",
    Band.A6_8: "6–8岁",
    Band.A9_11: "9–11岁",
    Band.A12_14: "12–14岁",
    Band.A15_17: "15–17岁",
    Band.PRESCHOOL: "学龄前",
    Band.PRIMARY: "小学",
    Band.SECONDARY: "中学",
}
BAND_AGES: dict[Band, AgeRange] = {
    Band.A3_5: AgeRange(3, 5),
    Band.A6_8: AgeRange(6, 8),
    Band.A9_11: AgeRange(9, 11),
    Band.A12_14: AgeRange(12, 14),
    Band.A15_17: AgeRange(15, 17),
    Band.PRESCHOOL: AgeRange(3, 5),
    Band.PRIMARY: AgeRange(6, 11),
    Band.SECONDARY: AgeRange(12, 17),
}
#: Each five-year band and the stage it rolls up to.
STAGE_OF: dict[Band, Band] = {
    Band.A3_5: Band.PRESCHOOL,
    Band.A6_8: Band.PRIMARY,
    Band.A9_11: Band.PRIMARY,
    Band.A12_14: Band.SECONDARY,
    Band.A15_17: Band.SECONDARY,
}
FIVE_BANDS: tuple[Band, ...] = tuple(STAGE_OF)
STAGES: tuple[Band, ...] = (Band.PRESCHOOL, Band.PRIMARY, Band.SECONDARY)
ALL_AGES = AgeRange(3, 17)


def band_of(age: int) -> Band | None:
    """Return the five-band an age in years falls in; None below 3 and from 18 on."""
    return next((band for band in FIVE_BANDS if age in BAND_AGES[band]), None)
