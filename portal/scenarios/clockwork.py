"""What happens by itself when a story's clock moves on: the worker's periodic work.

Each piece in its own transaction, every night on the way and at the moment of arrival.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.core import unit_of_work
from portal.domain import clock
from portal.services import periodic


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
        for name, work in periodic.WORK:
            with unit_of_work.transaction(unit_of_work.system_scope(name)):
                work()
