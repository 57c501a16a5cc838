"""Running one job: lease, act, mark done, all or nothing; and waking whoever should run it."""

from __future__ import annotations

import time
from uuid import UUID

import structlog
from flask import current_app
from sqlalchemy.orm import Session

from portal.core import jobs, outbox, queue, scope, unit_of_work
from portal.core.jobs import Lease, LeaseLost
from portal.jobs.handlers import HANDLERS, Handler
from portal.notices import deliver

#: Mail wakes the worker at most this often; what comes sooner waits for the sweeper.
_MAIL_PAUSE = 0.5
_log = structlog.get_logger(__name__)
_running: dict[UUID, int] = {}
_last_mail = [0.0]


def perform(call: str) -> None:
    """Do what the queue carried: run a job, or send the mail that is due."""
    job_id = queue.job_of(call)
    if job_id is None:
        deliver.drain()
    else:
        run(job_id)


def run(job_id: UUID) -> bool:
    """Run a job if it is due and free; tell whether its work was kept."""
    with unit_of_work.transaction(scope.NOTHING):
        lease = jobs.lease(job_id)
    if lease is None:
        return False
    _running[lease.id] = lease.fence
    try:
        _act(HANDLERS[lease.kind], lease)
    except LeaseLost:
        _log.warning("job was taken over", job_id=str(lease.id), kind=lease.kind)
        return False
    except Exception as error:  # noqa: BLE001 - the job is tried again, the worker goes on
        _log.exception("job failed", job_id=str(lease.id), kind=lease.kind, attempt=lease.attempts)
        with unit_of_work.transaction(scope.NOTHING):
            jobs.give_up_or_retry(lease.id, lease.fence, type(error).__name__)
        return False
    finally:
        _running.pop(lease.id, None)
    return True


def _act(handler: Handler, lease: Lease) -> None:
    if handler.own_transactions:
        handler.act(lease)
    with unit_of_work.transaction(unit_of_work.system_scope("a job of the system itself")):
        if not handler.own_transactions:
            handler.act(lease)
        if not jobs.finish(lease.id, lease.fence):
            raise LeaseLost


def show_life() -> None:
    """Renew the leases of what this process runs (a sign of life, sent by the sweeper)."""
    for job_id, fence in list(_running.items()):
        with unit_of_work.transaction(scope.NOTHING):
            jobs.still_mine(job_id, fence)


def wake(session: Session) -> None:
    """Tell the queue what a commit left to do (an after_commit hook).

    The rows are the truth: when the queue does not answer, the sweeper finds them.
    """
    calls = [queue.for_job(job_id) for job_id in jobs.take_pending(session)]
    if outbox.take_pending(session) and time.monotonic() - _last_mail[0] > _MAIL_PAUSE:
        _last_mail[0] = time.monotonic()
        calls.append(queue.MAIL)
    if not calls:
        return
    try:
        current_app.extensions["queue"].wake(calls)
    except Exception as error:  # noqa: BLE001 - whatever the queue's driver raises
        _log.warning("queue does not answer", error=type(error).__name__)
