"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.web.gate import public

bp = Blueprint("auth", __name__)


@bp.get("/login")
@public
def login() -> ResponseReturnValue:
    return render_template("auth/login.html")
