"""What happens by itself when a story's clock moves on: the worker's periodic work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from portal.core import unit_of_work
from portal.domain import clock

#: Each runs in its own transaction, every night on the way and at the moment of arrival.
PERIODIC: tuple[tuple[str, Callable[[], object]], ...] = ()


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
            with unit_of_work.transaction(unit_of_work.system_scope(f"periodic work: {name}")):
                work()
