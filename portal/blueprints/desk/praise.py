"""The child's own words and the stars of one pairing, for staff."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm

from portal.blueprints.desk.frame import bp
from portal.domain import clock
from portal.domain.permissions import Permission
from portal.domain.recognition import FACES, MOMENTS, STAR_REASONS
from portal.forms.letters import StarForm, ThanksForm, VoiceForm
from portal.queries import recognition as rows
from portal.services import recognition
from portal.web.forms import attempt
from portal.web.gate import command, page

_REFUSED = 422


@bp.get("/pairings/<uuid:pairing_id>/praise", endpoint="pairing_praise")
@page(Permission.VOICE_READ)
def praise(pairing_id: UUID) -> ResponseReturnValue:
    return _page(pairing_id)


@bp.post("/pairings/<uuid:pairing_id>/voices", endpoint="record_voice")
@command(Permission.VOICE_RECORD)
def voice_record(pairing_id: UUID) -> ResponseReturnValue:
    form = VoiceForm()
    rows.desk(g.actor, pairing_id)
    given = {name: form[name].data for name in ("moment", "words", "face", "on")}
    if attempt(form, lambda: recognition.hear(g.actor, pairing_id, **given)) is None:
        return _page(pairing_id, voice=form), _REFUSED
    return _done(pairing_id, gettext("已记下，只有工作人员能看到。"))


@bp.post("/pairings/<uuid:pairing_id>/voices/<uuid:voice_id>/thanks", endpoint="pass_thanks")
@command(Permission.VOICE_RELAY)
def thanks_pass(pairing_id: UUID, voice_id: UUID) -> ResponseReturnValue:
    form = ThanksForm()
    rows.desk(g.actor, pairing_id)
    passing = attempt(
        form, lambda: recognition.pass_on(g.actor, voice_id, sentence=form.sentence.data or "")
    )
    if passing is None:
        return _page(pairing_id, thanks=form, voice_id=voice_id), _REFUSED
    return _done(pairing_id, gettext("已转达给结对人。"))


@bp.post("/pairings/<uuid:pairing_id>/stars", endpoint="give_star")
@command(Permission.STAR_GIVE)
def star_give(pairing_id: UUID) -> ResponseReturnValue:
    form = StarForm()
    rows.desk(g.actor, pairing_id)
    given = {"reason_code": form.reason_code.data, "words": form.words.data or ""}
    if attempt(form, lambda: recognition.give_star(g.actor, pairing_id, **given)) is None:
        return _page(pairing_id, star=form), _REFUSED
    return _done(pairing_id, gettext("已颁星，结对人会看到。"))


def _done(pairing_id: UUID, said: str) -> ResponseReturnValue:
    flash(said, "ok")
    return redirect(url_for("desk.pairing_praise", pairing_id=pairing_id), 303)


def _page(pairing_id: UUID, voice_id: UUID | None = None, **forms: FlaskForm) -> str:
    voice = forms.get("voice") or VoiceForm(formdata=None, on=clock.today())
    return render_template(
        "praise/desk.html",
        praise=rows.desk(g.actor, pairing_id),
        voice_form=voice,
        star_form=forms.get("star") or StarForm(formdata=None),
        thanks_form=forms.get("thanks") or ThanksForm(formdata=None),
        tried=voice_id,
        moments=MOMENTS,
        faces=FACES,
        star_words=STAR_REASONS,
    )
