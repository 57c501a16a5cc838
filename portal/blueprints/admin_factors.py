"""Administrators: a colleague who lost every second factor may set one up anew."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.domain.errors import Invalid
from portal.domain.permissions import Permission
from portal.services import factor_resets
from portal.web.errors import sentence
from portal.web.gate import command

bp = Blueprint("admin_factors", __name__, url_prefix="/admin/people")


@bp.post("/<uuid:user_id>/factors/reset")
@command(Permission.GRANT_MANAGE, fresh="factors.reset")
def reset(user_id: UUID) -> ResponseReturnValue:
    try:
        factor_resets.reset(g.actor, user_id, reason=request.form.get("reason", ""))
        flash(gettext("已重置，对方的所有登录都已退出，下次登录时重新设置。"), "ok")
    except Invalid as refusal:
        flash(sentence(refusal), "warn")
    return redirect(url_for("admin.person", user_id=user_id), 303)
