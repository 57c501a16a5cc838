"""Pages for anybody: the front door and the texts everybody may read."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.queries import catalogue
from portal.web import concern_page, page_cache, reading, wall_page, wish_cards
from portal.web.gate import public

bp = Blueprint("public", __name__)


@bp.get("/")
@public
@page_cache.for_visitors
def home() -> ResponseReturnValue:
    return render_template(
        "public/home.html",
        numbers=wall_page.numbers(),
        cards=wish_cards.fragments(catalogue.some()),
    )


@bp.get("/about")
@public
def about() -> ResponseReturnValue:
    return render_template("public/about.html", operator=reading.operator())


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    return reading.page("privacy")


@bp.get("/privacy/children")
@public
def children_privacy() -> ResponseReturnValue:
    return reading.page("children_privacy")


@bp.get("/pledge")
@public
def pledge() -> ResponseReturnValue:
    return reading.page("pledge")


@bp.get("/cookies")
@public
def cookies() -> ResponseReturnValue:
    return reading.page("cookies")


@bp.get("/texts/<code>/<kind>")
@public
def text(code: str, kind: str) -> ResponseReturnValue:
    return reading.page(kind, code)


@bp.get("/texts/<code>/<kind>/<number>")
@public
def text_version(code: str, kind: str, number: str) -> ResponseReturnValue:
    return reading.page(kind, code, number)


@bp.get("/report-concern")
@public
def report_concern() -> ResponseReturnValue:
    return concern_page.show(concern_page.blank())
