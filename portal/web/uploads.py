"""Uploads of a form: cleaned and kept before the form is judged, so that none is asked for twice.

What was kept travels in a hidden field, signed, for a day: nobody can name somebody else's draft.
"""

from __future__ import annotations

from uuid import UUID

from flask import current_app, g, request
from flask_babel import gettext
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal.documents import uploads
from portal.domain.errors import Invalid
from portal.forms.documents import DocumentField
from portal.services import files, limits
from portal.web.errors import sentence


def keep(form: FlaskForm) -> None:
    """Clean and keep every document of a submitted form; what is refused is said on its field.

    Call it first in a view: each kept upload is committed by itself.
    """
    for field in form:
        if isinstance(field, DocumentField):
            _keep_one(field)


def kept(form: FlaskForm) -> dict[str, UUID]:
    """Return the drafts that this form holds, by the name of their field."""
    return {
        field.name: UUID(_signer().loads(field.kept, max_age=_seconds()))
        for field in form
        if isinstance(field, DocumentField) and field.kept
    }


def _keep_one(field: DocumentField) -> None:
    field.kept = _still_good(request.form.get(field.kept_name, ""))
    sent = request.files.get(field.name)
    if sent is None or not sent.filename:
        return
    limits.reserve([(limits.UPLOAD_ADDRESS, limits.network(request.remote_addr or ""))])
    try:
        clean = uploads.clean(sent.stream.read(uploads.MAX_BYTES + 1), field.name)
    except Invalid as refusal:
        field.refusal = sentence(refusal)
        return
    field.kept = _signer().dumps(str(files.keep_draft(g.actor, data=clean.data, mime=clean.mime)))


def _still_good(token: str) -> str:
    try:
        _signer().loads(token, max_age=_seconds())
    except BadSignature:
        return ""
    return token


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="kept-upload")


def _seconds() -> int:
    return int(files.DRAFT_LIVES.total_seconds())


def words_about_uploads() -> str:
    """Return the sentence under every upload."""
    return gettext("JPG、PNG、WEBP 图片或 PDF，不超过 5 MB。照片里的拍摄地点等信息会自动去掉。")
