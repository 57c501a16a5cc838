"""What the public page of needs shows around the cards: filters, links, the ways on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.core import unit_of_work
from portal.domain.bands import BAND_LABELS, Band
from portal.domain.need_cards import PUBLIC_RHYTHMS
from portal.domain.needs import FACES
from portal.domain.wall import QUERY_LENGTH, WallFilter
from portal.queries import need_wall
from portal.queries.need_wall import Card, NeedWall
from portal.web import cursors, need_cards

_LIST = "needs"


def asked() -> tuple[WallFilter, tuple[int, UUID] | None]:
    """Read the filter and the cursor from the address; what cannot be meant is dropped."""
    given = {
        name: request.args.get(name, "").strip() for name in ("q", "region", "category", "age")
    }
    wanted = WallFilter(
        q=given["q"][:QUERY_LENGTH],
        region=given["region"] if given["region"].isalnum() else "",
        category=given["category"] if given["category"] in FACES else "",
        age=given["age"] if given["age"] in set(BAND_LABELS) else "",
    )
    return wanted, cursors.unseal(request.args.get("after", ""), _list(wanted))


def link(wanted: WallFilter, after: tuple[int, UUID] | None = None) -> str:
    """Return the address of a page; defaults are left out."""
    query: dict[str, Any] = {
        name: value for name, value in wanted.pairs() if value and value != "open"
    }
    if after:
        query["after"] = cursors.seal(after, _list(wanted))
    return url_for("need_wall.needs", **query)


def context(page: NeedWall, *, first: bool) -> dict[str, Any]:
    """Return everything the page's template shows."""
    return {
        "cards": [drawn(card) for card in page.cards],
        "asked": page.asked,
        "widened": page.widened,
        "regions": [(code, gettext(name)) for code, name in need_wall.places()],
        "ages": [(band.value, gettext(label)) for band, label in BAND_LABELS.items()],
        "chips": _chips(page.asked),
        "next_url": link(page.shown, page.next_after) if page.next_after else "",
        "first_url": "" if first else link(page.shown),
        "reset_url": link(WallFilter()) if page.asked.set_names() else "",
    }


def drawn(card: Card) -> dict[str, Any]:
    """Return a card's words with its address."""
    return {**need_cards.arguments(card), "href": url_for("need_wall.need", code=card.code)}


def _chips(wanted: WallFilter) -> list[dict[str, Any]]:
    everything = {"url": link(replace(wanted, category="")), "label": gettext("全部")}
    return [
        {**everything, "active": not wanted.category},
        *(
            {
                "url": link(replace(wanted, category=face)),
                "label": gettext(label),
                "active": wanted.category == face,
            }
            for face, label in FACES.items()
        ),
    ]


def _list(wanted: WallFilter) -> str:
    return f"{_LIST}:{wanted.pairs()}"


def told(why: str, where: str) -> ResponseReturnValue:
    """Say on a page why nothing was done; nothing was kept."""
    unit_of_work.rollback()
    flash(why, "warning")
    return redirect(where, 303)


def promised(promise: Mapping[str, Any]) -> dict[str, Any]:
    """Return the words of what an applicant saw on the card."""
    return {
        "title": need_cards.title(str(promise.get("need", ""))),
        "place": promise.get("region", ""),
        "age": gettext(BAND_LABELS[Band(promise["band"])]) if promise.get("band") else "",
        "rhythm": gettext(PUBLIC_RHYTHMS.get(str(promise.get("rhythm", "")), "")),
        "art": promise.get("illustration", "need-company"),
    }
