"""The desk's lists of promises as tabs: who sees which, what each waits for, what fits many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from flask_babel import lazy_gettext as _l

from portal.core import access
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission


@dataclass(frozen=True, slots=True)
class Choice:
    """A button under a list that acts on every ticked row."""

    name: str
    label: Any
    tone: str = "quiet"


@dataclass(frozen=True, slots=True)
class Tab:
    """One list: its name, who works on it, what its date means, what can be done to many."""

    name: str
    label: Any
    permission: Permission
    rule: Any
    due: Any
    choices: tuple[Choice, ...] = ()


TABS = (
    Tab(
        "pending",
        _l("待批准"),
        Permission.COMMITMENT_APPROVE,
        _l("认领后72小时内批准，否则自动放回心愿墙"),
        _l("自动放回"),
        (Choice("approve", _l("批准所选"), "primary"), Choice("decline", _l("不批准所选"))),
    ),
    Tab(
        "awaiting",
        _l("等待送达"),
        Permission.COMMITMENT_READ,
        _l("已批准，东西还没有到交接点"),
        _l("最晚送达"),
    ),
    Tab(
        "frozen",
        _l("认领人资格已停"),
        Permission.COMMITMENT_APPROVE,
        _l("认领人的资格已到期或暂停：收下已备好的，或改为“未能送达”重新征集"),
        _l("最晚送达"),
    ),
    Tab(
        "hand_over",
        _l("待转交"),
        Permission.COMMITMENT_READ,
        _l("已到交接点，10天内由儿童主任交给孩子"),
        _l("最晚转交"),
    ),
    Tab(
        "thanks_write",
        _l("记感谢"),
        Permission.WISH_HAND_OVER,
        _l("已转交，可以记下孩子的谢意；没有也可以归档"),
        _l("归档期限"),
    ),
    Tab(
        "thanks",
        _l("审感谢"),
        Permission.WISH_ARCHIVE,
        _l("儿童主任记下的谢意，审过才转给爱心人士"),
        _l("归档期限"),
        (Choice("release_thanks", _l("通过所选"), "primary"),),
    ),
    Tab(
        "archive",
        _l("待归档"),
        Permission.WISH_ARCHIVE,
        _l("转交后30天内归档，归档后不再改动"),
        _l("归档期限"),
        (Choice("archive", _l("归档所选"), "primary"),),
    ),
    Tab("done", _l("已结束"), Permission.COMMITMENT_READ, _l("归档的和中途结束的"), _l("结束")),
)
_BY_NAME = {tab.name: tab for tab in TABS}


def mine() -> tuple[Tab, ...]:
    """Return the lists that the signed-in person works on or may look at."""
    return tuple(tab for tab in TABS if access.permits(g.actor, tab.permission))


def chosen(name: str, counts: dict[str, int]) -> Tab:
    """Return the named list, or the first that waits for this person; else NotFound."""
    tabs = mine()
    if name:
        if name not in _BY_NAME or _BY_NAME[name] not in tabs:
            raise NotFound
        return _BY_NAME[name]
    waiting = [tab for tab in tabs if counts.get(tab.name)]
    return (waiting or list(tabs))[0]


def links(current: Tab, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Return the tabs as the component draws them, with counts."""
    return [
        {
            "url": url_for("desk.commitments", queue=tab.name),
            "label": tab.label,
            "active": tab is current,
            "count": counts.get(tab.name),
            "hot": tab.name == "pending",
        }
        for tab in mine()
    ]


def sees_names() -> bool:
    """Tell whether the reader may see a private supporter's whole name."""
    return access.permits(g.actor, Permission.SUPPORTER_READ)


def due_words(name: str) -> str:
    """Return what the date of a list means."""
    return str(_BY_NAME[name].due)
