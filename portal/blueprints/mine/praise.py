"""Stars and thanks of my pairing; my year on paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.mine.frame import bp
from portal.documents import portfolio as document
from portal.domain import clock
from portal.domain.permissions import Permission
from portal.domain.recognition import STAR_REASONS
from portal.queries import portfolios as rows
from portal.queries import recognition
from portal.services import portfolios
from portal.web import hours_files
from portal.web.gate import command, page


@bp.get("/pairings/<uuid:pairing_id>/thanks", endpoint="pairing_praise")
@page(Permission.CARD_HOLD)
def praise(pairing_id: UUID) -> ResponseReturnValue:
    return render_template(
        "praise/mine.html",
        praise=recognition.of_mentor(g.actor, pairing_id),
        star_words=STAR_REASONS,
        year=clock.today().year,
    )


@bp.get("/pairings/portfolio", endpoint="portfolios")
@page(Permission.CARD_HOLD)
def portfolio_newest() -> ResponseReturnValue:
    return redirect(url_for("mine.portfolio", year=clock.today().year), 303)


@bp.get("/pairings/portfolio/<int:year>", endpoint="portfolio")
@page(Permission.CARD_HOLD)
def portfolio_page(year: int) -> ResponseReturnValue:
    own, given = _year(year)
    return render_template(
        "praise/portfolio.html",
        row=rows.own(g.actor, own, year),
        years=rows.years(own),
        **given,
    )


@bp.post("/pairings/portfolio/<int:year>", endpoint="ask_portfolio")
@command(Permission.CARD_HOLD)
def portfolio_ask(year: int) -> ResponseReturnValue:
    portfolios.ask(g.actor, rows.speaker(g.actor), year=year)
    flash(gettext("已经开始印制，印好后会写信告诉您。"), "ok")
    return redirect(url_for("mine.portfolio", year=year), 303)


@bp.get("/pairings/portfolio/<int:year>/portfolio.pdf", endpoint="portfolio_file")
@page(Permission.CARD_HOLD)
def portfolio_download(year: int) -> ResponseReturnValue:
    data = rows.file_of(g.actor, rows.speaker(g.actor), year)
    return hours_files.send_paper(data, f"weiguang-{year}")


@bp.get("/pairings/portfolio/<int:year>/print", endpoint="portfolio_sheet")
@page(Permission.CARD_HOLD)
def portfolio_print(year: int) -> ResponseReturnValue:
    _, given = _year(year)
    return render_template("praise/print.html", **given)


def _year(year: int) -> tuple[UUID, dict[str, Any]]:
    """Return whose year it is, and what the pages and the paper say of it."""
    own = rows.speaker(g.actor)
    return own, document.context(rows.year_of(own, rows.known_year(year)))
