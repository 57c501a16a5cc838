"""Staff: the children's files of one's own units."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from portal.domain.ledger import Category
from portal.domain.permissions import Permission
from portal.queries import children
from portal.web.gate import page

bp = Blueprint("children", __name__, url_prefix="/children")


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
    return render_template("children/file.html", child=children.get(g.actor, child_id))
