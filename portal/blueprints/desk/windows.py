"""Wish windows: the year's dates, and releasing a batch of cards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.domain import clock
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.domain.windows import OCCASION_LABELS, Occasion
from portal.forms.windows import WindowForm
from portal.queries import windows as reading
from portal.queries import wishes
from portal.services import publication
from portal.services import windows as planning
from portal.web.forms import attempt
from portal.web.gate import command, page


def _authority() -> reading.Place:
    """Return the authority whose windows are meant; who has several says which."""
    return reading.authority(g.actor, request.args.get("authority"))


def _tabs(year: int, place: reading.Place) -> list[dict[str, object]]:
    return [
        {
            "url": url_for(".windows", year=year, authority=one.code),
            "label": one.name,
            "active": one == place,
        }
        for one in reading.authorities(g.actor)
    ]


def _year(given: Mapping[str, str]) -> int:
    """Return the year that was asked for, this one when it is no year of ours."""
    asked = given.get("year", "")
    return int(asked) if re.fullmatch("20[0-9]{2}", asked) else clock.today().year


def _back(year: int | None, place: reading.Place) -> ResponseReturnValue:
    return redirect(url_for(".windows", year=year, authority=place.code), 303)


@bp.get("/windows")
@page(Permission.WINDOW_MANAGE)
def windows() -> ResponseReturnValue:
    year = _year(request.args)
    place = _authority()
    found = {row.occasion: row for row in reading.every(year, place.tenant_path)}
    return render_template(
        "desk/windows.html",
        year=year,
        place=place,
        tabs=_tabs(year, place),
        rows=[(one.value, found.get(one.value)) for one in Occasion],
        waiting=wishes.waiting_per_window(publication.WAITING),
    )


@bp.post("/windows/year")
@command(Permission.WINDOW_MANAGE)
def open_windows() -> ResponseReturnValue:
    year = _year(request.form)
    place = _authority()
    opened = planning.open_year(g.actor, place.tenant_path, year)
    flash(gettext("已按默认日期设定 %(n)s 期", n=len(opened)), "success")
    return _back(year, place)


@bp.get("/windows/<int(min=2000, max=2100):year>/<occasion>")
@page(Permission.WINDOW_MANAGE)
def window(year: int, occasion: str) -> ResponseReturnValue:
    rows = reading.every(year, _authority().tenant_path)
    form = WindowForm(obj=next((one for one in rows if one.occasion == occasion), None))
    return _window_page(year, occasion, form)


@bp.post("/windows/<int(min=2000, max=2100):year>/<occasion>")
@command(Permission.WINDOW_MANAGE)
def plan_window(year: int, occasion: str) -> ResponseReturnValue:
    form = WindowForm()
    if occasion not in set(Occasion):
        raise NotFound
    place, which = _authority(), Occasion(occasion)
    done = attempt(
        form, lambda: planning.plan(g.actor, place.tenant_path, year, which, form.read())
    )
    if done is None:
        return _window_page(year, occasion, form), 422
    flash(gettext("日期已保存"), "success")
    return _back(year, place)


def _window_page(year: int, occasion: str, form: WindowForm) -> str:
    if occasion not in set(Occasion):
        raise NotFound
    label = gettext(OCCASION_LABELS[Occasion(occasion)])
    place = _authority()
    return render_template("desk/window.html", year=year, label=label, form=form, place=place)


@bp.post("/windows/<uuid:window_id>/release")
@command(Permission.BATCH_RELEASE)
def release(window_id: UUID) -> ResponseReturnValue:
    result = publication.release(g.actor, window_id)
    if result.published:
        flash(gettext("已发布 %(n)s 张卡片", n=result.published), "success")
    if result.held:
        flash(gettext("%(n)s 个心愿合得上的在册儿童不够，已转为暂不公开", n=result.held), "warning")
    return _back(request.form.get("year", type=int), _authority())
