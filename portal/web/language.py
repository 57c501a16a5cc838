"""Which language a reader asked for: Chinese unless a cookie names another that stands."""

from __future__ import annotations

from flask import has_request_context, request

CHINESE = "zh_Hans_CN"
LANGUAGES = (CHINESE, "en")
COOKIE = "language"


def current() -> str:
    """Return the reader's language as the catalogues name it; Chinese outside a request."""
    wanted = request.cookies.get(COOKIE, "") if has_request_context() else ""
    return wanted if wanted in LANGUAGES else CHINESE
