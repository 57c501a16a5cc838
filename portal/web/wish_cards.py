"""A wish card as HTML, rendered once per process and kept: a wall page is ready fragments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import get_template_attribute, url_for
from flask_babel import gettext

from portal.domain import catalogue
from portal.domain.bands import BAND_LABELS, Band
from portal.domain.card_fields import COST_BAND_LABELS, keeps_back
from portal.domain.windows import OCCASION_LABELS, Occasion
from portal.domain.words import GENDER_WORDS
from portal.queries import catalogue as catalogue_reads
from portal.queries.catalogue import Card, Listed
from portal.web import language

_MOST = 5_000
_kept: dict[tuple[str, str, str], Any] = {}


def fragments(listed: Sequence[Listed]) -> list[Any]:
    """Return the markup of listed cards, in order; what this process has not drawn is read."""
    spoken = language.current()
    keys = [(one.code, one.status, spoken) for one in listed]
    missing = [key[0] for key in keys if key not in _kept]
    if missing:
        if len(_kept) + len(missing) > _MOST:
            _kept.clear()
            missing = [one.code for one in listed]
        draw = get_template_attribute("components/wish_card.html", "wish_card")
        for card in catalogue_reads.cards(missing).values():
            _kept[card.code, card.status, spoken] = draw(**arguments(card))
    return [_kept[key] for key in keys if key in _kept]


def forget() -> None:
    """Forget every drawn card."""
    _kept.clear()


def arguments(card: Card) -> dict[str, Any]:
    """Return what the wish_card component needs."""
    is_open = card.status == "open"
    return {
        "href": url_for("catalogue.wish", code=card.code),
        "title": gettext(card.title),
        "art": card.illustration,
        "place": card.region_name,
        "age": age_label(card),
        "occasion": gettext(OCCASION_LABELS[Occasion(card.occasion)]),
        "detail": " · ".join(details(card)),
        "until": gettext("%(month)s月%(day)s日前认领", month=card.closes.month, day=card.closes.day)
        if is_open
        else "",
        "status": "" if is_open else gettext("已有人认领"),
        "tone": "info",
        "open": is_open,
    }


def age_label(card: Card) -> str:
    """Return the age band, with the sex only where the card discloses it."""
    band = gettext(BAND_LABELS[Band(card.band)])
    return f"{band} · {gettext(GENDER_WORDS[card.sex])}" if card.sex else band


def details(card: Card) -> list[str]:
    """Return specification, amount and cost as short words."""
    unit = catalogue.face_of(card.item_code).unit
    spec = [gettext(word) for word in card.spec.split()]
    return [*spec, f"{card.quantity}{gettext(unit)}", gettext(COST_BAND_LABELS[card.cost_band])]


def keeps_something_back(card: Card) -> bool:
    """Tell whether a size or choice is told after the claim is confirmed."""
    return keeps_back(card.item_code, card.spec)
