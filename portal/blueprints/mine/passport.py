"""Asking to meet children, and appealing against a refusal."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.mine.frame import bp
from portal.domain.permissions import Permission
from portal.forms.passports import AppealForm, ContactForm
from portal.queries import passports
from portal.queries import supporters as rows
from portal.services import appeals, clearances
from portal.web import passport_words
from portal.web.forms import attempt
from portal.web.gate import command, not_found, page

_REFUSED = 422


@bp.get("/profile/<uuid:supporter_id>/contact")
@page(Permission.CLEARANCE_ASK)
def contact(supporter_id: UUID) -> ResponseReturnValue:
    return _contact_page(supporter_id, ContactForm(formdata=None))


@bp.post("/profile/<uuid:supporter_id>/contact")
@command(Permission.CLEARANCE_ASK)
def ask_contact(supporter_id: UUID) -> ResponseReturnValue:
    form = ContactForm()
    if attempt(form, _ask, supporter_id, form) is None:
        return _contact_page(supporter_id, form), _REFUSED
    flash(gettext("已提交，工作人员会与您约时间查询、面谈和培训。"), "ok")
    return redirect(url_for("mine.profile"), 303)


@bp.get("/profile/<uuid:supporter_id>/appeal")
@page(Permission.CLEARANCE_ASK)
def appeal(supporter_id: UUID) -> ResponseReturnValue:
    return _appeal_page(supporter_id, AppealForm(formdata=None))


@bp.post("/profile/<uuid:supporter_id>/appeal")
@command(Permission.CLEARANCE_ASK)
def file_appeal(supporter_id: UUID) -> ResponseReturnValue:
    form = AppealForm()
    words = form.words.data or ""
    if attempt(form, appeals.file, g.actor, supporter_id, words=words) is None:
        return _appeal_page(supporter_id, form), _REFUSED
    flash(gettext("申诉已提交，答复会寄到您的邮箱。"), "ok")
    return redirect(url_for("mine.profile"), 303)


def _ask(supporter_id: UUID, form: ContactForm) -> UUID:
    return clearances.ask(
        g.actor,
        supporter_id,
        pledge=bool(form.pledge.data),
        relative_of_child=form.relative_of_child.data == "yes",
        works_for_bureau=form.works_for_bureau.data == "yes",
        words=form.words.data or "",
    )


def _contact_page(supporter_id: UUID, form: ContactForm) -> str:
    own = rows.own_one(g.actor, supporter_id)
    if own.kind != "individual":
        not_found()
    return render_template(
        "mine/contact.html",
        own=own,
        form=form,
        passport=passports.own(g.actor)[supporter_id],
        words=passport_words.WORDS,
        tones=passport_words.TONES,
    )


def _appeal_page(supporter_id: UUID, form: AppealForm) -> str:
    own = rows.own_one(g.actor, supporter_id)
    passport = passports.own(g.actor)[supporter_id]
    return render_template("mine/appeal.html", own=own, form=form, passport=passport)
