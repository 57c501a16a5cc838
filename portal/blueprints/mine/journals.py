"""The journal of a pairing on its mentor's phone: written without a signal, sent later."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf

from portal.blueprints.mine.frame import bp
from portal.domain.permissions import Permission
from portal.forms.journals import ContactForm
from portal.queries import journals as rows
from portal.services import contact_logs
from portal.web import journal_pages, uploads
from portal.web.forms import attempt
from portal.web.gate import command, page

_MADE, _REFUSED = 201, 422


@bp.get("/journal/token")
@page(Permission.CONTACT_WRITE)
def journal_token() -> ResponseReturnValue:
    """Give a page that has been away long a fresh token, and say whose session it is."""
    return jsonify(token=generate_csrf(), owner=str(g.actor.user_id))


@bp.get("/pairings/<uuid:pairing_id>/journal", endpoint="pairing_journal")
@page(Permission.CONTACT_WRITE)
def journal(pairing_id: UUID) -> ResponseReturnValue:
    entries, after = rows.entries(g.actor, pairing_id, request.args.get("after", ""))
    return render_template(
        "journal/mine.html",
        head=rows.head(g.actor, pairing_id),
        entries=entries,
        after=after,
        first="after" not in request.args,
    )


@bp.get("/pairings/<uuid:pairing_id>/journal/new")
@page(Permission.CONTACT_WRITE)
def new_entry(pairing_id: UUID) -> ResponseReturnValue:
    return journal_pages.write(rows.head(g.actor, pairing_id), journal_pages.blank())


@bp.post("/pairings/<uuid:pairing_id>/journal")
@command(Permission.CONTACT_WRITE)
def record_entry(pairing_id: UUID) -> ResponseReturnValue:
    form = ContactForm()
    uploads.keep(form)
    known = rows.sent_before(g.actor, pairing_id, form.client)
    made = attempt(
        form,
        lambda: contact_logs.record(
            g.actor, pairing_id, form.entry(), client_id=form.client,
            photo=uploads.kept(form).get("photo"),
        ),
    )  # fmt: skip
    if journal_pages.wants_json():
        return journal_pages.answer(form, made, known=known)
    if made is None:
        return journal_pages.write(rows.head(g.actor, pairing_id), form), _REFUSED
    flash(journal_pages.thanks(form), "ok")
    return redirect(url_for("mine.pairing_journal", pairing_id=pairing_id), 303)


@bp.get("/pairings/<uuid:pairing_id>/journal/<uuid:log_id>")
@page(Permission.CONTACT_WRITE)
def own_entry(pairing_id: UUID, log_id: UUID) -> ResponseReturnValue:
    return _entry_page(pairing_id, log_id, None)


@bp.post("/pairings/<uuid:pairing_id>/journal/<uuid:log_id>")
@command(Permission.CONTACT_WRITE)
def correct_entry(pairing_id: UUID, log_id: UUID) -> ResponseReturnValue:
    form = ContactForm()
    uploads.keep(form)
    rows.own_one(g.actor, pairing_id, log_id)
    sent = attempt(
        form,
        lambda: contact_logs.correct(
            g.actor, log_id, form.entry(), photo=uploads.kept(form).get("photo"),
            version=form.seen,
        ),
    )  # fmt: skip
    if sent is None:
        return _entry_page(pairing_id, log_id, form), _REFUSED
    flash(gettext("已重新提交，等待核实。"), "ok")
    return redirect(url_for("mine.pairing_journal", pairing_id=pairing_id), 303)


def _entry_page(pairing_id: UUID, log_id: UUID, form: ContactForm | None) -> str:
    entry = rows.own_one(g.actor, pairing_id, log_id)
    return render_template(
        "journal/entry.html",
        head=rows.head(g.actor, pairing_id),
        entry=entry,
        form=form or journal_pages.filled(entry),
    )
