"""What the wall's page shows around the cards: filters with rounded counts, links, the count."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import g, render_template, request, session, url_for
from flask_babel import gettext
from markupsafe import escape

from portal.domain import wall
from portal.domain.bands import BAND_LABELS
from portal.domain.catalogue import NEEDS
from portal.domain.wall import QUERY_LENGTH, WallFilter
from portal.domain.windows import OCCASION_LABELS
from portal.queries import catalogue
from portal.queries.catalogue import Choice, Wall
from portal.web import cursors, language, wish_cards

_STATUSES = ("open", "claimed")
_LIST = "wall"
_SMALL = 10
#: Places in a shell; no address and no card can hold them.
_CARDS_HERE, _NEXT_HERE = "\x02cards\x03", "\x02next\x03"
_MOST_SHELLS = 200
_shells: dict[Hashable, tuple[str, str, str]] = {}


def asked() -> tuple[WallFilter, tuple[int, UUID] | None]:
    """Read the filter and the cursor from the address; what cannot be meant is dropped."""
    args = {name: request.args.get(name, "").strip() for name in WallFilter.__dataclass_fields__}
    status = args["status"] if args["status"] in _STATUSES else _STATUSES[0]
    wanted = WallFilter(
        q=args["q"][:QUERY_LENGTH],
        region=args["region"] if args["region"].isalnum() else "",
        category=args["category"] if args["category"] in NEEDS else "",
        age=args["age"] if args["age"] in set(BAND_LABELS) else "",
        occasion=args["occasion"] if args["occasion"] in set(OCCASION_LABELS) else "",
        status=status,
    )
    return wanted, cursors.unseal(request.args.get("after", ""), _list(wanted))


def link(wanted: WallFilter, after: tuple[int, UUID] | None = None) -> str:
    """Return the address of a wall page; defaults are left out."""
    query: dict[str, Any] = {
        name: value for name, value in wanted.pairs() if value and value != "open"
    }
    if after:
        query["after"] = cursors.seal(after, _list(wanted))
    return url_for("catalogue.wishes", **query)


def render(page: Wall, *, first: bool) -> str:
    """Return the page as markup.

    A visitor's page is a kept shell (head, filters, counts, foot) into which the cards and the
    way on are set; it is made anew when the counts were refreshed. A signed-in person's frame is
    their own, so their page is rendered whole.
    """
    cards = wish_cards.fragments(page.cards)
    next_url = link(page.shown, page.next_after) if page.next_after else ""
    if not g.actor.is_anonymous or session:
        return render_template("catalogue/wall.html", **context(page, cards, next_url, first=first))
    drawn = (bool(cards), bool(next_url), first, language.current(), page.counted_at)
    shell = _shell((page.asked, page.shown, *drawn), page, first=first)
    listed = "".join(f"<li>{card}</li>" for card in cards)
    return shell[0] + listed + shell[1] + str(escape(next_url)) + shell[2]


def _shell(key: Hashable, page: Wall, *, first: bool) -> tuple[str, str, str]:
    if key not in _shells:
        if len(_shells) >= _MOST_SHELLS:
            _shells.clear()
        cards = [_CARDS_HERE] if page.cards else []
        next_url = _NEXT_HERE if page.next_after else ""
        text = render_template("catalogue/wall.html", **context(page, cards, next_url, first=first))
        before, _, rest = text.partition(f"<li>{_CARDS_HERE}</li>")
        between, _, after = rest.partition(_NEXT_HERE)
        _shells[key] = (before, between, after)
    return _shells[key]


def forget() -> None:
    """Forget every kept shell."""
    _shells.clear()


def context(page: Wall, cards: list[Any], next_url: str, *, first: bool) -> dict[str, Any]:
    """Return everything the wall's template shows."""
    known = catalogue.choices()
    shown = page.shown
    return {
        "cards": cards,
        "asked": page.asked,
        "shown": shown,
        "widened": page.widened,
        "regions": [(one.value, _counted(one)) for one in _places(known)],
        "ages": [(band.value, gettext(label)) for band, label in BAND_LABELS.items()],
        "occasions": [(one.value, gettext(label)) for one, label in OCCASION_LABELS.items()],
        "total": count_words(next((one.cards for one in known if one.facet == "all"), 0)),
        "tabs": _tabs(page.asked),
        "chips": _chips(page.asked, known),
        "next_url": next_url,
        "first_url": "" if first else link(shown),
        "reset_url": link(WallFilter()) if page.asked.set_names() else "",
    }


def numbers() -> list[dict[str, Any]]:
    """Return the wall in a few rounded numbers for the front page; none while it is empty."""
    known = catalogue.choices()
    waiting = next((one.cards for one in known if one.facet == "all"), 0)
    if not waiting:
        return []
    places = sum(1 for one in known if one.facet == "region" and one.cards)
    needs = sum(1 for one in known if one.facet == "need" and one.cards)
    return [
        {"label": gettext("心愿正在等待"), "value": count_words(waiting), "unit": gettext("个")},
        {"label": gettext("参与县区"), "value": places, "unit": gettext("个")},
        {"label": gettext("心愿种类"), "value": needs, "unit": gettext("类")},
    ]


def count_words(cards: int) -> str:
    """Write a kept count so that one wish more or less does not show (security.md 2.1)."""
    number = wall.rounded(cards)
    if number == 0:
        return "0"
    return gettext("少量") if number < _SMALL else gettext("约 %(number)s", number=number)


def _list(wanted: WallFilter) -> str:
    return f"{_LIST}:{wanted.pairs()}"


def _places(known: tuple[Choice, ...]) -> list[Choice]:
    """Return cities and then counties that have cards, each once."""
    places: dict[str, Choice] = {}
    for one in known:
        if one.facet in ("city", "region") and one.cards:
            places.setdefault(one.value, one)
    return list(places.values())


def _counted(one: Choice) -> str:
    return gettext("%(name)s（%(count)s）", name=gettext(one.name), count=count_words(one.cards))


def _tabs(wanted: WallFilter) -> list[dict[str, Any]]:
    labels = {"open": gettext("等待认领"), "claimed": gettext("已有人认领")}
    return [
        {
            "url": link(replace(wanted, status=status)),
            "label": labels[status],
            "active": wanted.status == status,
        }
        for status in _STATUSES
    ]


def _chips(wanted: WallFilter, known: tuple[Choice, ...]) -> list[dict[str, Any]]:
    cards = {one.value: one.cards for one in known if one.facet == "need"}
    everything = {
        "url": link(replace(wanted, category="")),
        "label": gettext("全部"),
        "active": not wanted.category,
        "count": None,
    }
    return [
        everything,
        *(
            {
                "url": link(replace(wanted, category=need)),
                "label": gettext(need),
                "active": wanted.category == need,
                "count": count_words(cards.get(need, 0)),
            }
            for need in NEEDS
            if cards.get(need) or wanted.category == need
        ),
    ]
