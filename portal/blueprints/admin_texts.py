"""Texts that people accept, in two keys; and how long everything is kept."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.domain import clock
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.domain.retention import CLASSES
from portal.domain.texts import KINDS, builtin
from portal.forms.rights import PublishForm, TextForm
from portal.queries import texts as rows
from portal.services import texts
from portal.web import reading
from portal.web.forms import attempt
from portal.web.gate import command, page
from portal.web.values import shown_version

bp = Blueprint("texts", __name__, url_prefix="/admin")
_REFUSED = 422


@bp.get("/texts", endpoint="index")
@page(Permission.TEXT_MANAGE)
def index_page() -> ResponseReturnValue:
    tenant = rows.authority_of(g.actor)
    return render_template("texts/index.html", drafts=rows.all_of(g.actor, tenant), kinds=KINDS)


@bp.get("/texts/new/<kind>", endpoint="write")
@page(Permission.TEXT_MANAGE)
def write_page(kind: str) -> ResponseReturnValue:
    newest = _newest(kind)
    return _write_page(TextForm(formdata=None, body=newest), kind, None)


@bp.post("/texts/new/<kind>")
@command(Permission.TEXT_MANAGE)
def draft(kind: str) -> ResponseReturnValue:
    form, tenant = TextForm(), rows.authority_of(g.actor)
    body = form.body.data or ""
    text_id = attempt(form, texts.draft, g.actor, tenant_path=tenant, kind=kind, body=body)
    if text_id is None:
        return _write_page(form, kind, None), _REFUSED
    flash(gettext("草稿已保存，请另一位同事看过后发布。"), "ok")
    return redirect(url_for("texts.one", text_id=text_id), 303)


@bp.get("/texts/<uuid:text_id>", endpoint="one")
@page(Permission.TEXT_MANAGE)
def one_page(text_id: UUID) -> ResponseReturnValue:
    form = PublishForm(formdata=None, in_force_from=clock.today())
    return _one_page(text_id, form)


@bp.get("/texts/<uuid:text_id>/edit", endpoint="edit")
@page(Permission.TEXT_MANAGE)
def edit_page(text_id: UUID) -> ResponseReturnValue:
    own = rows.one(g.actor, text_id)
    form = TextForm(formdata=None, body=own.body, version=str(own.version))
    return _write_page(form, own.kind, own)


@bp.post("/texts/<uuid:text_id>/edit")
@command(Permission.TEXT_MANAGE)
def save(text_id: UUID) -> ResponseReturnValue:
    form, own = TextForm(), rows.one(g.actor, text_id)
    body = form.body.data or ""
    if attempt(form, texts.edit, g.actor, text_id, body=body, version=shown_version()) is None:
        return _write_page(form, own.kind, own), _REFUSED
    flash(gettext("草稿已保存。"), "ok")
    return redirect(url_for("texts.one", text_id=text_id), 303)


@bp.post("/texts/<uuid:text_id>/publish")
@command(Permission.TEXT_MANAGE)
def publish(text_id: UUID) -> ResponseReturnValue:
    form = PublishForm()
    given = {"in_force_from": form.in_force_from.data, "version": shown_version()}
    if attempt(form, texts.publish, g.actor, text_id, **given) is None:
        return _one_page(text_id, form), _REFUSED
    flash(gettext("已发布，从生效日起请大家重新阅读。"), "ok")
    return redirect(url_for("texts.index"), 303)


@bp.post("/texts/<uuid:text_id>/discard")
@command(Permission.TEXT_MANAGE)
def discard(text_id: UUID) -> ResponseReturnValue:
    texts.discard(g.actor, text_id, version=shown_version())
    flash(gettext("草稿已放弃。"), "ok")
    return redirect(url_for("texts.index"), 303)


@bp.get("/retention")
@page(Permission.RETENTION_READ)
def retention() -> ResponseReturnValue:
    return render_template("texts/retention.html", classes=CLASSES.values())


def _newest(kind: str) -> str:
    """Return the body a new version starts from: the newest published one, or the built-in."""
    if kind not in KINDS:
        raise NotFound
    mine = rows.all_of(g.actor, rows.authority_of(g.actor))
    bodies = [each.body for each in mine if each.kind == kind and each.status == "published"]
    return bodies[0] if bodies else builtin(kind)


def _write_page(form: TextForm, kind: str, own: rows.Draft | None) -> str:
    if kind not in KINDS:
        raise NotFound
    return render_template("texts/write.html", form=form, kind=kind, own=own)


def _one_page(text_id: UUID, form: PublishForm) -> str:
    own = rows.one(g.actor, text_id)
    return render_template(
        "texts/one.html", own=own, form=form, reading=reading.reading_of(own.body)
    )
