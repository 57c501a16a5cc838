"""An authority's catalogue: items off the shelf, costs and caps, items of its own."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.domain.catalogue import CATEGORIES
from portal.domain.errors import Invalid, NotFound
from portal.domain.lifecycles.honours import CATALOGUE_ITEMS
from portal.domain.permissions import Permission
from portal.forms.catalogue_items import AdjustForm, OwnItemForm
from portal.queries import catalogue_items as reading
from portal.queries import windows
from portal.queries.catalogue_items import ShelfRow
from portal.services import catalogue_items as writing
from portal.web.errors import sentence
from portal.web.forms import attempt
from portal.web.gate import command, not_found, page
from portal.web.values import shown_version

bp = Blueprint("admin_catalogue", __name__, url_prefix="/admin/catalogue")
_REFUSED = 422


def _place() -> windows.Place:
    return windows.authority(g.actor, request.args.get("authority"))


@bp.get("")
@page(Permission.CATALOGUE_MANAGE)
def shelf() -> ResponseReturnValue:
    place = _place()
    given = {name: request.args.get(name, "") for name in ("q", "category", "show")}
    rows = [row for row in reading.rows_of(place.tenant_path) if _asked(row, given)]
    return render_template(
        "admin/catalogue.html",
        place=place,
        rows=rows,
        given=given,
        categories=CATEGORIES,
        proposals=reading.proposals(g.actor, place.tenant_path, ["proposed"]),
    )


@bp.get("/items/<code>")
@page(Permission.CATALOGUE_MANAGE)
def item(code: str) -> ResponseReturnValue:
    row = _row(code)
    form = AdjustForm(formdata=None)
    form.fill(row)
    return _item_page(row, form)


@bp.post("/items/<code>")
@command(Permission.CATALOGUE_MANAGE)
def adjust(code: str) -> ResponseReturnValue:
    place, row, form = _place(), _row(code), AdjustForm()
    done = attempt(form, lambda: writing.adjust(g.actor, place.tenant_path, code, **form.read()))
    if done is None:
        return _item_page(row, form), _REFUSED
    flash(gettext("已保存，起草心愿时马上生效；已经起草的不变"), "ok")
    return redirect(url_for(".shelf", authority=place.code), 303)


@bp.get("/new")
@page(Permission.CATALOGUE_MANAGE)
def write() -> ResponseReturnValue:
    return _new_page(_own_form())


@bp.post("/new")
@command(Permission.CATALOGUE_MANAGE)
def propose() -> ResponseReturnValue:
    place, form = _place(), _own_form()
    done = attempt(form, lambda: writing.propose(g.actor, place.tenant_path, form.read()))
    if done is None:
        return _new_page(form), _REFUSED
    flash(gettext("已提出，请另一位同事批准后才会出现"), "ok")
    return redirect(url_for(".shelf", authority=place.code), 303)


@bp.post("/proposals/<uuid:proposal_id>")
@command(Permission.CATALOGUE_MANAGE)
def decide(proposal_id: UUID) -> ResponseReturnValue:
    move, version = request.form.get("transition", ""), shown_version()
    if move not in ("approve", "decline"):
        not_found()
    try:
        if move == "approve":
            writing.approve(g.actor, proposal_id, version=version)
        else:
            reason = request.form.get("reason", "")
            writing.decline(g.actor, proposal_id, reason=reason, version=version)
    except Invalid as refusal:
        flash(sentence(refusal), "warn")
        return redirect(url_for(".shelf"), 303)
    flash(gettext(CATALOGUE_ITEMS.transition(move).done), "ok")
    return redirect(url_for(".shelf"), 303)


def _asked(row: ShelfRow, given: dict[str, str]) -> bool:
    shown = {"own": row.is_own, "retired": row.retired}.get(given["show"], True)
    fits = given["category"] in ("", row.item.category)
    return shown and fits and given["q"].strip() in f"{row.item.name} {row.item.search_text}"


def _row(code: str) -> ShelfRow:
    for row in reading.rows_of(_place().tenant_path):
        if row.item.code == code:
            return row
    raise NotFound


def _own_form() -> OwnItemForm:
    form = OwnItemForm()
    form.offer_choices()
    return form


def _item_page(row: ShelfRow, form: AdjustForm) -> str:
    return render_template("admin/catalogue_item.html", row=row, form=form, place=_place())


def _new_page(form: OwnItemForm) -> str:
    return render_template("admin/catalogue_new.html", form=form, place=_place())
