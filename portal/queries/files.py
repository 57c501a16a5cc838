"""Finding a stored file for somebody who may see it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.core import access
from portal.core.storage import storage
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.contact_logs import ContactLog
from portal.models.letters import Letter
from portal.models.pairings import Pairing
from portal.models.programmes import Programme
from portal.models.records import StoredFile
from portal.models.wishes import Commitment


@dataclass(frozen=True, slots=True)
class FileRow:
    """A stored file; ``key`` is its place in the storage."""

    id: UUID
    key: str
    mime: str
    size: int
    unit_path: str
    supporter_id: UUID | None


def find(actor: Actor, file_id: UUID) -> FileRow:
    """Return a file that this person may see; NotFound for every other, absent or not.

    A supporter's papers: whoever vets there, and the supporter. A receipt of a handover point:
    whoever may read the commitment, and the supporter. A signed agreement names a family: whoever
    holds the meetings of that pairing. A picture of a journal: whoever verifies there. A draft:
    nobody.
    """
    row = db.session.get(StoredFile, file_id)
    if row is None or row.unit_path is None:
        raise NotFound
    found = FileRow(row.id, row.key, row.mime, row.size, row.unit_path, row.supporter_id)
    if found.supporter_id in actor.supporter_ids:
        return found
    # Rows behind the wall are not found: what is not a visible receipt counts as a paper.
    is_receipt = db.session.scalar(
        select(Commitment.id).where(Commitment.receipt_file_id == file_id)
    )
    is_agreement = db.session.scalar(select(Pairing.id).where(Pairing.agreement_file_id == file_id))
    needed = Permission.PAIRING_MEET if is_agreement else Permission.SUPPORTER_VET
    needed = Permission.COMMITMENT_READ if is_receipt else needed
    of_journal = db.session.scalar(select(ContactLog.id).where(ContactLog.photo_id == file_id))
    needed = Permission.CONTACT_VERIFY if of_journal else needed
    of_letter = db.session.scalar(select(Letter.id).where(Letter.scan_id == file_id))
    needed = Permission.LETTER_READ if of_letter else needed
    plan_of = db.session.scalar(select(Programme).where(Programme.plan_file_id == file_id))
    if plan_of is not None and access.permits(actor, Permission.PROGRAMME_MANAGE, plan_of):
        return found
    if not access.permits(actor, needed, found):
        raise NotFound
    return found


def read(found: FileRow) -> bytes:
    """Return a found file's bytes."""
    return storage().open(found.key)
