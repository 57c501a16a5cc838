"""What a contact card (联系卡) says: who helps, with what, whom to ask; never who the child is.

S0-4.2a and S1-2.3.2: helper, telephone, duties, staff contact, serial. No ID number, no address.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

from portal.domain.needs import RHYTHMS

#: Why a card is void; the stranger at the check reads none of these.
VOID_REASONS: Mapping[str, str] = {
    "changed": "帮扶人信息有变，换发新卡",
    "lost": "卡片遗失",
    "misprint": "卡片有误",
    "paused": "结对暂停",
    "closed": "结对结束",
}
#: Those that staff may give when they issue a new one.
REISSUE_REASONS = ("changed", "lost", "misprint")
#: What every helper promises, whatever the rhythm.
_ALWAYS = ("fixed", "report")
#: What a helper promises, by sentence; the rhythm says which of the first ones stand.
DUTIES: Mapping[str, str] = {
    "talk": "每月至少谈心一次",
    "visit": "每季度至少入户看望一次",
    "weekly": "每周见面或联系一次",
    "biweekly": "每两周见面或联系一次",
    "weekends": "周末陪伴",
    "weekdays": "工作日课后陪伴",
    "summer": "暑期陪伴",
    "festivals": "节日看望",
    "on_demand": "孩子需要时提供帮助",
    "fixed": "见面由儿童主任安排，前三次由儿童主任陪同",
    "report": "发现孩子受到伤害或有危险，立即报告民政局，紧急时拨打 110",
}


@dataclass(frozen=True, slots=True)
class CardPaper:
    """The whole content, frozen on the day of issue; ``duties`` are keys of DUTIES."""

    serial: str
    name: str
    phone: str
    helper: str
    duties: tuple[str, ...]
    unit: str
    contact: str
    started_on: date | None
    issued_on: date

    def to_json(self) -> str:
        """Write the card as it is sealed in the database."""
        return json.dumps(asdict(self), default=date.isoformat, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> CardPaper:
        """Read a sealed card back."""
        held = json.loads(text)
        started = held["started_on"]
        return cls(
            **{
                **held,
                "duties": tuple(held["duties"]),
                "started_on": date.fromisoformat(started) if started else None,
                "issued_on": date.fromisoformat(held["issued_on"]),
            }
        )

    def says_the_same_as(self, other: CardPaper) -> bool:
        """Tell whether another card says the same beside its serial and its day."""
        return replace(self, serial=other.serial, issued_on=other.issued_on) == other


def duties(rhythm: str) -> tuple[str, ...]:
    """Return what a helper promises by the rhythm of the need, and what every helper promises."""
    known = RHYTHMS.get(rhythm)
    own: list[str] = [rhythm] if rhythm in DUTIES else []
    if not own and (known is None or known.talks_a_month):
        own.append("talk")
    if known is None or known.visits_a_quarter:
        own.append("visit")
    return (*own, *_ALWAYS)
