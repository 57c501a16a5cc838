"""The public wall of wishes, and one wish."""

from __future__ import annotations

import secrets

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.queries import catalogue
from portal.web import claim_pages, page_cache, wall_page, wish_cards
from portal.web.gate import public

bp = Blueprint("catalogue", __name__)


@bp.get("/wishes")
@public
@page_cache.for_visitors
def wishes() -> ResponseReturnValue:
    wanted, after = wall_page.asked()
    return wall_page.render(catalogue.wall(wanted, after), first=after is None)


@bp.get("/wishes/<code>")
@public
def wish(code: str) -> ResponseReturnValue:
    card = catalogue.card(code)
    return render_template(
        "catalogue/wish.html",
        card=card,
        facts=wish_cards.arguments(card),
        details=wish_cards.details(card),
        keeps_back=wish_cards.keeps_something_back(card),
        similar=wish_cards.fragments(catalogue.similar(card)),
        submit_key=secrets.token_urlsafe(18),
        speakers=claim_pages.speakers(),
    )
