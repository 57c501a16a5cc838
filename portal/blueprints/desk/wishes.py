"""The township's and the county's wishes: what waits, one at a time or several with one reason."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.domain.permissions import Permission
from portal.queries import wishes as reading
from portal.services import wish_review
from portal.web import wish_queue
from portal.web.errors import sentence
from portal.web.gate import command, page
from portal.web.values import ticked
from portal.web.wish_desk import dossier_page, move_and_say


@bp.get("/wishes")
@page(Permission.WISH_READ)
def wishes() -> ResponseReturnValue:
    tab = wish_queue.chosen(request.args.get("tab", ""))
    return render_template(
        "desk/wishes.html",
        rows=reading.queue(g.actor, tab.statuses),
        tab=tab,
        tabs=wish_queue.tabs(tab, reading.counts()),
        bulk=wish_queue.bulk(tab),
    )


@bp.post("/wishes")
@command(Permission.WISH_READ)
def wishes_bulk() -> ResponseReturnValue:
    chosen = ticked(request.form.getlist("ids"))
    move = request.form.get("transition", "")
    done, refused = wish_review.act_on_all(g.actor, chosen, move, request.form.get("reason", ""))
    if done:
        flash(gettext("%(n)s 个心愿已处理", n=len(done)), "success")
    for why in dict.fromkeys(sentence(refusal) for _, refusal in refused):
        flash(gettext("有的没有处理：%(why)s", why=why), "warning")
    return redirect(url_for(".wishes", tab=request.form.get("tab", "")), 303)


@bp.get("/wishes/<uuid:wish_id>")
@page(Permission.WISH_READ)
def wish(wish_id: UUID) -> ResponseReturnValue:
    return dossier_page("desk/wish.html", wish_id)


@bp.post("/wishes/<uuid:wish_id>")
@command(Permission.WISH_READ)
def wish_move(wish_id: UUID) -> ResponseReturnValue:
    following = reading.dossier(g.actor, wish_id).next_id
    said = move_and_say(wish_id)
    if said is not None:
        return dossier_page("desk/wish.html", wish_id, refused=said), 422
    if following is not None:
        return redirect(url_for(".wish", wish_id=following), 303)
    return redirect(url_for(".wishes"), 303)
