"""A mentor's year on paper: months, kinds, hours, stars, thanks; nothing about who the child is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.domain.contacts import KINDS

FIRST_YEAR = 2020
MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class Contact:
    """One verified contact: what kind, when, how long. Nothing that was written of it."""

    kind: str
    day: date
    minutes: int


@dataclass(frozen=True, slots=True)
class Star:
    """One star: the month, why (a key of STAR_REASONS), staff's words."""

    month: date
    reason_code: str
    words: str


@dataclass(frozen=True, slots=True)
class Year:
    """What the paper says; ``minutes`` are those of verified service hours."""

    year: int
    name: str
    unit: str
    contacts: tuple[Contact, ...]
    minutes: int
    stars: tuple[Star, ...]
    thanks: tuple[str, ...]
    letters_sent: int
    letters_received: int
    made_on: date

    @property
    def by_month(self) -> tuple[tuple[int, int], ...]:
        """Return how many contacts each month held, January first."""
        held = [one.day.month for one in self.contacts]
        return tuple((month, held.count(month)) for month in MONTHS)

    @property
    def by_kind(self) -> tuple[tuple[str, int], ...]:
        """Return how often each kind of contact came, in the order of the journal."""
        held = [one.kind for one in self.contacts]
        return tuple((kind, held.count(kind)) for kind in KINDS if kind in held)

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to print."""
        return not (self.contacts or self.stars or self.thanks or self.minutes)
