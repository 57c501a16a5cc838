"""The supervisor's board of pairings, and what is done about one pairing's cadence."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.domain.pairing_board import MARKS
from portal.domain.permissions import Permission
from portal.forms.cadences import ExcuseForm, ReviewForm, SubstituteForm
from portal.queries import pairing_board as reading
from portal.queries import pairings
from portal.services import cadence_care, sight, substitutions
from portal.web import cadence_pages
from portal.web.forms import attempt
from portal.web.gate import command, page
from portal.web.values import shown_version, uuid_of

_REFUSED = 422


@bp.get("/pairings/board")
@page(Permission.PAIRING_READ)
def pairing_board() -> ResponseReturnValue:
    wanted = cadence_pages.wanted(request.args)
    return render_template(
        "pairings/board.html",
        board=reading.board(g.actor, wanted, cadence_pages.offset(request.args)),
        wanted=wanted,
        marks=MARKS,
        places=pairings.places(g.actor),
        first=not cadence_pages.offset(request.args),
    )


@bp.post("/pairings/<uuid:pairing_id>/call")
@command(Permission.SUPPORTER_VET, fresh="supporter.reveal")
def pairing_call(pairing_id: UUID) -> ResponseReturnValue:
    row = reading.one(g.actor, pairing_id)
    sight.open_supporter(g.actor, row.supporter_id, field=reading.PHONE, reason="contact")
    flash(gettext("号码已打开15分钟，这次查看留有记录。"), "ok")
    return redirect(url_for(".pairing_cadence", pairing_id=pairing_id), 303)


@bp.get("/pairings/<uuid:pairing_id>/cadence")
@page(Permission.PAIRING_READ)
def pairing_cadence(pairing_id: UUID) -> ResponseReturnValue:
    return cadence_pages.care(g.actor, pairing_id)


@bp.post("/pairings/<uuid:pairing_id>/excuse")
@command(Permission.CADENCE_CARE)
def pairing_excuse(pairing_id: UUID) -> ResponseReturnValue:
    form = cadence_pages.excuse_form(pairing_id)
    if attempt(form, lambda: _excuse(pairing_id, form)) is None:
        return cadence_pages.care(g.actor, pairing_id, excuse=form), _REFUSED
    flash(gettext("已免除这一次，结对人会收到通知。"), "ok")
    return redirect(url_for(".pairing_cadence", pairing_id=pairing_id), 303)


@bp.post("/pairings/excuses/<uuid:excuse_id>/withdraw")
@command(Permission.CADENCE_CARE)
def pairing_excuse_withdraw(excuse_id: UUID) -> ResponseReturnValue:
    pairing_id = cadence_care.withdraw_excuse(g.actor, excuse_id)
    flash(gettext("已收回，这一次照常要求。"), "ok")
    return redirect(url_for(".pairing_cadence", pairing_id=pairing_id), 303)


@bp.post("/pairings/<uuid:pairing_id>/review")
@command(Permission.CADENCE_CARE)
def pairing_review(pairing_id: UUID) -> ResponseReturnValue:
    form = ReviewForm()
    if attempt(form, lambda: _review(pairing_id, form)) is None:
        return cadence_pages.care(g.actor, pairing_id, review=form), _REFUSED
    flash(gettext("已提请复核。"), "ok")
    return redirect(url_for(".pairing_cadence", pairing_id=pairing_id), 303)


@bp.post("/pairings/<uuid:pairing_id>/substitute")
@command(Permission.PAIRING_MANAGE)
def pairing_substitute(pairing_id: UUID) -> ResponseReturnValue:
    form = cadence_pages.substitute_form(g.actor, pairing_id)
    if attempt(form, lambda: _substitute(pairing_id, form)) is None:
        return cadence_pages.care(g.actor, pairing_id, substitute=form), _REFUSED
    flash(gettext("已请人代班，到期自动结束；已通知各方。"), "ok")
    return redirect(url_for(".pairing_cadence", pairing_id=pairing_id), 303)


@bp.post("/pairings/substitutions/<uuid:substitution_id>/end")
@command(Permission.PAIRING_MANAGE)
def pairing_substitute_end(substitution_id: UUID) -> ResponseReturnValue:
    pairing_id = substitutions.end_substitution(g.actor, substitution_id, version=shown_version())
    flash(gettext("代班已结束。"), "ok")
    return redirect(url_for(".pairing_cadence", pairing_id=pairing_id), 303)


def _excuse(pairing_id: UUID, form: ExcuseForm) -> UUID:
    kind, first = form.read_period()
    return cadence_care.excuse(
        g.actor, pairing_id, kind=kind, period_from=first,
        reason_code=form.reason_code.data, words=form.words.data or "",
    )  # fmt: skip


def _review(pairing_id: UUID, form: ReviewForm) -> UUID:
    return cadence_care.propose_review(
        g.actor, pairing_id, on=form.on.data, words=form.words.data or ""
    )


def _substitute(pairing_id: UUID, form: SubstituteForm) -> UUID:
    return substitutions.substitute(
        g.actor, pairing_id, supporter_id=uuid_of(form.supporter_id.data),
        from_on=form.from_on.data, until_on=form.until_on.data,
        reason_code=form.reason_code.data,
    )  # fmt: skip
