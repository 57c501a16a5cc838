"""Taking part, at the desk of whoever speaks with the family: apply, consents, answers, notes."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.domain import pickup_codes
from portal.domain.errors import Invalid
from portal.domain.lifecycles.enrolments import ENROLMENTS
from portal.domain.permissions import Permission
from portal.queries import enrolment_choices as choices
from portal.queries import enrolments as rows
from portal.services import enrolments, pickup_persons, places
from portal.services.enrolments import Consents, Notes
from portal.web import taking_part_words
from portal.web.errors import sentence
from portal.web.gate import command, page
from portal.web.values import maybe_date, maybe_uuid, shown_version, uuid_of

_REFUSED = 422
_PLACES = {"accept": places.accept, "pass_on": places.pass_on}


@bp.get("/enrolments", endpoint="enrolments")
@page(Permission.ENROL_APPLY)
def enrolment_list() -> ResponseReturnValue:
    status = request.args.get("status", "")
    status = status if status in ENROLMENTS.states else ""
    found, after = rows.listed(g.actor, status, request.args.get("after", ""))
    return render_template(
        "taking_part/desk.html",
        rows=found,
        after=after,
        status=status,
        counts=rows.counts(),
        states=ENROLMENTS.states,
        programmes=choices.open_programmes(),
        words=taking_part_words,
    )


@bp.get("/enrolments/new/<uuid:programme_id>")
@page(Permission.ENROL_APPLY)
def enrolment_new(programme_id: UUID) -> ResponseReturnValue:
    return _application(programme_id, {})


@bp.post("/enrolments/new/<uuid:programme_id>")
@command(Permission.ENROL_APPLY)
def enrolment_apply(programme_id: UUID) -> ResponseReturnValue:
    child = request.form.get("child", "")
    if not child:
        return _application(programme_id, {"child": gettext("请选择一个孩子")}), _REFUSED
    together = maybe_uuid(request.form.get("together"))
    try:
        enrolment_id = enrolments.apply(
            g.actor, programme_id, uuid_of(child), together_with=together, notes=_notes()
        )
    except Invalid as refusal:
        return _application(programme_id, {"": sentence(refusal)}), _REFUSED
    flash(gettext("已报名。请接着登记监护人的同意：没有同意不会录取。"), "ok")
    return redirect(url_for("desk.enrolment", enrolment_id=enrolment_id), 303)


@bp.get("/enrolments/<uuid:enrolment_id>", endpoint="enrolment")
@page(Permission.ENROL_APPLY)
def one_enrolment(enrolment_id: UUID) -> ResponseReturnValue:
    return _page(enrolment_id, {})


@bp.post("/enrolments/<uuid:enrolment_id>/<any(consent, notes, accept, pass_on, drop):step>")
@command(Permission.ENROL_APPLY)
def enrolment_step(enrolment_id: UUID, step: str) -> ResponseReturnValue:
    try:
        _step(step, enrolment_id)()
    except Invalid as refusal:
        problems = {step: sentence(refusal), **refusal.fields}
        return _page(enrolment_id, problems), _REFUSED
    flash(gettext("已登记"), "ok")
    return redirect(url_for("desk.enrolment", enrolment_id=enrolment_id), 303)


@bp.post("/enrolments/<uuid:enrolment_id>/persons")
@command(Permission.ENROL_APPLY)
def enrolment_person(enrolment_id: UUID) -> ResponseReturnValue:
    code = pickup_codes.new_code()
    form = request.form
    try:
        pickup_persons.register(
            g.actor, enrolment_id, code=code, name=form.get("name", ""),
            relation=form.get("relation", ""), phone=form.get("phone", ""),
        )  # fmt: skip
    except Invalid as refusal:
        return _page(enrolment_id, {"person": sentence(refusal)}), _REFUSED
    return _page(enrolment_id, {}, told=(form["name"], code))


@bp.post("/enrolments/persons/<uuid:person_id>/<any(renew, end):step>")
@command(Permission.ENROL_APPLY)
def enrolment_person_step(person_id: UUID, step: str) -> ResponseReturnValue:
    person, seen = pickup_persons.get(person_id), shown_version()
    if step == "renew":
        code = pickup_codes.new_code()
        pickup_persons.renew(g.actor, person_id, code=code, version=seen)
        return _page(person.enrolment_id, {}, told=(person.name, code))
    enrolment_id = pickup_persons.end(g.actor, person_id, version=seen)
    flash(gettext("已停用：这位接送人不能再接孩子"), "ok")
    return redirect(url_for("desk.enrolment", enrolment_id=enrolment_id), 303)


def _step(step: str, enrolment_id: UUID) -> Callable[[], UUID]:
    form, seen = request.form, shown_version()
    if step == "consent":
        agreed = frozenset(form.getlist("agreed"))
        given = Consents(
            activity="activity" in agreed, photo="photo" in agreed, medical="medical" in agreed,
            transport="transport" in agreed, by=form.get("by", ""),
            method=form.get("method", ""), on=maybe_date(form.get("on")),
        )  # fmt: skip
        return lambda: enrolments.consent(g.actor, enrolment_id, given, version=seen)
    if step == "notes":
        return lambda: enrolments.note_health(g.actor, enrolment_id, _notes(), version=seen)
    if step == "drop":
        reason = form.get("reason", "")
        return lambda: enrolments.drop(g.actor, enrolment_id, reason=reason, version=seen)
    return lambda: _PLACES[step](g.actor, enrolment_id, version=seen)


def _notes() -> Notes:
    names = ("called", "health", "diet", "second_contact", "second_phone")
    return Notes(**{name: request.form.get(name, "") for name in names})


def _application(programme_id: UUID, problems: dict[str, str]) -> str:
    programme = choices.open_programme(programme_id)
    return render_template(
        "taking_part/apply.html",
        programme=programme,
        children=choices.may_apply(g.actor, programme_id),
        siblings=choices.siblings(g.actor, programme_id),
        chosen=request.values.get("child", ""),
        problems=problems,
        typed=request.form,
        words=taking_part_words,
    )


def _page(enrolment_id: UUID, problems: dict[str, str], told: tuple[str, str] | None = None) -> str:
    return render_template(
        "taking_part/enrolment.html",
        e=rows.view(g.actor, enrolment_id),
        problems=problems,
        typed=request.form,
        told=told,
        words=taking_part_words,
    )
