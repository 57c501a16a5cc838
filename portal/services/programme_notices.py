"""The public notice of a programme: a row of its own that knows no place, no hour, no child."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select

from portal.domain.programmes import TOPICS
from portal.domain.timetables import topics_by_day
from portal.extensions import db
from portal.models.programmes import Programme, ProgrammeNotice
from portal.queries import programme_checks, units

#: What a state of the programme is to the public.
_STATES = {
    "open": "open",
    "running": "running",
    "finished": "finished",
    "closed": "finished",
    "cancelled": "cancelled",
}


def publish(programme: Programme) -> None:
    """Put the notice up, or bring it to what the programme says now."""
    days = topics_by_day(programme_checks.lines(programme.id))
    seen = frozenset().union(*days.values())
    region = units.by_path(programme.unit_path).code
    notice = _of(programme) or ProgrammeNotice(id=uuid4(), code=programme.code)
    notice.kind, notice.title, notice.words = (
        programme.kind,
        programme.title,
        programme.public_words,
    )
    notice.region_code = region
    notice.season = programme.season
    notice.starts_on, notice.ends_on = programme.starts_on, programme.ends_on
    notice.register_from = programme.register_from
    notice.register_until = programme.register_until
    notice.age_min, notice.age_max = programme.age_min, programme.age_max
    notice.capacity, notice.days = programme.capacity, len(days)
    notice.topics = [topic for topic in TOPICS if topic in seen]
    notice.draw_seed, notice.draw_commit = programme.draw_seed, programme.draw_commit
    notice.state = _STATES[programme.status]
    db.session.add(notice)
    programme.notice_id = notice.id


def follow(programme: Programme) -> None:
    """Let the notice say what became of the programme; nothing where there is none."""
    if (notice := _of(programme)) is not None and programme.status in _STATES:
        notice.state = _STATES[programme.status]
        notice.draw_seed = programme.draw_seed


def _of(programme: Programme) -> ProgrammeNotice | None:
    if programme.notice_id is None:
        return None
    return db.session.scalar(
        select(ProgrammeNotice).where(ProgrammeNotice.id == programme.notice_id)
    )
