"""Signing in with a code by SMS, and confirming one's number for it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.domain.errors import Unavailable
from portal.forms.accounts import PressForm
from portal.forms.sign_in_ways import CodeForm, PhoneForm
from portal.queries import sign_in_ways
from portal.services import phone_codes
from portal.web import signing
from portal.web.errors import sentence
from portal.web.forms import attempt
from portal.web.gate import command, page, public, public_command
from portal.web.pace import alike
from portal.web.values import maybe_uuid

bp = Blueprint("auth_phone", __name__)
#: The sign-in page links what this installation offers.
bp.app_context_processor(lambda: {"phone_sign_in": phone_codes.is_open})
_REFUSED = 422
_ASKED, _CONFIRMING = "phone_code", "phone_confirm"


@bp.get("/login/phone")
@public
def ask() -> ResponseReturnValue:
    form = PhoneForm(formdata=None, next=request.args.get("next"))
    return render_template("auth/phone.html", form=form, is_open=phone_codes.is_open())


@bp.post("/login/phone")
@alike
@public_command
def send() -> ResponseReturnValue:
    form = PhoneForm()
    asked = _asked(form, phone_codes.ask_to_sign_in)
    if asked is None:
        return render_template("auth/phone.html", form=form, is_open=True), _REFUSED
    cookie[_ASKED] = str(asked)
    return redirect(url_for("auth_phone.code", next=form.next.data or None), 303)


@bp.get("/login/phone/code")
@public
def code() -> ResponseReturnValue:
    form = CodeForm(formdata=None, next=request.args.get("next"))
    return render_template("auth/phone_code.html", form=form, own=False, failure="")


@bp.post("/login/phone/code")
@alike
@public_command
def sign_in() -> ResponseReturnValue:
    form = CodeForm()
    given = {"code": form.code.data or "", "address": request.remote_addr or ""}
    user_id = attempt(form, phone_codes.sign_in, code_id=_held(_ASKED), **given)
    if user_id is None:
        return render_template("auth/phone_code.html", form=form, own=False, failure=""), _REFUSED
    return signing.begin(user_id)


@bp.get("/account/phone")
@page()
def own() -> ResponseReturnValue:
    return _own_page(PhoneForm(formdata=None))


@bp.post("/account/phone")
@command(fresh="keys.change")
def change() -> ResponseReturnValue:
    form = PhoneForm()
    asked = _asked(form, phone_codes.ask_to_confirm, g.actor)
    if asked is None:
        return _own_page(form), _REFUSED
    cookie[_CONFIRMING] = str(asked)
    return redirect(url_for("auth_phone.own_code"), 303)


@bp.get("/account/phone/code")
@page()
def own_code() -> ResponseReturnValue:
    return _own_code_page(CodeForm(formdata=None))


@bp.post("/account/phone/code")
@command()
def confirm() -> ResponseReturnValue:
    form = CodeForm()
    given = {"code": form.code.data or "", "address": request.remote_addr or ""}
    if attempt(form, phone_codes.confirm, g.actor, code_id=_held(_CONFIRMING), **given) is None:
        return _own_code_page(form), _REFUSED
    flash(gettext("手机号码已确认，以后可以用短信验证码登录。"), "ok")
    return redirect(url_for("auth_phone.own"), 303)


@bp.post("/account/phone/remove")
@command(fresh="keys.change")
def remove() -> ResponseReturnValue:
    phone_codes.forget(g.actor)
    flash(gettext("已停用短信登录。"), "ok")
    return redirect(url_for("auth_phone.own"), 303)


def _asked(form: PhoneForm, verb: object, *who: object) -> UUID | None:
    fictitious = current_app.config["SETTINGS"].allow_fictitious_id
    given = {"phone": form.phone.data or "", "address": request.remote_addr or ""}
    try:
        return attempt(form, verb, *who, allow_fictitious=fictitious, **given)  # type: ignore[arg-type]  # one of the two verbs above
    except Unavailable as refusal:
        form.form_errors.append(sentence(refusal))
        return None


def _held(name: str) -> UUID | None:
    return maybe_uuid(cookie.get(name))


def _own_page(form: PhoneForm) -> str:
    return render_template(
        "auth/phone_own.html",
        form=form,
        ways=sign_in_ways.of(g.actor),
        press=PressForm(formdata=None),
        is_open=phone_codes.is_open(),
    )


def _own_code_page(form: CodeForm) -> str:
    failure = sign_in_ways.failure_of(g.actor, _held(_CONFIRMING))
    return render_template("auth/phone_code.html", form=form, own=True, failure=failure)
