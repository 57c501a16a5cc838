"""The memory: searching facts by person, unit, subject, kind and day; its chain; its files."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.domain import fact_words
from portal.domain.permissions import Permission
from portal.forms.accounts import PressForm
from portal.forms.audit import FactExportForm
from portal.queries import fact_filters, facts, seals
from portal.services import audit_requests
from portal.web import fact_files
from portal.web.forms import attempt
from portal.web.gate import command, page
from portal.web.values import maybe_uuid

bp = Blueprint("audit", __name__, url_prefix="/audit")
_REFUSED = 422


@bp.get("", endpoint="facts")
@page(Permission.FACT_READ)
def fact_list() -> ResponseReturnValue:
    given = {name: request.args.get(name, "").strip() for name in fact_files.FILTERS}
    rows, after = facts.page(fact_files.wanted(given), maybe_uuid(request.args.get("after")))
    asked: dict[str, Any] = {name: value for name, value in given.items() if value}
    who = request.args.get("who", "").strip()
    return render_template(
        "audit/facts.html",
        rows=rows,
        given=given,
        asked=asked,
        who=who,
        people=fact_filters.people(g.actor, who),
        units=fact_filters.units(g.actor),
        kinds=[(kind, gettext(words)) for kind, words in fact_words.KNOWN],
        first="after" not in request.args,
        next_url=url_for("audit.facts", **asked, after=after) if after else "",
        first_url=url_for("audit.facts", **asked),
    )


@bp.get("/people")
@page(Permission.FACT_READ)
def people() -> ResponseReturnValue:
    found = fact_filters.people(g.actor, request.args.get("who", ""))
    return render_template("audit/_people.html", people=found)


@bp.get("/export")
@page(Permission.FACT_READ)
def choose_export() -> ResponseReturnValue:
    given = {name: request.args.get(name, "").strip() for name in fact_files.FILTERS}
    return render_template("audit/export.html", form=FactExportForm(formdata=None, **given))


@bp.post("/export")
@command(Permission.FACT_READ, fresh="audit.export")
def export() -> ResponseReturnValue:
    form = FactExportForm()
    given = {name: form[name].data or "" for name in fact_files.FILTERS}
    file = attempt(form, lambda: fact_files.send(given, form.form.data, form.reason.data))
    if file is None:
        return render_template("audit/export.html", form=form), _REFUSED
    return file


@bp.get("/seals", endpoint="seals")
@page(Permission.FACT_READ)
def chain() -> ResponseReturnValue:
    return render_template(
        "audit/seals.html",
        newest=seals.newest(),
        check=seals.last_check(),
        press=PressForm(formdata=None),
    )


@bp.post("/seals")
@command(Permission.FACT_READ)
def look() -> ResponseReturnValue:
    job_id = audit_requests.ask_for_check(g.actor)
    return redirect(url_for("jobs.progress", job_id=job_id), 303)
