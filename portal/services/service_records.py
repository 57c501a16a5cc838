"""Hours: told by whoever served or by the act itself, verified by somebody else (67号令)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from portal.core import access, transitions
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, DomainError, Invalid, NotFound
from portal.domain.hours import Service, Span, check, check_against, check_standing, place_kept
from portal.domain.lifecycles.service_records import COUNTING, MACHINE
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.accounts import User
from portal.models.service_records import ServiceRecord
from portal.models.supporters import Supporter, VettingCheck
from portal.queries import units
from portal.services import certificates, public_words

#: What may be done to several records at once.
TOGETHER = ("verify", "return")
_FASTER = "有同事比您早一步处理了这一条，现在是“{state}”。请看过新的内容再决定"
_REASON_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of several: done, or the refusal."""

    record_id: UUID
    refusal: DomainError | None = None


def enter(actor: Actor, supporter_id: UUID, service: Service, *, organiser: str = "") -> UUID:
    """Tell of an own service; it waits for somebody of the organiser's bureau to verify it.

    ``organiser`` is the code of a county of the supporter's authority (the own county when
    empty). Raises Invalid with the fields; NotFound for somebody else's supporter.
    """
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None or supporter.id not in actor.supporter_ids or actor.user_id is None:
        raise NotFound
    access.require(actor, Permission.HOURS_ENTER, supporter)
    unit_path = organiser_of(supporter, organiser)
    return _add(actor, supporter, actor.user_id, unit_path, service, source=None).id


def record(
    actor: Actor,
    *,
    supporter_id: UUID,
    user_id: UUID,
    unit_path: str,
    service: Service,
    subject_type: str,
    subject_id: UUID,
    verified_by: Actor | None = None,
) -> UUID:
    """Record a service that another act proves (a contact log, a session); once per person.

    The caller has checked that ``actor`` may do that act. With ``verified_by``, who verified the
    act, the record is verified with it: NotAllowed when that is the recorder or the volunteer.
    """
    known = db.session.scalar(
        select(ServiceRecord).where(
            ServiceRecord.subject_type == subject_type,
            ServiceRecord.subject_id == subject_id,
            ServiceRecord.user_id == user_id,
        )
    )
    if known is not None:
        return known.id
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None:
        raise NotFound
    source = (subject_type, subject_id)
    row = _add(actor, supporter, user_id, unit_path, service, source=source)
    if verified_by is not None:
        transitions.fire(MACHINE, row, "follow_source", verified_by)
        row.verified_by, row.verified_at = verified_by.user_id, clock.now()
    return row.id


def fall_with(actor: Actor, *, subject_type: str, subject_id: UUID) -> int:
    """Strike out what an act proved that turned out void; certificates fall with it.

    The caller has checked that ``actor`` may void that act. Returns how many records fell.
    """
    rows = db.session.scalars(
        select(ServiceRecord).where(
            ServiceRecord.subject_type == subject_type,
            ServiceRecord.subject_id == subject_id,
            ServiceRecord.status.in_(COUNTING),
        )
    ).all()
    for row in rows:
        transitions.fire(MACHINE, row, "fall_with_source", actor)
        certificates.invalidate_built_on(row.id)
    return len(rows)


def resubmit(
    actor: Actor, record_id: UUID, service: Service, *, version: int | None = None
) -> UUID:
    """Correct an own record that came back, and hand it in again."""
    row = _own(actor, record_id, version)
    supporter = db.session.get_one(Supporter, row.supporter_id)
    span = _fits(supporter, row.user_id, service, besides=row.id)
    transitions.fire(MACHINE, row, "resubmit", actor)
    _write(row, service, span)
    row.recorded_by, row.remark = actor.user_id, ""
    row.verified_by = row.verified_at = None
    return row.id


def withdraw(actor: Actor, record_id: UUID, *, version: int | None = None) -> UUID:
    """Take an own record back before it is verified."""
    row = _own(actor, record_id, version)
    transitions.fire(MACHINE, row, "withdraw", actor)
    return row.id


def verify(actor: Actor, record_id: UUID, *, version: int | None = None) -> UUID:
    """Confirm that a service took place; another person than recorder and volunteer.

    Raises Invalid for words that say who one of the helped children is: it is sent back then.
    """
    row = _kept_here(actor, record_id, version)
    transitions.fire(MACHINE, row, "verify", actor)
    supporter = db.session.get_one(Supporter, row.supporter_id)
    public_words.refuse_confirmed(row.title, row.place, supporter.id, supporter.tenant_path)
    row.verified_by, row.verified_at = actor.user_id, clock.now()
    return row.id


def give_back(actor: Actor, record_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Send a record back with a reason, before it was verified."""
    return _with_reason(actor, record_id, "return", reason, version).id


def reopen(actor: Actor, record_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Take a verified record back to be corrected; certificates built on it become void."""
    row = _with_reason(actor, record_id, "reopen", reason, version)
    certificates.invalidate_built_on(row.id)
    return row.id


def void(actor: Actor, record_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Strike a record out; certificates built on it become void and say so."""
    row = _with_reason(actor, record_id, "void", reason, version)
    certificates.invalidate_built_on(row.id)
    return row.id


def together(
    actor: Actor, chosen: Iterable[tuple[UUID, int]], *, move: str, reason: str = ""
) -> list[Outcome]:
    """Do one of TOGETHER to several records with one reason; each stands for itself."""
    acts: dict[str, Callable[[UUID, int], object]] = {
        "verify": lambda each, version: verify(actor, each, version=version),
        "return": lambda each, version: give_back(actor, each, reason=reason, version=version),
    }
    if move not in acts:
        raise Invalid("这一步要看过内容逐条办理")
    if move == "return" and not reason.strip():
        raise Invalid("请写明原因", {"reason": "请写明原因"})
    return [_one_of_several(acts[move], each, version) for each, version in chosen]


def organiser_of(supporter: Supporter, code: str) -> str:
    """Return the path of the county that organised; Invalid for one of another authority."""
    if not code:
        return supporter.unit_path
    counties = {unit.code: unit.path for unit in units.below(supporter.tenant_path, "county")}
    if code not in counties:
        raise Invalid("请选择组织单位", {"organiser": "请选择组织单位"})
    return counties[code]


def _add(
    actor: Actor,
    supporter: Supporter,
    user_id: UUID,
    unit_path: str,
    service: Service,
    *,
    source: tuple[str, UUID] | None,
) -> ServiceRecord:
    span = _fits(supporter, user_id, service)
    row = ServiceRecord(
        supporter_id=supporter.id, user_id=user_id, unit_path=unit_path, remark="",
        created_by=actor.user_id, recorded_by=actor.user_id,
        subject_type=source[0] if source else None, subject_id=source[1] if source else None,
    )  # fmt: skip
    _write(row, service, span)
    db.session.add(row)
    db.session.flush()
    transitions.begin(MACHINE, row, actor)
    return row


def _write(row: ServiceRecord, service: Service, span: Span) -> None:
    row.kind, row.title, row.place = service.kind, service.title.strip(), place_kept(service)
    row.served_on, row.minutes = service.served_on, span.minutes
    row.started_at, row.ended_at = span.started_at, span.ended_at


def _fits(
    supporter: Supporter, user_id: UUID, service: Service, besides: UUID | None = None
) -> Span:
    """Check a service by itself, against the standing, and against the person's same day."""
    span = check(service)
    public_words.refuse_told(service.title, place_kept(service), supporter.tenant_path)
    check_standing(service.served_on, _approved_on(supporter), supporter.valid_to)
    # Two devices at once: the second waits here until the first has written its record.
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update())
    same_day = select(
        ServiceRecord.minutes, ServiceRecord.started_at, ServiceRecord.ended_at
    ).where(
        ServiceRecord.user_id == user_id,
        ServiceRecord.served_on == service.served_on,
        ServiceRecord.status.in_(COUNTING),
    )
    if besides is not None:
        same_day = same_day.where(ServiceRecord.id != besides)
    check_against(span, (Span(*row) for row in db.session.execute(same_day)))
    return span


def _approved_on(supporter: Supporter) -> date | None:
    """Return the day of the first approval: a renewal does not undo the time before it."""
    first: date | None = db.session.scalar(
        select(func.min(VettingCheck.done_on)).where(
            VettingCheck.supporter_id == supporter.id, VettingCheck.kind == "identity"
        )
    )
    if supporter.approved_at is None:
        return None
    latest = clock.local(supporter.approved_at).date()
    return min(first, latest) if first else latest


def _own(actor: Actor, record_id: UUID, version: int | None) -> ServiceRecord:
    row = db.session.scalar(select(ServiceRecord).where(ServiceRecord.id == record_id))
    if row is None or row.user_id != actor.user_id or row.supporter_id not in actor.supporter_ids:
        raise NotFound
    return _as_seen(row, version)


def _kept_here(actor: Actor, record_id: UUID, version: int | None) -> ServiceRecord:
    """Return a record this person verifies; NotFound behind a wall, Conflict when stale."""
    row = db.session.scalar(select(ServiceRecord).where(ServiceRecord.id == record_id))
    if row is None or not access.permits(actor, Permission.HOURS_VERIFY, row):
        raise NotFound
    return _as_seen(row, version)


def _as_seen(row: ServiceRecord, version: int | None) -> ServiceRecord:
    if version is not None and row.version != version:
        raise Conflict(_FASTER, state=MACHINE.states[row.status].label)
    return row


def _with_reason(
    actor: Actor, record_id: UUID, move: str, reason: str, version: int | None
) -> ServiceRecord:
    row = _kept_here(actor, record_id, version)
    transitions.fire(MACHINE, row, move, actor, {"reason": reason})
    row.remark = reason.strip()[:_REASON_LENGTH]
    return row


def _one_of_several(act: Callable[[UUID, int], object], each: UUID, version: int) -> Outcome:
    try:
        act(each, version)
    except DomainError as refusal:
        return Outcome(each, refusal)
    return Outcome(each)
