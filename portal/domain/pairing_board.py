"""What on the supervisor's board needs somebody: each mark with the rule that makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.domain import clock
from portal.domain.cadence import Cadence
from portal.domain.contacts import VERIFY_DAYS
from portal.domain.lifecycles.pairings import MEET_WITHIN_DAYS

#: Without any contact so long, somebody asks how it is, whatever the cadence says.
QUIET_DAYS = 45
#: A pairing that began so long ago has had its first contact.
FIRST_CONTACT_DAYS = 14
#: A standing that ends so soon is renewed now.
EXPIRING_DAYS = 30


@dataclass(frozen=True, slots=True)
class Mark:
    """A reason to look at a pairing: what a tile calls it, and its rule."""

    label: str
    rule: str


#: In the order of the tiles; the first ones weigh most.
MARKS: Mapping[str, Mark] = {
    "somebody": Mark("需要接手", "结对人要离开、资格已不在，或联系人已离岗"),
    "missed": Mark("没有谈心", "上一个要求的月份没有谈心；连续两个月就暂停"),
    "visit": Mark("入户逾期", "上一个要求的季度没有入户"),
    "never": Mark("从未联系", "批准15天还没有见面，或开始14天还没有联系"),
    "quiet": Mark("久未联系", "45天没有任何联系"),
    "paused": Mark("已暂停", "等县里决定恢复或结束"),
    "check": Mark("资格快到期", "接触儿童的资格30天内到期，或已经到期"),
    "unverified": Mark("日志待核实", "有日志超过5天没有核实"),
    "review": Mark("该复核了", "复核日已经到了"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the marks are read from."""

    status: str
    approved_on: date | None
    started_on: date | None
    review_due: date | None
    #: The last day of the mentor's standing.
    contact_until: date | None
    unverified_since: datetime | None
    cadence: Cadence | None
    #: Somebody leaves or has left (queries.pairing_gaps).
    needs_somebody: bool = False


def marks(facts: Facts, today: date) -> tuple[str, ...]:
    """Return the marks of a pairing, heaviest first; none means that nothing waits for anybody."""
    found = {
        "somebody": facts.needs_somebody,
        "missed": facts.cadence is not None and bool(facts.cadence.missed_talks),
        "visit": facts.cadence is not None and bool(facts.cadence.missed_visits),
        "never": _never(facts, today),
        "quiet": facts.status == "active" and _is_quiet(facts, today),
        "paused": facts.status == "paused",
        "check": facts.contact_until is None or facts.contact_until <= today + _days(EXPIRING_DAYS),
        "unverified": facts.unverified_since is not None
        and clock.local(facts.unverified_since).date() < today - _days(VERIFY_DAYS),
        "review": facts.review_due is not None and facts.review_due <= today,
    }
    return tuple(name for name in MARKS if found[name])


def _never(facts: Facts, today: date) -> bool:
    if facts.status == "matched":
        return facts.approved_on is not None and today > facts.approved_on + _days(MEET_WITHIN_DAYS)
    if facts.status != "active" or facts.started_on is None or facts.cadence is None:
        return False
    late = today > facts.started_on + _days(FIRST_CONTACT_DAYS)
    return late and facts.cadence.last_contact is None


def _is_quiet(facts: Facts, today: date) -> bool:
    last = facts.cadence.last_contact if facts.cadence else None
    return last is not None and today - last >= _days(QUIET_DAYS)


def _days(number: int) -> timedelta:
    return timedelta(days=number)
