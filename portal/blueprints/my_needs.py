"""The director's pairing needs: whose, what the assessment found, consent, the need itself."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.domain import clock
from portal.domain.needs import CONSENT_SCOPE
from portal.domain.permissions import Permission
from portal.forms.needs import AssessmentForm, NeedForm
from portal.forms.wishes import ConsentForm
from portal.queries import drafting, need_drafting
from portal.queries import needs as reading
from portal.services import needs, wish_review, wishes
from portal.web import need_desk
from portal.web.forms import attempt, tell_apart
from portal.web.gate import command, page, safe_next
from portal.web.values import shown_version

bp = Blueprint("my_needs", __name__, url_prefix="/desk/my-needs")
_REFUSED = 422
_LIST = "my_needs"


@bp.get("")
@page(Permission.NEED_DRAFT)
def mine() -> ResponseReturnValue:
    after = need_desk.unsealed(request.args.get("after", ""), _LIST)
    found = reading.mine(g.actor, after)
    on = need_desk.sealed(found.next_after, _LIST)
    next_url = url_for(".mine", after=on) if on else ""
    return render_template("needs/mine.html", page=found, next_url=next_url)


@bp.get("/new")
@page(Permission.NEED_DRAFT)
def choose_child() -> ResponseReturnValue:
    return render_template("needs/choose_child.html", children=need_drafting.children(g.actor))


@bp.get("/children/<uuid:child_id>")
@page(Permission.NEED_ASSESS)
def write(child_id: UUID) -> ResponseReturnValue:
    child = need_drafting.child(g.actor, child_id)
    form = _form(child)
    form.assessed_on.data = child.assessed_on or clock.today()
    return _write_page(child, form)


@bp.post("/children/<uuid:child_id>")
@command(Permission.NEED_DRAFT)
def draft(child_id: UUID) -> ResponseReturnValue:
    child = need_drafting.child(g.actor, child_id)
    form = _form(child)
    need_id = attempt(form, lambda: needs.draft(g.actor, child_id, form.read()))
    if need_id is None:
        return _write_page(child, form), _REFUSED
    return redirect(url_for(".one", need_id=need_id), 303)


@bp.post("/children/<uuid:child_id>/assess")
@command(Permission.NEED_ASSESS)
def assess(child_id: UUID) -> ResponseReturnValue:
    form = AssessmentForm()
    done = attempt(
        form,
        lambda: needs.record_assessment(
            g.actor,
            child_id,
            lacks_affection=form.lacks_affection.data == "yes",
            assessed_on=form.assessed_on.data,
        ),
    )
    if done is None:
        child = need_drafting.child(g.actor, child_id)
        return _write_page(child, _form(child, blank=True), assessment=form), _REFUSED
    flash(gettext("评估结果已记在孩子的档案里"), "success")
    return redirect(safe_next(url_for(".write", child_id=child_id)), 303)


@bp.get("/children/<uuid:child_id>/consent")
@page(Permission.NEED_DRAFT)
def consent(child_id: UUID) -> ResponseReturnValue:
    form = _consent_form(child_id)
    form.given_on.data = clock.today()
    return _consent_page(child_id, form)


@bp.post("/children/<uuid:child_id>/consent")
@command(Permission.NEED_DRAFT)
def give_consent(child_id: UUID) -> ResponseReturnValue:
    form = _consent_form(child_id)
    done = attempt(
        form, lambda: wishes.record_consent(g.actor, child_id, form.read(), CONSENT_SCOPE)
    )
    if done is None:
        return _consent_page(child_id, form), _REFUSED
    flash(gettext("已记录监护人对结对帮扶的同意"), "success")
    return redirect(safe_next(url_for(".write", child_id=child_id)), 303)


@bp.get("/<uuid:need_id>")
@page(Permission.NEED_DRAFT)
def one(need_id: UUID) -> ResponseReturnValue:
    return need_desk.dossier_page("needs/one.html", need_id)


@bp.post("/<uuid:need_id>")
@command(Permission.NEED_DRAFT)
def move(need_id: UUID) -> ResponseReturnValue:
    said = need_desk.move_and_say(need_id)
    if said is not None:
        return need_desk.dossier_page("needs/one.html", need_id, refused=said), _REFUSED
    return redirect(url_for(".one", need_id=need_id), 303)


@bp.get("/<uuid:need_id>/edit")
@page(Permission.NEED_DRAFT)
def edit(need_id: UUID) -> ResponseReturnValue:
    written = need_drafting.written(g.actor, need_id)
    form = _form(written.child)
    form.fill(written.asked, written.version)
    return _write_page(written.child, form, need_id=need_id)


@bp.post("/<uuid:need_id>/edit")
@command(Permission.NEED_DRAFT)
def save(need_id: UUID) -> ResponseReturnValue:
    written = need_drafting.written(g.actor, need_id)
    form, version = _form(written.child), shown_version()
    done = attempt(form, lambda: needs.edit(g.actor, need_id, form.read(), version))
    if done is None:
        return _write_page(written.child, form, need_id=need_id), _REFUSED
    return redirect(url_for(".one", need_id=need_id), 303)


@bp.post("/<uuid:need_id>/consent/withdraw")
@command(Permission.WISH_WITHDRAW)
def withdraw_consent(need_id: UUID) -> ResponseReturnValue:
    need = reading.dossier(g.actor, need_id)
    if need.consent is not None:
        wish_review.withdraw_consent(g.actor, need.consent.id, request.form.get("reason", ""))
        flash(gettext("已撤回监护人同意，卡片已从各处移除"), "success")
    return redirect(safe_next(url_for(".mine")), 303)


def _form(child: need_drafting.ChildNow, *, blank: bool = False) -> NeedForm:
    form = NeedForm(formdata=None) if blank else NeedForm()
    form.offer(child.age)
    return form


def _write_page(
    child: need_drafting.ChildNow,
    form: NeedForm,
    *,
    need_id: UUID | None = None,
    assessment: AssessmentForm | None = None,
) -> str:
    if assessment is None:
        assessment = AssessmentForm(formdata=None, prefix="")
        assessment.assessed_on.data = clock.today()
    tell_apart(assessment, "assess")
    return render_template(
        "needs/write.html", child=child, form=form, need_id=need_id, assessment=assessment
    )


def _consent_form(child_id: UUID) -> ConsentForm:
    form = ConsentForm()
    form.offer(
        [
            (one.id, gettext("%(name)s（%(relation)s）", name=one.name, relation=one.relation))
            for one in drafting.guardians(child_id)
        ]
    )
    return form


def _consent_page(child_id: UUID, form: ConsentForm) -> str:
    child = need_drafting.child(g.actor, child_id)
    return render_template("needs/consent.html", child=child, form=form)
