"""Signing in by WeChat: away and back. What comes back by GET is acted on by a press (POST)."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.domain.errors import Conflict, Invalid, Unavailable
from portal.forms.accounts import PressForm
from portal.gateways.http import Refused
from portal.queries import sign_in_ways
from portal.services import wechat_sign_in
from portal.web import signing
from portal.web.errors import sentence
from portal.web.gate import command, page, public, public_command
from portal.web.headers import also_send_forms_to

bp = Blueprint("auth_wechat", __name__)
#: The sign-in page links what this installation offers.
bp.app_context_processor(lambda: {"wechat_sign_in": wechat_sign_in.is_open})
_REFUSED = 422
_BROWSER = "wechat_browser"


@bp.get("/login/wechat")
@public
def ask() -> ResponseReturnValue:
    return _away("auth/wechat.html", is_open=wechat_sign_in.is_open())


@bp.post("/login/wechat")
@public_command
def go() -> ResponseReturnValue:
    return _go()


@bp.get("/login/wechat/callback")
@public
def callback() -> ResponseReturnValue:
    return _back_page("")


@bp.post("/login/wechat/callback")
@public_command
def sign_in() -> ResponseReturnValue:
    try:
        user_id = wechat_sign_in.sign_in(**_brought())
    except (Invalid, Refused, Unavailable) as refusal:
        return _back_page(sentence(refusal)), _REFUSED
    if user_id is None:
        return render_template("auth/wechat_unknown.html")
    return signing.begin(user_id)


@bp.get("/account/wechat")
@page()
def own() -> ResponseReturnValue:
    return _away(
        "auth/wechat_own.html",
        is_open=wechat_sign_in.is_open(),
        ways=sign_in_ways.of(g.actor),
        press=PressForm(formdata=None),
    )


@bp.post("/account/wechat")
@command(fresh="keys.change")
def link() -> ResponseReturnValue:
    return _go(linking=True)


@bp.get("/account/wechat/callback")
@page()
def link_callback() -> ResponseReturnValue:
    return _back_page("", linking=True)


@bp.post("/account/wechat/callback")
@command()
def linked() -> ResponseReturnValue:
    try:
        wechat_sign_in.link(g.actor, **_brought())
    except (Invalid, Conflict, Refused, Unavailable) as refusal:
        return _back_page(sentence(refusal), linking=True), _REFUSED
    flash(gettext("已关联微信，以后可以用微信登录。"), "ok")
    return redirect(url_for("auth_wechat.own"), 303)


@bp.post("/account/wechat/remove")
@command(fresh="keys.change")
def remove() -> ResponseReturnValue:
    wechat_sign_in.unlink(g.actor)
    flash(gettext("已取消关联微信。"), "ok")
    return redirect(url_for("auth_wechat.own"), 303)


def _go(*, linking: bool = False) -> ResponseReturnValue:
    settings = current_app.config["SETTINGS"]
    back = url_for("auth_wechat.link_callback" if linking else "auth_wechat.callback")
    asked = wechat_sign_in.ask(
        back=settings.public_url.rstrip("/") + back,
        address=request.remote_addr or "",
        actor=g.actor if linking else None,
    )
    cookie[_BROWSER] = asked.browser
    return redirect(asked.url, 303)


def _brought() -> dict[str, str]:
    given = {name: request.form.get(name, "") for name in ("state", "code")}
    return {**given, "browser": cookie.get(_BROWSER, "")}


def _back_page(failure: str, *, linking: bool = False) -> str:
    given = {name: request.values.get(name, "") for name in ("state", "code")}
    return render_template(
        "auth/wechat_back.html", given=given, failure=failure, linking=linking, press=PressForm()
    )


def _away(template: str, **values: object) -> Response:
    """Answer a page whose form leads to WeChat, which the policy must allow by name."""
    answer = make_response(render_template(template, **values))
    also_send_forms_to(answer, current_app.config["SETTINGS"].wechat_open_url)
    return answer
