"""My separate consent to have name and ID number compared, and taking it back."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.mine.frame import bp
from portal.domain.permissions import Permission
from portal.forms.accounts import PressForm
from portal.queries import identity_checks as reading
from portal.services import identity_checks
from portal.web.gate import command, page


@bp.get("/identity/<uuid:supporter_id>")
@page(Permission.COMMITMENT_CARRY)
def identity(supporter_id: UUID) -> ResponseReturnValue:
    return render_template(
        "mine/identity.html",
        state=reading.state(g.actor, supporter_id),
        verdicts=identity_checks.VERDICTS,
        version=identity_checks.CONSENT_VERSION,
        press=PressForm(formdata=None),
    )


@bp.post("/identity/<uuid:supporter_id>/consent")
@command(Permission.COMMITMENT_CARRY)
def identity_consent(supporter_id: UUID) -> ResponseReturnValue:
    identity_checks.consent(g.actor, supporter_id)
    flash(gettext("已记录您的同意。"), "ok")
    return redirect(url_for("mine.identity", supporter_id=supporter_id), 303)


@bp.post("/identity/<uuid:supporter_id>/withdraw")
@command(Permission.COMMITMENT_CARRY)
def identity_withdraw(supporter_id: UUID) -> ResponseReturnValue:
    identity_checks.withdraw_consent(g.actor, supporter_id)
    flash(gettext("已撤回同意，以后不再核验。"), "ok")
    return redirect(url_for("mine.identity", supporter_id=supporter_id), 303)
