"""What needs me, oldest first."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.blueprints.desk.frame import bp
from portal.domain.permissions import Permission
from portal.web import desk_home
from portal.web.gate import page


@bp.get("")
@page(Permission.DESK_ENTER)
def home() -> ResponseReturnValue:
    return render_template("desk/home.html", **desk_home.context())
