"""Pairings on the desk: the list, one of them whole, and every step it takes."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.documents import directory_sheets
from portal.domain.cadence import LIGHTS
from portal.domain.errors import Invalid
from portal.domain.lifecycles.pairings import MACHINE
from portal.domain.needs import HELPERS
from portal.domain.permissions import Permission
from portal.queries import pairings as rows
from portal.services import pairings
from portal.web import pairing_desk, pairing_papers, pairing_words, uploads
from portal.web.downloads import workbook
from portal.web.errors import sentence
from portal.web.forms import attempt
from portal.web.gate import command, not_found, page
from portal.web.values import shown_version

_REFUSED = 422
_FILTERS = ("status", "unit", "helper", "light", "q")
_STEPS = ", ".join(pairing_desk.STEPS)


@bp.get("/pairings", endpoint="pairings")
@page(Permission.PAIRING_READ)
def all_pairings() -> ResponseReturnValue:
    given = _given()
    wanted = rows.PairingFilter(**given)
    after = request.args.get("after", "")
    return render_template(
        "pairings/desk.html",
        found=rows.page(g.actor, wanted, after),
        counts=rows.counts(wanted),
        places=rows.places(g.actor),
        helpers=HELPERS,
        lights=LIGHTS,
        states=MACHINE.states,
        given=given,
        first=not after,
        words=pairing_words,
    )


@bp.get("/pairings.xlsx")
@page(Permission.PAIRING_READ, fresh="pairing.export")
def pairing_export() -> ResponseReturnValue:
    out = BytesIO()
    found = rows.page(g.actor, rows.PairingFilter(**_given()), limit=rows.EXPORT_MOST)
    directory_sheets.write_pairings(out, found.rows)
    return workbook(out.getvalue(), gettext("结对.xlsx"))


@bp.get("/pairings/<uuid:pairing_id>", endpoint="pairing")
@page(Permission.PAIRING_READ)
def one_pairing(pairing_id: UUID) -> ResponseReturnValue:
    return pairing_desk.page(pairing_id, {})


@bp.get("/pairings/<uuid:pairing_id>/agreement")
@page(Permission.PAIRING_MEET)
def pairing_agreement(pairing_id: UUID) -> ResponseReturnValue:
    return pairing_papers.sheet(pairing_id)


@bp.get("/pairings/<uuid:pairing_id>/agreement.pdf")
@page(Permission.PAIRING_MEET)
def pairing_agreement_file(pairing_id: UUID) -> ResponseReturnValue:
    return pairing_papers.file(pairing_id)


@bp.post("/pairings/<uuid:pairing_id>")
@command(Permission.PAIRING_MANAGE)
def pairing_act(pairing_id: UUID) -> ResponseReturnValue:
    move = request.form.get("transition", "")
    if move not in _ACTS:
        not_found()
    try:
        _ACTS[move](pairing_id, shown_version())
    except Invalid as refusal:
        problems = {"": sentence(refusal), **refusal.fields}
        return pairing_desk.page(pairing_id, problems, move), _REFUSED
    flash(gettext(MACHINE.transition(move).done), "ok")
    return redirect(url_for("desk.pairing", pairing_id=pairing_id), 303)


@bp.post(f"/pairings/<uuid:pairing_id>/<any({_STEPS}):step>")
@command(Permission.PAIRING_READ)
def pairing_step(pairing_id: UUID, step: str) -> ResponseReturnValue:
    form = pairing_desk.STEPS[step][0]()
    pairing_desk.refuse_stale(pairing_id, form)
    uploads.keep(form)
    if attempt(form, pairing_desk.take(step, form, pairing_id)) is None:
        return pairing_desk.page(pairing_id, {}, step, form), _REFUSED
    flash(gettext("已登记"), "ok")
    return redirect(url_for("desk.pairing", pairing_id=pairing_id), 303)


def _given() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in _FILTERS}


def _asking(verb: Callable[..., UUID], *names: str) -> Callable[[UUID, int | None], UUID]:
    def act(pairing_id: UUID, version: int | None) -> UUID:
        given: dict[str, Any] = {name: request.form.get(name, "") for name in names}
        return verb(g.actor, pairing_id, version=version, **given)

    return act


_ACTS: dict[str, Callable[[UUID, int | None], UUID]] = {
    "approve": _asking(pairings.approve),
    "decline": _asking(pairings.decline, "reason"),
    "activate": _asking(pairings.activate),
    "pause": _asking(pairings.pause, "reason_code", "reason"),
    "resume": _asking(pairings.resume, "reason"),
    "close": _asking(pairings.close, "reason_code", "reason"),
}
