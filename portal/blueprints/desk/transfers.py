"""Children who move to another county: proposed here, answered there."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.domain.errors import Invalid
from portal.domain.lifecycles.child_transfers import MACHINE
from portal.domain.permissions import Permission
from portal.queries import child_transfers as rows
from portal.services import child_transfers
from portal.web import continuity_pages
from portal.web.errors import sentence
from portal.web.forms import attempt
from portal.web.gate import command, not_found, page
from portal.web.values import shown_version

_REFUSED = 422


@bp.get("/transfers", endpoint="transfers")
@page(Permission.TRANSFER_READ)
def all_transfers() -> ResponseReturnValue:
    return render_template("continuity/transfers.html", rows=rows.queue(g.actor))


@bp.get("/transfers/<uuid:transfer_id>", endpoint="transfer")
@page(Permission.TRANSFER_READ)
def one_transfer(transfer_id: UUID) -> ResponseReturnValue:
    return continuity_pages.transfer(transfer_id)


@bp.post("/transfers/<uuid:transfer_id>/accept", endpoint="transfer_accept")
@command(Permission.TRANSFER_ANSWER)
def accept_transfer(transfer_id: UUID) -> ResponseReturnValue:
    found = rows.one(g.actor, transfer_id)
    form = continuity_pages.accept_form(found)
    done = attempt(
        form,
        lambda: child_transfers.accept(
            g.actor, transfer_id, unit=form.unit.data, version=form.seen
        ),
    )
    if done is None:
        return continuity_pages.transfer(transfer_id, form), _REFUSED
    flash(gettext(MACHINE.transition("accept").done), "ok")
    return redirect(url_for("desk.transfer", transfer_id=transfer_id), 303)


@bp.post("/transfers/<uuid:transfer_id>", endpoint="transfer_act")
@command(Permission.TRANSFER_READ)
def answer_transfer(transfer_id: UUID) -> ResponseReturnValue:
    verbs = {"refuse": child_transfers.refuse, "withdraw": child_transfers.withdraw}
    move = request.form.get("transition", "")
    if move not in verbs:
        not_found()
    rows.one(g.actor, transfer_id)
    try:
        verbs[move](
            g.actor, transfer_id, reason=request.form.get("reason", ""), version=shown_version()
        )
    except Invalid as refusal:
        flash(sentence(refusal), "warn")
    else:
        flash(gettext(MACHINE.transition(move).done), "ok")
    return redirect(url_for("desk.transfer", transfer_id=transfer_id), 303)


@bp.get("/children/<uuid:child_id>/transfer", endpoint="transfer_new")
@page(Permission.TRANSFER_PROPOSE)
def new_transfer(child_id: UUID) -> ResponseReturnValue:
    return continuity_pages.new_transfer(child_id)


@bp.post("/children/<uuid:child_id>/transfer", endpoint="transfer_propose")
@command(Permission.TRANSFER_PROPOSE)
def propose_transfer(child_id: UUID) -> ResponseReturnValue:
    form = continuity_pages.transfer_form(rows.to_propose(g.actor, child_id))
    done = attempt(
        form,
        lambda: child_transfers.propose(
            g.actor, child_id, to=form.to.data, moves_on=form.moves_on.data,
            words=form.words.data or "",
        ),
    )  # fmt: skip
    if done is None:
        return continuity_pages.new_transfer(child_id, form), _REFUSED
    flash(gettext("已提出，等迁入地答复；答复之前仍由您单位负责。"), "ok")
    return redirect(url_for("desk.transfer", transfer_id=done), 303)
