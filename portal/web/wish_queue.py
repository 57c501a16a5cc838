"""The tabs of the staff's wish queue, and what may be done with several at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from flask_babel import gettext

from portal.core import access
from portal.domain.lifecycles.wishes import MACHINE
from portal.domain.permissions import Permission


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of the queue: its states, who works it, and the moves offered for several."""

    name: str
    statuses: tuple[str, ...]
    permission: Permission | None = None
    moves: tuple[str, ...] = ()


_TABS = (
    Tab("screen", ("submitted",), Permission.WISH_SCREEN, ("screen", "return")),
    Tab(
        "approve",
        ("screened",),
        Permission.WISH_APPROVE,
        ("approve", "send_back"),
    ),
    Tab("held", ("held",)),
    Tab("release", ("approved", "rolled_over")),
    Tab("live", ("published", "reserved", "committed", "delivered", "fulfilled")),
    Tab("done", ("archived", "expired", "withdrawn")),
    Tab("drafts", ("draft",)),
)


def _label(tab: Tab) -> str:
    return {
        "screen": gettext("待乡镇审核"),
        "approve": gettext("待县级批准"),
        "held": gettext("暂不公开"),
        "release": gettext("待发布"),
        "live": gettext("进行中"),
        "done": gettext("已结束"),
        "drafts": gettext("草稿"),
    }[tab.name]


def chosen(name: str) -> Tab:
    """Return the named tab, or the one that this person works."""
    named = next((tab for tab in _TABS if tab.name == name), None)
    own = next(
        (tab for tab in _TABS if tab.permission and access.permits(g.actor, tab.permission)),
        _TABS[0],
    )
    return named or own


def tabs(now: Tab, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the tabs with their counts; a queue that is this person's own is hot."""
    return [
        {
            "url": url_for("desk.wishes", tab=tab.name),
            "label": _label(tab),
            "count": sum(counts.get(status, 0) for status in tab.statuses),
            "active": tab == now,
            "hot": tab.permission is not None and access.permits(g.actor, tab.permission),
        }
        for tab in _TABS
    ]


def bulk(tab: Tab) -> list[dict[str, Any]]:
    """Return the moves this person may make on several wishes of a tab."""
    if tab.permission is None or not access.permits(g.actor, tab.permission):
        return []
    moves = [MACHINE.transition(name) for name in tab.moves]
    return [
        {"name": move.name, "label": gettext(move.label), "tone": move.tone.value} for move in moves
    ]
