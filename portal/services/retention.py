"""The shortest retention (L18): what was only needed on the way is deleted in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select

from portal.core import jobs, outbox
from portal.domain import clock
from portal.extensions import db
from portal.models.children import ImportBatch, ImportRow
from portal.services import files, limits

#: The rows of an uploaded ledger hold children's data twice; the upload itself stays as memory.
IMPORT_ROWS = timedelta(days=30)
SENT_MAIL = timedelta(days=90)
DONE_JOBS = timedelta(days=30)


def forget_old() -> dict[str, int]:
    """Delete what is past its time, uploads that no form took included; return how many."""
    now = clock.now()
    old = select(ImportBatch.id).where(ImportBatch.created_at < now - IMPORT_ROWS)
    rows = db.session.execute(
        delete(ImportRow)
        .where(ImportRow.batch_id.in_(old))
        .execution_options(synchronize_session=False)
    )
    return {
        "import rows": cast("CursorResult[Any]", rows).rowcount,
        "mails": outbox.forget_sent(now - SENT_MAIL),
        "jobs": jobs.forget_done(now - DONE_JOBS),
        "attempts": limits.forget_old(),
        "drafts": files.sweep_drafts(),
    }
