"""When a contact is not asked for, who keeps it instead, and when a mentor is reminded (PN)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from portal.domain.cadence import period_of
from portal.domain.errors import Invalid

#: Why staff do not ask for a period.
EXCUSES: Mapping[str, str] = {
    "ill": "结对人生病",
    "child_ill": "孩子生病或住院",
    "child_away": "孩子不在本地",
    "travel": "结对人出差或外出",
    "weather": "天气或道路不通",
    "epidemic": "疫情或停课",
    "other": "其他原因",
}
#: Why somebody else keeps the contacts for a while.
SUBSTITUTE_REASONS: Mapping[str, str] = {
    "ill": "结对人生病",
    "travel": "结对人出差或外出",
    "family": "结对人家中有事",
    "birth": "结对人休产假",
    "other": "其他原因",
}
OTHER = "other"
WORDS_LENGTH = 300
#: An absence longer than this is a change of mentor.
SUBSTITUTE_MOST = timedelta(days=92)
#: A period may be excused so long after its end: what was reported stays what it was.
EXCUSE_WITHIN = timedelta(days=31)
#: A mentor is reminded at most so often in a month, and nobody is paused with fewer.
REMINDERS = 3
_FIRST, _SECOND = 10, 20
_BEFORE_END = timedelta(days=3)
#: Two reminders of a month are so far apart, and the first so long after a start.
_GAP = timedelta(days=3)
_SETTLING = timedelta(days=7)


def check_words(reasons: Mapping[str, str], reason_code: str, words: str) -> str:
    """Return the words beside a reason of a closed list; Invalid when one is missing."""
    if reason_code not in reasons:
        raise Invalid("请选择原因", {"reason_code": "请选择原因"})
    said = words.strip()
    if reason_code == OTHER and not said:
        raise Invalid("请写明原因", {"words": "请写明原因"})
    if len(said) > WORDS_LENGTH:
        raise Invalid("说明请控制在 300 字以内", {"words": "说明请控制在 300 字以内"})
    return said


def reminder_due(today: date, *, sent: int, last: date | None, since: date) -> int | None:
    """Return the number of the reminder to send today, or None.

    The 10th, the 20th and three days before the month's end. What the worker missed is caught up,
    never two within three days, and nobody is reminded in the first week of a pairing or after a
    pause (``since``).
    """
    days = (_FIRST, _SECOND, (period_of(today, 1)[1] - _BEFORE_END).day)
    if sent >= REMINDERS or today.day < days[sent]:
        return None
    if today < since + _SETTLING or (last is not None and today < last + _GAP):
        return None
    return sent + 1
