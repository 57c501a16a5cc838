"""A newer text is shown once after signing in; what is promised already is not held up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from portal.domain.plain_text import Reading
from portal.queries import agreements, texts
from portal.web import reading

_SEEN = "texts_seen"
#: Where a supporter arrives after signing in.
_ARRIVALS = frozenset({"mine.home", "catalogue.wishes"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A supporter's newer texts, ready to read: (kind, number, text)."""

    asked: agreements.Asked
    readings: tuple[tuple[str, str, Reading], ...]


def to_read() -> list[Shown]:
    """Return what the signed-in person has to read, supporter by supporter."""
    shown = []
    for asked in agreements.waiting(g.actor):
        readings = tuple(
            (kind, number, _reading(kind, number, asked)) for kind, number in asked.numbers.items()
        )
        shown.append(Shown(asked, readings))
    return shown


def _reading(kind: str, number: str, asked: agreements.Asked) -> Reading:
    text = texts.current(kind, asked.authority_code, number)
    return text.reading(*reading.names(asked.authority))


def _ask_once() -> ResponseReturnValue | None:
    """Lead a supporter to the newer text on the first page after signing in, and only then."""
    if request.endpoint not in _ARRIVALS or request.method != "GET":
        return None
    if g.actor.is_anonymous or not g.actor.supporter_ids or session.get(_SEEN):
        return None
    session[_SEEN] = True
    waiting: Any = agreements.waiting(g.actor)
    return redirect(url_for("rights.read"), 303) if waiting else None


def init_app(app: Flask) -> None:
    """Look at arrivals; the session is open by then."""
    app.before_request(_ask_once)
