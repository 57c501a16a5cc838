"""How much work waits, in counts; and one job's progress for whoever asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from portal.domain import clock
from portal.domain.errors import NotFound
from portal.extensions import db
from portal.models.records import Job, Message


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits; ``oldest_mail_seconds`` is how long the mail due longest has waited."""

    owed_mails: int
    parked_mails: int
    oldest_mail_seconds: float
    due_jobs: int
    parked_jobs: int


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as its creator sees it; ``progress`` is 0 to 100."""

    id: UUID
    kind: str
    status: str
    progress: int
    note: str

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more will happen by itself."""
        return self.status in ("done", "parked")


def backlog() -> Backlog:
    """Count what waits now."""
    now = clock.now()
    counted = db.session.execute(
        select(Message.status, func.count().label("mails"))
        .where(Message.status != "sent", Message.due_at <= now)
        .group_by(Message.status)
    )
    mails = {row.status: int(row.mails) for row in counted}
    oldest = db.session.scalar(
        select(Message.due_at)
        .where(Message.status == "owed", Message.due_at <= now)
        .order_by(Message.due_at)
        .limit(1)
    )
    return Backlog(
        owed_mails=mails.get("owed", 0),
        parked_mails=mails.get("parked", 0),
        oldest_mail_seconds=(now - oldest).total_seconds() if oldest else 0.0,
        due_jobs=_count(Job.status.in_(("queued", "running")) & (Job.due_at <= now)),
        parked_jobs=_count(Job.status == "parked"),
    )


def job(job_id: UUID, user_id: UUID | None) -> JobRow:
    """Return a job to the person who asked for it; NotFound for anybody else."""
    row = db.session.execute(
        select(Job.id, Job.kind, Job.status, Job.progress, Job.note).where(
            Job.id == job_id, Job.created_by == user_id, Job.created_by.is_not(None)
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return JobRow(row.id, row.kind, row.status, row.progress, row.note)


def _count(condition: object) -> int:
    return db.session.scalar(select(func.count()).select_from(Job).where(condition)) or 0  # type: ignore[arg-type]  # a column expression
