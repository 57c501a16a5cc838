"""Worries about children: each waits here until somebody says what is being done."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.domain.errors import Invalid
from portal.domain.permissions import Permission
from portal.queries import concerns as rows
from portal.services import concerns
from portal.web.errors import sentence
from portal.web.gate import command, page

_REFUSED = 422


@bp.get("/concerns", endpoint="concerns")
@page(Permission.CONCERN_ANSWER)
def queue() -> ResponseReturnValue:
    return _page("", "", "")


@bp.post("/concerns/<noun>/<uuid:subject_id>")
@command(Permission.CONCERN_ANSWER)
def answer_concern(noun: str, subject_id: UUID) -> ResponseReturnValue:
    words = request.form.get("words", "")
    try:
        concerns.acknowledge(g.actor, noun, subject_id, words=words)
    except Invalid as refusal:
        return _page(str(subject_id), sentence(refusal), words), _REFUSED
    flash(gettext("已记下您的答复。"), "ok")
    return redirect(url_for("desk.concerns"), 303)


def _page(about: str, problem: str, words: str) -> str:
    return render_template(
        "journal/concerns.html",
        waiting=rows.waiting(g.actor),
        answered=rows.answered(g.actor),
        subject=about,
        problem=problem,
        words=words,
    )
