"""The end of a programme: slips, the end report with its frozen numbers, hours into records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.core import access, facts
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.camp_days import TEXT_LENGTH, Cost, check_costs, check_slip
from portal.domain.enrolments import ON_ROSTER
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.camp_days import ProgrammeReport, SatisfactionSlip, SessionNote
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme, ProgrammeSession
from portal.queries import programme_numbers
from portal.services import duty_hours
from portal.services.camp_days import reporting

#: A programme whose last day is over; its end report may be handed in.
_OVER = ("finished",)


def save(
    actor: Actor, programme_id: UUID, *, words: str, costs: Sequence[Cost] = (),
    version: int | None = None,
) -> UUID:  # fmt: skip
    """Write the end report; Conflict once it was handed in, or changed since ``version``."""
    programme = reporting(actor, programme_id)
    row = _report(programme_id)
    if row is None:
        row = ProgrammeReport(
            id=uuid4(), programme_id=programme_id, tenant_path=programme.tenant_path, words="",
            created_by=actor.user_id,
        )  # fmt: skip
        db.session.add(row)
    elif version is not None and row.version != version:
        raise Conflict("有同事也在写总结，请刷新后再看")
    if row.handed_in_at is not None:
        raise Conflict("总结已经交了，不能再改")
    if len(words) > TEXT_LENGTH:
        raise Invalid("最多 2000 个字", {"words": "最多 2000 个字"})
    row.words, programme.costs = words.strip(), check_costs(costs)
    db.session.flush()
    facts.publish("programme_report.save", actor=actor, subject=row, unit_path=programme.unit_path)
    return row.id


def hand_in(
    actor: Actor, programme_id: UUID, *, words: str, costs: Sequence[Cost] = (),
    version: int | None = None,
) -> UUID:  # fmt: skip
    """Hand the end report in: its numbers are those of this moment and stay so.

    Raises Conflict before the programme is over or while a roll call is open, Invalid without
    words. The hours of the rota are counted with it.
    """
    programme = reporting(actor, programme_id)
    if programme.status not in _OVER:
        raise Conflict("活动结束以后才能交总结")
    if not words.strip():
        raise Invalid("请写几句总结", {"words": "请写几句总结"})
    if untaken := programme_numbers.untaken(programme_id):
        raise Conflict("还有 {n} 次点名没有完成，请先补上", n=untaken)
    report_id = save(actor, programme_id, words=words, costs=costs, version=version)
    row = db.session.get_one(ProgrammeReport, report_id)
    row.numbers = asdict(programme_numbers.of(programme))
    row.handed_in_by, row.handed_in_at = actor.user_id, clock.now()
    facts.publish(
        "programme_report.hand_in", actor=actor, subject=row, unit_path=programme.unit_path
    )
    duty_hours.count(actor, programme)
    return report_id


def require_handed_in(programme: Programme) -> None:
    """Refuse to close a programme without its end report."""
    row = _report(programme.id)
    if row is None or row.handed_in_at is None:
        raise Conflict("还没有交总结，交了总结才能办结")


def slip(actor: Actor, enrolment_id: UUID, *, who: str, stars: int, words: str = "") -> UUID:
    """Type a slip in (child or guardian, 1 to 5); a second one of the same replaces it."""
    enrolment = db.session.scalar(select(Enrolment).where(Enrolment.id == enrolment_id))
    if enrolment is None or enrolment.status not in ON_ROSTER:
        raise NotFound
    programme = reporting(actor, enrolment.programme_id)
    check_slip(who, stars)
    row = db.session.scalar(
        select(SatisfactionSlip).where(
            SatisfactionSlip.enrolment_id == enrolment_id, SatisfactionSlip.who == who
        )
    )
    if row is None:
        row = SatisfactionSlip(
            id=uuid4(), programme_id=programme.id, enrolment_id=enrolment_id,
            child_id=enrolment.child_id, unit_path=enrolment.unit_path, who=who, stars=stars,
            way="typed", created_by=actor.user_id,
        )  # fmt: skip
        db.session.add(row)
    row.stars, row.words = stars, words.strip()[:TEXT_LENGTH]
    facts.publish("programme.slip", actor=actor, subject=row)
    return row.id


def note_session(actor: Actor, session_id: UUID, *, words: str, version: int | None = None) -> UUID:
    """Write what was helped with in a session (S0-4.7); who takes the roll there may."""
    session = db.session.scalar(select(ProgrammeSession).where(ProgrammeSession.id == session_id))
    if session is None or not access.permits(actor, Permission.PROGRAMME_REPORT, session):
        raise NotFound
    if not words.strip() or len(words) > TEXT_LENGTH:
        raise Invalid("请写 1 到 2000 个字", {"words": "请写 1 到 2000 个字"})
    row = db.session.scalar(select(SessionNote).where(SessionNote.session_id == session_id))
    if row is None:
        row = SessionNote(
            id=uuid4(), programme_id=session.programme_id, session_id=session_id,
            tenant_path=session.tenant_path, words="", created_by=actor.user_id,
        )  # fmt: skip
        db.session.add(row)
    elif version is not None and row.version != version:
        raise Conflict("有同事也在写这一次的记录，请刷新后再看")
    row.words = words.strip()
    programme = db.session.get_one(Programme, session.programme_id)
    facts.publish("session_note.save", actor=actor, subject=row, unit_path=programme.unit_path)
    return row.id


def _report(programme_id: UUID) -> ProgrammeReport | None:
    found: ProgrammeReport | None = db.session.scalar(
        select(ProgrammeReport).where(ProgrammeReport.programme_id == programme_id)
    )
    return found
