"""So that no child is dropped: who is needed, reviews, hand-overs, closing interviews."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.domain.errors import Invalid
from portal.domain.lifecycles.handovers import MACHINE
from portal.domain.permissions import Permission
from portal.forms.continuity import HandoverForm, InterviewForm
from portal.queries import closing_interviews as interviews
from portal.queries import handovers as pages
from portal.queries import pairing_dossiers, pairing_gaps
from portal.services import (
    closing_interviews,
    handovers,
    pairing_contacts,
    pairing_leaving,
    pairing_reviews,
)
from portal.web import continuity_pages, pairing_words
from portal.web.errors import sentence
from portal.web.forms import attempt
from portal.web.gate import command, not_found, page
from portal.web.values import shown_version, uuid_of

_REFUSED = 422


@bp.get("/pairings/gaps", endpoint="pairing_gaps")
@page(Permission.CADENCE_CARE)
def needing_somebody() -> ResponseReturnValue:
    return _gaps({})


@bp.post("/pairings/<uuid:pairing_id>/contact", endpoint="pairing_contact")
@command(Permission.CADENCE_CARE)
def name_contact(pairing_id: UUID) -> ResponseReturnValue:
    person = uuid_of(request.form.get("user_id", ""))
    pairing_contacts.name(g.actor, pairing_id, user_id=person, version=shown_version())
    flash(gettext("已指定联系人，结对人会收到通知。"), "ok")
    return redirect(url_for("desk.pairing_gaps"), 303)


@bp.post("/pairings/<uuid:pairing_id>/stay", endpoint="pairing_stay")
@command(Permission.CADENCE_CARE)
def settle(pairing_id: UUID) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    try:
        pairing_leaving.stay(g.actor, pairing_id, reason=reason, version=shown_version())
    except Invalid as refusal:
        return _gaps({pairing_id: sentence(refusal)}), _REFUSED
    flash(gettext("已记下：结对继续。"), "ok")
    return redirect(url_for("desk.pairing_gaps"), 303)


@bp.get("/pairings/interviews", endpoint="pairing_interviews")
@page(Permission.PAIRING_MEET)
def open_interviews() -> ResponseReturnValue:
    return render_template(
        "continuity/interviews.html", rows=interviews.queue(g.actor), words=pairing_words
    )


@bp.get("/pairings/<uuid:pairing_id>/interview", endpoint="pairing_interview")
@page(Permission.PAIRING_MEET)
def one_interview(pairing_id: UUID) -> ResponseReturnValue:
    return continuity_pages.interview(pairing_id)


@bp.post("/pairings/<uuid:pairing_id>/interview", endpoint="pairing_interview_record")
@command(Permission.PAIRING_MEET)
def record_interview(pairing_id: UUID) -> ResponseReturnValue:
    interviews.one(g.actor, pairing_id)
    form = InterviewForm()
    done = attempt(form, lambda: closing_interviews.record(g.actor, pairing_id, form.interview()))
    if done is None:
        return continuity_pages.interview(pairing_id, form), _REFUSED
    flash(gettext("结束访谈已登记。"), "ok")
    return redirect(url_for("desk.pairing_interview", pairing_id=pairing_id), 303)


@bp.get("/pairings/<uuid:pairing_id>/reviews", endpoint="pairing_reviews")
@page(Permission.PAIRING_READ)
def reviews_of_pairing(pairing_id: UUID) -> ResponseReturnValue:
    return continuity_pages.reviews(pairing_id)


@bp.post("/pairings/<uuid:pairing_id>/reviews", endpoint="pairing_review_hold")
@command(Permission.CADENCE_CARE)
def hold_review(pairing_id: UUID) -> ResponseReturnValue:
    found = pairing_dossiers.dossier(g.actor, pairing_id)
    form = continuity_pages.review_form(found.row.rhythm)
    done = attempt(
        form,
        lambda: pairing_reviews.hold(g.actor, pairing_id, form.review(), version=form.seen),
    )
    if done is None:
        return continuity_pages.reviews(pairing_id, form), _REFUSED
    flash(gettext("复核已登记，半年后再看。"), "ok")
    return redirect(url_for("desk.pairing_reviews", pairing_id=pairing_id), 303)


@bp.get("/pairings/<uuid:pairing_id>/handover", endpoint="pairing_handover")
@page(Permission.PAIRING_MEET)
def handover_of_pairing(pairing_id: UUID) -> ResponseReturnValue:
    return continuity_pages.desk_handover(pairing_id)


@bp.post("/pairings/<uuid:pairing_id>/handover", endpoint="pairing_handover_write")
@command(Permission.PAIRING_MEET)
def write_handover(pairing_id: UUID) -> ResponseReturnValue:
    pages.desk(g.actor, pairing_id)
    form = HandoverForm()
    done = attempt(
        form, lambda: handovers.write(g.actor, pairing_id, form.parts(), version=form.seen)
    )
    if done is None:
        return continuity_pages.desk_handover(pairing_id, form), _REFUSED
    flash(gettext("已保存，请另一位同事审读。"), "ok")
    return redirect(url_for("desk.pairing_handover", pairing_id=pairing_id), 303)


@bp.post("/handovers/<uuid:handover_id>", endpoint="handover_act")
@command(Permission.CADENCE_CARE)
def read_handover(handover_id: UUID) -> ResponseReturnValue:
    move, reason = request.form.get("transition", ""), request.form.get("reason", "")
    if move not in ("release", "return"):
        not_found()
    try:
        if move == "release":
            owner = handovers.release(g.actor, handover_id, version=shown_version())
        else:
            owner = handovers.send_back(
                g.actor, handover_id, reason=reason, version=shown_version()
            )
    except Invalid as refusal:
        flash(sentence(refusal), "warn")
        return redirect(url_for("desk.pairing_handover", pairing_id=_pairing(handover_id)), 303)
    flash(gettext(MACHINE.transition(move).done), "ok")
    return redirect(url_for("desk.pairing_handover", pairing_id=owner), 303)


def _pairing(handover_id: UUID) -> UUID:
    return pages.pairing_of(handover_id)


def _gaps(problems: dict[UUID, str]) -> str:
    return render_template(
        "continuity/gaps.html",
        rows=pairing_gaps.queue(g.actor),
        problems=problems,
        word=continuity_pages.word,
    )
