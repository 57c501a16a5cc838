"""How a share is written: percent with one decimal, half up, "—" where nothing was due (KPI)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

NOTHING = "—"
_TENTH = Decimal("0.1")
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, both counted."""

    part: int = 0
    whole: int = 0

    @property
    def percent(self) -> Decimal | None:
        """Return the share in percent with one decimal, half up; None of nothing."""
        if not self.whole:
            return None
        return (Decimal(self.part) * _WHOLE / self.whole).quantize(_TENTH, ROUND_HALF_UP)

    @property
    def text(self) -> str:
        """Return the share as forms and pages write it: 90.0%."""
        percent = self.percent
        return NOTHING if percent is None else f"{percent}%"

    def reaches(self, target: int) -> bool:
        """Tell whether it reaches a target in percent, before any rounding."""
        return self.part * _WHOLE >= target * self.whole
