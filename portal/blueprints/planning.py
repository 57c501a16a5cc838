"""Planning a programme: the list and queue, the form, the overview with its steps."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.domain.permissions import Permission
from portal.domain.programmes import KINDS
from portal.forms.programmes import PreparationForm
from portal.queries import programmes as reading
from portal.services import programmes
from portal.web import programme_pages as pages
from portal.web import uploads
from portal.web.forms import attempt
from portal.web.gate import command, page
from portal.web.values import shown_version

bp = Blueprint("planning", __name__)
_REFUSED = 422


@bp.get("/desk/programmes")
@page(Permission.PROGRAMME_READ)
def index() -> ResponseReturnValue:
    view = pages.chosen_view()
    asked = pages.wanted(view)
    found = reading.page(g.actor, asked)
    return render_template(
        "programmes/list.html",
        page=found,
        asked=asked,
        view=view,
        tabs=pages.views(view),
        kinds=KINDS,
        next_url=pages.next_url(view, asked, found.next_after),
    )


@bp.get("/desk/programmes/new")
@page(Permission.PROGRAMME_DRAFT)
def new() -> ResponseReturnValue:
    kind = request.args.get("kind", "")
    if not kind:
        return render_template("programmes/kinds.html", kinds=KINDS)
    form = pages.form_for(kind)
    pages.usual(form, kind)
    return _form_page(form, kind)


@bp.post("/desk/programmes/new")
@command(Permission.PROGRAMME_DRAFT)
def draft() -> ResponseReturnValue:
    kind = request.args.get("kind", "")
    form = pages.form_for(kind)
    unit = form.unit.data if "unit" in form else ""
    programme_id = attempt(
        form, lambda: programmes.draft(g.actor, form.read(kind), unit=unit or "")
    )
    if programme_id is None:
        return _form_page(form, kind), _REFUSED
    flash(gettext("已保存，接着排日程"), "success")
    return redirect(url_for("timetables.edit", code=programmes.get(programme_id).code), 303)


@bp.get("/desk/programmes/checklist")
@page(Permission.PROGRAMME_DRAFT)
def checklist() -> ResponseReturnValue:
    """Answer with the checklist for what stands in a form now; nothing is saved."""
    code, kind = request.args.get("code", ""), request.args.get("kind", "")
    found = reading.dossier(g.actor, code) if code else None
    kind = found.row.kind if found else kind
    pages.form_for(kind)
    listed = pages.typed_checklist(found.plan if found else None, kind)
    return render_template("programmes/_checklist.html", **listed)


@bp.get("/programmes/<code>/manage")
@page(Permission.PROGRAMME_MANAGE)
def manage(code: str) -> ResponseReturnValue:
    return pages.main_page(code)


@bp.post("/programmes/<code>/manage")
@command(Permission.PROGRAMME_MANAGE)
def move(code: str) -> ResponseReturnValue:
    said = pages.move_and_say(code)
    if said is not None:
        return pages.main_page(code, refused=said), _REFUSED
    return redirect(url_for(".manage", code=code), 303)


@bp.get("/programmes/<code>/manage/details")
@page(Permission.PROGRAMME_MANAGE)
def details(code: str) -> ResponseReturnValue:
    found = reading.dossier(g.actor, code)
    form = pages.form_for(found.row.kind)
    form.fill(found.asked, found.row.version)
    return _form_page(form, found.row.kind, found)


@bp.post("/programmes/<code>/manage/details")
@command(Permission.PROGRAMME_MANAGE)
def save(code: str) -> ResponseReturnValue:
    found = reading.dossier(g.actor, code)
    form, version = pages.form_for(found.row.kind), shown_version()
    done = attempt(
        form,
        lambda: programmes.revise(
            g.actor, found.row.id, form.read(found.row.kind), version=version
        ),
    )
    if done is None:
        return _form_page(form, found.row.kind, found), _REFUSED
    flash(gettext("已保存"), "success")
    return redirect(url_for(".manage", code=code), 303)


@bp.post("/programmes/<code>/manage/prepare")
@command(Permission.PROGRAMME_MANAGE)
def prepare(code: str) -> ResponseReturnValue:
    programme_id = reading.by_code(g.actor, code, Permission.PROGRAMME_MANAGE)
    form, version = PreparationForm(), shown_version()
    uploads.keep(form)
    done = attempt(
        form, lambda: programmes.prepare(g.actor, programme_id, form.read(), version=version)
    )
    if done is None:
        return pages.main_page(code, form=form), _REFUSED
    if (kept := uploads.kept(form).get("plan_file")) is not None:
        programmes.attach_plan(g.actor, programme_id, kept)
    flash(gettext("已登记"), "success")
    return redirect(url_for(".manage", code=code), 303)


def _form_page(form: pages.ProgrammeForm, kind: str, found: reading.Dossier | None = None) -> str:
    return render_template(
        "programmes/write.html",
        form=form,
        kind=kind,
        rules=KINDS[kind],
        row=found.row if found else None,
        tabs=pages.tabs(found.row, "planning.manage") if found else (),
        **pages.typed_checklist(found.plan if found else None, kind),
    )
