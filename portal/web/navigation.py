"""The frame of a page: its menu, who is looking, where the fixed links lead.

One table of menus: an entry appears when its page exists and the reader may open it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_babel import gettext

from portal.core import access
from portal.domain.actor import ROLE_LABELS
from portal.domain.permissions import Permission
from portal.queries import tenant_settings


@dataclass(frozen=True, slots=True)
class Entry:
    """One menu entry; ``icon`` is a name in the vendored sprite.

    ``of_authority``: only who works at the authority itself has the page, no lower unit.
    """

    endpoint: str
    label: str
    icon: str
    permission: Permission | None = None
    group: str = ""
    of_authority: bool = False


PUBLIC = (
    Entry("catalogue.wishes", "微心愿", "heart"),
    Entry("need_wall.needs", "结对需求", "heart-handshake"),
    Entry("programmes.programmes", "活动公告", "tent-tree"),
    Entry("honours.roll", "守护公示", "award"),
    Entry("public.about", "关于微光", "info"),
    Entry("public.pledge", "守护承诺", "shield-check"),
)
MINE = (
    Entry("mine.home", "我的认领", "hand-heart", Permission.COMMITMENT_CARRY),
    Entry("catalogue.wishes", "心愿墙", "heart"),
    Entry("mine.pairings", "我的结对", "heart-handshake", Permission.CONTACT_WRITE),
    Entry("attendance.today", "点名", "clipboard-check", Permission.ATTENDANCE_MARK),
    Entry("mine.hours", "服务时长", "clock", Permission.HOURS_ENTER),
    Entry("mine.profile", "我的资料", "user"),
    Entry("mine.duties", "我的值班", "calendar-days", Permission.DUTY_HOLD),
    Entry("mine.offers", "我的资源", "gift", Permission.RESOURCE_OFFER),
    Entry("rights.home", "我的权利", "scale"),
    Entry("account.security", "账号安全", "lock"),
)
DESK = (
    Entry("desk.home", "工作台", "layout-dashboard", Permission.DESK_ENTER),
    Entry("wishes.mine", "心愿起草", "pencil", Permission.WISH_DRAFT, "心愿"),
    Entry("desk.wishes", "心愿审核", "list-checks", Permission.WISH_READ, "心愿"),
    Entry("desk.commitments", "认领与送达", "package", Permission.COMMITMENT_READ, "心愿"),
    Entry("desk.windows", "征集窗口", "calendar", Permission.WINDOW_MANAGE, "心愿"),
    Entry("admin_catalogue.shelf", "物品目录", "tag", Permission.CATALOGUE_MANAGE, "心愿"),
    Entry("desk.pairings", "结对", "heart-handshake", Permission.PAIRING_READ, "结对"),
    Entry("desk.pairing_board", "结对看板", "flag", Permission.PAIRING_READ, "结对"),
    Entry("desk.letters", "书信", "mail", Permission.LETTER_READ, "结对"),
    Entry("desk.cards", "联系卡", "badge-check", Permission.CARD_READ, "结对"),
    Entry("desk.contact_logs", "联系日志", "file-text", Permission.CONTACT_VERIFY, "结对"),
    Entry("my_needs.mine", "结对需求起草", "pencil", Permission.NEED_DRAFT, "结对"),
    Entry("desk.needs", "结对需求", "heart-handshake", Permission.NEED_READ, "结对"),
    Entry("desk.matches", "结对推荐", "sparkles", Permission.MATCH_RUN, "结对"),
    Entry("planning.index", "活动安排", "tent-tree", Permission.PROGRAMME_READ, "活动"),
    Entry("desk.enrolments", "活动报名", "calendar-days", Permission.ENROL_APPLY, "活动"),
    Entry("attendance.today", "点名", "clipboard-check", Permission.ATTENDANCE_MARK, "活动"),
    Entry("desk.programme_figures", "活动情况", "chart-column", Permission.PROGRAMME_COUNT, "活动"),
    Entry("desk.absences", "缺席的孩子", "bell", Permission.ENROL_APPLY, "活动"),
    Entry("children.index", "儿童档案", "users", Permission.CHILD_READ, "儿童"),
    Entry("ledger.home", "台账", "table", Permission.LEDGER_EXPORT, "儿童"),
    Entry("desk.transfers", "迁入迁出", "building-2", Permission.TRANSFER_READ, "儿童"),
    Entry("sights.index", "查看申请", "eye", Permission.SIGHT_READ, "儿童"),
    Entry("desk.concerns", "对孩子的担心", "siren", Permission.CONCERN_ANSWER, "儿童"),
    Entry("desk.video_calls", "亲情视频连线", "phone", Permission.VIDEO_CALL_READ, "儿童"),
    Entry("desk.vetting", "资格审核", "shield-check", Permission.SUPPORTER_VET, "爱心人士"),
    Entry("desk.pool", "爱心家长", "heart-handshake", Permission.POOL_READ, "爱心人士"),
    Entry("desk.resources", "资源名录", "building-2", Permission.RESOURCE_READ, "爱心人士"),
    Entry("desk.hours", "服务时长", "clock", Permission.HOURS_VERIFY, "爱心人士"),
    Entry("desk.certificates", "服务证明", "badge-check", Permission.CERTIFICATE_READ, "爱心人士"),
    Entry("desk.honours", "荣誉", "award", Permission.HONOUR_MANAGE, "爱心人士"),
    Entry("desk.requests", "个人信息请求", "scale", Permission.RIGHTS_ANSWER, "来信"),
    Entry("desk.grievances", "投诉举报", "message-square", Permission.GRIEVANCE_ANSWER, "来信"),
    Entry("desk.leave", "请假交代", "user-check", Permission.DESK_ENTER, "单位"),
    Entry("admin.people", "人员与岗位", "key", Permission.GRANT_MANAGE, "单位"),
    Entry("admin_units.index", "单位", "landmark", Permission.UNIT_MANAGE, "单位"),
    Entry("admin_settings.index", "本单位设置", "settings", Permission.SETTING_MANAGE, "单位"),
    Entry(
        "admin_settings.holidays", "工作日历", "calendar-days", Permission.SETTING_MANAGE, "单位"
    ),
    Entry("audit.facts", "操作记录", "history", Permission.FACT_READ, "记录与规则"),
    Entry("texts.index", "告知文本", "file-text", Permission.TEXT_MANAGE, "记录与规则", True),
    Entry("texts.retention", "保存期限", "hourglass", Permission.RETENTION_READ, "记录与规则"),
    Entry("admin.matrix", "岗位权限表", "grid-3x3", Permission.ROLE_MATRIX_READ, "记录与规则"),
)
MENUS = {"public": PUBLIC, "mine": MINE, "desk": DESK}
#: Which menu a blueprint's pages carry; what is not named here is for the public.
_MENU_OF = {
    "desk": "desk", "sights": "desk", "wishes": "desk", "my_needs": "desk", "ledger": "desk",
    "children": "desk", "programme_days": "desk", "planning": "desk",
    "audit": "desk", "admin": "desk", "admin_catalogue": "desk", "jobs": "desk",
    "admin_units": "desk", "admin_settings": "desk",
    "mine": "mine", "claims": "mine", "rights": "mine", "texts": "desk",
}  # fmt: skip
#: Blueprints whose pages carry the menu of whoever reads them.
_OF_READER = frozenset({"account", "attendance", "rosters", "timetables", "calendars"})
#: Every page of a frame lies under its home, which is therefore nobody's place.
_HOMES = frozenset({"/desk", "/me"})
_LINKS = {
    "home": "public.home",
    "wishes": "catalogue.wishes",
    "needs": "need_wall.needs",
    "register_individual": "register.individual",
    "register_enterprise": "register.enterprise",
    "register_charity": "register.charity",
    "sign_in": "auth.login",
    "sign_out": "auth.logout",
    "register": "register.choose",
    "account": "account.security",
    "mine": "mine.home",
    "desk": "desk.home",
    "report_concern": "public.report_concern",
    "about": "public.about",
    "privacy": "public.privacy",
    "children_privacy": "public.children_privacy",
    "pledge": "public.pledge",
    "cookies": "public.cookies",
    "complaint": "complaints.form",
    "verify": "certificates.ask",
    "guardian": "guardian.door",
    "honours": "honours.roll",
    "statistics": "public.statistics",
}


def entries(menu: str) -> list[dict[str, Any]]:
    """Return the entries of a menu that exist and that the reader may open."""
    here = _place(menu)
    return [
        {
            "endpoint": entry.endpoint,
            "url": url_for(entry.endpoint),
            "label": gettext(entry.label),
            "icon": entry.icon,
            "group": gettext(entry.group) if entry.group else "",
            "active": entry.endpoint == here,
            "page": request.endpoint == entry.endpoint,
            "count": None,
            "hot": False,
        }
        for entry in MENUS[menu]
        if entry.endpoint in current_app.view_functions
        and (entry.permission is None or access.permits(g.actor, entry.permission))
        and (not entry.of_authority or _is_at_authority())
    ]


def _place(menu: str) -> str:
    """Return the entry that the page belongs to: the longest address that begins its own."""
    known = current_app.view_functions
    above = [
        (len(url), entry.endpoint)
        for entry in MENUS[menu]
        if entry.endpoint in known
        and (url := url_for(entry.endpoint)) not in _HOMES
        and request.path.startswith(f"{url}/")
    ]
    exact = any(entry.endpoint == request.endpoint for entry in MENUS[menu])
    return request.endpoint or "" if exact or not above else max(above)[1]


def _is_at_authority() -> bool:
    """Tell whether the reader works at an authority itself."""
    return any(
        grant.tenant_path and grant.tenant_path.startswith(grant.path) for grant in g.actor.grants
    )


def _frame() -> dict[str, Any]:
    """Return what every layout needs; staff see their authority's face, which is one query."""
    if not has_request_context() or "actor" not in g:
        return {"nav": [], "viewer": None, "links": dict.fromkeys(_LINKS), "lang": "zh-Hans-CN"}
    known = current_app.view_functions
    return {
        "nav": entries(_menu()),
        "viewer": _viewer(),
        "links": {name: url_for(end) if end in known else None for name, end in _LINKS.items()},
        "lang": "zh-Hans-CN",
    }


def _menu() -> str:
    """Return which menu the page carries; some pages carry their reader's."""
    if request.blueprint in _OF_READER:
        return "desk" if g.actor.is_staff else "mine"
    return _MENU_OF.get(request.blueprint or "", "public")


def _viewer() -> dict[str, Any] | None:
    actor = g.actor
    if actor.is_anonymous:
        return None
    first = actor.grants[0] if actor.grants else None
    face = tenant_settings.face(first.tenant_path) if first else None
    at_the_top = face is not None and first is not None and first.path == first.tenant_path
    return {
        "name": actor.name or actor.email,
        "unit": face.name if face and at_the_top else first.unit_name if first else "",
        "role": gettext(ROLE_LABELS[first.role]) if first else "",
        "face": face,
    }


def init_app(app: Flask) -> None:
    """Give the templates the frame, ``may(permission, subject)`` and ``page_exists``."""
    app.context_processor(_frame)
    app.context_processor(
        lambda: {
            "menu": entries,
            "may": lambda name, subject=None: access.permits(g.actor, Permission(name), subject),
            "page_exists": lambda endpoint: endpoint in current_app.view_functions,
        }
    )
