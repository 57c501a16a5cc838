"""What a guardian's link shows of activities: those open to the child, those it takes part in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from portal.domain.enrolments import LIVE
from portal.domain.identity import age_on
from portal.domain.programmes import KINDS
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme
from portal.queries import enrolment_choices, enrolments
from portal.queries.enrolment_choices import OpenProgramme
from portal.queries.enrolments import Person


@dataclass(frozen=True, slots=True)
class FamilyEnrolment:
    """An enrolment as the family reads it; where to come is told once the child has a place."""

    id: UUID
    status: str
    title: str
    kind: str
    starts_on: date
    ends_on: date
    venue: str
    meeting_point: str
    wait_no: int | None
    answer_by: datetime | None
    reason: str
    consents: Mapping[str, bool]
    has_notes: bool
    persons: tuple[Person, ...]

    @property
    def is_live(self) -> bool:
        """Tell whether the family may still do something."""
        return self.status in LIVE


def of_child(child_id: UUID) -> tuple[FamilyEnrolment, ...]:
    """Return the child's enrolments, the newest first; the caller opened the link's scope."""
    rows = db.session.execute(
        select(Enrolment, Programme)
        .join(Programme, Programme.id == Enrolment.programme_id)
        .where(Enrolment.child_id == child_id)
        .order_by(Programme.starts_on.desc(), Enrolment.applied_at.desc())
    ).all()
    return tuple(_own(row.Enrolment, row.Programme) for row in rows)


def open_to(child_id: UUID) -> tuple[OpenProgramme, ...]:
    """Return what the family may apply for today: the county's programmes for the child's age."""
    child = db.session.get_one(ChildFile, child_id)
    held = set(
        db.session.scalars(
            select(Enrolment.programme_id).where(
                Enrolment.child_id == child_id, Enrolment.status.in_(LIVE)
            )
        )
    )
    paths = {
        row.id: (row.unit_path, KINDS[row.kind].participants)
        for row in db.session.scalars(select(Programme).where(Programme.status == "open"))
    }
    return tuple(
        one
        for one in enrolment_choices.open_programmes()
        if one.id not in held
        and child.unit_path.startswith(paths[one.id][0])
        and (
            paths[one.id][1] == "carer"
            or one.ages[0] <= age_on(child.birth_date, one.starts_on) <= one.ages[1]
        )
    )


def _own(one: Enrolment, programme: Programme) -> FamilyEnrolment:
    placed = one.status in ("enrolled", "offered", "attended")
    return FamilyEnrolment(
        one.id, one.status, programme.title, KINDS[programme.kind].label, programme.starts_on,
        programme.ends_on, programme.venue if placed else "",
        programme.meeting_point if placed else "", one.wait_no, one.answer_by, one.reason,
        enrolments.consents_of(one), bool(one.health or one.diet), enrolments.persons(one.id),
    )  # fmt: skip
