"""The headers of every answer: a strict policy, nothing cached that is personal."""

from __future__ import annotations

from flask import Flask, Response, g, request

_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


_ALWAYS = (
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "geolocation=(), microphone=(), payment=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
)
_HTTPS = ("Strict-Transport-Security", "max-age=31536000")
#: Both would tell when a single wish changed (security.md A2).
_TELLTALE = ("ETag", "Last-Modified")


def also_send_forms_to(response: Response, origin: str) -> None:
    """Let this page's forms end at one other origin (a browser follows a form's redirects)."""
    policy = _POLICY.replace("form-action 'self'", f"form-action 'self' {origin}")
    response.headers["Content-Security-Policy"] = policy


def _add(response: Response) -> Response:
    headers = response.headers
    # Looking a header up that is missing costs an exception; the present names are few.
    present = {name.lower() for name, _ in headers}
    wanted = [*_ALWAYS, _HTTPS] if request.is_secure else list(_ALWAYS)
    if request.endpoint != "static":
        personal = "actor" in g and not (g.actor.is_anonymous and g.half is None)
        wanted.append(("Cache-Control", "no-store" if personal else "no-cache, private"))
        for name in _TELLTALE:
            if name.lower() in present:
                del headers[name]
    headers.extend([(name, value) for name, value in wanted if name.lower() not in present])
    return response


def init_app(app: Flask) -> None:
    """Add the headers to every answer."""
    app.after_request(_add)
