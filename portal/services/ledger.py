"""An uploaded ledger until it is applied: kept, previewed, set aside (S0-F1).

Nothing here touches a child's file; ``ledger_apply`` does.
"""

from __future__ import annotations

import base64
import hashlib
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.core import access, facts, jobs, transitions
from portal.core.storage import storage
from portal.domain import cipher
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, NotFound
from portal.domain.ledger import LedgerHead
from portal.domain.ledger_stage import Verdict, checked_again
from portal.domain.lifecycles import imports
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.children import ImportBatch
from portal.queries.units import UnitRow
from portal.services import ledger_staging as staging

#: Bigger uploads are read by the worker.
AT_ONCE_ROWS = 2000
_PLACE = "import_batches.file"
_LONGEST_NAME = 200
_LONGEST_MESSAGE = 400


def receive(
    actor: Actor, bureau: UnitRow, *, filename: str, data: bytes
) -> tuple[ImportBatch, bool]:
    """Keep an uploaded ledger; return its batch and whether it is new.

    The same bytes for the same bureau are the same upload: the one that waits or was applied
    comes back instead, so that repeating an import changes nothing.
    """
    access.require(actor, Permission.LEDGER_IMPORT)
    digest = hashlib.sha256(data).hexdigest()
    known = _known(bureau, digest)
    if known is not None:
        return known, False
    return _begin(actor, bureau.path, filename[-_LONGEST_NAME:], digest), True


def _begin(actor: Actor, unit_path: str, filename: str, digest: str) -> ImportBatch:
    batch = ImportBatch(
        id=uuid4(),
        unit_path=unit_path,
        filename=filename,
        sha256=digest,
        file_key="",
        counts={},
        created_by=actor.user_id,
    )
    db.session.add(batch)
    transitions.begin(imports.MACHINE, batch, actor, sha256=digest)
    return batch


def _known(bureau: UnitRow, digest: str) -> ImportBatch | None:
    return db.session.scalar(
        select(ImportBatch)
        .where(
            ImportBatch.unit_path == bureau.path,
            ImportBatch.sha256 == digest,
            ImportBatch.status.in_(("reading", "previewed", "applied")),
        )
        .order_by(ImportBatch.created_at.desc())
        .limit(1)
    )


def hand_over(actor: Actor, batch: ImportBatch, data: bytes) -> None:
    """Seal the file for the worker and owe the reading of it."""
    file_id = uuid4()
    key = f"{file_id.hex[:2]}/{file_id}"
    sealed = cipher.ring().seal(base64.b64encode(data).decode(), _PLACE)
    storage().put(key, sealed.encode())
    batch.file_key = key
    job = jobs.owe("ledger_read", actor=actor, unit_path=batch.unit_path, batch=str(batch.id))
    batch.job_id = job.id


def file_of(batch: ImportBatch) -> bytes:
    """Return the bytes of an upload that waits to be read."""
    sealed = storage().open(batch.file_key).decode()
    return base64.b64decode(cipher.ring().unseal(sealed, _PLACE))


def forget_file(batch: ImportBatch) -> None:
    """Remove the sealed file; its rows are staged or it cannot be read."""
    if batch.file_key:
        storage().delete(batch.file_key)
        batch.file_key = ""


def waiting(batch_id: UUID, status: str = "reading") -> ImportBatch | None:
    """Return the batch if it still stands at ``status`` (a job runs twice without harm)."""
    batch = get(batch_id)
    return batch if batch.status == status else None


def get(batch_id: UUID) -> ImportBatch:
    """Return a batch in scope; NotFound."""
    batch = db.session.get(ImportBatch, batch_id)
    if batch is None:
        raise NotFound
    return batch


def preview(actor: Actor, batch: ImportBatch) -> None:
    """Close the staging: count the verdicts and let the clerk decide."""
    batch.counts = staging.counted(batch)
    forget_file(batch)
    batch.job_id = None
    transitions.fire(imports.MACHINE, batch, "preview", actor, **staging.told(batch))


def fail(actor: Actor, batch: ImportBatch, why: str) -> None:
    """Record that the file cannot be read, and why."""
    batch.message = why[:_LONGEST_MESSAGE]
    forget_file(batch)
    batch.job_id = None
    transitions.fire(imports.MACHINE, batch, "fail", actor)


def stall(batch_id: UUID, why: str) -> None:
    """Say on a previewed batch why the worker could not go on; the clerk is told and may retry."""
    batch = get(batch_id)
    batch.message = why[:_LONGEST_MESSAGE]
    batch.job_id = None
    facts.publish("import.stall", actor=SYSTEM, subject=batch)


def discard(actor: Actor, batch_id: UUID) -> ImportBatch:
    """Set the upload aside; no file is changed. Raises WrongState once it is applied."""
    batch = get(batch_id)
    transitions.fire(imports.MACHINE, batch, "discard", actor)
    forget_file(batch)
    return batch


def owe_recheck(actor: Actor, batch_id: UUID) -> ImportBatch:
    """Leave comparing a large upload once more to the worker."""
    batch = get(batch_id)
    access.require(actor, Permission.LEDGER_IMPORT, batch)
    if batch.job_id is None:
        job = jobs.owe(
            "ledger_recheck", actor=actor, unit_path=batch.unit_path, batch=str(batch.id)
        )
        batch.job_id = job.id
    return batch


def is_large(batch: ImportBatch) -> bool:
    """Tell whether a previewed upload has too many rows to handle while somebody waits."""
    rows = sum(batch.counts.get(verdict.value, 0) for verdict in Verdict)
    return bool(rows > AT_ONCE_ROWS)


def recheck(actor: Actor, batch_id: UUID) -> ImportBatch:
    """Compare a previewed upload with the register once more: it has changed since."""
    batch = get(batch_id)
    access.require(actor, Permission.LEDGER_IMPORT, batch)
    if batch.status != "previewed":
        raise Conflict("这次导入已经办结，不用重新核对")
    rows = [row for row in staging.rows_of(batch.id) if row.verdict is not Verdict.NOTE]
    staging.clear(batch, notes=False)
    staging.add(batch, map(checked_again, rows))
    batch.counts = staging.counted(batch)
    batch.message = ""
    batch.job_id = None
    return batch


def read_again(actor: Actor, batch_id: UUID) -> ImportBatch:
    """Preview an applied upload anew, against the register of now: a batch of its own.

    Raises Conflict when it is not applied, too large, or its rows are forgotten (30 days).
    """
    old = get(batch_id)
    access.require(actor, Permission.LEDGER_IMPORT, old)
    rows = [row for row in staging.rows_of(old.id) if row.verdict is not Verdict.NOTE]
    if old.status != "applied" or is_large(old) or not rows:
        raise Conflict("这次导入的内容已不能再核对，请重新保存文件后再上传")
    batch = _begin(actor, old.unit_path, old.filename, old.sha256)
    staging.start(batch, LedgerHead(year=old.year), ())
    staging.add(batch, map(checked_again, rows))
    preview(actor, batch)
    return batch
