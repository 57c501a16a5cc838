"""Letters on the desk: the queue, one letter to read, writing down a child's, the sheet to hand."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.domain import clock
from portal.domain.errors import Invalid
from portal.domain.lifecycles.letters import MACHINE
from portal.domain.permissions import Permission
from portal.forms.letters import TakeLetterForm
from portal.queries import letters as rows
from portal.services import letters
from portal.web import letter_pages, uploads
from portal.web.errors import sentence
from portal.web.forms import attempt
from portal.web.gate import command, not_found, page
from portal.web.values import maybe_date, shown_version

_REFUSED = 422


@bp.get("/letters", endpoint="letters")
@page(Permission.LETTER_READ)
def letter_queue() -> ResponseReturnValue:
    status = request.args.get("status", rows.LISTED[0])
    offset = request.args.get("offset", 0, type=int)
    found, more = rows.queue(g.actor, status, max(offset, 0))
    return render_template(
        "letters/queue.html",
        rows=found,
        more=more,
        status=status,
        offset=offset,
        counts=rows.counts(),
        listed=rows.LISTED,
        page_size=rows.PAGE,
    )


@bp.get("/letters/<uuid:letter_id>", endpoint="letter")
@page(Permission.LETTER_READ)
def letter_open(letter_id: UUID) -> ResponseReturnValue:
    return _letter_page(letter_id, {})


@bp.post("/letters/<uuid:letter_id>", endpoint="letter_act")
@command(Permission.LETTER_READ)
def letter_move(letter_id: UUID) -> ResponseReturnValue:
    move = request.form.get("transition", "")
    if move not in _ACTS:
        not_found()
    rows.opened(g.actor, letter_id)
    try:
        _ACTS[move](letter_id, shown_version())
    except Invalid as refusal:
        return _letter_page(letter_id, {"": sentence(refusal), **refusal.fields}), _REFUSED
    flash(gettext(MACHINE.transition(move).done), "ok")
    return redirect(url_for("desk.letter", letter_id=letter_id), 303)


@bp.get("/letters/<uuid:letter_id>/print", endpoint="letter_sheet")
@page(Permission.LETTER_READ)
def letter_paper(letter_id: UUID) -> ResponseReturnValue:
    letter = rows.opened(g.actor, letter_id)
    if letter.row.status not in ("approved", "handed_over"):
        not_found()
    return render_template("letters/print.html", letter=letter)


@bp.get("/letters/<uuid:letter_id>/picture", endpoint="letter_picture")
@page(Permission.LETTER_READ)
def letter_scan(letter_id: UUID) -> ResponseReturnValue:
    return letter_pages.picture(rows.picture(g.actor, letter_id))


@bp.get("/pairings/<uuid:pairing_id>/letters", endpoint="pairing_letters")
@page(Permission.LETTER_READ)
def letters_of_pairing(pairing_id: UUID) -> ResponseReturnValue:
    form = TakeLetterForm()
    form.written_on.data = clock.today()
    return _pairing_page(pairing_id, form)


@bp.post("/pairings/<uuid:pairing_id>/letters", endpoint="take_letter")
@command(Permission.LETTER_RECORD)
def letter_take(pairing_id: UUID) -> ResponseReturnValue:
    form = TakeLetterForm()
    rows.desk_pairing(g.actor, pairing_id)
    uploads.keep(form)
    if attempt(form, lambda: _take(pairing_id, form)) is None:
        return _pairing_page(pairing_id, form), _REFUSED
    flash(gettext("已登记，等另一位同事审读。"), "ok")
    return redirect(url_for("desk.pairing_letters", pairing_id=pairing_id), 303)


def _take(pairing_id: UUID, form: TakeLetterForm) -> UUID:
    return letters.take_down(
        g.actor,
        pairing_id,
        written_on=form.written_on.data,
        text=form.text.data or "",
        scan=uploads.kept(form).get("scan"),
    )


def _words(name: str) -> str:
    return request.form.get(name, "")


_ACTS: dict[str, Callable[[UUID, int | None], UUID]] = {
    "approve": lambda each, version: letters.approve(
        g.actor, each, text=_words("text"), with_picture=bool(_words("with_picture")),
        version=version,
    ),
    "return": lambda each, version: letters.send_back(
        g.actor, each, reason=_words("reason"), version=version
    ),
    "retype": lambda each, version: letters.retype(
        g.actor, each, text=_words("text"), version=version
    ),
    "hand_over": lambda each, version: letters.hand_over(
        g.actor, each, handed_over_on=maybe_date(_words("handed_over_on")), version=version
    ),
}  # fmt: skip


def _letter_page(letter_id: UUID, problems: dict[str, str]) -> str:
    letter = rows.opened(g.actor, letter_id)
    return render_template(
        "letters/read.html",
        letter=letter,
        told=letter_pages.told(letter.found),
        problems=problems,
        typed=request.form,
    )


def _pairing_page(pairing_id: UUID, form: TakeLetterForm) -> str:
    return render_template(
        "letters/pairing.html",
        pairing=rows.desk_pairing(g.actor, pairing_id),
        rows=rows.of_pairing(g.actor, pairing_id),
        form=form,
    )
