"""What an authority sets for itself: settings with their rules and history, logo, calendar."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.domain import calendar, clock
from portal.domain.calendar import DayKind
from portal.domain.permissions import Permission
from portal.domain.setting_rules import BY_NAME, Kind
from portal.forms.choices import translated
from portal.forms.tenant_settings import ChoiceForm, LogoForm, OwnDayForm, SettingForm, SwapForm
from portal.queries import calendars, files
from portal.queries import tenant_settings as reading
from portal.services import calendars as days
from portal.services import tenant_settings as writing
from portal.web.forms import attempt, tell_apart
from portal.web.gate import command, not_found, page, public
from portal.web.logos import take_logo
from portal.web.values import shown_version

bp = Blueprint("admin_settings", __name__)
_REFUSED = 422
_HOUR = 3600
#: The national table begins here; nobody plans beyond.
_YEARS = range(2004, 2100)


def _page() -> reading.SettingsPage:
    return reading.page(g.actor, request.args.get("authority", ""))


def _tabs(seen: reading.SettingsPage, endpoint: str) -> list[dict[str, object]]:
    return [
        {"url": url_for(endpoint, authority=row.code), "label": row.name,
         "active": row.code == seen.unit.code}
        for row in reading.authorities(g.actor)
    ]  # fmt: skip


def _back(code: str, endpoint: str = ".index") -> ResponseReturnValue:
    return redirect(url_for(endpoint, authority=code), 303)


@bp.get("/admin/settings")
@page(Permission.SETTING_MANAGE)
def index() -> ResponseReturnValue:
    seen = _page()
    return render_template("admin/settings.html", seen=seen, tabs=_tabs(seen, ".index"))


@bp.get("/admin/settings/history")
@page(Permission.SETTING_MANAGE)
def history() -> ResponseReturnValue:
    seen = _page()
    rows = reading.history(g.actor, seen.unit.code)
    return render_template("admin/setting_history.html", seen=seen, rows=rows)


@bp.get("/admin/settings/<name>")
@page(Permission.SETTING_MANAGE)
def setting(name: str) -> ResponseReturnValue:
    seen = _page()
    return _setting_page(seen, name, _form(seen, name, formdata=None))


@bp.post("/admin/settings/<name>")
@command(Permission.SETTING_MANAGE, fresh="tenant.change")
def change(name: str) -> ResponseReturnValue:
    seen = _page()
    form = _form(seen, name)
    given = {"value": form.value.data or "", "effective_on": form.effective_on.data}
    if attempt(form, writing.change, g.actor, seen.unit.path, name, **given) is None:
        return _setting_page(seen, name, form), _REFUSED
    two = BY_NAME[name].two_keys
    flash(gettext("已提出，等另一位管理员同意。") if two else gettext("设置已保存。"), "ok")
    return _back(seen.unit.code)


@bp.get("/admin/logo")
@page(Permission.SETTING_MANAGE)
def logo_form() -> ResponseReturnValue:
    return _logo_page(_page(), LogoForm(formdata=None))


@bp.post("/admin/logo")
@command(Permission.SETTING_MANAGE, fresh="tenant.change")
def set_logo() -> ResponseReturnValue:
    seen, form = _page(), LogoForm()
    if attempt(form, take_logo, g.actor, seen.unit.path, form.picture.data) is None:
        return _logo_page(seen, form), _REFUSED
    flash(gettext("标志已更新。"), "ok")
    return _back(seen.unit.code)


@bp.post("/admin/logo/remove")
@command(Permission.SETTING_MANAGE, fresh="tenant.change")
def remove_logo() -> ResponseReturnValue:
    seen = _page()
    writing.set_logo(g.actor, seen.unit.path, file_id=None)
    flash(gettext("标志已撤下。"), "ok")
    return _back(seen.unit.code)


@bp.post("/admin/setting-changes/<uuid:change_id>/agree")
@command(Permission.SETTING_MANAGE, fresh="tenant.change")
def agree(change_id: UUID) -> ResponseReturnValue:
    writing.agree(g.actor, change_id, version=shown_version())
    flash(gettext("变更已采用。"), "ok")
    return _back(request.form.get("authority", ""))


@bp.post("/admin/setting-changes/<uuid:change_id>/drop")
@command(Permission.SETTING_MANAGE)
def drop(change_id: UUID) -> ResponseReturnValue:
    version = shown_version()
    writing.drop(g.actor, change_id, reason=request.form.get("reason", ""), version=version)
    flash(gettext("已记为不采用，设置没有变化。"), "ok")
    return _back(request.form.get("authority", ""))


@bp.get("/authority/<code>/logo")
@public
def logo(code: str) -> ResponseReturnValue:
    found = reading.logo(code)
    answer = make_response(files.read(found))
    answer.headers["Content-Type"] = found.mime
    answer.headers["Cache-Control"] = f"public, max-age={_HOUR}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@bp.get("/admin/holidays")
@page(Permission.SETTING_MANAGE)
def holidays() -> ResponseReturnValue:
    return _holidays_page(_page(), OwnDayForm(formdata=None), SwapForm(formdata=None))


@bp.post("/admin/holidays")
@command(Permission.SETTING_MANAGE)
def set_day() -> ResponseReturnValue:
    seen, form = _page(), OwnDayForm()
    done = attempt(
        form,
        lambda: days.set_day(
            g.actor, seen.unit.path,
            day=form.day.data, kind=DayKind(form.kind.data), name=form.name.data,
        ),
    )  # fmt: skip
    if done is None:
        return _holidays_page(seen, form, SwapForm(formdata=None)), _REFUSED
    return _back(seen.unit.code, ".holidays")


@bp.post("/admin/holidays/swap")
@command(Permission.SETTING_MANAGE)
def swap_days() -> ResponseReturnValue:
    seen, form = _page(), SwapForm()
    done = attempt(
        form,
        lambda: days.swap(
            g.actor, seen.unit.path,
            off=form.off.data, worked=form.worked.data, name=form.name.data,
        ),
    )  # fmt: skip
    if done is None:
        return _holidays_page(seen, OwnDayForm(formdata=None), form), _REFUSED
    return _back(seen.unit.code, ".holidays")


@bp.post("/admin/holidays/<uuid:day_id>/remove")
@command(Permission.SETTING_MANAGE)
def unset_day(day_id: UUID) -> ResponseReturnValue:
    days.unset_day(g.actor, day_id)
    flash(gettext("已取消，按国务院的安排计算。"), "ok")
    return _back(request.form.get("authority", ""), ".holidays")


def _form(seen: reading.SettingsPage, name: str, **given: object) -> SettingForm:
    if name not in BY_NAME or BY_NAME[name].kind is Kind.PICTURE or not seen.edits:
        not_found()
    rule = BY_NAME[name]
    typed = next(one.typed for one in seen.settings if one.rule.name == name)
    form = ChoiceForm if rule.kind is Kind.CHOICE else SettingForm
    made = form(**given, data={"value": typed})
    if rule.kind is Kind.CHOICE:
        made.value.choices = translated(dict(rule.choices))
    return made


def _setting_page(seen: reading.SettingsPage, name: str, form: SettingForm) -> str:
    one = next(one for one in seen.settings if one.rule.name == name)
    return render_template("admin/setting.html", seen=seen, one=one, form=form)


def _logo_page(seen: reading.SettingsPage, form: LogoForm) -> str:
    if not seen.edits:
        not_found()
    return render_template("admin/logo.html", seen=seen, form=form)


def _holidays_page(seen: reading.SettingsPage, day: OwnDayForm, swap: SwapForm) -> str:
    year = request.args.get("year", clock.today().year, type=int)
    if year not in _YEARS:
        not_found()
    tell_apart(swap, "swap")
    return render_template(
        "admin/holidays.html",
        seen=seen,
        tabs=_tabs(seen, ".holidays"),
        year=year,
        published=calendar.is_published(year),
        national=calendar.national_days(year),
        own=calendars.own_days(seen.unit.path, year),
        kinds=calendar.KIND_LABELS,
        today=clock.today(),
        day_form=day,
        swap_form=swap,
    )
