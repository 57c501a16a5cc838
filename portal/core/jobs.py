"""A job is a row first: owed in the transaction of the act, leased by a worker, safe to run twice.

The queue (huey) carries only the id. ``portal.jobs`` binds kinds to handlers and runs the worker.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, Update, delete, or_, select, update

from portal.domain import clock
from portal.domain.actor import Actor
from portal.extensions import db
from portal.models.base import time_ordered_id
from portal.models.records import Job

MAX_ATTEMPTS = 8
_LONGEST_WAIT = 600
_PENDING = "jobs_of_this_transaction"
_span = [timedelta(minutes=1)]


class LeaseLost(Exception):
    """Another worker took the job over: what this one did must not be kept."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A job in a worker's hands; ``fence`` is the number that a later lease makes stale."""

    id: UUID
    kind: str
    args: dict[str, Any]
    fence: int
    attempts: int
    created_by: UUID | None
    unit_path: str | None


def install(lease_seconds: int) -> None:
    """Set how long a lease holds without a sign of life."""
    _span[0] = timedelta(seconds=lease_seconds)


def lease_span() -> timedelta:
    """Return how long a lease holds; the worker renews it three times within."""
    return _span[0]


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
        id=time_ordered_id(),
        kind=kind,
        slot=slot,
        args=args,
        unit_path=unit_path,
        created_by=actor.user_id,
        due_at=due_at or clock.now(),
    )
    session.add(job)
    session.info.setdefault(_PENDING, []).append(job.id)
    return job


def take_pending(session: object) -> list[UUID]:
    """Return and forget the ids owed since the last commit (to wake the queue)."""
    pending: list[UUID] = getattr(session, "info", {}).pop(_PENDING, [])
    return pending


def is_owed(slot: str) -> bool:
    """Tell whether the periodic job of a slot exists already."""
    return db.session.scalar(select(Job.id).where(Job.slot == slot)) is not None


def lease(job_id: UUID) -> Lease | None:
    """Take a due job for ``lease_span``; None when it is done, not due, or in other hands.

    The caller commits at once: a lease that is not committed holds nothing.
    """
    now = clock.now()
    taken = _changed(
        update(Job)
        .where(Job.id == job_id, _free(now))
        .values(
            status="running",
            leased_until=now + lease_span(),
            fence=Job.fence + 1,
            attempts=Job.attempts + 1,
        )
    )
    if not taken:
        return None
    job = db.session.get_one(Job, job_id, populate_existing=True)
    return Lease(job.id, job.kind, job.args, job.fence, job.attempts, job.created_by, job.unit_path)


def due(limit: int = 100) -> list[UUID]:
    """Return the ids of jobs that wait or whose worker died, oldest first (the sweeper's list)."""
    rows = db.session.scalars(
        select(Job.id).where(_free(clock.now())).order_by(Job.due_at, Job.id).limit(limit)
    )
    return list(rows)


def still_mine(job_id: UUID, fence: int) -> bool:
    """Renew the lease, the sign of life; False when another worker took the job over."""
    return _held(job_id, fence, leased_until=clock.now() + lease_span())


def progress(job_id: UUID, fence: int, done: int, note: str = "") -> bool:
    """Record progress (0–100); False when the lease was lost and the work must stop."""
    return _held(
        job_id, fence, progress=done, note=note[:200], leased_until=clock.now() + lease_span()
    )


def finish(job_id: UUID, fence: int) -> bool:
    """Mark a job done in the same transaction as its work; False when the lease was lost."""
    return _held(
        job_id,
        fence,
        status="done",
        progress=100,
        finished_at=clock.now(),
        leased_until=None,
    )


def give_up_or_retry(job_id: UUID, fence: int, error: str) -> None:
    """After a failure: wait longer each time, park after MAX_ATTEMPTS."""
    session = db.session()
    job = session.get(Job, job_id, populate_existing=True)
    if job is None or job.fence != fence:
        return
    now = clock.now()
    if job.attempts >= MAX_ATTEMPTS:
        outcome: dict[str, Any] = {"status": "parked", "finished_at": now}
    else:
        wait = timedelta(seconds=min(2**job.attempts, _LONGEST_WAIT))
        outcome = {"status": "queued", "due_at": now + wait}
    _held(job_id, fence, note=error[:200], leased_until=None, **outcome)


def retry_parked() -> int:
    """Give every parked job its tries again; return how many."""
    return _changed(
        update(Job)
        .where(Job.status == "parked")
        .values(status="queued", attempts=0, due_at=clock.now(), finished_at=None)
    )


def forget_done(before: datetime) -> int:
    """Delete jobs that were done before an instant; return how many."""
    done = db.session.execute(delete(Job).where(Job.status == "done", Job.finished_at < before))
    return cast("CursorResult[Any]", done).rowcount


def _free(now: datetime) -> ColumnElement[bool]:
    """Name the jobs that wait, or whose worker gave no sign of life."""
    return (
        Job.status.in_(("queued", "running"))
        & (Job.due_at <= now)
        & or_(Job.leased_until.is_(None), Job.leased_until < now)
    )


def _held(job_id: UUID, fence: int, **values: Any) -> bool:
    """Change a running job, but only in the hands that hold its newest lease."""
    mine = (Job.id == job_id) & (Job.fence == fence) & (Job.status == "running")
    return bool(_changed(update(Job).where(mine).values(**values)))


def _changed(statement: Update) -> int:
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", result).rowcount
