"""My pairings: what stands, what happens next, whom to call."""

from __future__ import annotations

from uuid import UUID

from flask import g, render_template
from flask.typing import ResponseReturnValue

from portal.blueprints.mine.frame import bp
from portal.queries import cadences, own_pairings, substitutions
from portal.web import pairing_words
from portal.web.gate import page


@bp.get("/pairings", endpoint="pairings")
@page()
def own_list() -> ResponseReturnValue:
    found = own_pairings.of(g.actor)
    return render_template(
        "pairings/mine.html",
        pairings=found,
        kept=cadences.of(one.id for one in found if one.status == "active"),
        stands=substitutions.own(g.actor),
        words=pairing_words,
    )


@bp.get("/pairings/<uuid:pairing_id>", endpoint="pairing")
@page()
def own_pairing(pairing_id: UUID) -> ResponseReturnValue:
    found = own_pairings.get(g.actor, pairing_id)
    kept = cadences.one(pairing_id)
    return render_template("pairings/own.html", pairing=found, kept=kept, words=pairing_words)
