"""From duties done to hours of service: what the certificate of whoever stood there counts."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, select

from portal.core import access, facts, scope
from portal.domain.actor import Actor
from portal.domain.errors import DomainError
from portal.domain.hours import Service
from portal.domain.permissions import Permission
from portal.domain.programmes import ROLES
from portal.extensions import db
from portal.models.programmes import Programme
from portal.models.rota import Duty, ProgrammeStaff
from portal.models.service_records import ServiceRecord
from portal.queries import units
from portal.services import service_records

#: The subject of the record.
SUBJECT = "duty"
#: What an activity is called on a certificate, by kind of programme: no place below the county.
_KINDS = {"camp": "camp", "interest_class": "class", "summer_daycare": "camp",
          "after_school": "after_school", "carer_class": "training"}  # fmt: skip
_TITLES = {
    "camp": "夏（冬）令营值班", "interest_class": "周末兴趣班值班", "summer_daycare": "暑托班值班",
    "after_school": "课后照料值班", "carer_class": "监护人课堂值班",
}  # fmt: skip


def verify(actor: Actor, programme_id: UUID) -> int:
    """Count the duties done in a programme, as its organiser or county; return how many."""
    programme = db.session.get_one(Programme, programme_id)
    access.require(actor, Permission.PROGRAMME_MANAGE, programme)
    return count(actor, programme)


def count(verified_by: Actor, programme: Programme) -> int:
    """Make verified records of the duties done that have none; one's own are left to others.

    A day that the person's standing does not bear stays uncounted; the rota shows it.
    """
    counted = 0
    with scope.within(_reach(programme), db.session()):
        for duty, user_id, role in _waiting(programme.id):
            if user_id is None or user_id == verified_by.user_id or not duty.minutes:
                continue
            counted += _record(verified_by, programme, duty, user_id, role)
    if counted:
        facts.publish("duty.count", actor=verified_by, subject=programme, count=counted)
    return counted


def left(programme_id: UUID) -> int:
    """Return how many duties that are done have no record of hours."""
    return len(_waiting(programme_id))


def _record(verified_by: Actor, programme: Programme, duty: Duty, user_id: UUID, role: str) -> bool:
    county = units.by_path(programme.unit_path)
    title = f"{_TITLES.get(programme.kind, '活动值班')}（{ROLES.get(role, '志愿者')}）"
    service = Service(
        _KINDS.get(programme.kind, "event"), title, county.name, duty.happens_on, duty.minutes
    )
    try:
        with db.session.begin_nested():
            service_records.record(
                Actor(user_id=user_id), supporter_id=duty.supporter_id, user_id=user_id,
                unit_path=programme.unit_path, service=service, subject_type=SUBJECT,
                subject_id=duty.id, verified_by=verified_by,
            )  # fmt: skip
    except DomainError:
        return False
    return True


def _waiting(programme_id: UUID) -> list[tuple[Duty, UUID | None, str]]:
    known = exists().where(
        ServiceRecord.subject_type == SUBJECT, ServiceRecord.subject_id == Duty.id
    )
    rows = db.session.execute(
        select(Duty, ProgrammeStaff.user_id, ProgrammeStaff.role)
        .join(ProgrammeStaff, ProgrammeStaff.id == Duty.staff_id)
        .where(Duty.programme_id == programme_id, Duty.status == "done", ~known)
        .order_by(Duty.happens_on, Duty.starts, Duty.id)
    ).all()
    return [(duty, user_id, role) for duty, user_id, role in rows]


def _reach(programme: Programme) -> scope.Scope:
    """Reach the volunteers' own hours, which the programme's unit keeps."""
    staff = select(ProgrammeStaff.supporter_id).where(ProgrammeStaff.programme_id == programme.id)
    return scope.Scope(
        paths=(programme.unit_path,), tenants=(programme.tenant_path,),
        supporters=tuple(db.session.scalars(staff)), programmes=(programme.id,),
        reason="hours of a rota are kept by the programme's unit",
    )  # fmt: skip
