"""Files to keep: a name in Chinese, a type, and nothing that a browser may run."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(data: bytes, name: str) -> Response:
    """Return a workbook to be saved under ``name``."""
    answer = Response(data, mimetype=WORKBOOK)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def archive(data: bytes, name: str) -> Response:
    """Return a zip to be saved under ``name``."""
    answer = Response(data, mimetype="application/zip")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer
