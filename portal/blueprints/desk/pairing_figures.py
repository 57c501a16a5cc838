"""Pairings in numbers (S1-1d): the page, the rows behind each number, the workbook."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.documents import pairing_workbook
from portal.domain import clock
from portal.domain.needs import HELPERS
from portal.domain.permissions import Permission
from portal.queries import pairing_figure_rows, pairing_figures
from portal.queries import pairings as lists
from portal.queries.pairing_figure_rows import WHATS
from portal.queries.pairing_figures import Asked
from portal.web import pairing_words
from portal.web.downloads import workbook
from portal.web.gate import not_found, page

_EVERYBODY = "all"
#: The years a reader may choose: this one and those before.
_YEARS = 5
_NARROWED = ("month", "helper")


def _years() -> list[str]:
    this = clock.today().year
    return [str(year) for year in range(this, this - _YEARS, -1)]


def _asked() -> Asked:
    year = request.args.get("year", "")
    return Asked(
        unit=request.args.get("unit", ""),
        year=int(year if year in _years() else _years()[0]),
        everybody=request.args.get("children") == _EVERYBODY,
    )


def _given(asked: Asked) -> dict[str, Any]:
    return {
        "unit": asked.unit,
        "year": asked.year,
        "children": _EVERYBODY if asked.everybody else "",
    }


@bp.get("/pairings/figures", endpoint="pairing_figures")
@page(Permission.PAIRING_READ)
def figures() -> ResponseReturnValue:
    asked = _asked()
    given = _given(asked)

    def opens(what: str, **more: Any) -> str:
        return url_for(".pairing_figure_rows", what=what, **{**given, **more})

    return render_template(
        "pairings/figures.html",
        f=pairing_figures.figures(g.actor, asked),
        places=lists.places(g.actor),
        given=given,
        narrowed=given != _given(Asked(unit="", year=int(_years()[0]), everybody=False)),
        years=[(year, year) for year in _years()],
        opens=opens,
        words=pairing_words,
    )


@bp.get("/pairings/figures/<what>", endpoint="pairing_figure_rows")
@page(Permission.PAIRING_READ)
def figure_rows(what: str) -> ResponseReturnValue:
    asked = _asked()
    more = {name: request.args.get(name, "") for name in (*_NARROWED, "from")}
    if any(more[name] and not more[name].isdecimal() for name in ("month", "from")):
        not_found()
    found = pairing_figure_rows.rows(
        g.actor, what, asked,
        month=int(more["month"] or 0),
        helper=more["helper"] if "helper" in request.args else None,
        after=int(more["from"] or 0),
    )  # fmt: skip
    return render_template(
        "pairings/figure_rows.html",
        found=found,
        what=what,
        label=gettext(WHATS[what]),
        given={**_given(asked), **{name: more[name] for name in _NARROWED if name in request.args}},
        first=not more["from"],
        words=pairing_words,
    )


@bp.get("/pairings/figures.xlsx")
@page(Permission.PAIRING_READ)
def pairing_figures_workbook() -> ResponseReturnValue:
    out = BytesIO()
    found = pairing_figures.figures(g.actor, _asked())
    pairing_workbook.write(out, found, {key: gettext(words) for key, words in HELPERS.items()})
    return workbook(out.getvalue(), gettext("结对情况%(year)s年.xlsx", year=found.asked.year))
