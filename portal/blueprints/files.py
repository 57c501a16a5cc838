"""Uploaded files, for whoever may see them: pictures inline, everything else to keep."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, g, make_response
from flask.typing import ResponseReturnValue

from portal.documents.uploads import JPEG
from portal.queries import files
from portal.web.gate import page

bp = Blueprint("files", __name__)
_SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


@bp.get("/files/<uuid:file_id>")
@page()
def show(file_id: UUID) -> ResponseReturnValue:
    found = files.find(g.actor, file_id)
    answer = make_response(files.read(found))
    way = "inline" if found.mime in (JPEG, "image/png") else "attachment"
    name = f"{str(found.id)[:8]}.{_SUFFIXES.get(found.mime, 'bin')}"
    answer.headers["Content-Type"] = found.mime
    answer.headers["Content-Disposition"] = f'{way}; filename="{name}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
