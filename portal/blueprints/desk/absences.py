"""Who did not come: whom to call, whom to go and see."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.domain.permissions import Permission
from portal.forms.attendance import VisitForm
from portal.queries import absences as rows
from portal.services import absences
from portal.web.forms import attempt
from portal.web.gate import command, page

_REFUSED = 422


@bp.get("/absences", endpoint="absences")
@page(Permission.ENROL_APPLY)
def missing() -> ResponseReturnValue:
    return _page()


@bp.post("/absences/<uuid:enrolment_id>")
@command(Permission.ENROL_APPLY)
def visited(enrolment_id: UUID) -> ResponseReturnValue:
    form = VisitForm()
    done = attempt(form, lambda: absences.visited(g.actor, enrolment_id, words=form.words.data))
    if done is None:
        return _page(enrolment_id, form), _REFUSED
    flash(gettext("已记下。"), "ok")
    return redirect(url_for("desk.absences"), 303)


def _page(about: UUID | None = None, form: VisitForm | None = None) -> str:
    return render_template(
        "attendance/absences.html",
        to_visit=rows.to_visit(g.actor),
        fresh=rows.fresh(g.actor),
        about=about,
        problem=form.words.errors[0] if form and form.words.errors else "",
        typed=form.words.data if form else "",
    )
