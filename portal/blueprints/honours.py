"""The public roll: who kept watch, as far as they want to be named."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.domain.honours import REASONS
from portal.queries import honours
from portal.web.gate import public

bp = Blueprint("honours", __name__)


@bp.get("/honours")
@public
def roll() -> ResponseReturnValue:
    given = {name: request.args.get(name, "") for name in ("year", "region", "after")}
    years, places = honours.roll_choices()
    return render_template(
        "honours/roll.html",
        page=honours.roll(**given),
        given=given,
        years=years,
        places=places,
        reasons=REASONS,
    )
