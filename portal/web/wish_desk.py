"""What the pages around a wish's dossier share: showing it, and moving it from a form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import flash, g, render_template, request
from flask_babel import gettext
from jinja2 import Environment

from portal.core import unit_of_work
from portal.domain import catalogue, clock
from portal.domain.bands import BAND_LABELS, Band
from portal.domain.card_fields import COST_BAND_LABELS, CardFields
from portal.domain.errors import Invalid
from portal.domain.lifecycles.wishes import MACHINE
from portal.domain.screening import Segment, advice
from portal.domain.windows import OCCASION_LABELS, Occasion
from portal.domain.wish_inputs import CONSENT_METHODS
from portal.domain.words import GENDER_WORDS
from portal.queries import wishes as reading
from portal.queries.windows import WindowRow
from portal.services import wish_review
from portal.web.errors import sentence
from portal.web.values import shown_version

_DAY_HOURS = 24


def dossier_page(template: str, wish_id: UUID, refused: str = "") -> str:
    """Render a wish's dossier; ``refused`` says why the last move was not made."""
    wish = reading.dossier(g.actor, wish_id)
    said = [_told(piece, public=False) for piece in wish.own_words]
    note = [_told(piece, public=True) for piece in wish.public_note]
    stopped = any(piece["tone"] == "danger" for piece in (*said, *note))
    return render_template(
        template,
        wish=wish,
        refused=refused,
        said=said,
        note=note,
        stopped=stopped,
        reasons=[_said(one.template, one.params) for one in wish.reasons],
        preview=preview(wish.card, wish.row) if wish.card else None,
        offered=[
            _button(offer)
            for offer in wish.offers
            if not (stopped and offer.move.name in ("submit", "screen"))
        ],
        steps=[_step(step) for step in wish.steps],
        method=_method(wish.consent),
        returned=_returned(wish),
    )


def _returned(wish: reading.Dossier) -> str:
    """Return the reason for which a draft came back, if it did."""
    back = (step.note for step in wish.steps if step.after == "draft" and step.note)
    return next(back, "") if wish.row.status == "draft" else ""


def move_and_say(wish_id: UUID) -> str | None:
    """Make the move a form asks for; return the refusal's sentence when a rule says what to fix."""
    move = request.form.get("transition", "")
    try:
        wish = wish_review.act(
            g.actor,
            wish_id,
            move,
            reason=request.form.get("reason", ""),
            version=shown_version(),
        )
    except Invalid as refusal:
        unit_of_work.rollback()
        return sentence(refusal)
    flash(done_words(move, wish.status), "success" if wish.status != "held" else "warning")
    return None


def done_words(move: str, status: str) -> str:
    """Say what a move did; held is said as such."""
    if status == "held":
        return gettext("合得上的在册儿童不够，暂不公开；请线下对接")
    return gettext(MACHINE.transition(move).done)


def window_choices(windows: Sequence[WindowRow]) -> list[tuple[UUID, str]]:
    """Return windows as choices of a form."""
    return [(one.id, window_words(one)) for one in windows]


def window_words(window: WindowRow) -> str:
    """Name a window with the last day of its claims: 2026年六一（5月25日截止）."""
    return gettext(
        "%(year)s年%(occasion)s（%(month)s月%(day)s日截止）",
        year=window.year,
        occasion=gettext(OCCASION_LABELS[Occasion(window.occasion)]),
        month=window.closes.month,
        day=window.closes.day,
    )


def waited(since: datetime) -> str:
    """Say how long something has waited: 3 天, 5 小时, 不到 1 小时."""
    hours = int((clock.now() - since).total_seconds() // 3600)
    if hours >= _DAY_HOURS:
        return gettext("%(n)s 天", n=hours // _DAY_HOURS)
    return gettext("%(n)s 小时", n=hours) if hours else gettext("不到 1 小时")


def _told(piece: Segment, *, public: bool) -> dict[str, Any]:
    """Return a piece of a text as a page shows it, with what is the matter and what to do."""
    if piece.finding is None:
        return {"text": piece.text, "tone": ""}
    matter, suggestion = advice(piece.finding)
    stops = wish_review.stops(piece.finding, public=public)
    inside = gettext("可以留在局里；卡片用目录里的普通说法")
    return {
        "text": piece.text,
        "tone": "danger" if stops else "warn",
        "matter": _said(matter.template, matter.params),
        "advice": gettext(suggestion.template) if stops or public else inside,
    }


def preview(card: CardFields, row: reading.WishRow) -> dict[str, Any]:
    """Return the arguments of the card component for a card that is not published yet."""
    band = gettext(BAND_LABELS[Band(card.band)])
    return {
        "href": "#card",
        "title": gettext(card.title),
        "art": card.illustration,
        "place": card.region_name,
        "age": f"{band} · {gettext(GENDER_WORDS[card.sex])}" if card.sex else band,
        "occasion": gettext(OCCASION_LABELS[Occasion(row.occasion)]),
        "detail": " · ".join(
            filter(None, (card.spec, amount(card), gettext(COST_BAND_LABELS[card.cost_band])))
        ),
    }


def amount(card: CardFields) -> str:
    """Return quantity and unit word of a card."""
    return f"{card.quantity}{gettext(catalogue.face_of(card.item_code).unit)}"


def _method(consent: reading.ConsentRow | None) -> str:
    known = consent is not None and consent.method in CONSENT_METHODS
    return gettext(CONSENT_METHODS[consent.method]) if known and consent else ""


def _said(template: str, params: dict[str, object]) -> str:
    text = gettext(template)
    return text.format(**params) if params else text


def _button(offer: Any) -> dict[str, Any]:
    return {
        "name": offer.move.name,
        "label": gettext(offer.move.label),
        "tone": offer.move.tone.value,
        "asks": offer.move.asks,
        "refusal": offer.refusal,
    }


def _step(step: reading.Step) -> dict[str, Any]:
    noun, _, name = step.kind.partition(".")
    known = {move.name: move.label for move in MACHINE.transitions}
    words = {"begin": gettext("起草"), "edit": gettext("修改"), "roll_again": gettext("再次顺延")}
    what = gettext(known[name]) if noun == "wish" and name in known else words.get(name, name)
    return {"at": step.at, "who": step.who, "what": what, "note": step.note}


def add_filters(environment: Environment) -> None:
    """Give the templates the words and the picture of a catalogue item."""
    environment.filters.update(
        item_art=lambda code: catalogue.face_of(code).illustration,
        item_face=lambda code: gettext(catalogue.face_of(code).public_name),
        waited=waited,
        item_unit=lambda code: gettext(catalogue.face_of(code).unit),
    )
