"""Pages for anybody: the front door and the texts everybody may read."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from portal.config import Settings
from portal.domain import texts
from portal.queries import catalogue
from portal.web import page_cache, wall_page, wish_cards
from portal.web.gate import public

bp = Blueprint("public", __name__)


def _operator() -> dict[str, str]:
    """Return who runs the portal, as the notices name it."""
    settings: Settings = current_app.config["SETTINGS"]
    return {"name": settings.operator_name, "phone": settings.operator_phone}


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
    return render_template("public/about.html", operator=_operator())


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    return render_template(
        "public/privacy.html", operator=_operator(), version=texts.PRIVACY_VERSION
    )


@bp.get("/privacy/children")
@public
def children_privacy() -> ResponseReturnValue:
    return render_template(
        "public/children_privacy.html",
        operator=_operator(),
        version=texts.CHILDREN_PRIVACY_VERSION,
    )


@bp.get("/pledge")
@public
def pledge() -> ResponseReturnValue:
    return render_template("public/pledge.html", version=texts.PLEDGE_VERSION)


@bp.get("/report-concern")
@public
def report_concern() -> ResponseReturnValue:
    return render_template("public/report_concern.html")
