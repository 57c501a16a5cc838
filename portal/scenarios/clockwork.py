"""What happens by itself when a story's clock moves on: the worker's periodic work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from portal.core import unit_of_work
from portal.domain import clock
from portal.services import (
    expiry,
    honours,
    publication,
    reminders,
    resources,
    retention,
    returns,
    sight_requests,
    sight_watch,
    windows,
)

#: By the kind of job that the worker runs them as. Each in its own transaction, every night on
#: the way and at the moment of arrival.
PERIODIC: tuple[tuple[str, Callable[[], object]], ...] = (
    ("claims_lapse", returns.lapse_due),
    ("sights_close", sight_requests.close_due),
    ("sights_outliers", sight_watch.find_outliers),
    ("windows_close", windows.close_due),
    ("supporters_expire", expiry.expire_due),
    ("supporters_remind", expiry.remind_due),
    ("resources_expire", resources.expire_due),
    ("honours_show", honours.refresh),
    ("claims_remind", reminders.remind_due),
    ("wall_count", publication.refresh_counts),
    ("forget_old", retention.forget_old),
)


def let_pass(before: datetime, after: datetime) -> None:
    """Let the time between two moments pass: every midnight, and ``after`` itself."""
    if after <= before:
        return
    day = clock.local(before).date() + timedelta(days=1)
    while clock.start_of(day) < after:
        _tick(clock.start_of(day))
        day += timedelta(days=1)
    _tick(after)


def _tick(moment: datetime) -> None:
    with clock.at(moment):
        for name, work in PERIODIC:
            with unit_of_work.transaction(unit_of_work.system_scope(name)):
                work()
