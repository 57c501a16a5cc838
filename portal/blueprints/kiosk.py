"""The tablet at the door: a badge checks in, nothing else opens."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.domain.permissions import Permission
from portal.forms.attendance import BadgeForm
from portal.queries import attendance as rows
from portal.web import kiosk
from portal.web.gate import command, page, public, public_command

bp = Blueprint("kiosk", __name__, url_prefix="/attendance")
_REFUSED = 422


@bp.get("/<uuid:session_id>/kiosk")
@page(Permission.ATTENDANCE_MARK)
def before(session_id: UUID) -> ResponseReturnValue:
    return render_template("attendance/before_kiosk.html", sheet=rows.sheet(g.actor, session_id))


@bp.post("/<uuid:session_id>/kiosk")
@command(Permission.ATTENDANCE_MARK)
def set_up(session_id: UUID) -> ResponseReturnValue:
    kiosk.set_up(rows.sheet(g.actor, session_id))
    return redirect(url_for("kiosk.door"), 303)


@bp.get("/kiosk")
@public
def door() -> ResponseReturnValue:
    return _door(BadgeForm(formdata=None))


@bp.post("/kiosk")
@public_command
def check_in() -> ResponseReturnValue:
    form = BadgeForm()
    kiosk.opened()
    if not form.validate():
        return _door(form), _REFUSED
    said, good = kiosk.check_in(form.code.data)
    return _door(BadgeForm(formdata=None), said, good=good)


def _door(form: BadgeForm, said: str = "", *, good: bool = True) -> str:
    actor, session_id = kiosk.opened()
    return render_template(
        "attendance/kiosk.html", sheet=rows.sheet(actor, session_id), form=form, said=said,
        good=good,
    )  # fmt: skip
