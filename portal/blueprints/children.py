"""Staff: the children's files of one's own units, and opening what is masked in them."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.domain.errors import Invalid, NotAllowed
from portal.domain.ledger import Category
from portal.domain.permissions import Permission
from portal.domain.sight import CHILD_FIELDS, CHILD_REASONS
from portal.queries import children, needs
from portal.queries import sight as looking
from portal.services import sight, sight_requests
from portal.web.errors import sentence
from portal.web.gate import command, page
from portal.web.looking import note_look, note_refusal
from portal.web.values import maybe_uuid

bp = Blueprint("children", __name__, url_prefix="/children")
_REFUSED = 422
#: So many of those who looked are named on the file's own page.
_LATEST = 5


@bp.get("")
@page(Permission.CHILD_READ)
def index() -> ResponseReturnValue:
    given = {name: request.args.get(name, "") for name in ("q", "category", "after")}
    status = request.args.get("status", "active")
    return render_template(
        "children/index.html",
        page=children.index(g.actor, status=status, **given),
        status=status,
        categories=tuple(Category),
        **given,
    )


@bp.get("/<uuid:child_id>")
@page(Permission.CHILD_READ)
def file(child_id: UUID) -> ResponseReturnValue:
    note_look(child_id)
    return _file_page(child_id)


@bp.get("/<uuid:child_id>/looks")
@page(Permission.CHILD_READ)
def looks(child_id: UUID) -> ResponseReturnValue:
    note_look(child_id)
    after = maybe_uuid(request.args.get("after"))
    child = children.get(g.actor, child_id)
    return render_template(
        "children/looks.html",
        child=child,
        looks=looking.looks(child_id, child.unit_path, after),
        first=after is None,
    )


@bp.post("/<uuid:child_id>/open")
@command(Permission.CHILD_REVEAL, fresh="child.reveal")
def reveal(child_id: UUID) -> ResponseReturnValue:
    given = {name: request.form.get(name, "") for name in ("field", "reason", "words")}
    try:
        sight.open_field(g.actor, child_id, **given)
    except Invalid as refusal:
        flash(sentence(refusal), "warn")
    except NotAllowed:
        note_refusal(child_id, given["field"])
        raise
    return redirect(url_for("children.file", child_id=child_id), 303)


@bp.post("/<uuid:child_id>/ask")
@command(Permission.SIGHT_ASK)
def ask(child_id: UUID) -> ResponseReturnValue:
    given = {name: request.form.get(name, "") for name in ("reason", "words")}
    fields = request.form.getlist("fields")
    try:
        sight_id = sight_requests.ask(g.actor, child_id, fields=fields, **given)
    except Invalid as refusal:
        note_look(child_id)
        return _file_page(child_id, {"": sentence(refusal), **refusal.fields}), _REFUSED
    flash(gettext("申请已送到负责这份档案的同事那里，批准后会写信告诉您。"), "ok")
    return redirect(url_for("sights.one", sight_id=sight_id), 303)


def _file_page(child_id: UUID, problems: dict[str, str] | None = None) -> str:
    child = children.get(g.actor, child_id)
    return render_template(
        "children/file.html",
        child=child,
        needs=needs.of_child(g.actor, child_id),
        looks=looking.looks(child_id, child.unit_path, limit=_LATEST),
        broken=looking.broken_glass(child_id),
        fields=CHILD_FIELDS,
        reasons=CHILD_REASONS,
        problems=problems or {},
        typed=request.form,
    )
