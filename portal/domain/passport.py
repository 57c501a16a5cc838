"""The vetting passport: what was looked at before somebody meets a child, and until when it holds.

Nothing is kept of an offence check but office, date and a result code (domain.md 4, SV; L14).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from portal.domain.settings import TenantSettings
from portal.domain.vetting import months_after

#: What contact with children needs, in the order of the page.
CONTACT_KINDS = ("identity", "offence", "interview", "training", "pledge")
#: Papers of an organisation that run out; a registration that has ends the whole standing.
PAPER_KINDS = ("registration", "fundraising")
CHECK_LABELS: Mapping[str, str] = {
    "identity": "身份核对",
    "papers": "证照核对",
    "offence": "违法犯罪记录查询",
    "interview": "面谈",
    "training": "培训",
    "pledge": "儿童保护承诺",
    "registration": "法人登记证书",
    "fundraising": "公开募捐资格证书",
}
RESULTS: Mapping[str, Mapping[str, str]] = {
    "offence": {"none": "无记录", "found": "有记录"},
    "interview": {"suitable": "合适", "unsuitable": "不合适"},
}
#: How a line of the passport stands, in one word.
STATE_LABELS: Mapping[str, str] = {
    "good": "齐",
    "missing": "缺",
    "expired": "已过期",
    "failed": "未通过",
    "short": "时长不足",
}
_PASSING: Mapping[str, str] = {"offence": "none", "interview": "suitable"}
#: The last day of an offence check: on day 366 it is too old (L14; SV, twelve months).
OFFENCE_DAYS = 365
#: Training of at least two hours, in minutes, in sum (SV).
TRAINING_MINUTES = 120


@dataclass(frozen=True, slots=True)
class Check:
    """One check that stands (not struck out); ``minutes`` of a training, else 0."""

    kind: str
    done_on: date
    expires_on: date | None
    result: str = ""
    minutes: int = 0
    recorded_by: UUID | None = None

    @property
    def passes(self) -> bool:
        """Tell whether the result lets the person go on; a kind without results always does."""
        return self.kind not in _PASSING or self.result == _PASSING[self.kind]

    def holds_on(self, day: date) -> bool:
        """Tell whether it passes and has not run out; the last day itself still counts."""
        return self.passes and (self.expires_on is None or self.expires_on >= day)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the passport. ``state``: good, missing, expired, failed or short (of hours)."""

    kind: str
    state: str
    done_on: date | None = None
    until: date | None = None
    minutes: int = 0

    @property
    def is_good(self) -> bool:
        """Tell whether this line is in order."""
        return self.state == "good"

    @property
    def label(self) -> str:
        """Return the Chinese word of the kind (a message id)."""
        return CHECK_LABELS[self.kind]


def last_day(kind: str, done_on: date, rules: TenantSettings) -> date:
    """Return until when a check of this kind holds; identity and papers follow the standing."""
    if kind == "offence":
        return done_on + timedelta(days=OFFENCE_DAYS)
    return months_after(done_on, int(getattr(rules, f"{kind}_months", rules.interview_months)))


def read(checks: Iterable[Check], today: date) -> tuple[Item, ...]:
    """Return the five lines of contact with children as they stand today."""
    # Of two on one day the one that does not pass counts: a record that was found stays found.
    given = sorted(checks, key=lambda each: (each.done_on, not each.passes))
    return tuple(
        _item(kind, [one for one in given if one.kind == kind], today) for kind in CONTACT_KINDS
    )


def gaps(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return the lines that are not in order."""
    return tuple(item for item in items if not item.is_good)


def valid_until(items: Iterable[Item]) -> date | None:
    """Return the last day on which every line holds; None while one is not in order."""
    lines = tuple(items)
    ends = [item.until for item in lines if item.until is not None]
    return min(ends) if ends and not gaps(lines) else None


def runs_out_first(items: Iterable[Item], day: date) -> str:
    """Return the kind whose last day is ``day`` or before: why contact ended."""
    for item in sorted(items, key=lambda each: each.until or date.max):
        if item.until is not None and item.until <= day:
            return item.kind
    return ""


def _item(kind: str, checks: list[Check], today: date) -> Item:
    if not checks:
        return Item(kind, "missing")
    if kind == "training":
        return _training(checks, today)
    newest = checks[-1]
    state = "good" if newest.holds_on(today) else "expired" if newest.passes else "failed"
    return Item(kind, state, newest.done_on, newest.expires_on)


def _training(checks: list[Check], today: date) -> Item:
    """Add the hours that have not run out, the longest-lived first: until when enough of them."""
    living = [one for one in checks if one.holds_on(today)]
    living.sort(key=lambda each: each.expires_on or date.max, reverse=True)
    total, until = 0, None
    for one in living:
        total += one.minutes
        until = one.expires_on
        if total >= TRAINING_MINUTES:
            break
    everything = sum(one.minutes for one in living)
    if total >= TRAINING_MINUTES:
        return Item("training", "good", checks[-1].done_on, until, everything)
    state = "short" if living else "expired"
    return Item("training", state, checks[-1].done_on, None, everything)
