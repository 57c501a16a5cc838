"""A short whole-page cache for visitors, answered at the door, before Flask (performance.md).

Only a request without a cookie (or with nothing but a language) is answered from it, so nothing
personal is ever kept. A page lives for WALL_CACHE_SECONDS at most: a card that was taken down is
gone everywhere within a minute; and because the key is the address, an answer says nothing about
the moment at which a single wish changed (security.md A2).
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from flask import Flask, g, request, session
from flask.typing import ResponseReturnValue

from portal.web import metrics

_MOST_PAGES = 500
_KEEP = "weiguang.keep_page"
_LANGUAGE = "language="

View = Callable[..., ResponseReturnValue]
Environ = dict[str, Any]


@dataclass(slots=True)
class _Page:
    """A kept answer, and when it was made."""

    made: float
    status: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass
class Pages:
    """The kept pages of one process, the least recently made leaving first."""

    kept: OrderedDict[str, _Page] = field(default_factory=OrderedDict)

    def get(self, key: str, seconds: int) -> _Page | None:
        """Return a page that is still fresh."""
        found = self.kept.get(key)
        return found if found and time.monotonic() - found.made <= seconds else None

    def put(self, key: str, page: _Page) -> None:
        """Keep a page, and no more of them than fit."""
        self.kept[key] = page
        self.kept.move_to_end(key)
        while len(self.kept) > _MOST_PAGES:
            self.kept.popitem(last=False)

    def clear(self) -> None:
        """Forget every page."""
        self.kept.clear()


pages = Pages()


def for_visitors(view: View) -> View:
    """Mark a page as the same for every visitor; nobody's own page may carry this mark."""

    @wraps(view)
    def marked(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        answer = view(*args, **kwargs)
        if g.actor.is_anonymous and not session:
            request.environ[_KEEP] = True
        return answer

    return marked


class Door:
    """The WSGI layer that answers from the kept pages, and keeps what a view marked."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], seconds: int) -> None:
        self.inner = inner
        self.seconds = seconds

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        key = _key(environ)
        if key is None:
            return self.inner(environ, start_response)
        page = pages.get(key, self.seconds)
        if page is not None:
            metrics.REQUESTS.labels("GET", "page_cache", page.status[:3]).inc()
            start_response(page.status, page.headers)
            return [page.body]
        return self._made(key, environ, start_response)

    def _made(
        self, key: str, environ: Environ, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        said: list[Any] = []

        def listen(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            said[:] = [status, headers]
            return start_response(status, headers, *error)

        answer = self.inner(environ, listen)
        if not environ.get(_KEEP) or not said[0].startswith("200"):
            return answer
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        pages.put(key, _Page(time.monotonic(), said[0], said[1], body))
        return [body]


def _key(environ: Environ) -> str | None:
    """Return the address a page is kept under; None for a request that may not be answered so."""
    cookie = environ.get("HTTP_COOKIE", "")
    if environ["REQUEST_METHOD"] != "GET" or (cookie and not _only_language(cookie)):
        return None
    parts = (environ["wsgi.url_scheme"], cookie, environ["PATH_INFO"], environ["QUERY_STRING"])
    return "\0".join(parts)


def _only_language(cookie: str) -> bool:
    return cookie.startswith(_LANGUAGE) and ";" not in cookie


def init_app(app: Flask) -> None:
    """Stand at the door when a lifetime is set."""
    seconds = app.config["SETTINGS"].wall_cache_seconds
    if seconds:
        app.wsgi_app = Door(app.wsgi_app, seconds)  # type: ignore[method-assign]  # documented way
