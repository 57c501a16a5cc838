"""Who works in a programme: invited from the pool, confirmed by themselves, taken off at once.

Every adult is of tier 2 on every day (S0-4.4): who loses that standing leaves the rota in the
same act, and the roster with it (services.standings).
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts, scope, transitions
from portal.domain import clock
from portal.domain.actor import CONTACT, SYSTEM, Actor
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.lifecycles.rota import DUTIES, STAFF
from portal.domain.permissions import Permission
from portal.domain.programmes import ROLES
from portal.extensions import db
from portal.models.programmes import Programme
from portal.models.rota import Duty, ProgrammeStaff
from portal.models.standings import Clearance
from portal.models.supporters import Supporter, SupporterMember
from portal.services import duty_access, swap_endings
from portal.services import enrolment_checks as checks

_ENDED = frozenset({"finished", "closed", "cancelled"})
_STALE = "有同事比您早一步处理了这一条，请刷新后再看"


def get(staff_id: UUID, version: int | None = None) -> ProgrammeStaff:
    """Return a person of a rota in the scope; NotFound, Conflict when stale."""
    row = db.session.scalar(select(ProgrammeStaff).where(ProgrammeStaff.id == staff_id))
    if row is None:
        raise NotFound
    if version is not None and row.version != version:
        raise Conflict(_STALE)
    return row


def invite(actor: Actor, programme_id: UUID, supporter_id: UUID, *, role: str) -> UUID:
    """Ask a person of tier 2 to work in a programme; they answer on their own page.

    Raises NotFound behind a wall, Invalid for another role or an organisation, Conflict without
    a standing today or when the person is on the rota, WrongState once the programme is over.
    """
    programme = checks.programme(programme_id)
    access.require(actor, Permission.ROTA_MANAGE, programme)
    if programme.status in _ENDED:
        raise WrongState("活动已经结束，不能再邀请")
    if role not in ROLES:
        raise Invalid("请选择列表里的一项", {"role": "请选择列表里的一项"})
    with scope.within(checks.wide(programme.tenant_path), db.session()):
        person = _person(programme, supporter_id)
        row = ProgrammeStaff(
            tenant_path=programme.tenant_path, programme_id=programme.id, supporter_id=person.id,
            user_id=_login(person.id), name=person.name, role=role, status_since=clock.now(),
            created_by=actor.user_id,
        )  # fmt: skip
        row.programme = programme
        db.session.add(row)
        db.session.flush()
        transitions.begin(STAFF, row, actor, role=role, supporter_id=str(person.id))
        db.session.flush()
        return row.id


def confirm(actor: Actor, staff_id: UUID, *, version: int | None = None) -> UUID:
    """Accept an invitation; by the person invited, who holds tier 2 today."""
    row = get(staff_id, version)
    with scope.within(checks.wide(row.tenant_path), db.session()):
        _stands(row.supporter_id)
        transitions.fire(STAFF, row, "confirm", actor)
        db.session.flush()
        duty_access.follow(row)
    return staff_id


def decline(actor: Actor, staff_id: UUID, *, version: int | None = None) -> UUID:
    """Turn an invitation down; by the person invited."""
    return _go(actor, get(staff_id, version), "decline", "declined")


def leave(actor: Actor, staff_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Leave the rota on one's own word, with a reason; planned duties fall away."""
    return _go(actor, get(staff_id, version), "leave", "left", reason)


def remove(actor: Actor, staff_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Take somebody off the rota: the roster closes to them with this act."""
    return _go(actor, get(staff_id, version), "remove", "organiser", reason)


def stand_down(supporter: Supporter, why: str) -> int:
    """Take whoever may meet children no more off every rota; alarm organiser and county.

    Joins services.standings: the caller opened every county. Returns off how many.
    """
    rows = db.session.scalars(
        select(ProgrammeStaff).where(
            ProgrammeStaff.supporter_id == supporter.id, ProgrammeStaff.status != "removed"
        )
    ).all()
    living = [row for row in rows if row.programme.status not in _ENDED]
    for row in living:
        transitions.fire(STAFF, row, "lapse", SYSTEM, reason_code=why)
        _end(row, "lapsed")
    return len(living)


def end_programme(programme: Programme) -> None:
    """Take everybody off the rota of a cancelled programme; safe to do twice."""
    rows = db.session.scalars(
        select(ProgrammeStaff).where(
            ProgrammeStaff.programme_id == programme.id, ProgrammeStaff.status != "removed"
        )
    ).all()
    for row in rows:
        transitions.fire(STAFF, row, "cancel", SYSTEM)
        _end(row, "cancelled")


def _go(actor: Actor, row: ProgrammeStaff, move: str, why: str, reason: str = "") -> UUID:
    with scope.within(checks.wide(row.tenant_path), db.session()):
        transitions.fire(STAFF, row, move, actor, {"reason": reason})
        _end(row, why)
        return row.id


def _end(row: ProgrammeStaff, why: str) -> None:
    row.removed_reason = why
    today = clock.today()
    planned = db.session.scalars(
        select(Duty).where(
            Duty.staff_id == row.id, Duty.status == "planned", Duty.happens_on >= today
        )
    ).all()
    for duty in planned:
        transitions.fire(DUTIES, duty, "fall", SYSTEM)
    swap_endings.fall_with(row)
    duty_access.close(row)
    db.session.flush()
    facts.publish("programme_staff.free", actor=SYSTEM, subject=row, duties=len(planned))


def _person(programme: Programme, supporter_id: UUID) -> Supporter:
    person = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if person is None or person.tenant_path != programme.tenant_path:
        raise NotFound
    if person.kind != "individual":
        raise Invalid("接触儿童的资格属于个人，单位成员请先以个人身份登记")
    _stands(person.id)
    held = select(ProgrammeStaff.id).where(
        ProgrammeStaff.programme_id == programme.id,
        ProgrammeStaff.supporter_id == person.id,
        ProgrammeStaff.status != "removed",
    )
    if db.session.scalar(held) is not None:
        raise Conflict("这位爱心人士已经在值班表上")
    return person


def _stands(supporter_id: UUID) -> None:
    """Ask for a tier-2 standing that holds today (S0-4.5a)."""
    row = db.session.scalar(select(Clearance).where(Clearance.supporter_id == supporter_id))
    if row is None or not row.holds_on(clock.today()):
        raise Conflict("接触儿童的资格没有生效，不能参加值班")


def _login(supporter_id: UUID) -> UUID | None:
    """Return the account that speaks for a person."""
    return db.session.scalar(
        select(SupporterMember.user_id)
        .where(
            SupporterMember.supporter_id == supporter_id,
            SupporterMember.role == CONTACT,
            SupporterMember.ended_at.is_(None),
            SupporterMember.invited_at.is_(None),
        )
        .order_by(SupporterMember.created_at)
        .limit(1)
    )
