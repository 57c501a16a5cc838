"""My application: where it stands, what is missing, what happens next."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.mine.frame import bp
from portal.domain.lifecycles.supporters import MACHINE
from portal.domain.permissions import Permission
from portal.domain.vetting import FIELDS
from portal.forms.registration import ApplicantForm, correction
from portal.queries import members, passports
from portal.queries import supporters as rows
from portal.queries.supporters import Dossier
from portal.services import renewals, supporters
from portal.web import applying, passport_words, uploads
from portal.web.forms import attempt
from portal.web.gate import command, page
from portal.web.values import shown_version

_REFUSED = 422


@bp.get("/profile")
@page()
def profile() -> ResponseReturnValue:
    return render_template(
        "mine/profile.html",
        applications=rows.own(g.actor),
        passports=passports.own(g.actor),
        invitations=members.invitations(g.actor),
        words=passport_words.WORDS,
        tones=passport_words.TONES,
    )


@bp.get("/profile/<uuid:supporter_id>/edit")
@page(Permission.SUPPORTER_REGISTER)
def edit(supporter_id: UUID) -> ResponseReturnValue:
    own = rows.own_one(g.actor, supporter_id)
    return _edit_page(own, correction(own, applying.texts_at(own.county_code).in_force))


@bp.post("/profile/<uuid:supporter_id>/edit")
@command(Permission.SUPPORTER_REGISTER)
def resubmit(supporter_id: UUID) -> ResponseReturnValue:
    own = rows.own_one(g.actor, supporter_id)
    form = correction(own, applying.texts_at(own.county_code).in_force)
    uploads.keep(form)
    if attempt(form, _resubmit, supporter_id, form) is None:
        return _edit_page(own, form), _REFUSED
    flash(gettext("已重新提交，工作人员会在 5 个工作日内查看。"), "ok")
    return redirect(url_for("mine.profile"), 303)


@bp.post("/profile/<uuid:supporter_id>/renew")
@command(Permission.SUPPORTER_REGISTER)
def renew(supporter_id: UUID) -> ResponseReturnValue:
    renewals.ask(g.actor, supporter_id, version=shown_version())
    flash(gettext(MACHINE.transition("ask_renewal").done), "ok")
    return redirect(url_for("mine.profile"), 303)


def _edit_page(own: Dossier, form: ApplicantForm) -> str:
    fields = [*FIELDS[own.kind], *(["is_teacher"] if own.kind == "individual" else [])]
    shown = applying.texts_at(own.county_code)
    form.show_texts(shown.in_force)
    return render_template("mine/edit.html", own=own, form=form, fields=fields, texts=shown)


def _resubmit(supporter_id: UUID, form: ApplicantForm) -> UUID:
    return supporters.resubmit(
        g.actor,
        supporter_id,
        form.application(documents=uploads.kept(form)),
        version=shown_version(),
        allow_fictitious=current_app.config["SETTINGS"].allow_fictitious_id,
    )
