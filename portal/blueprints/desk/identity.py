"""Vetting: does the ID number belong to the applicant; the consent first, then the comparison."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.domain.errors import Conflict, Invalid, Unavailable
from portal.domain.permissions import Permission
from portal.forms.accounts import PressForm
from portal.gateways.http import Refused
from portal.queries import identity_checks as reading
from portal.services import identity_checks
from portal.web.errors import sentence
from portal.web.gate import command, page

_REFUSED = 422


@bp.get("/vetting/<uuid:supporter_id>/identity")
@page(Permission.SUPPORTER_VET)
def identity(supporter_id: UUID) -> ResponseReturnValue:
    return _page(supporter_id, {})


@bp.post("/vetting/<uuid:supporter_id>/identity/consent")
@command(Permission.SUPPORTER_VET)
def identity_consent(supporter_id: UUID) -> ResponseReturnValue:
    method = request.form.get("method", "")
    try:
        identity_checks.consent(g.actor, supporter_id, method=method)
    except Invalid as refusal:
        return _page(supporter_id, refusal.fields), _REFUSED
    flash(gettext("已记录本人同意。"), "ok")
    return _to(supporter_id)


@bp.post("/vetting/<uuid:supporter_id>/identity/record")
@command(Permission.SUPPORTER_VET)
def identity_record(supporter_id: UUID) -> ResponseReturnValue:
    given = {name: request.form.get(name, "") for name in ("document", "verdict")}
    try:
        identity_checks.record(g.actor, supporter_id, **given)
    except Invalid as refusal:
        return _page(supporter_id, refusal.fields), _REFUSED
    flash(gettext("已记录核对结果。"), "ok")
    return _to(supporter_id)


@bp.post("/vetting/<uuid:supporter_id>/identity/verify")
@command(Permission.SUPPORTER_VET)
def identity_verify(supporter_id: UUID) -> ResponseReturnValue:
    try:
        identity_checks.verify(g.actor, supporter_id)
    except (Conflict, Refused, Unavailable) as refusal:
        flash(sentence(refusal), "warn")
        return _to(supporter_id)
    flash(gettext("已核验，结果见下。"), "ok")
    return _to(supporter_id)


def _page(supporter_id: UUID, problems: dict[str, str]) -> str:
    return render_template(
        "vetting/identity.html",
        state=reading.state(g.actor, supporter_id),
        recorded=identity_checks.RECORDED,
        documents=identity_checks.DOCUMENTS,
        verdicts=identity_checks.VERDICTS,
        providers=identity_checks.PROVIDERS,
        press=PressForm(formdata=None),
        problems=problems,
        typed=request.form,
    )


def _to(supporter_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("desk.identity", supporter_id=supporter_id), 303)
