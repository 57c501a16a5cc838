"""Promises on the desk: lists, the whole dossier before the button, the next opens by itself."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.domain.permissions import Permission
from portal.forms import commitments as forms
from portal.queries import commitment_queues, dossiers
from portal.services import commitments, handover
from portal.web import promise_desk, queues, uploads
from portal.web.errors import sentence
from portal.web.forms import attempt
from portal.web.gate import command, page
from portal.web.values import maybe_uuid, ticked

_REFUSED = 422


@bp.get("/commitments", endpoint="commitments")
@page(Permission.COMMITMENT_READ)
def commitment_list() -> ResponseReturnValue:
    counts = commitment_queues.counts()
    tab = queues.chosen(request.args.get("queue", ""), counts)
    after = maybe_uuid(request.args.get("after"))
    return render_template(
        "commitments/queue.html",
        tab=tab,
        tabs=queues.links(tab, counts),
        found=commitment_queues.page(tab.name, after, full=queues.sees_names()),
        first=after is None,
    )


@bp.post("/commitments")
@command(Permission.COMMITMENT_READ)
def commitments_together() -> ResponseReturnValue:
    chosen, move = ticked(request.form.getlist("ids")), request.form.get("transition", "")
    back = url_for("desk.commitments", queue=request.form.get("queue") or None)
    if not chosen:
        flash(gettext("请先勾选要办的几条"), "info")
        return redirect(back, 303)
    verb = handover.act_on_all if move in promise_desk.LAST_MILE else commitments.act_on_all
    done, refused = verb(g.actor, [*chosen], move, request.form.get("reason", ""))
    if done:
        flash(gettext("办好了%(n)s条", n=len(done)), "success")
    for _row, refusal in refused:
        flash(gettext("有一条没有办：%(why)s", why=sentence(refusal)), "warning")
    return redirect(back, 303)


@bp.get("/commitments/<uuid:commitment_id>")
@page(Permission.COMMITMENT_READ)
def commitment(commitment_id: UUID) -> ResponseReturnValue:
    return promise_desk.show(dossiers.dossier(g.actor, commitment_id))


@bp.post("/commitments/<uuid:commitment_id>/approve")
@command(Permission.COMMITMENT_APPROVE)
def commitment_approve(commitment_id: UUID) -> ResponseReturnValue:
    form = forms.ApproveForm()
    form.offer(dossiers.dossier(g.actor, commitment_id).points)
    return _step(
        commitment_id, form, "pending", gettext("已批准，已通知认领人"),
        lambda: commitments.approve(
            g.actor, commitment_id, form.deliver_by.data, form.point, form.seen
        ),
    )  # fmt: skip


@bp.post("/commitments/<uuid:commitment_id>/decline")
@command(Permission.COMMITMENT_APPROVE)
def commitment_decline(commitment_id: UUID) -> ResponseReturnValue:
    form = forms.DeclineForm()
    return _step(
        commitment_id, form, "pending", gettext("已婉拒，心愿重新征集"),
        lambda: commitments.decline(g.actor, commitment_id, form.reason.data, form.seen),
    )  # fmt: skip


@bp.post("/commitments/<uuid:commitment_id>/fail")
@command(Permission.COMMITMENT_APPROVE)
def commitment_fail(commitment_id: UUID) -> ResponseReturnValue:
    form = forms.FailForm()
    return _step(
        commitment_id, form, "awaiting", gettext("已记录，心愿重新征集"),
        lambda: commitments.fail(g.actor, commitment_id, form.reason.data, form.seen),
    )  # fmt: skip


@bp.post("/commitments/<uuid:commitment_id>/receive")
@command(Permission.COMMITMENT_RECEIVE)
def commitment_receive(commitment_id: UUID) -> ResponseReturnValue:
    form = forms.ReceiveForm()
    uploads.keep(form)
    return _step(
        commitment_id, form, "awaiting", gettext("已收货，已通知认领人和儿童主任"),
        lambda: commitments.receive(
            g.actor, commitment_id, promise_desk.receipt(form), form.seen
        ),
    )  # fmt: skip


@bp.post("/commitments/<uuid:commitment_id>/hand-over")
@command(Permission.WISH_HAND_OVER)
def commitment_hand_over(commitment_id: UUID) -> ResponseReturnValue:
    form = forms.HandOverForm()
    return _step(
        commitment_id, form, "hand_over", gettext("已记录转交"),
        lambda: handover.fulfil(
            g.actor, commitment_id, form.handed_over_on.data, form.signed_by.data, form.seen
        ),
    )  # fmt: skip


@bp.post("/commitments/<uuid:commitment_id>/thanks")
@command(Permission.WISH_HAND_OVER)
def commitment_thanks(commitment_id: UUID) -> ResponseReturnValue:
    form = forms.ThanksForm()
    return _step(
        commitment_id, form, "thanks_write", gettext("已记下，县里审过后转给爱心人士"),
        lambda: handover.write_thanks(g.actor, commitment_id, form.thanks.data, form.seen),
    )  # fmt: skip


@bp.post("/commitments/<uuid:commitment_id>/release-thanks")
@command(Permission.WISH_ARCHIVE)
def commitment_release_thanks(commitment_id: UUID) -> ResponseReturnValue:
    form = forms.ReleaseThanksForm()
    return _step(
        commitment_id, form, "thanks", gettext("谢意已转给爱心人士"),
        lambda: handover.release_thanks(g.actor, commitment_id, form.seen),
    )  # fmt: skip


@bp.post("/commitments/<uuid:commitment_id>/return-thanks")
@command(Permission.WISH_ARCHIVE)
def commitment_return_thanks(commitment_id: UUID) -> ResponseReturnValue:
    form = forms.ReturnThanksForm()
    return _step(
        commitment_id, form, "thanks", gettext("已退回儿童主任重写"),
        lambda: handover.return_thanks(g.actor, commitment_id, form.reason.data, form.seen),
    )  # fmt: skip


@bp.post("/commitments/<uuid:commitment_id>/archive")
@command(Permission.WISH_ARCHIVE)
def commitment_archive(commitment_id: UUID) -> ResponseReturnValue:
    form = forms.ArchiveForm()
    return _step(
        commitment_id, form, "archive", gettext("已归档，不再改动"),
        lambda: handover.archive(g.actor, commitment_id, form.seen),
    )  # fmt: skip


def _step(
    commitment_id: UUID,
    form: forms.VersionedForm,
    queue: str,
    done: str,
    act: Callable[[], object],
) -> ResponseReturnValue:
    """Take one step; show the dossier again if the form is not right, else open the next."""
    if attempt(form, act) is None:
        return promise_desk.show(dossiers.dossier(g.actor, commitment_id), form), _REFUSED
    flash(done, "success")
    following = commitment_queues.next_in(queue, commitment_id)
    if following is None:
        return redirect(url_for("desk.commitments", queue=queue), 303)
    return redirect(url_for("desk.commitment", commitment_id=following), 303)
