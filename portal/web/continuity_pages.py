"""The pages of continuity: their forms, filled with the usual answers, and their words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import g, render_template
from flask_babel import gettext

from portal.core import access
from portal.domain import clock
from portal.domain.cadence import KIND_LABELS
from portal.domain.continuity import (
    DECISIONS,
    FARES,
    FOLLOWS,
    GAPS,
    GOALS,
    HANDOVER_PARTS,
    MISSING,
    PARTIES,
)
from portal.domain.lifecycles.pairings import MET
from portal.domain.permissions import Permission
from portal.forms.continuity import (
    AcceptForm,
    HandoverForm,
    InterviewForm,
    LeaveForm,
    ReviewHoldForm,
    TransferForm,
)
from portal.queries import (
    child_transfers,
    closing_interviews,
    handovers,
    own_pairings,
    pairing_dossiers,
    pairing_reviews,
)
from portal.services import pairing_reviews as reviewing
from portal.web import pairing_words

_WORDS: Mapping[str, Mapping[str, str]] = {
    "fares": FARES,
    "goal": GOALS,
    "decision": DECISIONS,
    "party": PARTIES,
    "follows": FOLLOWS,
    "gap": GAPS,
    "missing": MISSING,
    "part": HANDOVER_PARTS,
    "contact": KIND_LABELS,
}


def word(kind: str, code: str) -> str:
    """Return the words of a code of domain.continuity; an unknown code says nothing."""
    return gettext(_WORDS[kind][code]) if code in _WORDS[kind] else ""


def reviews(pairing_id: UUID, form: ReviewHoldForm | None = None) -> str:
    """Return the page of a pairing's reviews, with the form for who may hold one now."""
    found = pairing_dossiers.dossier(g.actor, pairing_id)
    if form is None and may_review(found):
        form = review_form(
            found.row.rhythm,
            formdata=None,
            data={"version": found.row.version, "held_on": clock.today()},
        )
    return render_template(
        "continuity/reviews.html",
        d=found,
        form=form,
        figures=reviewing.figures(pairing_id) if form else {},
        rows=pairing_reviews.of_pairing(g.actor, pairing_id),
        words=pairing_words,
        word=word,
    )


def may_review(found: pairing_dossiers.PairingDossier) -> bool:
    """Tell whether the reader may hold a review of a pairing now."""
    return found.row.status in MET and access.permits(g.actor, Permission.CADENCE_CARE, found.row)


def review_form(rhythm: str, **given: Any) -> ReviewHoldForm:
    """Return the form with the rhythms that could be agreed."""
    form = ReviewHoldForm(**given)
    form.offer(rhythm)
    return form


def desk_handover(pairing_id: UUID, form: HandoverForm | None = None) -> str:
    """Return the hand-over of a pairing for staff."""
    found = handovers.desk(g.actor, pairing_id)
    return render_template(
        "continuity/handover.html",
        h=found,
        form=form or (handover_form(found) if found.may_write else None),
        word=word,
    )


def own_handover(
    pairing_id: UUID, form: HandoverForm | None = None, leave: LeaveForm | None = None
) -> str:
    """Return what a mentor received and writes for an own pairing, and the way to stop."""
    found, pairing = handovers.own(g.actor, pairing_id), own_pairings.get(g.actor, pairing_id)
    return render_template(
        "continuity/own_handover.html",
        pairing=pairing,
        h=found,
        received=handovers.received(g.actor, pairing_id),
        form=form or (handover_form(found) if found.may_write else None),
        leave=own_ids(leave or LeaveForm(formdata=None, data={"version": pairing.version})),
        word=word,
    )


def own_ids(form: LeaveForm) -> LeaveForm:
    """Give the second form of a page its own field ids, so that a label finds its field."""
    for field in form:
        field.id = f"leave-{field.name}"
        field.label.field_id = field.id
    return form


def handover_form(found: handovers.HandoverView) -> HandoverForm:
    """Return the form with what is written already."""
    return HandoverForm(formdata=None, data={"version": found.version or "", **dict(found.parts)})


def interview(pairing_id: UUID, form: InterviewForm | None = None) -> str:
    """Return the interview of a pairing: what was said, or the form."""
    found = closing_interviews.one(g.actor, pairing_id)
    usual = InterviewForm(formdata=None, data={"held_on": clock.today()})
    return render_template(
        "continuity/interview.html",
        i=found,
        form=form or (usual if found.may_record else None),
        words=pairing_words,
        word=word,
    )


def transfer(transfer_id: UUID, form: AcceptForm | None = None) -> str:
    """Return one transfer, with the form for who answers."""
    found = child_transfers.one(g.actor, transfer_id)
    if form is None:
        form = accept_form(found, formdata=None, data={"version": found.version})
    return render_template(
        "continuity/transfer.html", t=found, form=form, words=pairing_words, word=word
    )


def accept_form(found: child_transfers.TransferRow, **given: Any) -> AcceptForm:
    """Return the form with the villages of the receiving county."""
    form = AcceptForm(**given)
    form.offer(
        (town, [(one.code, one.name) for one in villages]) for town, villages in found.villages
    )
    return form


def new_transfer(child_id: UUID, form: TransferForm | None = None) -> str:
    """Return the page on which a county proposes a transfer."""
    found = child_transfers.to_propose(g.actor, child_id)
    return render_template(
        "continuity/new_transfer.html",
        child=found,
        form=form or transfer_form(found, formdata=None, data={"moves_on": clock.today()}),
    )


def transfer_form(found: child_transfers.ChildLine, **given: Any) -> TransferForm:
    """Return the form with the counties of the authority."""
    form = TransferForm(**given)
    form.offer((one.code, one.name) for one in found.counties)
    return form
