"""Requests about personal data and complaints: two queues with a clock, answered in writing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.documents import subject_export
from portal.domain.errors import Invalid
from portal.domain.lifecycles.requests import GRIEVANCES, MACHINE
from portal.domain.permissions import Permission
from portal.queries import facts
from portal.queries import grievances as complaint_rows
from portal.queries import rights as request_rows
from portal.services import grievances, guardian_copies, rights
from portal.web import downloads
from portal.web.errors import sentence
from portal.web.gate import command, not_found, page
from portal.web.values import maybe_uuid, shown_version

_REFUSED = 422


@bp.get("/requests", endpoint="requests")
@page(Permission.RIGHTS_ANSWER)
def request_queue() -> ResponseReturnValue:
    status = request.args.get("status", "")
    return render_template(
        "requests/queue.html",
        rows=request_rows.queue(g.actor, status),
        counts=request_rows.counts(g.actor),
        status=status,
    )


@bp.get("/requests/<uuid:request_id>", endpoint="request")
@page(Permission.RIGHTS_ANSWER)
def request_page(request_id: UUID) -> ResponseReturnValue:
    return _request(request_id, {})


@bp.post("/requests/<uuid:request_id>")
@command(Permission.RIGHTS_ANSWER)
def request_act(request_id: UUID) -> ResponseReturnValue:
    acts: dict[str, Callable[[], object]] = {
        "take": lambda: rights.take(g.actor, request_id, version=shown_version()),
        "grant": lambda: rights.grant(
            g.actor, request_id, answer=_answer(), version=shown_version()
        ),
        "refuse": lambda: rights.refuse(
            g.actor, request_id, answer=_answer(), version=shown_version()
        ),
    }
    move = _move(acts)
    try:
        acts[move]()
    except Invalid as refusal:
        return _request(request_id, {"": sentence(refusal), **refusal.fields}, move), _REFUSED
    flash(gettext(MACHINE.transition(move).done), "ok")
    return redirect(url_for("desk.request", request_id=request_id), 303)


@bp.post("/requests/<uuid:request_id>/paper")
@command(Permission.RIGHTS_ANSWER)
def request_paper(request_id: UUID) -> ResponseReturnValue:
    data = subject_export.archive(guardian_copies.in_person(g.actor, request_id))
    return downloads.archive(data, gettext("当面查阅") + ".zip")


@bp.get("/grievances", endpoint="grievances")
@page(Permission.GRIEVANCE_ANSWER)
def grievance_queue() -> ResponseReturnValue:
    status = request.args.get("status", "")
    return render_template(
        "requests/grievances.html",
        rows=complaint_rows.queue(g.actor, status),
        counts=complaint_rows.counts(g.actor),
        status=status,
    )


@bp.get("/grievances/<uuid:grievance_id>", endpoint="grievance")
@page(Permission.GRIEVANCE_ANSWER)
def grievance_page(grievance_id: UUID) -> ResponseReturnValue:
    return _grievance(grievance_id, {})


@bp.post("/grievances/<uuid:grievance_id>")
@command(Permission.GRIEVANCE_ANSWER)
def grievance_act(grievance_id: UUID) -> ResponseReturnValue:
    named = maybe_uuid(request.form.get("supporter_id"))
    given: dict[str, Any] = {"answer": _answer(), "version": shown_version()}
    acts: dict[str, Callable[[], object]] = {
        "take": lambda: grievances.take(g.actor, grievance_id, version=shown_version()),
        "close": lambda: grievances.close(g.actor, grievance_id, **given),
        "uphold": lambda: grievances.uphold(g.actor, grievance_id, supporter_id=named, **given),
    }
    move = _move(acts)
    try:
        acts[move]()
    except Invalid as refusal:
        return _grievance(grievance_id, {"": sentence(refusal), **refusal.fields}, move), _REFUSED
    flash(gettext(GRIEVANCES.transition(move).done), "ok")
    return redirect(url_for("desk.grievance", grievance_id=grievance_id), 303)


def _move(acts: dict[str, Callable[[], object]]) -> str:
    move = request.form.get("transition", "")
    if move not in acts:
        not_found()
    return move


def _answer() -> str:
    return request.form.get("answer", "")


def _request(request_id: UUID, problems: dict[str, str], tried: str = "") -> str:
    return render_template(
        "requests/dossier.html",
        dossier=request_rows.dossier(g.actor, request_id),
        history=facts.of_subjects([request_id]),
        problems=problems,
        tried=tried,
        typed=request.form,
    )


def _grievance(grievance_id: UUID, problems: dict[str, str], tried: str = "") -> str:
    return render_template(
        "requests/grievance.html",
        dossier=complaint_rows.dossier(g.actor, grievance_id),
        history=facts.of_subjects([grievance_id]),
        problems=problems,
        tried=tried,
        typed=request.form,
    )
