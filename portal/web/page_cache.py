"""A short whole-page cache for visitors who are not signed in (performance.md).

It lives for WALL_CACHE_SECONDS at most, so a card that was taken down is gone everywhere within a
minute; it is keyed by the address, so an answer says nothing about when a wish changed.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, g, make_response, request, session
from flask.typing import ResponseReturnValue

from portal.config import Settings

_MOST_PAGES = 500
_OK = 200

View = Callable[..., ResponseReturnValue]


class _Pages:
    """Pages of one process, newest last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    def get(self, key: str, seconds: int) -> bytes | None:
        found = self._kept.get(key)
        if found is None or time.monotonic() - found[0] > seconds:
            return None
        return found[1]

    def put(self, key: str, body: bytes) -> None:
        self._kept[key] = (time.monotonic(), body)
        self._kept.move_to_end(key)
        while len(self._kept) > _MOST_PAGES:
            self._kept.popitem(last=False)

    def clear(self) -> None:
        self._kept.clear()


pages = _Pages()


def for_visitors(view: View) -> View:
    """Answer an anonymous GET from the cache while it is fresh; everybody else sees it made."""

    @wraps(view)
    def cached(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        settings: Settings = current_app.config["SETTINGS"]
        seconds = settings.wall_cache_seconds
        if not seconds or not g.actor.is_anonymous or "_flashes" in session:
            return view(*args, **kwargs)
        key = f"{request.cookies.get('language', '')} {request.full_path}"
        body = pages.get(key, seconds)
        if body is None:
            response = make_response(view(*args, **kwargs))
            if response.status_code != _OK:
                return response
            body = response.get_data()
            pages.put(key, body)
        return current_app.response_class(body, mimetype="text/html")

    return cached
