"""The director's wishes: choose a child, consent first, then the item and the words."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.domain import catalogue, clock
from portal.domain.catalogue import CATEGORIES
from portal.domain.permissions import Permission
from portal.forms.wishes import ConsentForm, WishForm
from portal.queries import catalogue_items, drafting, windows
from portal.queries import wishes as reading
from portal.services import wish_review, wishes
from portal.web import wish_desk
from portal.web.forms import attempt
from portal.web.gate import command, page, safe_next
from portal.web.values import shown_version
from portal.web.wish_desk import dossier_page, move_and_say, window_choices

bp = Blueprint("wishes", __name__, url_prefix="/desk/my-wishes")

bp.record_once(lambda state: wish_desk.add_filters(state.app.jinja_env))

_FEN = Decimal(100)


@bp.get("")
@page(Permission.WISH_DRAFT)
def mine() -> ResponseReturnValue:
    return render_template(
        "wishes/mine.html", rows=reading.mine(g.actor), windows=windows.open_for_drafts()
    )


@bp.get("/new")
@page(Permission.WISH_DRAFT)
def choose_child() -> ResponseReturnValue:
    return render_template("wishes/choose_child.html", children=drafting.children(g.actor))


@bp.get("/children/<uuid:child_id>/item")
@page(Permission.WISH_DRAFT)
def choose_item(child_id: UUID) -> ResponseReturnValue:
    child = drafting.child(g.actor, child_id)
    if drafting.consent(child_id) is None:
        return redirect(url_for("wishes.consent", child_id=child_id), 303)
    query, category = request.args.get("q", "").strip(), request.args.get("category", "")
    fitting = drafting.suitable(child)
    found = catalogue.find_for_staff(query, fitting)
    return render_template(
        "wishes/choose_item.html",
        child=child,
        items=[one for one in found if category in ("", one.category)],
        categories=[one for one in CATEGORIES if any(i.category == one for i in fitting)],
        q=query,
        category=category,
    )


def _consent_form(child_id: UUID) -> ConsentForm:
    form = ConsentForm()
    form.offer(
        [
            (one.id, gettext("%(name)s（%(relation)s）", name=one.name, relation=one.relation))
            for one in drafting.guardians(child_id)
        ]
    )
    return form


@bp.get("/children/<uuid:child_id>/consent")
@page(Permission.WISH_DRAFT)
def consent(child_id: UUID) -> ResponseReturnValue:
    child = drafting.child(g.actor, child_id)
    form = _consent_form(child_id)
    form.given_on.data = clock.today()
    return render_template("wishes/consent.html", child=child, form=form)


@bp.post("/children/<uuid:child_id>/consent")
@command(Permission.WISH_DRAFT)
def give_consent(child_id: UUID) -> ResponseReturnValue:
    child = drafting.child(g.actor, child_id)
    form = _consent_form(child_id)
    done = attempt(form, lambda: wishes.record_consent(g.actor, child_id, form.read()))
    if done is None:
        return render_template("wishes/consent.html", child=child, form=form), 422
    flash(gettext("已记录监护人同意，请选择物品"), "success")
    return redirect(safe_next(url_for(".choose_item", child_id=child_id)), 303)


def _wish_form(code: str) -> WishForm:
    form = WishForm()
    form.fit(catalogue.face_of(code), window_choices(windows.open_for_drafts()))
    return form


@bp.get("/children/<uuid:child_id>/item/<code>")
@page(Permission.WISH_DRAFT)
def write(child_id: UUID, code: str) -> ResponseReturnValue:
    child = drafting.child(g.actor, child_id)
    item = catalogue_items.on_shelf(child.tenant_path, code)
    form = _wish_form(code)
    form.est_cost.data = Decimal(item.cost_fen) / _FEN
    return render_template("wishes/write.html", child=child, item=item, form=form, wish=None)


@bp.post("/children/<uuid:child_id>/item/<code>")
@command(Permission.WISH_DRAFT)
def draft(child_id: UUID, code: str) -> ResponseReturnValue:
    child = drafting.child(g.actor, child_id)
    item = catalogue_items.on_shelf(child.tenant_path, code)
    form = _wish_form(code)
    wish = attempt(
        form,
        lambda: wishes.draft(g.actor, child_id, UUID(form.window.data), form.read(code)),
    )
    if wish is None:
        return render_template(
            "wishes/write.html", child=child, item=item, form=form, wish=None
        ), 422
    return redirect(url_for(".one", wish_id=wish.id), 303)


@bp.get("/<uuid:wish_id>")
@page(Permission.WISH_DRAFT)
def one(wish_id: UUID) -> ResponseReturnValue:
    return dossier_page("wishes/one.html", wish_id)


@bp.post("/<uuid:wish_id>")
@command(Permission.WISH_DRAFT)
def move(wish_id: UUID) -> ResponseReturnValue:
    said = move_and_say(wish_id)
    if said is not None:
        return dossier_page("wishes/one.html", wish_id, refused=said), 422
    return redirect(url_for(".one", wish_id=wish_id), 303)


@bp.get("/<uuid:wish_id>/edit")
@page(Permission.WISH_DRAFT)
def edit(wish_id: UUID) -> ResponseReturnValue:
    wish = reading.dossier(g.actor, wish_id)
    form = _wish_form(wish.item.code)
    form.window.data = str(wish.window_id)
    form.own_words.data, form.public_note.data = wish.own_words_text, wish.note_text
    form.quantity.data, form.cap_reason.data = wish.quantity, wish.cap_reason
    form.est_cost.data = Decimal(wish.row.cost_fen) / _FEN
    form.fill(wish.spec)
    child = drafting.child(g.actor, wish.child_id)
    return render_template("wishes/write.html", child=child, item=wish.item, form=form, wish=wish)


@bp.post("/<uuid:wish_id>/edit")
@command(Permission.WISH_DRAFT)
def save(wish_id: UUID) -> ResponseReturnValue:
    wish = reading.dossier(g.actor, wish_id)
    code, version = wish.item.code, shown_version()
    form = _wish_form(code)
    done = attempt(
        form,
        lambda: wishes.edit(g.actor, wish_id, form.read(code), version, UUID(form.window.data)),
    )
    if done is None:
        child = drafting.child(g.actor, wish.child_id)
        return render_template(
            "wishes/write.html", child=child, item=wish.item, form=form, wish=wish
        ), 422
    return redirect(url_for(".one", wish_id=wish_id), 303)


@bp.post("/<uuid:wish_id>/consent/withdraw")
@command(Permission.WISH_WITHDRAW)
def withdraw_consent(wish_id: UUID) -> ResponseReturnValue:
    wish = reading.dossier(g.actor, wish_id)
    if wish.consent is not None:
        wish_review.withdraw_consent(g.actor, wish.consent.id, request.form.get("reason", ""))
        flash(gettext("已撤回监护人同意，卡片已从各处移除"), "success")
    return redirect(safe_next(url_for(".mine")), 303)
