"""Registering as a person, an enterprise or a charity; a newcomer's account opens on the way."""

from __future__ import annotations

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.forms.registration import FORMS, ApplicantForm
from portal.queries import registration
from portal.services import limits, supporters
from portal.web import applying, uploads
from portal.web.forms import attempt
from portal.web.gate import public, public_command
from portal.web.pace import alike

bp = Blueprint("register", __name__, url_prefix="/register")
_REFUSED = 422


@bp.get("")
@public
def choose() -> ResponseReturnValue:
    return render_template("register/choose.html")


@bp.get("/individual")
@public
def individual() -> ResponseReturnValue:
    return _page(_form("individual"))


@bp.post("/individual")
@alike
@public_command
def send_individual() -> ResponseReturnValue:
    return _send("individual")


@bp.get("/enterprise")
@public
def enterprise() -> ResponseReturnValue:
    return _page(_form("enterprise"))


@bp.post("/enterprise")
@alike
@public_command
def send_enterprise() -> ResponseReturnValue:
    return _send("enterprise")


@bp.get("/charity")
@public
def charity() -> ResponseReturnValue:
    return _page(_form("charity"))


@bp.post("/charity")
@alike
@public_command
def send_charity() -> ResponseReturnValue:
    return _send("charity")


def _form(kind: str) -> ApplicantForm:
    form = FORMS[kind]()
    form.offer(registration.counties())
    if request.method == "GET":
        form.county.data = request.args.get("county", "")
    if not g.actor.is_anonymous:
        form.without_account()
    return form


def _page(form: ApplicantForm) -> str:
    chosen = form.county.data or ""
    shown = applying.texts_at(chosen)
    form.show_texts(shown.in_force)
    return render_template("register/form.html", form=form, texts=shown)


def _send(kind: str) -> ResponseReturnValue:
    address = limits.network(request.remote_addr or "")
    limits.reserve([(limits.REGISTER_ADDRESS, address), (limits.REGISTER_TOTAL, "all")])
    form = _form(kind)
    uploads.keep(form)
    if attempt(form, _register, form) is None:
        return _page(form), _REFUSED
    if g.actor.is_anonymous:
        return redirect(url_for("auth.mailed", what="register"), 303)
    return redirect(url_for("mine.profile"), 303)


def _register(form: ApplicantForm) -> bool:
    """Apply; what came of it is told by mail, never by a different answer."""
    application = form.application(documents=uploads.kept(form))
    allowed = {"allow_fictitious": current_app.config["SETTINGS"].allow_fictitious_id}
    if g.actor.is_anonymous:
        supporters.register_newcomer(
            application, email=form.email.data, password=form.password.data, **allowed
        )
    else:
        supporters.register(g.actor, application, **allowed)
    return True
