"""Named points in long work at which a test may stop the process (security R5).

In the portal nobody watches, and reaching a point does nothing.
"""

from __future__ import annotations

from collections.abc import Callable

_watchers: list[Callable[[str], None]] = []


def watch(watcher: Callable[[str], None]) -> None:
    """Call ``watcher`` with the name of each point that is reached from now on."""
    _watchers.append(watcher)


def reached(point: str) -> None:
    """Tell the watchers, if any, that the work stands at ``point``."""
    for watcher in _watchers:
        watcher(point)
