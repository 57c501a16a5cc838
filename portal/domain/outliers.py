"""Which day's looking at files is unusual, so that a responsible person asks about it (T5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.domain import clock
from portal.domain.actor import Role
from portal.domain.sight import FILE, Basis

#: The days before, whose mean a day is compared with.
MEAN_DAYS = 30
_TIMES_USUAL = 3
#: So few openings are never called three times the usual.
_FEW = 5
_NIGHT_FROM, _NIGHT_TO = 22, 6

SIGNS: Mapping[str, str] = {
    "many": "打开的完整信息超过每日限数",
    "viewed": "查看的档案超过每日限数",
    "unusual": "超过本人平时的三倍",
    "outside": "打开了职责范围以外的档案",
    "night": "在夜间打开（22时至次日6时）",
}
#: Whose looking is watched by whom: never by oneself, one level up.
WATCHER: Mapping[Role, Role] = {
    Role.CHILD_DIRECTOR: Role.COUNTY_STAFF,
    Role.CHILD_SUPERVISOR: Role.COUNTY_STAFF,
    Role.COUNTY_STAFF: Role.CITY_STAFF,
    Role.PROTECTION_CENTRE: Role.CITY_STAFF,
}
#: Everybody else, the city and the administrators among them.
LAST_WATCHER = Role.AUDITOR


@dataclass(frozen=True, slots=True)
class Look:
    """One row of the log: what, by whose leave, when."""

    field: str
    basis: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """One person's day: openings, files looked at, and why it is unusual (codes of SIGNS)."""

    opened: int
    viewed: int
    outside: int
    night: int
    signs: tuple[str, ...]


def judge(looks: Sequence[Look], *, before: int, most_opened: int, most_viewed: int) -> Day:
    """Count a day's looks and say what is unusual.

    ``before`` is how many fields the person opened in the MEAN_DAYS days before.
    """
    openings = [look for look in looks if look.field != FILE]
    opened, viewed = len(openings), len(looks) - len(openings)
    outside = sum(look.basis != Basis.ASSIGNMENT for look in openings)
    night = sum(is_night(look.at) for look in openings)
    found = {
        "many": opened > most_opened,
        "viewed": viewed > most_viewed,
        "unusual": opened >= _FEW and opened * MEAN_DAYS > _TIMES_USUAL * before,
        "outside": outside > 0,
        "night": night > 0,
    }
    signs = tuple(name for name, is_so in found.items() if is_so)
    return Day(opened, viewed, outside, night, signs)


def is_night(moment: datetime) -> bool:
    """Tell whether an instant lies between 22:00 and 6:00 in Shanghai."""
    hour = clock.local(moment).hour
    return hour >= _NIGHT_FROM or hour < _NIGHT_TO


def watcher_of(role: str) -> Role:
    """Return the role that answers for how this role looks at files."""
    return WATCHER.get(Role(role), LAST_WATCHER) if role in set(Role) else LAST_WATCHER
