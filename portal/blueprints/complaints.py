"""Complaints from anybody: a form, a receipt code, the answer behind it."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.domain.lifecycles.requests import CATEGORIES, CONCERN
from portal.forms.rights import ComplaintForm, ConcernForm
from portal.queries import grievances as rows
from portal.queries import registration
from portal.services import grievances, limits
from portal.web import concern_page, reading
from portal.web.forms import attempt
from portal.web.gate import public, public_command

bp = Blueprint("complaints", __name__)
_REFUSED, _UNKNOWN = 422, 404
_ASKED = ("county_code", "category", "words", "contact")


@bp.get("/complaint", endpoint="form")
@public
def form_page() -> ResponseReturnValue:
    return _form(ComplaintForm(formdata=None))


@bp.post("/complaint")
@public_command
def send() -> ResponseReturnValue:
    form = _offered(ComplaintForm())
    given = {name: form[name].data or "" for name in _ASKED}
    receipt = attempt(form, grievances.send, address=request.remote_addr or "", **given)
    if receipt is None:
        return _form(form), _REFUSED
    return render_template("requests/receipt.html", receipt=receipt, concern=False)


@bp.get("/complaint/answer", endpoint="answer")
@public
def answer_page() -> ResponseReturnValue:
    return render_template("requests/answer.html", found=None, problem="")


@bp.post("/complaint/answer")
@public_command
def look() -> ResponseReturnValue:
    limits.reserve([(grievances.LOOK_ADDRESS, limits.network(request.remote_addr or ""))])
    grievance_id = grievances.look_up(request.form.get("code", ""))
    if grievance_id is None:
        problem = gettext("没有这个查询码，请核对后再试。")
        return render_template("requests/answer.html", found=None, problem=problem), _UNKNOWN
    found = rows.progress(grievance_id)
    return render_template("requests/answer.html", found=found, problem="")


@bp.post("/report-concern")
@public_command
def report_concern() -> ResponseReturnValue:
    form = concern_page.form(ConcernForm())
    given = {name: form[name].data or "" for name in ("county_code", "words", "contact")}
    address = request.remote_addr or ""
    receipt = attempt(form, grievances.send, address=address, category=CONCERN, **given)
    if receipt is None:
        return concern_page.show(form), _REFUSED
    return render_template("requests/receipt.html", receipt=receipt, concern=True)


def _offered(form: ComplaintForm) -> ComplaintForm:
    places = [(each.code, f"{each.tenant_name} {each.name}") for each in registration.counties()]
    form.offer(places, {code: gettext(word) for code, word in CATEGORIES.items()})
    return form


def _form(form: ComplaintForm) -> str:
    text = reading.of_kind("complaint")
    return render_template("requests/complaint.html", form=_offered(form), text=text)
