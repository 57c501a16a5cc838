"""What I leave for the next mentor, what the one before left for me, and asking to stop."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.mine.frame import bp
from portal.domain.permissions import Permission
from portal.forms.continuity import HandoverForm, LeaveForm
from portal.queries import handovers as rows
from portal.services import handovers, pairing_leaving
from portal.web import continuity_pages
from portal.web.forms import attempt
from portal.web.gate import command, not_found, page

_REFUSED = 422


@bp.get("/pairings/<uuid:pairing_id>/handover", endpoint="pairing_handover")
@page(Permission.HANDOVER_WRITE)
def handover(pairing_id: UUID) -> ResponseReturnValue:
    return continuity_pages.own_handover(pairing_id)


@bp.post("/pairings/<uuid:pairing_id>/handover", endpoint="pairing_handover_write")
@command(Permission.HANDOVER_WRITE)
def write_handover(pairing_id: UUID) -> ResponseReturnValue:
    rows.own(g.actor, pairing_id)
    form = HandoverForm()
    done = attempt(
        form, lambda: handovers.write(g.actor, pairing_id, form.parts(), version=form.seen)
    )
    if done is None:
        return continuity_pages.own_handover(pairing_id, form), _REFUSED
    flash(gettext("已保存，工作人员会审读。"), "ok")
    return redirect(url_for("mine.pairing_handover", pairing_id=pairing_id), 303)


@bp.get("/pairings/<uuid:pairing_id>/handover/print", endpoint="pairing_handover_sheet")
@page(Permission.HANDOVER_WRITE)
def print_handover(pairing_id: UUID) -> ResponseReturnValue:
    found = rows.received(g.actor, pairing_id)
    if found is None:
        not_found()
    return render_template("continuity/handover_sheet.html", h=found, word=continuity_pages.word)


@bp.post("/pairings/<uuid:pairing_id>/leave", endpoint="pairing_leave")
@command(Permission.CONTACT_WRITE)
def ask_to_leave(pairing_id: UUID) -> ResponseReturnValue:
    rows.own(g.actor, pairing_id)
    form = LeaveForm()
    done = attempt(
        form,
        lambda: pairing_leaving.ask_to_leave(
            g.actor, pairing_id, words=form.words.data or "", version=form.seen
        ),
    )
    if done is None:
        return continuity_pages.own_handover(pairing_id, leave=form), _REFUSED
    flash(gettext("已告诉工作人员，他们会联系您。在那之前请照常陪伴。"), "ok")
    return redirect(url_for("mine.pairing", pairing_id=pairing_id), 303)
