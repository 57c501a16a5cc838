"""The numbers of one programme: from the sheets, the timetable, the slips and the rota."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select

from portal.domain import clock
from portal.domain.camp_days import Numbers
from portal.domain.child_days import counts
from portal.domain.enrolments import ON_ROSTER
from portal.domain.lifecycles.programmes import HELD
from portal.domain.programmes import KINDS, NO_ACTIVITY
from portal.extensions import db
from portal.models.camp_days import SatisfactionSlip
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme, ProgrammeSession, TimetableItem
from portal.models.rota import Duty
from portal.queries import child_days


def untaken(programme_id: UUID) -> int:
    """Return how many roll calls of days gone by were never closed."""
    return (
        db.session.scalar(
            select(func.count(ProgrammeSession.id)).where(
                ProgrammeSession.programme_id == programme_id,
                ProgrammeSession.status.in_(HELD),
                ProgrammeSession.taken_at.is_(None),
                ProgrammeSession.happens_on <= clock.today(),
            )
        )
        or 0
    )


def of(programme: Programme) -> Numbers:
    """Return the numbers of a programme as they stand now."""
    found = counts(child_days.of_programme(programme.id, KINDS[programme.kind].participants))
    sessions = Counter(
        db.session.scalars(
            select(ProgrammeSession.status).where(ProgrammeSession.programme_id == programme.id)
        )
    )
    return Numbers(
        enrolled=_enrolled(programme),
        expected=found.expected,
        here=found.here,
        leave=found.leave,
        absent=found.absent,
        sessions=sum(many for status, many in sessions.items() if status != "cancelled"),
        cancelled=sessions["cancelled"],
        topics=_topics(programme.id),
        slips=_slips(programme.id),
        spent_fen=sum(int(one["fen"]) for one in programme.costs),
        budget_fen=programme.budget_fen,
        duty_minutes=_duty_minutes(programme.id),
    )


def _topics(programme_id: UUID) -> Mapping[str, int]:
    return dict(
        Counter(
            db.session.scalars(
                select(TimetableItem.topic)
                .where(
                    TimetableItem.programme_id == programme_id,
                    TimetableItem.topic.not_in(NO_ACTIVITY),
                )
                .order_by(TimetableItem.topic)
            )
        )
    )


def _slips(programme_id: UUID) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for who, stars in db.session.execute(
        select(SatisfactionSlip.who, SatisfactionSlip.stars).where(
            SatisfactionSlip.programme_id == programme_id
        )
    ):
        found[who][0] += 1
        found[who][1] += stars
    return dict(found)


def _duty_minutes(programme_id: UUID) -> int:
    return int(
        db.session.scalar(
            select(func.coalesce(func.sum(Duty.minutes), 0)).where(
                Duty.programme_id == programme_id, Duty.status == "done"
            )
        )
        or 0
    )


def _enrolled(programme: Programme) -> int:
    return (
        db.session.scalar(
            select(func.count(Enrolment.id)).where(
                Enrolment.programme_id == programme.id, Enrolment.status.in_(ON_ROSTER)
            )
        )
        or 0
    )
