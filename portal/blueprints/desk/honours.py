"""Honours on the desk: proposing one, and the second person's decision."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.domain import clock
from portal.domain.errors import Invalid
from portal.domain.honours import REASONS
from portal.domain.lifecycles.honours import HONOURS
from portal.domain.permissions import Permission
from portal.forms.honours import HonourForm
from portal.queries import honours as reading
from portal.queries import recognition
from portal.services import honours as writing
from portal.web.errors import sentence
from portal.web.forms import attempt
from portal.web.gate import command, not_found, page
from portal.web.values import shown_version

_REFUSED = 422


@bp.get("/honours", endpoint="honours")
@page(Permission.HONOUR_MANAGE)
def honour_list() -> ResponseReturnValue:
    status, after = request.args.get("status", ""), request.args.get("after", "")
    q = request.args.get("q", "")
    rows, on = reading.desk(g.actor, status, after)
    return render_template(
        "honours/desk.html",
        rows=rows,
        on=on,
        status=status,
        after=after,
        q=q,
        found=reading.candidates(g.actor, q),
        states=HONOURS.states,
        reasons=REASONS,
    )


@bp.get("/honours/propose/<uuid:supporter_id>")
@page(Permission.HONOUR_MANAGE)
def honour_write(supporter_id: UUID) -> ResponseReturnValue:
    form = _form()
    form.year.data = clock.today().year
    return _propose_page(supporter_id, form)


@bp.post("/honours/propose/<uuid:supporter_id>")
@command(Permission.HONOUR_MANAGE)
def honour_propose(supporter_id: UUID) -> ResponseReturnValue:
    form = _form()
    reading.candidate(g.actor, supporter_id)
    done = attempt(
        form,
        lambda: writing.propose(
            g.actor,
            supporter_id,
            unit_path=form.place.data,
            year=form.year.data,
            reason_code=form.reason_code.data,
            sentence=form.sentence.data or "",
        ),
    )
    if done is None:
        return _propose_page(supporter_id, form), _REFUSED
    flash(gettext("已提名，请另一位同事批准"), "ok")
    return redirect(url_for(".honours", status="proposed"), 303)


@bp.post("/honours/<uuid:honour_id>")
@command(Permission.HONOUR_MANAGE)
def honour_move(honour_id: UUID) -> ResponseReturnValue:
    move = request.form.get("transition", "")
    if move not in _ACTS:
        not_found()
    try:
        _ACTS[move](honour_id, shown_version())
    except Invalid as refusal:
        flash(sentence(refusal), "warn")
        return redirect(url_for(".honours"), 303)
    flash(gettext(HONOURS.transition(move).done), "ok")
    return redirect(url_for(".honours"), 303)


def _reasoned(verb: Callable[..., UUID]) -> Callable[[UUID, int | None], UUID]:
    def act(honour_id: UUID, version: int | None) -> UUID:
        return verb(g.actor, honour_id, reason=request.form.get("reason", ""), version=version)

    return act


_ACTS: dict[str, Callable[[UUID, int | None], UUID]] = {
    "approve": lambda each, version: writing.approve(g.actor, each, version=version),
    "decline": _reasoned(writing.decline),
    "retract": _reasoned(writing.retract),
}


def _form() -> HonourForm:
    form = HonourForm()
    form.offer_choices(reading.places(g.actor))
    return form


def _propose_page(supporter_id: UUID, form: HonourForm) -> str:
    return render_template(
        "honours/propose.html",
        form=form,
        who=reading.candidate(g.actor, supporter_id),
        stars=recognition.star_counts([supporter_id]).get(supporter_id, 0),
    )
