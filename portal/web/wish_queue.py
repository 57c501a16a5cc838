"""The tabs of the staff's wish queue, and what may be done with several at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from portal.domain.lifecycles.wishes import MACHINE
from portal.domain.permissions import Permission
from portal.web import lifecycle_tabs
from portal.web.lifecycle_tabs import Tab

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
    own = next((tab for tab in _TABS if tab.is_own()), _TABS[0])
    return named or own


def tabs(now: Tab, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the tabs with their counts."""
    return lifecycle_tabs.drawn(_TABS, now, counts, endpoint="desk.wishes", label=_label)


def bulk(tab: Tab) -> list[dict[str, Any]]:
    """Return the moves this person may make on several wishes of a tab."""
    return lifecycle_tabs.bulk(MACHINE, tab)
