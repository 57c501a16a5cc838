"""The developer's letter box: mails that the file transport wrote. Production has no such page."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from portal.config import Settings
from portal.notices import mailbox as letters
from portal.queries import demo_codes
from portal.web.gate import not_found, public

bp = Blueprint("mailbox", __name__, url_prefix="/mailbox")
#: A mail's inline style is its own; nothing else may run or load inside it.
_THIS_MACHINE = frozenset({"127.0.0.1", "::1"})
#: The demo's staff whose codes stand first; any other is found by the search.
_TRIED = tuple(
    f"{login}@example.org"
    for login in ("director", "supervisor", "county", "point", "city", "auditor", "admin")
)
_MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@bp.get("")
@public
def index() -> ResponseReturnValue:
    to = request.args.get("to", "").strip()
    mails = letters.newest(_folder(), to)
    return render_template(
        "mailbox/index.html", mails=mails, to=to, shown=letters.SHOWN,
        codes=demo_codes.of(_TRIED, to), seconds=demo_codes.seconds_left(),
    )  # fmt: skip


@bp.get("/<uuid:mail_id>")
@public
def mail(mail_id: UUID) -> ResponseReturnValue:
    return render_template("mailbox/mail.html", mail=letters.read(_folder(), mail_id))


@bp.get("/<uuid:mail_id>/rich")
@public
def rich(mail_id: UUID) -> ResponseReturnValue:
    answer = Response(
        letters.read(_folder(), mail_id).html, content_type="text/html; charset=utf-8"
    )
    answer.headers["Content-Security-Policy"] = _MAIL_POLICY
    return answer


def _folder() -> Path:
    """Return where the mails lie; 404 unless a developer sits at this very machine.

    The letters hold everybody's links for new passwords, so no other machine may read them.
    """
    settings: Settings = current_app.config["SETTINGS"]
    here = request.remote_addr in _THIS_MACHINE
    if settings.environment == "production" or settings.mail_backend != "file" or not here:
        not_found()
    return settings.mail_dir
