"""Journals on the desk: the queue to verify, one entry whole, a pairing's journal on paper."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from portal.blueprints.desk.frame import bp
from portal.domain.errors import Invalid
from portal.domain.lifecycles.contact_logs import MACHINE
from portal.domain.permissions import Permission
from portal.queries import contact_desk as rows
from portal.services import contact_logs
from portal.web.errors import sentence
from portal.web.gate import command, not_found, page
from portal.web.values import shown_version, ticked

_REFUSED = 422


@bp.get("/contact-logs", endpoint="contact_logs")
@page(Permission.CONTACT_VERIFY)
def queue() -> ResponseReturnValue:
    asked = request.args.get("status", "")
    status = asked if asked in MACHINE.states else rows.WAITING
    logs, after = rows.queue(g.actor, status, request.args.get("after", ""))
    return render_template(
        "journal/queue.html",
        logs=logs,
        after=after,
        first="after" not in request.args,
        status=status,
        counts=rows.counts(),
    )


@bp.post("/contact-logs")
@command(Permission.CONTACT_VERIFY)
def contact_logs_together() -> ResponseReturnValue:
    move, reason = request.form.get("transition", ""), request.form.get("reason", "")
    chosen = ticked(request.form.getlist("ids")[: rows.PAGE])
    try:
        outcomes = contact_logs.together(g.actor, chosen, move=move, reason=reason)
    except Invalid as refusal:
        flash(sentence(refusal), "warn")
        return redirect(url_for("desk.contact_logs"), 303)
    refused = [outcome.refusal for outcome in outcomes if outcome.refusal]
    if done := len(outcomes) - len(refused):
        flash(ngettext("办好了 %(num)s 条。", "办好了 %(num)s 条。", done), "ok")
    for why in refused:
        flash(gettext("有一条没有办：%(why)s", why=sentence(why)), "warn")
    return redirect(url_for("desk.contact_logs"), 303)


@bp.get("/contact-logs/<uuid:log_id>", endpoint="contact_log")
@page(Permission.CONTACT_VERIFY)
def one_log(log_id: UUID) -> ResponseReturnValue:
    return _log_page(log_id, "")


@bp.post("/contact-logs/<uuid:log_id>")
@command(Permission.CONTACT_VERIFY)
def contact_log_act(log_id: UUID) -> ResponseReturnValue:
    move = request.form.get("transition", "")
    if move not in _ACTS:
        not_found()
    try:
        _ACTS[move](log_id, shown_version())
    except Invalid as refusal:
        return _log_page(log_id, sentence(refusal)), _REFUSED
    flash(gettext(MACHINE.transition(move).done), "ok")
    following = rows.next_waiting(log_id)
    if following is None:
        return redirect(url_for("desk.contact_logs"), 303)
    return redirect(url_for("desk.contact_log", log_id=following), 303)


@bp.get("/pairings/<uuid:pairing_id>/journal", endpoint="pairing_journal")
@page(Permission.CONTACT_VERIFY)
def pairing_journal(pairing_id: UUID) -> ResponseReturnValue:
    return render_template("journal/pairing.html", journal=rows.journal(g.actor, pairing_id))


def _reasoned(verb: Callable[..., UUID]) -> Callable[[UUID, int | None], UUID]:
    def act(log_id: UUID, version: int | None) -> UUID:
        reason = request.form.get("reason", "")
        return verb(g.actor, log_id, reason=reason, version=version)

    return act


_ACTS: dict[str, Callable[[UUID, int | None], UUID]] = {
    "verify": lambda each, version: contact_logs.verify(g.actor, each, version=version),
    "return": _reasoned(contact_logs.send_back),
    "void": _reasoned(contact_logs.void),
}


def _log_page(log_id: UUID, problem: str) -> str:
    return render_template(
        "journal/dossier.html",
        dossier=rows.dossier(g.actor, log_id),
        problem=problem,
    )
