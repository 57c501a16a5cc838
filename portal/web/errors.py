"""The one translator: what a rule refused becomes a status and a page that says why."""

from __future__ import annotations

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from portal.core import facts, unit_of_work
from portal.domain import errors

_STATUS: tuple[tuple[type[errors.DomainError], int], ...] = (
    (errors.NotFound, 404),
    (errors.NotAllowed, 403),
    (errors.WrongState, 409),
    (errors.Conflict, 409),
    (errors.TooMany, 429),
    (errors.Invalid, 422),
    (errors.Unavailable, 503),
)
_FAULT = 500
_PAGES = frozenset({400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503})


def status_of(error: errors.DomainError) -> int:
    """Return the HTTP status of a refusal."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 400)


def sentence(error: errors.DomainError) -> str:
    """Return the refusal's sentence in the reader's language."""
    params = {
        name: gettext(value) if isinstance(value, str) else value
        for name, value in error.params.items()
    }
    text = gettext(error.message)
    return text.format(**params) if params else text


def _answer(
    status: int, message: str, headers: dict[str, str] | None = None
) -> ResponseReturnValue:
    unit_of_work.rollback()
    wants_json = request.accept_mimetypes.best == "application/json"
    if wants_json:
        return jsonify(error=message), status, headers or {}
    page = status if status in _PAGES else 400
    body = render_template(
        f"errors/{page}.html",
        message=message,
        code=status,
        reference=facts.request_id.get() if status >= _FAULT else "",
        retry_after=(headers or {}).get("Retry-After"),
    )
    return body, status, headers or {}


def _refused(error: errors.DomainError) -> ResponseReturnValue:
    headers = {}
    if isinstance(error, errors.TooMany):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, errors.Unavailable):
        headers["Retry-After"] = "5"
    return _answer(status_of(error), sentence(error), headers)


def _http(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, CSRFError):
        return _answer(400, gettext("页面停留太久，表单已过期，请返回上一页重新提交"))
    status = error.code or 500
    if status < 400:  # noqa: PLR2004 -- redirects raised as exceptions pass through
        return error
    return _answer(status, "")


def _database_away(_error: DBAPIError) -> ResponseReturnValue:
    return _answer(503, gettext("数据库暂时没有应答，请稍后再试"), {"Retry-After": "5"})


def _crash(_error: InternalServerError) -> ResponseReturnValue:
    """Answer a fault of ours; the page itself may be what is broken, so plain words stand by."""
    try:
        return _answer(500, "")
    except Exception:  # noqa: BLE001 -- the last resort must not fail
        return "系统出错了，请稍后再试。", 500, {"Content-Type": "text/plain; charset=utf-8"}


def init_app(app: Flask) -> None:
    """Register the translators."""
    app.register_error_handler(errors.DomainError, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(InternalServerError, _crash)
