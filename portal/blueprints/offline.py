"""What a phone keeps for places without a signal: the journal's empty page and its worker."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, current_app, make_response, render_template
from flask.typing import ResponseReturnValue

from portal.web import journal_pages
from portal.web.gate import public

bp = Blueprint("offline", __name__)


@bp.get("/journal/offline")
@public
def journal() -> ResponseReturnValue:
    """Show the same page to everybody: nothing of a person stands in it."""
    return render_template("journal/offline.html", form=journal_pages.shell())


@bp.get("/sw.js")
@public
def worker() -> ResponseReturnValue:
    """Serve the worker from the root, so that it may look after addresses outside /static."""
    script = Path(current_app.static_folder or "") / "js" / "sw.js"
    response = make_response(script.read_bytes())
    response.headers["Service-Worker-Allowed"] = "/"
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    return response
