"""Checking a paper: whoever holds a serial learns whether it is valid, and nothing beyond it."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.domain.certificates import read_serial
from portal.queries import certificates, contact_cards
from portal.web.gate import public
from portal.web.pace import alike
from portal.web.turnstile import turnstile

bp = Blueprint("certificates", __name__)


@bp.get("/verify")
@public
def ask() -> ResponseReturnValue:
    if asked := request.args.get("serial", ""):
        return redirect(url_for("certificates.check", serial=read_serial(asked) or "-"), 303)
    return render_template("certificates/ask.html")


@bp.get("/verify/<serial>")
@alike
@public
def check(serial: str) -> ResponseReturnValue:
    turnstile(request.remote_addr or "")
    known = read_serial(serial)
    # Both kinds of paper are asked for each time: which one it is must not tell by the time.
    found, card = (each.by_serial(known or "-") for each in (certificates, contact_cards))
    answer = make_response(
        render_template("certificates/checked.html", found=found, card=card, serial=known)
    )
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer.headers["Cache-Control"] = "no-store"
    return answer
