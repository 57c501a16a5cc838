"""For machines that watch: the process, what it stands on, and how it is doing."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from portal.web import metrics as figures
from portal.web.gate import not_found, public
from portal.web.readiness import OK

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    return jsonify(status=OK)


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    checks = current_app.extensions["readiness"].ask()
    is_ready = all(answer == OK for answer in checks.values())
    status = OK if is_ready else "not ready"
    return jsonify(status=status, checks=checks), 200 if is_ready else 503


@bp.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    if not figures.is_allowed(
        current_app.config["SETTINGS"], request.headers.get("Authorization", "")
    ):
        not_found()
    return Response(figures.text(), content_type="text/plain; version=0.0.4; charset=utf-8")
