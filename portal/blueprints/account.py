"""The safety of one's own account: factors, devices, password."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.queries import devices, factor_resets, factors
from portal.services import account_sessions
from portal.web.gate import command, page
from portal.web.session import session_id, session_token

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("/security")
@page()
def security() -> ResponseReturnValue:
    return render_template(
        "auth/security.html",
        owned=factors.of_user(g.actor.user_id),
        resets_at=factor_resets.waits_until(g.actor.user_id),
        devices=devices.of_user(g.actor.user_id, session_id()),
    )


@bp.post("/sessions/<uuid:which>/end")
@command()
def end_session(which: UUID) -> ResponseReturnValue:
    account_sessions.end_one(g.actor, which)
    return _back(gettext("那台设备已退出。"))


@bp.post("/sessions/end-others")
@command()
def end_others() -> ResponseReturnValue:
    account_sessions.end_others(g.actor, spare=session_token() or "")
    return _back(gettext("其他设备都已退出。"))


@bp.get("/here")
@page()
def here() -> ResponseReturnValue:
    """Answer nothing: the request itself says that somebody is there."""
    return Response(status=204)


def _back(message: str) -> ResponseReturnValue:
    flash(message, "ok")
    return redirect(url_for("account.security"), 303)
