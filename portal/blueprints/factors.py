"""Setting up what proves who one is: an authenticator, a passkey, recovery codes."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.domain.errors import Invalid
from portal.forms.factors import GeneratorForm
from portal.queries import factors
from portal.services import account_factors, account_passkeys, account_sessions
from portal.services.account_passkeys import ADD, FACTOR, PROOF, SIGN_IN
from portal.services.account_sessions import HALF
from portal.web import authenticator, signing
from portal.web.errors import sentence
from portal.web.forms import attempt
from portal.web.gate import command, not_found, page, public_command, safe_next

bp = Blueprint("factors", __name__)
_REFUSED = 422


@bp.get("/account/factors/add")
@page(fresh="keys.change", enrolling=True)
def choose() -> ResponseReturnValue:
    return _choose_page()


@bp.post("/account/factors/generator")
@command(fresh="keys.change", enrolling=True)
def begin_generator() -> ResponseReturnValue:
    account_factors.begin_generator(g.person)
    return redirect(url_for("factors.generator", next=safe_next("") or None), 303)


@bp.get("/account/factors/generator")
@page(enrolling=True)
def generator() -> ResponseReturnValue:
    return _generator_page(GeneratorForm(formdata=None, next=request.args.get("next")))


@bp.post("/account/factors/generator/confirm")
@command(fresh="keys.change", enrolling=True)
def confirm_generator() -> ResponseReturnValue:
    form = GeneratorForm()
    given = {"code": form.otp.data or "", "address": request.remote_addr or ""}
    codes = attempt(form, account_factors.confirm_generator, g.person, **given)
    if codes is None:
        return _generator_page(form), _REFUSED
    return _done(codes)


@bp.post("/account/factors/passkey")
@command(fresh="keys.change", enrolling=True)
def add_passkey() -> ResponseReturnValue:
    name = request.form.get("name", "")
    try:
        codes = account_passkeys.add(g.person, signing.site(), signing.answer(), name=name)
    except Invalid as refusal:
        flash(sentence(refusal), "warn")
        return _choose_page(), _REFUSED
    return _done(codes)


@bp.post("/account/factors/generator/remove")
@command(fresh="keys.change")
def remove_generator() -> ResponseReturnValue:
    account_factors.remove_generator(g.actor)
    return _to_security(gettext("验证器已移除。"))


@bp.post("/account/factors/passkeys/<uuid:passkey_id>/remove")
@command(fresh="keys.change")
def remove_passkey(passkey_id: UUID) -> ResponseReturnValue:
    account_factors.remove_passkey(g.actor, passkey_id)
    return _to_security(gettext("通行密钥已移除。"))


@bp.post("/account/factors/codes")
@command(fresh="keys.change")
def renew_codes() -> ResponseReturnValue:
    return _codes_page(account_factors.renew_codes(g.actor))


@bp.post("/passkeys/options/<any(add, factor, proof, sign_in):purpose>")
@public_command
def options(purpose: str) -> ResponseReturnValue:
    challenge_id, text = _ask(purpose)
    signing.remember_challenge(challenge_id)
    return Response(text, mimetype="application/json")


def _ask(purpose: str) -> tuple[UUID, str]:
    site = signing.site()
    if purpose == SIGN_IN:
        return account_passkeys.ask_to_sign(None, SIGN_IN, site)
    if purpose == FACTOR and g.half is not None and g.half.stage == HALF:
        return account_passkeys.ask_to_sign(g.half.user_id, FACTOR, site)
    if purpose == PROOF and not g.actor.is_anonymous:
        return account_passkeys.ask_to_sign(g.actor.user_id, PROOF, site)
    if purpose == ADD and not g.person.is_anonymous:
        return account_passkeys.ask_to_add(g.person, site)
    not_found()
    raise AssertionError


def _done(codes: tuple[str, ...]) -> ResponseReturnValue:
    """Show new recovery codes once; who was setting up the first factor is in from here on."""
    target = safe_next("")
    if g.actor.is_anonymous:
        signing.admit(account_sessions.finish(g.half, signing.device()).token)
        target = target or signing.home()
    if codes:
        return _codes_page(codes, target)
    flash(gettext("新的验证方式已经可以用了。"), "ok")
    return redirect(target or url_for("account.security"), 303)


def _codes_page(codes: tuple[str, ...], target: str = "") -> str:
    return render_template(
        "auth/codes.html", codes=codes, target=target or url_for("account.security")
    )


def _choose_page() -> str:
    return render_template(
        "auth/factor_add.html",
        owned=factors.of_user(g.person.user_id),
        passkeys=signing.passkeys_work(),
        next=safe_next(""),
    )


def _generator_page(form: GeneratorForm) -> str:
    secret = account_factors.pending_secret(g.person)
    return render_template(
        "auth/generator.html", form=form, picture=authenticator.picture(g.person, secret),
        secret=authenticator.readable(secret),
    )  # fmt: skip


def _to_security(message: str) -> ResponseReturnValue:
    flash(message, "ok")
    return redirect(url_for("account.security"), 303)
