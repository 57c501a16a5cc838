"""The memory: who did what, when, to what; found by subject, person, kind and day."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.domain import fact_words
from portal.domain.permissions import Permission
from portal.queries import facts
from portal.web.gate import page
from portal.web.values import maybe_date, maybe_uuid

bp = Blueprint("audit", __name__, url_prefix="/audit")
_FILTERS = ("kind", "subject", "actor", "since", "until")


@bp.get("", endpoint="facts")
@page(Permission.FACT_READ)
def fact_list() -> ResponseReturnValue:
    given = {name: request.args.get(name, "").strip() for name in _FILTERS}
    wanted = facts.FactFilter(
        kind=given["kind"],
        subject=maybe_uuid(given["subject"]),
        actor=maybe_uuid(given["actor"]),
        since=maybe_date(given["since"]),
        until=maybe_date(given["until"]),
    )
    rows, after = facts.page(wanted, maybe_uuid(request.args.get("after")))
    asked: dict[str, Any] = {name: value for name, value in given.items() if value}
    return render_template(
        "audit/facts.html",
        rows=rows,
        given=given,
        kinds=[(kind, gettext(words)) for kind, words in fact_words.KNOWN],
        first="after" not in request.args,
        next_url=url_for("audit.facts", **asked, after=after) if after else "",
        first_url=url_for("audit.facts", **asked),
    )
