"""Certificates on the desk: requests, publicity with its objections, issuing, revoking."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.domain.errors import Invalid
from portal.domain.lifecycles.certificates import MACHINE
from portal.domain.permissions import Permission
from portal.queries import certificates as rows
from portal.queries import facts
from portal.services import certificate_objections, certificates
from portal.web import hours_files
from portal.web.errors import sentence
from portal.web.gate import command, not_found, page
from portal.web.values import shown_version

_REFUSED = 422
#: No list is as long; an address made up beyond it is simply empty.
_FARTHEST = 1_000_000


@bp.get("/certificates", endpoint="certificates")
@page(Permission.CERTIFICATE_READ)
def index() -> ResponseReturnValue:
    asked = request.args.get("status", "")
    counts = rows.counts()
    first = next((state for state in rows.LISTED if counts.get(state)), "publicised")
    status = asked if asked in rows.LISTED else first
    offset = min(max(request.args.get("offset", 0, int), 0), _FARTHEST)
    found, more = rows.page(g.actor, status, offset)
    return render_template(
        "certificates/queue.html",
        rows=found,
        more=more,
        offset=offset,
        page_size=rows.PAGE,
        status=status,
        listed=rows.LISTED,
        counts=counts,
    )


@bp.get("/certificates/<uuid:certificate_id>", endpoint="certificate")
@page(Permission.CERTIFICATE_READ)
def one(certificate_id: UUID) -> ResponseReturnValue:
    return _page(certificate_id, "")


@bp.post("/certificates/<uuid:certificate_id>")
@command(Permission.CERTIFICATE_ISSUE)
def certificate_act(certificate_id: UUID) -> ResponseReturnValue:
    move = request.form.get("transition", "")
    if move not in _ACTS:
        not_found()
    return _done(certificate_id, move, _ACTS[move])


@bp.post("/certificates/<uuid:certificate_id>/revoke")
@command(Permission.CERTIFICATE_ISSUE, fresh="certificate.revoke")
def revoke_certificate(certificate_id: UUID) -> ResponseReturnValue:
    return _done(certificate_id, "revoke", _reasoned(certificates.revoke))


@bp.post("/certificates/<uuid:certificate_id>/objections")
@command(Permission.CERTIFICATE_READ)
def object_to_certificate(certificate_id: UUID) -> ResponseReturnValue:
    words = request.form.get("words", "")
    try:
        certificate_objections.raise_one(g.actor, certificate_id, words=words)
    except Invalid as refusal:
        return _page(certificate_id, sentence(refusal)), _REFUSED
    flash(gettext("异议已记录，答复之前不会出具。"), "ok")
    return redirect(url_for("desk.certificate", certificate_id=certificate_id), 303)


@bp.post("/certificates/<uuid:certificate_id>/objections/<uuid:objection_id>")
@command(Permission.CERTIFICATE_ISSUE)
def answer_objection(certificate_id: UUID, objection_id: UUID) -> ResponseReturnValue:
    try:
        certificate_objections.answer(g.actor, objection_id, words=request.form.get("words", ""))
    except Invalid as refusal:
        return _page(certificate_id, sentence(refusal)), _REFUSED
    flash(gettext("已答复。"), "ok")
    return redirect(url_for("desk.certificate", certificate_id=certificate_id), 303)


@bp.get("/certificates/<uuid:certificate_id>/certificate.pdf")
@page(Permission.CERTIFICATE_ISSUE)
def certificate_file(certificate_id: UUID) -> ResponseReturnValue:
    return hours_files.send_paper(*rows.file_of(g.actor, certificate_id))


@bp.get("/certificates/<uuid:certificate_id>/print")
@page(Permission.CERTIFICATE_ISSUE)
def certificate_sheet(certificate_id: UUID) -> ResponseReturnValue:
    return hours_files.sheet(rows.paper_of(g.actor, certificate_id))


def _done(
    certificate_id: UUID, move: str, act: Callable[[UUID, int | None], UUID]
) -> ResponseReturnValue:
    try:
        act(certificate_id, shown_version())
    except Invalid as refusal:
        return _page(certificate_id, sentence(refusal)), _REFUSED
    flash(gettext(MACHINE.transition(move).done), "ok")
    return redirect(url_for("desk.certificate", certificate_id=certificate_id), 303)


def _reasoned(verb: Callable[..., UUID]) -> Callable[[UUID, int | None], UUID]:
    def act(certificate_id: UUID, version: int | None) -> UUID:
        reason = request.form.get("reason", "")
        return verb(g.actor, certificate_id, reason=reason, version=version)

    return act


_ACTS: dict[str, Callable[[UUID, int | None], UUID]] = {
    "publicise": lambda each, version: certificates.publicise(g.actor, each, version=version),
    "issue": lambda each, version: certificates.issue(
        g.actor, each, contact=hours_files.contact(), version=version
    ),
    "decline": _reasoned(certificates.decline),
}


def _page(certificate_id: UUID, problem: str) -> str:
    return render_template(
        "certificates/dossier.html",
        dossier=rows.dossier(g.actor, certificate_id),
        history=facts.of_subjects([certificate_id]),
        problem=problem,
    )
