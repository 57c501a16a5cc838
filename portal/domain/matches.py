"""What the matching takes and says: needs, people, weights, sentences; no table behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from portal.domain.settings import TenantSettings

_NOBODY: frozenset[UUID] = frozenset()
_NOTHING: frozenset[str] = frozenset()

#: How brothers and sisters are dealt with: the choices of an authority.
SIBLINGS: Mapping[str, str] = {
    "together": "尽量由同一位陪伴",
    "apart": "尽量由不同的人陪伴",
    "any": "不考虑",
}
#: When somebody must have time, where the need says only how often.
DAYS_OF_RHYTHM: Mapping[str, str] = {
    "weekends": "weekend",
    "weekdays": "weekday",
    "summer": "holiday",
    "festivals": "holiday",
}


@dataclass(frozen=True, slots=True)
class Need:
    """One open need of one child, and who stands how to that child.

    ``days`` and ``language`` are keys of domain.pool; empty means any. The sets of people:
    ``kin`` may not be paired with the child, ``paired`` are now, ``refused`` were and it did not
    go well, ``known`` were before, ``with_sibling`` are with a brother or sister, ``applicants``
    asked for this need, ``avoided`` were ruled out by staff with a reason.
    """

    id: UUID
    child_id: UUID
    kind: str
    skill: str
    county: str
    waiting_days: int = 0
    care_level: str = ""
    days: frozenset[str] = _NOTHING
    language: str = ""
    helper: str = ""
    sex_rule: str = ""
    applications: int = 0
    #: The same for brothers and sisters; empty when none is known.
    family: str = ""
    kin: frozenset[UUID] = _NOBODY
    paired: frozenset[UUID] = _NOBODY
    refused: frozenset[UUID] = _NOBODY
    known: frozenset[UUID] = _NOBODY
    with_sibling: frozenset[UUID] = _NOBODY
    applicants: frozenset[UUID] = _NOBODY
    avoided: frozenset[UUID] = _NOBODY


@dataclass(frozen=True, slots=True)
class Person:
    """One person who may be asked: what they offer, how much of it is taken.

    ``bar`` is why nobody may be paired with them at all, a key of matching.rules, or empty.
    ``kinds``: an open offer names these kinds only; empty means any.
    """

    id: UUID
    county: str
    counties: frozenset[str]
    capacity: int
    carried: int = 0
    days: frozenset[str] = _NOTHING
    languages: frozenset[str] = _NOTHING
    skills: frozenset[str] = _NOTHING
    helpers: frozenset[str] = _NOTHING
    sex: str = ""
    kinds: frozenset[str] = _NOTHING
    offers: bool = False
    bar: str = ""
    stands_until: date | None = None

    @property
    def free(self) -> int:
        """Return how many more children they can take."""
        return max(self.capacity - self.carried, 0)


@dataclass(frozen=True, slots=True)
class Weights:
    """What an authority finds how important: points of a pair, days in the order of needs."""

    skill: int = 30
    continuity: int = 40
    sibling: int = 20
    application: int = 35
    offer: int = 10
    helper: int = 20
    county: int = 15
    load: int = 10
    siblings: str = "together"
    key_days: int = 180
    emergency_days: int = 3650
    never_applied_days: int = 30

    @classmethod
    def of(cls, settings: TenantSettings) -> Weights:
        """Read them from an authority's settings."""
        return cls(
            skill=settings.match_skill,
            continuity=settings.match_continuity,
            sibling=settings.match_sibling,
            application=settings.match_application,
            offer=settings.match_offer,
            helper=settings.match_helper,
            county=settings.match_county,
            load=settings.match_load,
            siblings=settings.match_siblings,
            key_days=settings.match_key_days,
            emergency_days=settings.match_emergency_days,
            never_applied_days=settings.match_never_applied_days,
        )

    def most(self) -> int:
        """Return more than the points of any pair, by amount."""
        return 1 + sum(
            (self.skill, self.continuity, self.sibling, self.application, self.offer,
             self.helper, self.county, self.load)
        )  # fmt: skip


class Sentence(NamedTuple):
    """One reason: a message id with its values, and the points it gave (0 for none)."""

    factor: str
    message: str
    params: Mapping[str, Any] = {}
    points: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """One pair of the best assignment; ``others`` are the next best candidates of the need."""

    need_id: UUID
    person_id: UUID
    score: int
    why: tuple[Sentence, ...] = ()
    others: tuple[tuple[UUID, int], ...] = ()
    forced: bool = False


class Served(NamedTuple):
    """How much an assignment does: needs, children among them, points."""

    needs: int
    children: int
    score: int


@dataclass(frozen=True, slots=True)
class Left:
    """A need that nobody serves: ``fitting`` people would, but all are taken by others."""

    need_id: UUID
    fitting: int
    why: tuple[Sentence, ...] = ()


class Siblings(NamedTuple):
    """What the second look for brothers and sisters changed: needs, points won, points given."""

    moved: int = 0
    gained: int = 0
    given_up: int = 0


_UNCHANGED = Siblings()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The best assignment, beside the one that takes the best pair first."""

    proposals: tuple[Proposal, ...]
    left: tuple[Left, ...]
    candidates: int
    best: Served
    greedy: Served
    #: Brothers and sisters whose proposals go against the authority's choice.
    families: tuple[tuple[UUID, ...], ...] = ()
    #: Pairs that staff keep but no rule allows, each with the rule that speaks against it.
    impossible: tuple[tuple[UUID, UUID, Sentence], ...] = ()
    siblings: Siblings = _UNCHANGED


@dataclass(frozen=True, slots=True)
class Moved:
    """A need whose person changes when pairs are kept or avoided."""

    need_id: UUID
    before: UUID | None
    after: UUID | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """One person for one need: with a score and its sentences, or out and why not."""

    person_id: UUID
    score: int
    why: tuple[Sentence, ...]
    out: tuple[Sentence, ...] = field(default=())
