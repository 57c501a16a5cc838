"""Sending hours out: who took which period, and why, stays on record (invariant 9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from portal.core import access, facts
from portal.domain.actor import Actor
from portal.domain.errors import Invalid
from portal.domain.permissions import Permission, with_only
from portal.queries import hours_desk
from portal.queries.hours_desk import QueueRow

_LONGEST_DAYS = 366


def export(actor: Actor, first: date, last: date, reason: str) -> Iterator[QueueRow]:
    """Return the records of a period in the person's scope, and record the taking.

    Raises Invalid without a reason, for a period turned round or longer than a year.
    """
    access.require(actor, Permission.HOURS_VERIFY)
    if not reason.strip():
        raise Invalid("请写明用途", {"reason": "请写明用途"})
    if not 0 <= (last - first).days < _LONGEST_DAYS:
        raise Invalid("请选择一年以内的一段时间", {"period_to": "请选择一年以内的一段时间"})
    bureau = with_only(actor, Permission.HOURS_VERIFY).paths()[0]
    facts.publish(
        "service_record.export", actor=actor, unit_path=bureau, note=reason.strip(),
        first=first.isoformat(), last=last.isoformat(),
    )  # fmt: skip
    return hours_desk.of_period(first, last)
