"""My letters to the child, and the child's that were handed over to me; all through staff."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.mine.frame import bp
from portal.domain.lifecycles.letters import MACHINE
from portal.domain.permissions import Permission
from portal.forms.letters import LetterForm
from portal.queries import letters as rows
from portal.services import letters
from portal.web import letter_pages
from portal.web.forms import attempt
from portal.web.gate import command, not_found, page

_REFUSED = 422


@bp.get("/pairings/<uuid:pairing_id>/letters", endpoint="pairing_letters")
@page(Permission.LETTER_WRITE)
def own_letters(pairing_id: UUID) -> ResponseReturnValue:
    return _list_page(pairing_id, LetterForm())


@bp.post("/pairings/<uuid:pairing_id>/letters")
@command(Permission.LETTER_WRITE)
def write_letter(pairing_id: UUID) -> ResponseReturnValue:
    form = LetterForm()
    rows.exchange(g.actor, pairing_id)
    made = attempt(form, lambda: letters.write(g.actor, pairing_id, text=form.text.data))
    if made is None:
        return _list_page(pairing_id, form), _REFUSED
    return _onward(pairing_id, made, gettext("已交给工作人员审读，通过后由儿童主任转交。"))


@bp.get("/pairings/<uuid:pairing_id>/letters/<uuid:letter_id>", endpoint="pairing_letter")
@page(Permission.LETTER_WRITE)
def own_letter(pairing_id: UUID, letter_id: UUID) -> ResponseReturnValue:
    return _letter_page(pairing_id, letter_id, LetterForm())


@bp.post("/pairings/<uuid:pairing_id>/letters/<uuid:letter_id>")
@command(Permission.LETTER_WRITE)
def letter_act(pairing_id: UUID, letter_id: UUID) -> ResponseReturnValue:
    form = LetterForm()
    rows.own(g.actor, pairing_id, letter_id)
    move = request.form.get("transition", "")
    if move == "withdraw":
        letters.withdraw(g.actor, letter_id, version=form.seen)
        flash(gettext("已撤回。"), "ok")
        return redirect(url_for("mine.pairing_letters", pairing_id=pairing_id), 303)
    if move != "rewrite":
        not_found()
    if attempt(form, _rewriting(letter_id, form)) is None:
        return _letter_page(pairing_id, letter_id, form), _REFUSED
    return _onward(pairing_id, letter_id, gettext(MACHINE.transition("rewrite").done))


@bp.get("/pairings/<uuid:pairing_id>/letters/<uuid:letter_id>/picture")
@page(Permission.LETTER_WRITE)
def letter_picture(pairing_id: UUID, letter_id: UUID) -> ResponseReturnValue:
    rows.own(g.actor, pairing_id, letter_id)
    return letter_pages.picture(rows.picture(g.actor, letter_id))


def _rewriting(letter_id: UUID, form: LetterForm) -> Callable[[], UUID]:
    return lambda: letters.rewrite(g.actor, letter_id, text=form.text.data, version=form.seen)


def _onward(pairing_id: UUID, letter_id: UUID, done: str) -> ResponseReturnValue:
    """Lead to the list, or to the letter itself where the linter asks for other words."""
    _, letter = rows.own(g.actor, pairing_id, letter_id)
    if letter.status == "screened_out":
        there = url_for("mine.pairing_letter", pairing_id=pairing_id, letter_id=letter_id)
        return redirect(there, 303)
    flash(done, "ok")
    return redirect(url_for("mine.pairing_letters", pairing_id=pairing_id), 303)


def _list_page(pairing_id: UUID, form: LetterForm) -> str:
    return render_template(
        "letters/mine.html", exchange=rows.exchange(g.actor, pairing_id), form=form
    )


def _letter_page(pairing_id: UUID, letter_id: UUID, form: LetterForm) -> str:
    exchange, letter = rows.own(g.actor, pairing_id, letter_id)
    if not form.is_submitted():
        form.text.data, form.version.data = letter.text, letter.version
    return render_template(
        "letters/own.html",
        exchange=exchange,
        letter=letter,
        form=form,
        told=letter_pages.told(letter.found),
    )
