"""The menus, one table: an entry appears when its page exists and the reader may open it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, g

from portal.core import access
from portal.domain.permissions import Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """One menu entry; ``icon`` is a name in the vendored sprite."""

    endpoint: str
    label: str
    icon: str
    permission: Permission | None = None


PUBLIC = (
    Entry("catalogue.wishes", "微心愿", "heart"),
    Entry("public.about", "关于微光", "info"),
)
MINE = (
    Entry("mine.home", "我的认领", "hand-heart", Permission.COMMITMENT_CARRY),
    Entry("catalogue.wishes", "心愿墙", "heart"),
    Entry("mine.profile", "我的资料", "user"),
)
DESK = (
    Entry("desk.home", "工作台", "layout-dashboard", Permission.DESK_ENTER),
    Entry("wishes.mine", "心愿起草", "pencil", Permission.WISH_DRAFT),
    Entry("desk.wishes", "心愿审核", "list-checks", Permission.WISH_READ),
    Entry("desk.commitments", "认领与送达", "package", Permission.COMMITMENT_READ),
    Entry("desk.vetting", "资格审核", "shield-check", Permission.SUPPORTER_VET),
    Entry("ledger.home", "台账", "table", Permission.LEDGER_EXPORT),
    Entry("children.index", "儿童档案", "users", Permission.CHILD_READ),
    Entry("desk.windows", "征集窗口", "calendar", Permission.WINDOW_MANAGE),
    Entry("audit.facts", "操作记录", "history", Permission.FACT_READ),
    Entry("admin.people", "人员与岗位", "key", Permission.GRANT_MANAGE),
    Entry("admin.matrix", "岗位权限表", "grid-3x3", Permission.ROLE_MATRIX_READ),
)
MENUS = {"public": PUBLIC, "mine": MINE, "desk": DESK}


def entries(menu: str) -> list[Entry]:
    """Return the entries of a menu that exist and that the reader may open."""
    return [
        entry
        for entry in MENUS[menu]
        if entry.endpoint in current_app.view_functions
        and (entry.permission is None or access.permits(g.actor, entry.permission))
    ]


def init_app(app: Flask) -> None:
    """Give the templates ``menu(name)``, ``may(permission, subject)`` and ``page_exists``."""
    app.context_processor(
        lambda: {
            "menu": entries,
            "may": lambda name, subject=None: access.permits(g.actor, Permission(name), subject),
            "page_exists": lambda endpoint: endpoint in current_app.view_functions,
        }
    )
