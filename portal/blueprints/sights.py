"""Leaves to see: giving, opening, breaking the glass; and the days that are asked about."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.domain.errors import Invalid, NotFound
from portal.domain.lifecycles.sights import MACHINE
from portal.domain.outliers import SIGNS
from portal.domain.permissions import Permission
from portal.domain.sight import CHILD_FIELDS, CHILD_REASONS
from portal.queries import sight_requests as reading
from portal.services import sight_requests, sight_watch
from portal.web.errors import sentence
from portal.web.gate import command, page
from portal.web.values import shown_version, uuid_of

bp = Blueprint("sights", __name__, url_prefix="/desk/sights")
_REFUSED = 422


@bp.get("")
@page(Permission.SIGHT_READ)
def index() -> ResponseReturnValue:
    return render_template(
        "sights/index.html",
        waiting=reading.waiting(g.actor),
        own=reading.own(g.actor),
        broken=reading.broken(g.actor),
        outliers=reading.outliers(g.actor),
        signs=SIGNS,
    )


@bp.get("/<uuid:sight_id>")
@page(Permission.SIGHT_READ)
def one(sight_id: UUID) -> ResponseReturnValue:
    return _one_page(sight_id)


@bp.post("/<uuid:sight_id>")
@command(Permission.SIGHT_CONFIRM)
def decide(sight_id: UUID) -> ResponseReturnValue:
    move, reason = request.form.get("transition", ""), request.form.get("reason", "")
    version = shown_version()
    try:
        sight_requests.decide(g.actor, sight_id, move=move, reason=reason, version=version)
    except Invalid as refusal:
        return _one_page(sight_id, sentence(refusal)), _REFUSED
    flash(gettext(MACHINE.transition(move).done), "ok")
    return redirect(url_for("sights.index"), 303)


@bp.post("/<uuid:sight_id>/open")
@command(Permission.SIGHT_OPEN, fresh="child.reveal")
def reveal(sight_id: UUID) -> ResponseReturnValue:
    sight_requests.open_granted(g.actor, sight_id)
    flash(gettext(MACHINE.transition("open").done), "ok")
    return redirect(url_for("sights.one", sight_id=sight_id), 303)


@bp.get("/emergency")
@page(Permission.SIGHT_BREAK_GLASS)
def emergency() -> ResponseReturnValue:
    return _emergency_page({})


@bp.post("/emergency")
@command(Permission.SIGHT_BREAK_GLASS, fresh="child.break_glass")
def ask_emergency() -> ResponseReturnValue:
    given = {name: request.form.get(name, "") for name in ("reason", "words")}
    fields = request.form.getlist("fields")
    try:
        child_id = uuid_of(request.form.get("child", "").strip().rsplit("/", 1)[-1])
        sight_id = sight_requests.break_glass(g.actor, child_id, fields=fields, **given)
    except NotFound as refusal:
        return _emergency_page({"child": sentence(refusal)}), _REFUSED
    except Invalid as refusal:
        return _emergency_page({"": sentence(refusal), **refusal.fields}), _REFUSED
    flash(gettext("应急申请已发出，需要另一位同事确认后才能打开。"), "warn")
    return redirect(url_for("sights.one", sight_id=sight_id), 303)


@bp.post("/outliers/<uuid:outlier_id>")
@command(Permission.SIGHT_WATCH)
def settle(outlier_id: UUID) -> ResponseReturnValue:
    try:
        sight_watch.settle(g.actor, outlier_id, finding=request.form.get("finding", ""))
    except Invalid as refusal:
        flash(sentence(refusal), "warn")
    else:
        flash(gettext("核实结果已记下。"), "ok")
    return redirect(url_for("sights.index"), 303)


def _one_page(sight_id: UUID, problem: str = "") -> str:
    return render_template(
        "sights/one.html",
        view=reading.get(g.actor, sight_id),
        fields=CHILD_FIELDS,
        problem=problem,
    )


def _emergency_page(problems: dict[str, str]) -> str:
    return render_template(
        "sights/emergency.html",
        fields=CHILD_FIELDS,
        reasons=CHILD_REASONS,
        problems=problems,
        typed=request.form or request.args,
    )
