"""Vetting: the queue, a whole dossier before the button, the next one opens by itself."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from portal.blueprints.desk.frame import bp
from portal.domain.errors import Invalid
from portal.domain.lifecycles.supporters import MACHINE
from portal.domain.permissions import Permission
from portal.domain.sight import SUPPORTER_REASONS
from portal.domain.vetting import FIELDS, REASON_CODES
from portal.queries import facts, members, passports, supporters
from portal.queries import vetting as queues
from portal.services import sight, vetting
from portal.web import passport_words
from portal.web.errors import sentence
from portal.web.gate import command, not_found, page
from portal.web.values import shown_version

_REFUSED = 422
_FILTERS = ("status", "kind", "county", "q", "after")
#: After these the application no longer waits for this desk: the next one opens.
_DONE = frozenset({"return", "approve", "reject", "renew"})


@bp.get("/vetting", endpoint="vetting")
@page(Permission.SUPPORTER_VET)
def queue() -> ResponseReturnValue:
    given = {name: request.args.get(name, "") for name in _FILTERS}
    return render_template(
        "vetting/queue.html",
        queue=queues.queue(g.actor, **given),
        counts=queues.counts(g.actor),
        counties=queues.counties(g.actor),
        states=MACHINE.states,
        given=given,
    )


@bp.post("/vetting")
@command(Permission.SUPPORTER_VET)
def vetting_together() -> ResponseReturnValue:
    move, reason = request.form.get("transition", ""), request.form.get("reason", "")
    try:
        outcomes = vetting.together(g.actor, _ticked(), move=move, reason=reason)
    except Invalid as refusal:
        flash(sentence(refusal), "warn")
        return redirect(url_for("desk.vetting"), 303)
    refused = [outcome.refusal for outcome in outcomes if outcome.refusal]
    done = len(outcomes) - len(refused)
    if done:
        flash(ngettext("办好了 %(num)s 份。", "办好了 %(num)s 份。", done), "ok")
    for why in refused:
        flash(gettext("有一份没有办：%(why)s", why=sentence(why)), "warn")
    return redirect(url_for("desk.vetting"), 303)


@bp.get("/vetting/<uuid:supporter_id>")
@page(Permission.SUPPORTER_VET)
def vetting_dossier(supporter_id: UUID) -> ResponseReturnValue:
    return dossier_page(supporter_id, {})


@bp.post("/vetting/<uuid:supporter_id>")
@command(Permission.SUPPORTER_VET)
def vetting_act(supporter_id: UUID) -> ResponseReturnValue:
    move = request.form.get("transition", "")
    if move not in _ACTS:
        not_found()
    try:
        _ACTS[move](supporter_id, shown_version())
    except Invalid as refusal:
        problems = {"": sentence(refusal), **refusal.fields}
        return dossier_page(supporter_id, problems, move), _REFUSED
    flash(gettext(MACHINE.transition(move).done), "ok")
    following = queues.next_waiting(g.actor, supporter_id) if move in _DONE else supporter_id
    if following is None:
        return redirect(url_for("desk.vetting"), 303)
    return redirect(url_for("desk.vetting_dossier", supporter_id=following), 303)


@bp.post("/vetting/<uuid:supporter_id>/reveal")
@command(Permission.SUPPORTER_VET, fresh="supporter.reveal")
def vetting_reveal(supporter_id: UUID) -> ResponseReturnValue:
    field, reason = request.form.get("field", ""), request.form.get("reason", "")
    words = request.form.get("words", "")
    try:
        sight.open_supporter(g.actor, supporter_id, field=field, reason=reason, words=words)
    except Invalid as refusal:
        flash(sentence(refusal), "warn")
    return redirect(url_for("desk.vetting_dossier", supporter_id=supporter_id), 303)


def _ticked() -> list[tuple[UUID, int]]:
    """Read the ticked rows: ``<id>:<version>`` each; anything else is left out as not ours."""
    found = []
    for text in request.form.getlist("ids")[: queues.PAGE]:
        identifier, _, version = text.partition(":")
        try:
            found.append((UUID(identifier), int(version)))
        except ValueError:
            continue
    return found


def _give_back(supporter_id: UUID, version: int | None) -> UUID:
    reasons = {
        name.removeprefix("why-"): text
        for name, text in request.form.items()
        if name.startswith("why-")
    }
    reason = request.form.get("reason", "")
    return vetting.give_back(g.actor, supporter_id, reasons, version=version, reason=reason)


def _confirmed(verb: Callable[..., UUID]) -> Callable[[UUID, int | None], UUID]:
    def act(supporter_id: UUID, version: int | None) -> UUID:
        names = ("identity_confirmed", "documents_confirmed")
        given = {name: name in request.form for name in names}
        return verb(g.actor, supporter_id, version=version, **given)

    return act


def _closed(verb: Callable[..., UUID]) -> Callable[[UUID, int | None], UUID]:
    def act(supporter_id: UUID, version: int | None) -> UUID:
        given = {name: request.form.get(name, "") for name in ("reason_code", "reason")}
        return verb(g.actor, supporter_id, version=version, **given)

    return act


def _reasoned(verb: Callable[..., UUID]) -> Callable[[UUID, int | None], UUID]:
    def act(supporter_id: UUID, version: int | None) -> UUID:
        reason = request.form.get("reason", "")
        return verb(g.actor, supporter_id, version=version, reason=reason)

    return act


_ACTS: dict[str, Callable[[UUID, int | None], UUID]] = {
    "start_check": lambda each, version: vetting.start_check(g.actor, each, version=version),
    "return": _give_back,
    "approve": _confirmed(vetting.approve),
    "renew": _confirmed(vetting.renew),
    "reject": _closed(vetting.reject),
    "revoke": _closed(vetting.revoke),
    "suspend": _reasoned(vetting.suspend),
    "reinstate": _reasoned(vetting.reinstate),
}


def dossier_page(supporter_id: UUID, problems: dict[str, str], tried: str = "") -> str:
    """Return the page of one application, with what was typed after a refusal."""
    dossier = supporters.dossier(g.actor, supporter_id)
    passport = passports.of(g.actor, supporter_id)
    return render_template(
        "vetting/dossier.html",
        dossier=dossier,
        passport=passport,
        members=members.of(g.actor, supporter_id),
        **passport_words.bundle(),
        history=facts.of_subjects([supporter_id, *passport.ids]),
        fields=FIELDS[dossier.kind],
        moves={move.name: move.label for move in MACHINE.transitions},
        reason_codes=REASON_CODES,
        reveal_reasons=SUPPORTER_REASONS,
        problems=problems,
        tried=tried,
        typed=request.form,
    )
