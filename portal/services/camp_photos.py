"""The files of a camp's pictures: gone with the picture, and with a child who can be seen on it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core.storage import storage
from portal.extensions import db
from portal.models.camp_days import CampPhoto
from portal.models.enrolments import Enrolment
from portal.models.records import StoredFile


def delete(row: CampPhoto) -> None:
    """Delete a picture and its file."""
    kept = db.session.get(StoredFile, row.file_id)
    db.session.delete(row)
    db.session.flush()
    if kept is not None:
        storage().delete(kept.key)
        db.session.delete(kept)


def forget(child_id: UUID) -> int:
    """Delete the pictures on which an erased child can be recognised; return how many."""
    found = db.session.execute(
        select(Enrolment.id, Enrolment.programme_id).where(Enrolment.child_id == child_id)
    ).all()
    wanted = {str(row.id) for row in found}
    pictures = select(CampPhoto).where(
        CampPhoto.programme_id.in_({row.programme_id for row in found})
    )
    gone = [row for row in db.session.scalars(pictures) if wanted & set(row.shows)]
    for row in gone:
        delete(row)
    return len(gone)
