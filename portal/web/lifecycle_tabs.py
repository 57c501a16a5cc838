"""A queue cut by the states of a lifecycle: its tabs with counts, what may be done to several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from flask_babel import gettext

from portal.core import access
from portal.domain.machine import Machine
from portal.domain.permissions import Permission


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of the queue: its states, who works it, and the moves offered for several."""

    name: str
    statuses: tuple[str, ...]
    permission: Permission | None = None
    moves: tuple[str, ...] = ()

    def is_own(self) -> bool:
        """Tell whether the signed-in person works this one."""
        return self.permission is not None and access.permits(g.actor, self.permission)


def drawn(
    tabs: Iterable[Tab],
    now: Tab,
    counts: Mapping[str, int],
    *,
    endpoint: str,
    label: Callable[[Tab], str],
) -> list[dict[str, Any]]:
    """Return the tabs with their counts; a queue that is this person's own is hot."""
    return [
        {
            "url": url_for(endpoint, tab=tab.name),
            "label": label(tab),
            "count": sum(counts.get(status, 0) for status in tab.statuses),
            "active": tab == now,
            "hot": tab.is_own(),
        }
        for tab in tabs
    ]


def bulk(machine: Machine, tab: Tab) -> list[dict[str, Any]]:
    """Return the moves this person may make on several rows of a tab."""
    moves = [machine.transition(name) for name in tab.moves] if tab.is_own() else []
    return [
        {"name": move.name, "label": gettext(move.label), "tone": move.tone.value} for move in moves
    ]
