"""A job is a row first: owed in the transaction of the act, leased by a worker, safe to run twice.

The queue (huey) carries only the id. ``portal.jobs`` binds kinds to handlers and runs the worker.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Update, or_, select, update

from portal.domain import clock
from portal.domain.actor import Actor
from portal.extensions import db
from portal.models.records import Job

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8
_PENDING = "jobs_of_this_transaction"


def owe(
    kind: str,
    *,
    actor: Actor,
    unit_path: str | None = None,
    slot: str | None = None,
    due_at: datetime | None = None,
    **args: str | int | bool | None,
) -> Job:
    """Write a job in the running transaction; ``args`` are ids and numbers only."""
    session = db.session()
    job = Job(
        kind=kind,
        slot=slot,
        args=args,
        unit_path=unit_path,
        created_by=actor.user_id,
        due_at=due_at or clock.now(),
    )
    session.add(job)
    session.flush([job])
    session.info.setdefault(_PENDING, []).append(job.id)
    return job


def take_pending(session: object) -> list[UUID]:
    """Return and forget the ids owed since the last commit (to wake the queue)."""
    pending: list[UUID] = getattr(session, "info", {}).pop(_PENDING, [])
    return pending


def _rows(statement: Update) -> int:
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount


def lease(job_id: UUID) -> Job | None:
    """Take a due job for LEASE; None when it is done, not due, or another worker holds it.

    The caller commits at once: a lease that is not committed holds nothing.
    """
    now = clock.now()
    session = db.session()
    taken = _rows(
        update(Job)
        .where(
            Job.id == job_id,
            Job.status.in_(("queued", "running")),
            Job.due_at <= now,
            or_(Job.leased_until.is_(None), Job.leased_until < now),
        )
        .values(
            status="running",
            leased_until=now + LEASE,
            fence=Job.fence + 1,
            attempts=Job.attempts + 1,
        )
    )
    if not taken:
        return None
    return session.get(Job, job_id, populate_existing=True)


def due(limit: int = 100) -> list[UUID]:
    """Return the ids of jobs that wait or whose worker died, oldest first (the sweeper's list)."""
    now = clock.now()
    rows = db.session.scalars(
        select(Job.id)
        .where(
            Job.status.in_(("queued", "running")),
            Job.due_at <= now,
            or_(Job.leased_until.is_(None), Job.leased_until < now),
        )
        .order_by(Job.due_at, Job.id)
        .limit(limit)
    )
    return list(rows)


def still_mine(job_id: UUID, fence: int) -> bool:
    """Tell, inside the job's own transaction, whether its lease was not taken over (fencing)."""
    now = clock.now()
    held = _rows(
        update(Job)
        .where(Job.id == job_id, Job.fence == fence, Job.status == "running")
        .values(leased_until=now + LEASE)
    )
    return bool(held)


def progress(job_id: UUID, fence: int, done: int, note: str = "") -> bool:
    """Record progress (0–100); False when the lease was lost and the work must stop."""
    held = _rows(
        update(Job)
        .where(Job.id == job_id, Job.fence == fence, Job.status == "running")
        .values(progress=done, note=note, leased_until=clock.now() + LEASE)
    )
    return bool(held)


def finish(job_id: UUID, fence: int) -> bool:
    """Mark a job done in the same transaction as its work; False when the lease was lost."""
    held = _rows(
        update(Job)
        .where(Job.id == job_id, Job.fence == fence, Job.status == "running")
        .values(status="done", progress=100, finished_at=clock.now(), leased_until=None)
    )
    return bool(held)


def give_up_or_retry(job_id: UUID, fence: int, error: str) -> None:
    """After a failure: wait longer each time, park after MAX_ATTEMPTS."""
    session = db.session()
    job = session.get(Job, job_id, populate_existing=True)
    if job is None or job.fence != fence:
        return
    job.note = error[:200]
    job.leased_until = None
    if job.attempts >= MAX_ATTEMPTS:
        job.status, job.finished_at = "parked", clock.now()
    else:
        job.status = "queued"
        job.due_at = clock.now() + timedelta(seconds=min(2**job.attempts, 600))
