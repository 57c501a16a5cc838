"""Hours on the desk: the queue, one record whole, requests to correct, the workbook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from portal.blueprints.desk.frame import bp
from portal.domain.errors import Invalid
from portal.domain.hours import ACTIVITY_WORDS
from portal.domain.lifecycles.service_records import MACHINE
from portal.domain.permissions import Permission
from portal.forms.hours import ExportForm
from portal.queries import facts
from portal.queries import hours_desk as rows
from portal.services import record_corrections, service_records
from portal.web import hours_files
from portal.web.errors import sentence
from portal.web.forms import attempt
from portal.web.gate import command, not_found, page
from portal.web.values import shown_version, ticked

_REFUSED = 422
#: After these the record no longer waits for this desk: the next one opens.
_DONE = frozenset({"verify", "return"})


@bp.get("/hours", endpoint="hours")
@page(Permission.HOURS_VERIFY)
def queue() -> ResponseReturnValue:
    return _queue_page(ExportForm(formdata=None))


@bp.post("/hours")
@command(Permission.HOURS_VERIFY)
def hours_together() -> ResponseReturnValue:
    move, reason = request.form.get("transition", ""), request.form.get("reason", "")
    chosen = ticked(request.form.getlist("ids")[: rows.PAGE])
    try:
        outcomes = service_records.together(g.actor, chosen, move=move, reason=reason)
    except Invalid as refusal:
        flash(sentence(refusal), "warn")
        return redirect(url_for("desk.hours"), 303)
    refused = [outcome.refusal for outcome in outcomes if outcome.refusal]
    if done := len(outcomes) - len(refused):
        flash(ngettext("办好了 %(num)s 条。", "办好了 %(num)s 条。", done), "ok")
    for why in refused:
        flash(gettext("有一条没有办：%(why)s", why=sentence(why)), "warn")
    return redirect(url_for("desk.hours"), 303)


@bp.post("/hours/export")
@command(Permission.HOURS_VERIFY, fresh="hours.export")
def export_hours() -> ResponseReturnValue:
    form = ExportForm()
    answer = attempt(
        form,
        lambda: hours_files.send_bureau(
            form.period_from.data, form.period_to.data, form.reason.data
        ),
    )
    return (_queue_page(form), _REFUSED) if answer is None else answer


@bp.get("/hours/corrections", endpoint="corrections")
@page(Permission.HOURS_VERIFY)
def corrections() -> ResponseReturnValue:
    return render_template(
        "hours/corrections.html", rows=rows.corrections(), counts=rows.counts(), problem={}
    )


@bp.post("/hours/corrections/<uuid:correction_id>")
@command(Permission.HOURS_VERIFY)
def answer_correction(correction_id: UUID) -> ResponseReturnValue:
    given: dict[str, Any] = {
        "granted": request.form.get("granted") == "yes",
        "words": request.form.get("words", ""),
        "version": shown_version(),
    }
    try:
        record_corrections.answer(g.actor, correction_id, **given)
    except Invalid as refusal:
        flash(sentence(refusal), "warn")
    else:
        flash(gettext("已答复，已写信告诉志愿者。"), "ok")
    return redirect(url_for("desk.corrections"), 303)


@bp.get("/hours/<uuid:record_id>", endpoint="hours_record")
@page(Permission.HOURS_VERIFY)
def record(record_id: UUID) -> ResponseReturnValue:
    return _record_page(record_id, "")


@bp.post("/hours/<uuid:record_id>")
@command(Permission.HOURS_VERIFY)
def hours_act(record_id: UUID) -> ResponseReturnValue:
    move = request.form.get("transition", "")
    if move not in _ACTS:
        not_found()
    try:
        _ACTS[move](record_id, shown_version())
    except Invalid as refusal:
        return _record_page(record_id, sentence(refusal)), _REFUSED
    flash(gettext(MACHINE.transition(move).done), "ok")
    following = rows.next_waiting(record_id) if move in _DONE else record_id
    if following is None:
        return redirect(url_for("desk.hours"), 303)
    return redirect(url_for("desk.hours_record", record_id=following), 303)


def _reasoned(verb: Callable[..., UUID]) -> Callable[[UUID, int | None], UUID]:
    def act(record_id: UUID, version: int | None) -> UUID:
        reason = request.form.get("reason", "")
        return verb(g.actor, record_id, reason=reason, version=version)

    return act


_ACTS: dict[str, Callable[[UUID, int | None], UUID]] = {
    "verify": lambda each, version: service_records.verify(g.actor, each, version=version),
    "return": _reasoned(service_records.give_back),
    "reopen": _reasoned(service_records.reopen),
    "void": _reasoned(service_records.void),
}


def _queue_page(form: ExportForm) -> str:
    given = {name: request.args.get(name, "") for name in ("status", "county", "kind", "after")}
    status = given["status"] if given["status"] in MACHINE.states else rows.WAITING
    records, after = rows.queue(
        status=status, county=given["county"], kind=given["kind"], after=given["after"]
    )
    return render_template(
        "hours/queue.html",
        records=records,
        after=after,
        status=status,
        given=given,
        counts=rows.counts(),
        counties=rows.counties(),
        kinds=[(code, gettext(word)) for code, word in ACTIVITY_WORDS.items()],
        export=form,
    )


def _record_page(record_id: UUID, problem: str) -> str:
    return render_template(
        "hours/dossier.html",
        dossier=rows.dossier(g.actor, record_id),
        history=facts.of_subjects([record_id]),
        problem=problem,
    )
