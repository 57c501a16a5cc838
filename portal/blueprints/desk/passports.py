"""The vetting passport: checks, tier 2 with two persons, ties, complaints, appeals."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.blueprints.desk.vetting import dossier_page
from portal.domain import lifecycles
from portal.domain.errors import Invalid
from portal.domain.passport import CHECK_LABELS, CONTACT_KINDS, PAPER_KINDS
from portal.domain.permissions import Permission
from portal.forms.passports import CheckForm
from portal.queries import supporters, vetting_matters
from portal.services import appeals, clearances, complaints, passports, ties
from portal.services.passports import Finding
from portal.web import uploads
from portal.web.errors import sentence
from portal.web.forms import attempt
from portal.web.gate import command, not_found, page
from portal.web.values import maybe_uuid, shown_version

_REFUSED = 422


@bp.get("/vetting/contact", endpoint="contact")
@page(Permission.SUPPORTER_VET)
def contact_queue() -> ResponseReturnValue:
    return render_template("vetting/contact.html", waiting=vetting_matters.waiting(g.actor))


@bp.get("/vetting/<uuid:supporter_id>/checks/<kind>")
@page(Permission.SUPPORTER_VET)
def check(supporter_id: UUID, kind: str) -> ResponseReturnValue:
    return _check_page(supporter_id, kind, _form(kind, formdata=None))


@bp.post("/vetting/<uuid:supporter_id>/checks/<kind>")
@command(Permission.SUPPORTER_VET)
def record_check(supporter_id: UUID, kind: str) -> ResponseReturnValue:
    form = _form(kind)
    supporters.dossier(g.actor, supporter_id)
    uploads.keep(form)
    if attempt(form, _record, supporter_id, kind, form) is None:
        return _check_page(supporter_id, kind, form), _REFUSED
    flash(gettext("已登记：%(what)s", what=gettext(CHECK_LABELS[kind])), "ok")
    return redirect(url_for("desk.vetting_dossier", supporter_id=supporter_id), 303)


@bp.post("/vetting/<uuid:supporter_id>/passport")
@command(Permission.SUPPORTER_VET)
def passport_act(supporter_id: UUID) -> ResponseReturnValue:
    act = request.form.get("act", "")
    if act not in _ACTS:
        not_found()
    try:
        _ACTS[act](supporter_id, shown_version())
    except Invalid as refusal:
        problems = {"": sentence(refusal), **refusal.fields}
        return dossier_page(supporter_id, problems, act), _REFUSED
    flash(_done(act), "ok")
    return redirect(url_for("desk.vetting_dossier", supporter_id=supporter_id), 303)


def _form(kind: str, **given: object) -> CheckForm:
    if kind not in CONTACT_KINDS + PAPER_KINDS:
        not_found()
    return CheckForm.for_kind(kind, **given)


def _check_page(supporter_id: UUID, kind: str, form: CheckForm) -> str:
    return render_template(
        "vetting/check.html",
        dossier=supporters.dossier(g.actor, supporter_id),
        kind=kind,
        label=CHECK_LABELS[kind],
        form=form,
    )


def _record(supporter_id: UUID, kind: str, form: CheckForm) -> UUID:
    evidence = uploads.kept(form).get("evidence")
    finding = Finding(kind=kind, evidence=evidence, **form.values())
    return passports.record_check(g.actor, supporter_id, finding)


def _plain(verb: Callable[..., UUID]) -> Callable[[UUID, int | None], UUID]:
    return lambda each, version: verb(g.actor, each, version=version)


def _reasoned(verb: Callable[..., UUID]) -> Callable[[UUID, int | None], UUID]:
    return lambda each, version: verb(
        g.actor, each, reason=request.form.get("reason", ""), version=version
    )


def _answering(verb: Callable[..., UUID], name: str) -> Callable[[UUID, int | None], UUID]:
    """Bind a verb about one complaint or appeal, whose id the form names."""

    def act(supporter_id: UUID, version: int | None) -> UUID:
        words = {name: request.form.get("reason", "")}
        return verb(g.actor, _named(), version=version, **words)

    return act


def _named() -> UUID:
    found = maybe_uuid(request.form.get("id"))
    if found is None:
        not_found()
    return UUID(str(found))


def _strike(supporter_id: UUID, version: int | None) -> UUID:
    return passports.strike_check(g.actor, _named(), reason=request.form.get("reason", ""))


def _release(supporter_id: UUID, version: int | None) -> UUID:
    return ties.release(g.actor, _named(), reason=request.form.get("reason", ""))


def _declare(supporter_id: UUID, version: int | None) -> UUID:
    given = {name: request.form.get(name, "") for name in ("kind", "words")}
    return ties.declare(g.actor, supporter_id, **given)


def _complain(supporter_id: UUID, version: int | None) -> UUID:
    given = {name: request.form.get(name, "") for name in ("kind", "words", "reporter")}
    return complaints.record(g.actor, supporter_id, **given)


_ACTS: dict[str, Callable[[UUID, int | None], UUID]] = {
    "recommend": _plain(clearances.recommend),
    "approve": _plain(clearances.approve),
    "recheck": _plain(clearances.recheck),
    "renew": _plain(clearances.renew),
    "return": _reasoned(clearances.give_back),
    "withdraw": _reasoned(clearances.withdraw),
    "strike": _strike,
    "release": _release,
    "declare": _declare,
    "complain": _complain,
    "complaint.uphold": _answering(complaints.uphold, "finding"),
    "complaint.dismiss": _answering(complaints.dismiss, "finding"),
    "appeal.uphold": _answering(appeals.uphold, "answer"),
    "appeal.dismiss": _answering(appeals.dismiss, "answer"),
}
_MACHINES = {
    "": lifecycles.clearances.MACHINE,
    "complaint": lifecycles.complaints.MACHINE,
    "appeal": lifecycles.appeals.MACHINE,
}


def _done(act: str) -> str:
    """Return what to say after an act: the lifecycle's words where it is a move."""
    noun, _, move = act.rpartition(".")
    if act in ("strike", "release", "declare", "complain"):
        return gettext("已登记")
    return gettext(_MACHINES[noun].transition(move).done)
