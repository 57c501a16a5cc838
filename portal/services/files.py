"""Stored files: kept at once as nobody's draft, attached to their owner when a form is accepted."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.core import scope, unit_of_work
from portal.core.storage import storage
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.extensions import db
from portal.models.records import StoredFile

DRAFT_LIVES = timedelta(hours=24)


def keep_draft(actor: Actor, *, data: bytes, mime: str) -> UUID:
    """Keep cleaned bytes before anything else of a request is written; return the draft's id.

    The row is committed at once, so that an upload survives a form that is shown again. A draft
    belongs to nobody and nobody can open it.
    """
    file_id = uuid4()
    key = f"{file_id.hex[:2]}/{file_id}"
    storage().put(key, data)
    row = StoredFile(
        id=file_id,
        key=key,
        mime=mime,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        created_by=actor.user_id,
    )
    with unit_of_work.transaction(scope.NOTHING):
        db.session.add(row)
    return file_id


def attach(file_id: UUID, *, unit_path: str, supporter_id: UUID | None = None) -> StoredFile:
    """Give a draft to its owner; NotFound when it is gone or belongs to somebody already."""
    row = db.session.get(StoredFile, file_id)
    if row is None or row.unit_path is not None or row.supporter_id is not None:
        raise NotFound("上传的文件已经过期，请重新上传")
    row.unit_path, row.supporter_id = unit_path, supporter_id
    return row


def sweep_drafts() -> int:
    """Remove drafts that no form took within a day; return how many (a periodic job)."""
    rows = db.session.scalars(
        select(StoredFile).where(
            StoredFile.unit_path.is_(None),
            StoredFile.supporter_id.is_(None),
            StoredFile.created_at < clock.now() - DRAFT_LIVES,
        )
    ).all()
    for row in rows:
        storage().delete(row.key)
        db.session.delete(row)
    return len(rows)
