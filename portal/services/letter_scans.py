"""The pictures of a child's letters end with the child's file."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core.storage import storage
from portal.extensions import db
from portal.models.letters import Letter
from portal.models.records import StoredFile
from portal.services import tombstones


def forget(child_id: UUID) -> int:
    """Delete the pictures of all letters of a child, rows and bytes; return how many.

    Needs the whole tree: the letters may lie in several counties.
    """
    letters = db.session.scalars(
        select(Letter).where(Letter.child_id == child_id, Letter.scan_id.is_not(None))
    ).all()
    for letter in letters:
        file = db.session.get_one(StoredFile, letter.scan_id)
        letter.scan_id, letter.with_picture = None, False
        db.session.flush()
        tombstones.lay("file", file.id, "owner")
        storage().delete(file.key)
        db.session.delete(file)
    db.session.flush()
    return len(letters)
