"""An authority's logo: painted anew, kept, shown from now on."""

from __future__ import annotations

from uuid import UUID

from werkzeug.datastructures import FileStorage

from portal.documents import uploads
from portal.domain.actor import Actor
from portal.services import files, tenant_settings


def take_logo(actor: Actor, tenant_path: str, upload: FileStorage) -> UUID:
    """Clean an upload and make it the logo; return the change. Invalid for what is no picture."""
    clean = uploads.clean_logo(upload.stream.read(uploads.MAX_BYTES + 1), "picture")
    draft = files.keep_draft(actor, data=clean.data, mime=clean.mime)
    return tenant_settings.set_logo(actor, tenant_path, file_id=draft)
