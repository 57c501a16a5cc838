"""Claiming from the wall: one wish by one button, or a list for organisations."""

from __future__ import annotations

import secrets
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.domain.errors import DomainError, Invalid, NotFound
from portal.domain.permissions import Permission
from portal.queries import catalogue, commitments
from portal.services import claims
from portal.web import claim_pages, wall_page, wish_cards
from portal.web.errors import sentence
from portal.web.gate import command, page
from portal.web.values import uuid_of

bp = Blueprint("claims", __name__)


@bp.post("/wishes/<code>/claim")
@command()
def claim(code: str) -> ResponseReturnValue:
    try:
        made = claims.claim(g.actor, _speaking_as(), code, _key())
    except (NotFound, Invalid):
        raise
    except DomainError as refusal:
        return claim_pages.refused(refusal, code)
    if made.repeated:
        flash(gettext("这个心愿您已经认领过了，不用再点一次"), "info")
    else:
        flash(gettext("认领成功，谢谢您！民政局会在72小时内核对"), "success")
    return redirect(url_for("mine.commitment", commitment_id=made.commitment_id), 303)


@bp.get("/claims/several")
@page(Permission.WISH_CLAIM)
def choose() -> ResponseReturnValue:
    wanted, after = wall_page.asked()
    found = catalogue.wall(wanted, after)
    rows = catalogue.cards([one.code for one in found.cards if one.status == "open"])
    onward = wall_page.link(found.shown, found.next_after) if found.next_after else ""
    return render_template(
        "claims/choose.html",
        rows=[(card, wish_cards.arguments(card)) for card in rows.values()],
        speakers=commitments.speakers(g.actor.supporter_ids),
        asked=wanted,
        submit_key=secrets.token_urlsafe(18),
        next_query=onward.partition("?")[2],
    )


@bp.post("/claims/several")
@command(Permission.WISH_CLAIM)
def several() -> ResponseReturnValue:
    codes = request.form.getlist("codes")
    if not codes:
        flash(gettext("请先勾选想实现的心愿"), "info")
        return redirect(url_for("claims.choose"), 303)
    outcomes = claims.claim_several(g.actor, _speaking_as(), codes, request.form.get("key", ""))
    told = [(one, sentence(one.refusal) if one.refusal else "") for one in outcomes]
    return render_template("claims/several.html", told=told, titles=commitments.titles(codes))


def _key() -> str:
    """Return the submit's own number: the page makes it, so that a second click is no second."""
    return request.form.get("idempotency_key", "") or request.headers.get("Idempotency-Key", "")


def _speaking_as() -> UUID | None:
    """Return the supporter named by the form, or the only one the person speaks for."""
    wanted = request.form.get("supporter", "")
    if wanted:
        return uuid_of(wanted)
    return g.actor.supporter_ids[0] if g.actor.supporter_ids else None
