"""The unit tree: walking it, opening a unit, proposing a change, confirming it with two keys."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields import SelectChoice

from portal.domain import clock
from portal.domain.lifecycles.unit_changes import TWO_KEYS
from portal.domain.permissions import Permission
from portal.domain.unit_plans import KINDS, LEVELS, levels_below
from portal.forms.choices import named
from portal.forms.units import FORMS, ChangeForm, ConfirmChangeForm, OpenUnitForm
from portal.queries import unit_changes, unit_pages, unit_planning
from portal.services import unit_changes as changing
from portal.services import units as tree
from portal.web.forms import attempt
from portal.web.gate import command, not_found, page
from portal.web.unit_pages import preview_words, refusal_words
from portal.web.values import shown_version

bp = Blueprint("admin_units", __name__, url_prefix="/admin")
_REFUSED = 422


@bp.get("/units")
@page(Permission.UNIT_MANAGE)
def index() -> ResponseReturnValue:
    q = request.args.get("q", "").strip()
    return render_template(
        "admin/units.html",
        q=q,
        found=unit_pages.search(g.actor, q) if q else None,
        roots=unit_pages.roots(g.actor),
        waiting=unit_changes.index(waiting=True),
        levels=LEVELS,
        kinds=KINDS,
    )


@bp.get("/units/<uuid:unit_id>/branch")
@page(Permission.UNIT_MANAGE)
def branch(unit_id: UUID) -> ResponseReturnValue:
    rows = unit_pages.children(g.actor, unit_id)
    return render_template("admin/_branch.html", rows=rows, levels=LEVELS)


@bp.get("/units/<uuid:unit_id>")
@page(Permission.UNIT_MANAGE)
def unit(unit_id: UUID) -> ResponseReturnValue:
    found = unit_pages.page(g.actor, unit_id)
    return render_template(
        "admin/unit.html",
        unit=found,
        levels=LEVELS,
        kinds=KINDS,
        two_keys=TWO_KEYS,
        opens=levels_below(found.node.level),
    )


@bp.get("/units/<uuid:unit_id>/open")
@page(Permission.UNIT_MANAGE)
def open_form(unit_id: UUID) -> ResponseReturnValue:
    return _open_page(unit_id, OpenUnitForm(formdata=None))


@bp.post("/units/<uuid:unit_id>/open")
@command(Permission.UNIT_MANAGE)
def open_below(unit_id: UUID) -> ResponseReturnValue:
    parent = unit_pages.page(g.actor, unit_id).node
    form = OpenUnitForm()
    form.level.choices = _levels(parent.level)
    given = {name: form[name].data or "" for name in ("code", "name", "level")}
    opened = attempt(form, tree.open_unit, g.actor, parent_code=parent.code, **given)
    if opened is None:
        return _open_page(unit_id, form), _REFUSED
    flash(gettext("已开设“%(name)s”。", name=given["name"]), "ok")
    return redirect(url_for(".unit", unit_id=opened.id), 303)


@bp.get("/units/<uuid:unit_id>/change/<kind>")
@page(Permission.UNIT_MANAGE)
def change_form(unit_id: UUID, kind: str) -> ResponseReturnValue:
    node = unit_pages.page(g.actor, unit_id).node
    kept = {"name": node.name, "effective_on": clock.today()}
    return _change_page(unit_id, kind, _form(unit_id, kind, formdata=None, data=kept))


@bp.post("/units/<uuid:unit_id>/change/<kind>")
@command(Permission.UNIT_MANAGE)
def propose(unit_id: UUID, kind: str) -> ResponseReturnValue:
    form = _form(unit_id, kind)
    made = attempt(form, lambda: changing.propose(g.actor, unit_id, form.wanted(kind)))
    if made is None:
        return _change_page(unit_id, kind, form), _REFUSED
    return redirect(url_for(".proposal", proposal_id=made), 303)


@bp.get("/unit-changes")
@page(Permission.UNIT_MANAGE)
def changes() -> ResponseReturnValue:
    return render_template("admin/unit_changes.html", rows=unit_changes.index(), kinds=KINDS)


@bp.get("/unit-changes/<uuid:proposal_id>")
@page(Permission.UNIT_MANAGE)
def proposal(proposal_id: UUID) -> ResponseReturnValue:
    return _proposal_page(proposal_id, ConfirmChangeForm(formdata=None))


@bp.post("/unit-changes/<uuid:proposal_id>/confirm")
@command(Permission.UNIT_MANAGE, fresh="unit.change")
def confirm(proposal_id: UUID) -> ResponseReturnValue:
    form = ConfirmChangeForm()
    given = {"typed": form.typed.data or "", "version": form.seen}
    unit_id = attempt(form, changing.confirm, g.actor, proposal_id, **given)
    if unit_id is None:
        return _proposal_page(proposal_id, form), _REFUSED
    flash(gettext("调整已生效，旧代码和旧名称仍然认得出。"), "ok")
    return redirect(url_for(".unit", unit_id=unit_id), 303)


@bp.post("/unit-changes/<uuid:proposal_id>/drop")
@command(Permission.UNIT_MANAGE)
def drop(proposal_id: UUID) -> ResponseReturnValue:
    version = shown_version()
    reason = request.form.get("reason", "")
    changing.drop(g.actor, proposal_id, reason=reason, version=version)
    flash(gettext("已记为不采用，单位没有变化。"), "ok")
    return redirect(url_for(".changes"), 303)


def _levels(level: str) -> list[SelectChoice]:
    return named((below, gettext(LEVELS[below])) for below in levels_below(level))


def _open_page(unit_id: UUID, form: OpenUnitForm) -> str:
    above = unit_pages.page(g.actor, unit_id)
    form.level.choices = _levels(above.node.level)
    return render_template("admin/unit_open.html", form=form, unit=above)


def _form(unit_id: UUID, kind: str, **given: object) -> ChangeForm:
    if kind not in FORMS:
        not_found()
    form = FORMS[kind](**given)
    if kind == "move":
        rows = unit_pages.parents(g.actor, unit_id)
        form.parent.choices = named((str(row.id), f"{row.place} {row.name}") for row in rows)
    if kind == "merge":
        rows = unit_pages.siblings(g.actor, unit_id)
        form.others.choices = named((str(row.id), f"{row.name} {row.code}") for row in rows)
    return form


def _change_page(unit_id: UUID, kind: str, form: ChangeForm) -> str:
    return render_template(
        "admin/unit_change.html",
        form=form,
        kind=kind,
        kinds=KINDS,
        unit=unit_pages.page(g.actor, unit_id),
        two_keys=kind in TWO_KEYS,
    )


def _proposal_page(proposal_id: UUID, form: ConfirmChangeForm) -> str:
    seen = unit_planning.preview(proposal_id)
    form.version.data = seen.version
    return render_template(
        "admin/unit_proposal.html",
        form=form,
        seen=seen,
        kinds=KINDS,
        levels=LEVELS,
        two_keys=seen.wanted.kind in TWO_KEYS,
        touched=preview_words(seen),
        refusal=refusal_words(seen, g.actor),
    )
