"""One JSON line per event, on standard error: ids and endpoints, never bodies, names or numbers.

Free text can still hold what must not be there (an exception quotes its input), so a last
processor masks numbers and addresses wherever they stand.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import structlog
from flask import Flask, Response, g, request
from structlog.typing import EventDict, Processor

from portal.config import Settings
from portal.core import facts
from portal.domain import masking
from portal.domain.masking import Kind

#: Keys whose value is somebody's, whatever it looks like.
PRIVATE = frozenset(
    {
        "address", "body", "cookie", "email", "form", "id_no", "name", "note", "own_words",
        "password", "phone", "recipient", "secret", "signed_by", "thanks", "token", "words",
    }
)  # fmt: skip
_MASKS: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])"), masking.mask_id_number),
    (re.compile(r"(?<![\d-])(?:\+?86)?1\d{10}(?!\d)"), lambda text: masking.mask_phone(text[-11:])),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), lambda text: masking.mask(Kind.EMAIL, text)),
)
_QUIET = frozenset({"static", "health.healthz", "health.readyz", "health.metrics"})
_log = structlog.get_logger("portal.request")


def redact(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Hide private keys and mask what looks like a number or an address, at any depth."""
    return {key: _clean(key, value) for key, value in event.items()}


def _clean(key: str, value: Any) -> Any:
    if key in PRIVATE:
        return masking.HIDDEN
    if isinstance(value, str):
        for pattern, mask in _MASKS:
            value = pattern.sub(partial(_masked, mask), value)
        return value
    if isinstance(value, Mapping):
        return {name: _clean(str(name), each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(key, each) for each in value]
    return value


def _masked(mask: Callable[[str], str], found: re.Match[str]) -> str:
    return mask(found.group())


def _with_request_id(_logger: object, _method: str, event: EventDict) -> EventDict:
    if identifier := facts.request_id.get():
        event.setdefault("request_id", identifier)
    return event


_SHARED: tuple[Processor, ...] = (
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _with_request_id,
    structlog.processors.format_exc_info,
    structlog.processors.UnicodeDecoder(),
)


def formatter() -> logging.Formatter:
    """Return the formatter of every handler: our events and the libraries' alike (gunicorn)."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            redact,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def configure(settings: Settings) -> None:
    """Send every event through one handler; a test keeps the handlers it has."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=settings.environment != "test",
    )
    if settings.environment == "test":
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    logging.getLogger("huey").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _start() -> None:
    g.logged_from = time.perf_counter()


def _say(response: Response) -> Response:
    """Log the request: which endpoint, not which address (an address can hold a token)."""
    response.headers.setdefault("X-Request-ID", facts.request_id.get())
    if request.endpoint not in _QUIET:
        began = g.get("logged_from", time.perf_counter())
        _log.info(
            "request",
            method=request.method,
            endpoint=request.endpoint or "none",
            status=response.status_code,
            ms=round((time.perf_counter() - began) * 1000, 1),
            actor=str(g.actor.user_id) if "actor" in g and g.actor.user_id else None,
        )
    return response


def init_app(app: Flask) -> None:
    """Configure logging and log every request."""
    configure(app.config["SETTINGS"])
    app.before_request(_start)
    app.after_request(_say)
