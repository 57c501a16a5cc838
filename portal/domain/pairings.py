"""Words and small rules of a pairing: where it came from, who helps, what a child may be called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.needs import AFFECTION

#: Where a proposal came from.
ORIGINS: Mapping[str, str] = {
    "application": "爱心人士自荐",
    "offer": "爱心人士不限对象的报名",
    "search": "工作人员查找",
    "engine": "系统匹配",
    "substitute": "代班",
}
#: From the day of the start on, the pairing is looked at again after so many months (PN).
REVIEW_MONTHS = 6
#: With these reasons the need is gone with the pairing; with every other it waits again.
ENDS_NEED = frozenset({"aged_out", "moved", "goal_met"})
CALLED_LENGTH, PLACE_LENGTH = 12, 80
_HOUR_LENGTH = 5
_PARENTS = {"female": "mother", "male": "father"}


@dataclass(frozen=True, slots=True)
class Person:
    """What the kind of helper follows from."""

    is_teacher: bool = False
    sex: str = ""


def usual_helper(person: Person, need_kind: str, wanted: str = "") -> str:
    """Return the kind of helper that is offered first (S0-4.2b); the proposer may choose another.

    What the need prefers comes first where nothing speaks against it: nobody becomes a teacher,
    a mother or a father by a wish.
    """
    parent = _PARENTS.get(person.sex, "citizen")
    is_wrong_parent = wanted in _PARENTS.values() and wanted != parent
    if wanted and not is_wrong_parent and (wanted != "teacher" or person.is_teacher):
        return wanted
    if person.is_teacher:
        return "teacher"
    return parent if need_kind == AFFECTION else "citizen"


def tells_name(called: str, full_name: str) -> bool:
    """Tell whether what a child is called holds the whole name, however it is spaced."""
    name = _letters(full_name)
    return bool(name) and name in _letters(called)


def is_hour(text: str) -> bool:
    """Tell whether a text is an hour of the day: 09:30."""
    hours, colon, minutes = text.partition(":")
    if len(text) != _HOUR_LENGTH or not colon or not (hours + minutes).isdecimal():
        return False
    return int(hours) < 24 and int(minutes) < 60  # noqa: PLR2004 -- a clock's own numbers


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())
