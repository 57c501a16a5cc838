"""Appealing by the link of a mail, for whoever cannot sign in."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.forms.passports import AppealForm
from portal.services import appeal_links
from portal.web.forms import attempt
from portal.web.gate import public, public_command

bp = Blueprint("appeals", __name__, url_prefix="/appeal")
_REFUSED = 422


@bp.get("/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    return _page(token, AppealForm(formdata=None))


@bp.post("/<token>")
@public_command
def send(token: str) -> ResponseReturnValue:
    form = AppealForm()
    given = {"words": form.words.data or "", "address": request.remote_addr or ""}
    if attempt(form, appeal_links.file, token, **given) is None:
        return _page(token, form), _REFUSED
    flash(gettext("申诉已提交，答复会寄到您的邮箱。"), "ok")
    return redirect(url_for("public.home"), 303)


def _page(token: str, form: AppealForm) -> str:
    return render_template("requests/appeal.html", decision=appeal_links.read(token), form=form)
