"""Large ledgers in the background: reading, comparing once more, applying.

Each opens its own transactions in the scope of the clerk who asked, and each can run twice: what
an earlier try staged is thrown away, what it applied is recognised by the batch's state.
"""

from __future__ import annotations

from uuid import UUID

from flask import current_app

from portal.core import jobs, scope, unit_of_work
from portal.core.jobs import Lease
from portal.documents.ledger_intake import check_upload
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, Invalid, NotAllowed
from portal.domain.ledger import CheckedLedger
from portal.queries import actors, units
from portal.services import ledger, ledger_apply
from portal.services import ledger_staging as staging

#: Rows per transaction while staging: short enough that nobody waits for the one writer.
_STEP = 2000
_READ, _STAGED = 30, 95


def read(lease: Lease) -> None:
    """Read, check and stage an uploaded ledger; a file that is none fails in words."""
    batch_id = UUID(lease.args["batch"])
    work = scope.of(_clerk(lease))
    with unit_of_work.reading(work):
        batch = ledger.waiting(batch_id)
        if batch is None:
            return
        data, bureau = ledger.file_of(batch), units.by_path(batch.unit_path)
        fictitious = current_app.config["SETTINGS"].allow_fictitious_id
        try:
            checked = check_upload(data, bureau, allow_fictitious=fictitious)
        except Invalid as refusal:
            reason = str(refusal)
        else:
            reason = ""
    if reason:
        with unit_of_work.transaction(work):
            ledger.fail(SYSTEM, ledger.get(batch_id), reason)
        return
    _stage(lease, work, batch_id, checked)


def _stage(lease: Lease, work: scope.Scope, batch_id: UUID, checked: CheckedLedger) -> None:
    """Stage in steps; each is kept only while the lease holds, or two workers would mix rows."""
    with unit_of_work.transaction(work):
        staging.start(ledger.get(batch_id), checked.head, checked.remarks)
        _hold(lease, _READ, "已读完文件，正在与在册档案核对")
    total = len(checked.rows)
    for start in range(0, total, _STEP):
        done = min(start + _STEP, total)
        with unit_of_work.transaction(work):
            staging.add(ledger.get(batch_id), checked.rows[start : start + _STEP])
            so_far = _READ + (_STAGED - _READ) * done // total
            _hold(lease, so_far, f"已核对 {done} / {total} 行")
    with unit_of_work.transaction(work):
        ledger.preview(SYSTEM, ledger.get(batch_id))
        _hold(lease, _STAGED, "")


def apply(lease: Lease) -> None:
    """Apply a previewed ledger in one transaction, unless that has been done."""
    batch_id = UUID(lease.args["batch"])
    clerk = _clerk(lease)
    work = scope.of(clerk)
    try:
        with unit_of_work.transaction(work):
            if ledger.waiting(batch_id, "previewed") is not None:
                ledger_apply.tell_applied(ledger_apply.apply(clerk, batch_id))
    except (Conflict, NotAllowed) as refusal:
        with unit_of_work.transaction(work):
            ledger.stall(batch_id, str(refusal))


def recheck(lease: Lease) -> None:
    """Compare a previewed ledger with the register once more."""
    batch_id = UUID(lease.args["batch"])
    clerk = _clerk(lease)
    with unit_of_work.transaction(scope.of(clerk)):
        if ledger.waiting(batch_id, "previewed") is not None:
            ledger.recheck(clerk, batch_id)


def _clerk(lease: Lease) -> Actor:
    """Return who asked, with the roles of today: one that has ended since applies nothing."""
    clerk = actors.by_user(lease.created_by) if lease.created_by else None
    if clerk is None:
        raise NotAllowed("发起这项工作的账号已经停用")
    return clerk


def _hold(lease: Lease, done: int, note: str) -> None:
    """Report inside the step's own transaction; a lost lease undoes the step."""
    if not jobs.progress(lease.id, lease.fence, done, note):
        raise jobs.LeaseLost
