"""A need's card as a page shows it: the words of its codes, never more than the card holds."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from portal.domain.bands import BAND_LABELS, Band
from portal.domain.need_cards import PUBLIC_RHYTHMS, NeedFields
from portal.domain.needs import FACES, HELPERS
from portal.domain.pool import DAYS, LANGUAGES
from portal.queries.need_wall import Card

#: Every card has the same public fields, published or not yet.
Shown = Card | NeedFields


def arguments(card: Shown) -> dict[str, Any]:
    """Return what the card component and the need's page are drawn from."""
    return {
        "title": title(card.need),
        "art": card.illustration,
        "place": card.region_name,
        "age": gettext(BAND_LABELS[Band(card.band)]),
        "rhythm": gettext(PUBLIC_RHYTHMS.get(card.rhythm, card.rhythm)),
        "days": _days(card),
        "language": gettext(LANGUAGES[card.language]) if card.language in LANGUAGES else "",
        "helper": gettext(HELPERS[card.helper]) if card.helper in HELPERS else "",
    }


def _days(card: Shown) -> str:
    """Return the days, unless the rhythm says them already."""
    if card.rhythm in ("weekends", "weekdays", "summer", "festivals"):
        return ""
    return "、".join(gettext(DAYS[day]) for day in card.days if day in DAYS)


def preview(card: Shown) -> dict[str, Any]:
    """Return the arguments of a card that is not published yet; it leads nowhere."""
    return {**arguments(card), "href": "#card"}


def title(face: str) -> str:
    """Say a face as a card's headline."""
    return {
        "company": gettext("想有人常来陪陪我"),
        "study": gettext("想有人陪我学习"),
        "interest": gettext("想有人带我练一项本领"),
        "future": gettext("想有人和我聊聊将来"),
        "daily": gettext("生活上想有人搭把手"),
    }.get(face, gettext(FACES.get(face, face)))
