"""Programmes in numbers (issue 5.4): the page, the rows behind each number, the workbook."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.documents import programme_workbook
from portal.domain import child_days, clock
from portal.domain.hours import hours
from portal.domain.ledger import CATEGORY_WORDS
from portal.domain.permissions import Permission
from portal.domain.programmes import KINDS, TOPICS
from portal.queries import pairings as lists
from portal.queries import programme_figure_rows, programme_figures
from portal.queries.programme_figure_rows import WHATS, Narrowed
from portal.queries.programme_figures import CAMPS_MIN, Asked
from portal.web.downloads import workbook
from portal.web.gate import not_found, page

#: The years a reader may choose: this one and those before.
_YEARS = 5
_NARROWED = ("programme", "category", "participant")


def _years() -> list[str]:
    this = clock.today().year
    return [str(year) for year in range(this, this - _YEARS, -1)]


def _kinds() -> dict[str, str]:
    return {key: gettext(kind.label) for key, kind in KINDS.items()}


def _topics() -> dict[str, str]:
    return {key: gettext(word) for key, word in TOPICS.items()}


def _asked() -> Asked:
    year, kind = request.args.get("year", ""), request.args.get("kind", "")
    return Asked(
        unit=request.args.get("unit", ""),
        year=int(year if year in _years() else _years()[0]),
        kind=kind if kind in KINDS else "",
    )


def _given(asked: Asked) -> dict[str, Any]:
    return {"unit": asked.unit, "year": asked.year, "kind": asked.kind}


def _opener(given: dict[str, Any]) -> Callable[..., str]:
    """Return what leads from a number to its rows."""

    def opens(what: str, **more: Any) -> str:
        return url_for(".programme_figure_rows", what=what, **{**given, **more})

    return opens


@bp.get("/programmes/figures", endpoint="programme_figures")
@page(Permission.PROGRAMME_COUNT)
def figures() -> ResponseReturnValue:
    asked = _asked()
    given = _given(asked)
    found = programme_figures.figures(g.actor, asked)
    return render_template(
        "programme_days/figures.html",
        f=found,
        places=lists.places(g.actor),
        given=given,
        years=[(year, year) for year in _years()],
        kinds=_kinds(),
        topics=_topics(),
        opens=_opener(given),
        rate=child_days.rate,
        without_leave=child_days.rate_without_leave,
        hours=hours(found.minutes),
        camps_min=CAMPS_MIN,
    )


@bp.get("/programmes/figures/<what>", endpoint="programme_figure_rows")
@page(Permission.PROGRAMME_COUNT)
def figure_rows(what: str) -> ResponseReturnValue:
    asked, start = _asked(), request.args.get("from", "")
    if start and not start.isdecimal():
        not_found()
    narrowed = Narrowed(
        programme=request.args.get("programme", ""),
        category=request.args.get("category"),
        participant=request.args.get("participant", "child"),
    )
    found = programme_figure_rows.rows(g.actor, what, asked, narrowed, after=int(start or 0))
    kept = {name: request.args[name] for name in _NARROWED if name in request.args}
    return render_template(
        "programme_days/figure_rows.html",
        found=found,
        what=what,
        label=gettext(WHATS[what]),
        given={**_given(asked), **kept},
        first=not start,
    )


@bp.get("/programmes/figures.xlsx", endpoint="programme_figures_workbook")
@page(Permission.PROGRAMME_COUNT)
def figures_workbook() -> ResponseReturnValue:
    out = BytesIO()
    found = programme_figures.figures(g.actor, _asked())
    categories = {str(key): gettext(word) for key, word in CATEGORY_WORDS.items()}
    programme_workbook.write(out, found, _kinds(), categories, _topics())
    return workbook(out.getvalue(), gettext("活动情况%(year)s年.xlsx", year=found.asked.year))
