"""My duties: invitations, days and hours, swaps, the way to the roster and the roll call."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.mine.frame import bp
from portal.domain.errors import Invalid
from portal.domain.permissions import Permission
from portal.queries import own_duties
from portal.services import duty_swaps, rota
from portal.web import taking_part_words
from portal.web.errors import sentence
from portal.web.gate import command, page
from portal.web.values import shown_version, uuid_of

_REFUSED = 422
_ANSWERS = {"confirm": rota.confirm, "decline": rota.decline}


@bp.get("/duties")
@page(Permission.DUTY_HOLD)
def duties() -> ResponseReturnValue:
    return _page("")


@bp.post("/duties/<uuid:staff_id>/<any(confirm, decline):answer>")
@command(Permission.DUTY_HOLD)
def duty_answer(staff_id: UUID, answer: str) -> ResponseReturnValue:
    _ANSWERS[answer](g.actor, staff_id, version=shown_version())
    said = (
        gettext("谢谢您，排班会写在这里")
        if answer == "confirm"
        else gettext("已回复，谢谢您告诉我们")
    )
    flash(said, "ok")
    return redirect(url_for("mine.duties"), 303)


@bp.post("/duties/<uuid:staff_id>/leave")
@command(Permission.DUTY_HOLD)
def duty_leave(staff_id: UUID) -> ResponseReturnValue:
    try:
        rota.leave(
            g.actor, staff_id, reason=request.form.get("reason", ""), version=shown_version()
        )
    except Invalid as refusal:
        return _page(sentence(refusal)), _REFUSED
    flash(gettext("已退出，组织者会收到通知"), "ok")
    return redirect(url_for("mine.duties"), 303)


@bp.post("/duties/<uuid:duty_id>/swap")
@command(Permission.DUTY_HOLD)
def duty_swap(duty_id: UUID) -> ResponseReturnValue:
    form = request.form
    if not form.get("to"):
        return _page(gettext("请选一位已确认的同事")), _REFUSED
    try:
        duty_swaps.ask_swap(
            g.actor, duty_id, to_staff_id=uuid_of(form["to"]), words=form.get("words", ""),
            version=shown_version(),
        )  # fmt: skip
    except Invalid as refusal:
        return _page(sentence(refusal)), _REFUSED
    flash(gettext("已请同事换班，等组织者答复"), "ok")
    return redirect(url_for("mine.duties"), 303)


@bp.post("/duties/swaps/<uuid:swap_id>/withdraw")
@command(Permission.DUTY_HOLD)
def duty_swap_withdraw(swap_id: UUID) -> ResponseReturnValue:
    duty_swaps.withdraw_swap(g.actor, swap_id, version=shown_version())
    flash(gettext("已收回换班请求"), "ok")
    return redirect(url_for("mine.duties"), 303)


def _page(problem: str) -> str:
    return render_template(
        "taking_part/duties.html",
        rotas=own_duties.of(g.actor),
        problem=problem,
        words=taking_part_words,
    )
