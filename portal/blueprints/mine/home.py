"""What I promised, what happens next, by when, what came of it."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.mine.frame import bp
from portal.domain.permissions import Permission
from portal.forms.commitments import DispatchForm, ReasonForm
from portal.queries import commitments as rows
from portal.services import commitments, returns
from portal.web import promise_steps
from portal.web.forms import attempt
from portal.web.gate import command, page
from portal.web.values import maybe_uuid

_REFUSED = 422


@bp.get("")
@page()
def home() -> ResponseReturnValue:
    mine = g.actor.supporter_ids
    past, more = rows.past(mine, limit=5)
    return render_template(
        "mine/home.html",
        speakers=rows.speakers(mine),
        live=rows.live(mine),
        past=past,
        more=more is not None,
        fulfilled=rows.fulfilled(mine),
        told=promise_steps,
    )


@bp.get("/history")
@page(Permission.COMMITMENT_CARRY)
def history() -> ResponseReturnValue:
    past, after = rows.past(g.actor.supporter_ids, maybe_uuid(request.args.get("after")))
    first = "after" not in request.args
    return render_template(
        "mine/history.html", past=past, after=after, first=first, told=promise_steps
    )


@bp.get("/commitments/<uuid:commitment_id>")
@page(Permission.COMMITMENT_CARRY)
def commitment(commitment_id: UUID) -> ResponseReturnValue:
    return _page(commitment_id, DispatchForm(), ReasonForm())


@bp.post("/commitments/<uuid:commitment_id>/dispatch")
@command(Permission.COMMITMENT_CARRY)
def dispatch(commitment_id: UUID) -> ResponseReturnValue:
    form = DispatchForm()
    sent = attempt(
        form, lambda: commitments.dispatch(
            g.actor, commitment_id, form.method.data, form.tracking_no.data or "", form.seen
        ),
    )  # fmt: skip
    if sent is None:
        return _page(commitment_id, form, ReasonForm(formdata=None)), _REFUSED
    flash(gettext("已记录，谢谢您。交接点收到后会告诉您"), "success")
    return redirect(url_for("mine.commitment", commitment_id=commitment_id), 303)


@bp.post("/commitments/<uuid:commitment_id>/give-back")
@command(Permission.COMMITMENT_CARRY)
def give_back(commitment_id: UUID) -> ResponseReturnValue:
    form = ReasonForm()
    given = attempt(
        form,
        lambda: returns.give_back(g.actor, commitment_id, form.reason.data, form.seen),
    )
    if given is None:
        return _page(commitment_id, DispatchForm(formdata=None), form), _REFUSED
    flash(gettext("已退回。谢谢您告诉我们，心愿又回到墙上等下一位有心人"), "success")
    return redirect(url_for("mine.home"), 303)


def _page(commitment_id: UUID, sending: DispatchForm, returning: ReasonForm) -> str:
    promise = rows.one(g.actor.supporter_ids, commitment_id)
    return render_template(
        "mine/commitment.html",
        promise=promise,
        sending=sending,
        returning=returning,
        told=promise_steps,
    )
