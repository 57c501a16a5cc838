"""Vetting: how a supporter signs in, and the way back for who lost every second factor."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.domain.errors import Conflict, Invalid
from portal.domain.permissions import Permission
from portal.queries import factor_resets, supporters
from portal.services import factor_returns
from portal.web.errors import sentence
from portal.web.gate import command, page


@bp.get("/vetting/<uuid:supporter_id>/logins")
@page(Permission.SUPPORTER_VET)
def logins(supporter_id: UUID) -> ResponseReturnValue:
    return render_template(
        "vetting/logins.html",
        supporter_id=supporter_id,
        name=supporters.dossier(g.actor, supporter_id).name,
        logins=factor_resets.logins(g.actor, supporter_id),
    )


@bp.post("/vetting/<uuid:supporter_id>/logins/<uuid:user_id>/reset")
@command(Permission.SUPPORTER_VET, fresh="factors.return")
def reset_login(supporter_id: UUID, user_id: UUID) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    try:
        factor_returns.ask(g.actor, supporter_id, user_id, reason=reason)
        flash(gettext("已写信告诉本人。24 小时内没有人叫停，就会重置。"), "ok")
    except (Conflict, Invalid) as refusal:
        flash(sentence(refusal), "warn")
    return redirect(url_for("desk.logins", supporter_id=supporter_id), 303)
