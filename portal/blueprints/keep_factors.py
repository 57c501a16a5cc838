"""Saying no to a reset of one's second factors: by the mailed link, or signed in."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.forms.accounts import PressForm
from portal.queries import accounts as account_rows
from portal.services import factor_returns
from portal.web.gate import command, public, public_command

bp = Blueprint("keep_factors", __name__)


@bp.get("/factors/keep/<token>")
@public
def ask(token: str) -> ResponseReturnValue:
    account_rows.require_token(token, factor_returns.KEEP)
    return render_template("auth/keep_factors.html", form=PressForm())


@bp.post("/factors/keep/<token>")
@public_command
def keep(token: str) -> ResponseReturnValue:
    factor_returns.keep(token=token)
    flash(gettext("已经叫停，您的登录验证方式不变。请尽快更换密码。"), "ok")
    return redirect(url_for("auth.login"), 303)


@bp.post("/account/factors/keep")
@command()
def keep_own() -> ResponseReturnValue:
    factor_returns.keep_own(g.actor)
    flash(gettext("已经叫停，您的登录验证方式不变。请尽快更换密码。"), "ok")
    return redirect(url_for("account.security"), 303)
