"""The one clock: every rule and service asks here, so that a scenario can play a year."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """Return the calendar day in Shanghai, the day every deadline is written in."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """Turn an aware instant into Shanghai wall time."""
    return moment.astimezone(SHANGHAI)


def start_of(day: date) -> datetime:
    """Return the UTC instant at which ``day`` begins in Shanghai."""
    return datetime.combine(day, time.min, SHANGHAI).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Return 23:59:59 of ``day`` in Shanghai as a UTC instant ("…日前" is inclusive)."""
    return datetime.combine(day, time(23, 59, 59), SHANGHAI).astimezone(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Stand the clock at ``moment`` (aware) for the duration of the block."""
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
