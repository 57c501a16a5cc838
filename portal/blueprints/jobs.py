"""The progress of long work, for whoever asked for it: as a page, as its part, or as JSON."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from portal.queries import backlog
from portal.web.gate import page

bp = Blueprint("jobs", __name__, url_prefix="/jobs")


@bp.get("/<uuid:job_id>")
@page()
def progress(job_id: UUID) -> ResponseReturnValue:
    job = backlog.job(job_id, g.actor.user_id)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(status=job.status, progress=job.progress, note=job.note, over=job.is_over)
    if request.headers.get("HX-Request"):
        return render_template("jobs/_progress.html", job=job)
    return render_template("jobs/progress.html", job=job)
