"""The public page of pairing needs: the need first, never a child to be chosen."""

from __future__ import annotations

import secrets

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.domain.errors import Conflict, NotAllowed
from portal.domain.permissions import Permission
from portal.queries import need_standing, need_wall
from portal.services import need_applications
from portal.web import need_page, page_cache, passport_words
from portal.web.errors import sentence
from portal.web.gate import command, public

bp = Blueprint("need_wall", __name__)


@bp.get("/needs")
@public
@page_cache.for_visitors
def needs() -> ResponseReturnValue:
    wanted, after = need_page.asked()
    found = need_wall.wall(wanted, after)
    return render_template("needs/wall.html", **need_page.context(found, first=after is None))


@bp.get("/needs/<code>")
@public
def need(code: str) -> ResponseReturnValue:
    card = need_wall.card(code)
    return render_template(
        "needs/public.html",
        card=card,
        facts=need_page.drawn(card),
        similar=[need_page.drawn(one) for one in need_wall.similar(card)],
        standing=need_standing.standing(g.actor, code),
        most=need_applications.MOST_OPEN,
        submit_key=secrets.token_urlsafe(18),
        **passport_words.bundle(),
    )


@bp.post("/needs/<code>/apply")
@command(Permission.NEED_APPLY)
def apply(code: str) -> ResponseReturnValue:
    try:
        need_applications.apply(
            g.actor,
            code,
            supporter_id=need_standing.standing(g.actor).supporter_id,
            words=request.form.get("words", ""),
            idempotency=request.form.get("idempotency_key", ""),
        )
    except (Conflict, NotAllowed) as refusal:
        return need_page.told(sentence(refusal), url_for(".need", code=code))
    flash(gettext("申请已收到，县民政局会在10个工作日内答复。"), "success")
    return redirect(url_for("mine.need_applications"), 303)
