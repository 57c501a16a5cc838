"""The desk's page of one promise: its dossier and the forms that fit its state and the reader."""

from __future__ import annotations

from typing import Any

from flask import g, render_template

from portal.core import access
from portal.domain import clock
from portal.domain.permissions import Permission
from portal.forms import commitments as forms
from portal.queries.dossiers import Dossier
from portal.services.commitments import Receipt
from portal.web import uploads

#: Moves on many at once that belong to the last mile.
LAST_MILE = frozenset({"release_thanks", "archive"})


def show(dossier: Dossier, tried: forms.VersionedForm | None = None) -> str:
    """Render the dossier; ``tried`` is the form that was not right, shown as it was filled in."""
    offered = _forms(dossier)
    if tried is not None:
        offered[tried.step] = tried
    return render_template(
        "commitments/dossier.html",
        dossier=dossier,
        forms=offered,
        tried=tried.step if tried is not None else "",
        own_thanks=dossier.thanks_by == g.actor.user_id,
    )


def receipt(form: forms.ReceiveForm) -> Receipt:
    """Return what the handover point filled in."""
    return Receipt(
        delivered_on=form.delivered_on.data,
        value_fen=form.value_fen,
        photo_id=uploads.kept(form).get("photo"),
        donation_receipt_no=form.donation_receipt_no.data or "",
    )


def _forms(dossier: Dossier) -> dict[str, Any]:
    """Return the forms of the steps this person may take now, filled with the usual answers."""
    offered = {
        kind.step: kind(formdata=None, data={"version": dossier.version, **usual})
        for kind, permission, fits, usual in _steps(dossier)
        if fits and access.permits(g.actor, permission, dossier)
    }
    if approval := offered.get(forms.ApproveForm.step):
        approval.offer(dossier.points)
    return offered


def _steps(dossier: Dossier) -> tuple[tuple[Any, Permission, bool, dict[str, Any]], ...]:
    pending = dossier.status == "pending"
    coming = dossier.status in ("approved", "delivering")
    fulfilled = dossier.wish_status == "fulfilled"
    waits = fulfilled and dossier.thanks_by is not None and not dossier.thanks_public
    today = clock.today()
    approval = {
        "deliver_by": max(dossier.window_deliver_by, today),
        "handover_point": next(iter(dossier.points), ""),
    }
    approve, archive = Permission.COMMITMENT_APPROVE, Permission.WISH_ARCHIVE
    director = Permission.WISH_HAND_OVER
    return (
        (forms.ApproveForm, approve, pending, approval),
        (forms.DeclineForm, approve, pending, {}),
        (
            forms.ReceiveForm,
            Permission.COMMITMENT_RECEIVE,
            coming,
            {"delivered_on": today, "value": 0 if dossier.promise.get("is_service") else None},
        ),
        (forms.FailForm, approve, coming, {}),
        (
            forms.HandOverForm,
            director,
            dossier.status == "delivered",
            {"handed_over_on": today},
        ),
        (forms.ThanksForm, director, fulfilled and not dossier.thanks_public,
         {"thanks": dossier.thanks}),
        (forms.ReleaseThanksForm, archive, waits, {}),
        (forms.ReturnThanksForm, archive, waits, {}),
        (forms.ArchiveForm, archive, fulfilled and not waits, {}),
    )  # fmt: skip
