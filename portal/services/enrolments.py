"""Applying for a child, the family's consents one by one, leaving again (PG enrolment)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.core import access, facts, scope, transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor, Role
from portal.domain.enrolments import (
    CONSENT_VERSION,
    LIVE,
    METHODS,
    NAME_LENGTH,
    NOTE_LENGTH,
    REASONS,
)
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.identity import age_on
from portal.domain.lifecycles.enrolments import ENROLMENTS
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme
from portal.queries.guardians import given_name
from portal.services import enrolment_checks as checks
from portal.services import places
from portal.services.enrolment_checks import get

_PHONE_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Notes:
    """What a family tells beside the application; everything may be empty."""

    called: str = ""
    health: str = ""
    diet: str = ""
    second_contact: str = ""
    second_phone: str = ""


@dataclass(frozen=True, slots=True)
class Consents:
    """What a family agrees to, one by one; ``by`` is who said so."""

    activity: bool
    photo: bool = False
    medical: bool = False
    transport: bool = False
    by: str = ""
    method: str = "written"
    on: date | None = None


def apply(
    actor: Actor,
    programme_id: UUID,
    child_id: UUID,
    *,
    together_with: UUID | None = None,
    notes: Notes | None = None,
) -> UUID:
    """Apply for a child of one's units, or for its carer in a class for carers.

    ``together_with`` names a sibling's enrolment: both get places or none. A child outside the
    age range is refused on the spot, with the reason on the row. Raises NotFound behind a wall,
    WrongState outside the registration window, Invalid for a child off the register or from
    elsewhere, Conflict when the child is in already or has another programme on these days.
    """
    programme = checks.programme(programme_id)
    child = db.session.scalar(select(ChildFile).where(ChildFile.id == child_id))
    if child is None:
        raise NotFound
    access.require(actor, Permission.ENROL_APPLY, child)
    is_director = actor.has(Role.CHILD_DIRECTOR, child.unit_path)
    source = "director" if is_director else "staff"
    row = begin(actor, programme, child, source, notes or Notes())
    if together_with is not None and row.status == "applied":
        _join(row, get(together_with))
    return row.id


def begin(
    actor: Actor, programme: Programme, child: ChildFile, source: str, notes: Notes
) -> Enrolment:
    """Write an application; whoever may apply has been checked by the caller."""
    checks.takes_applications(programme)
    checks.takes_child(programme, child)
    participant = checks.participant_of(programme)
    with scope.within(checks.wide(programme.tenant_path), db.session()):
        checks.not_twice(programme, child, participant)
        guardian = checks.guardian_of(child)
        name = guardian.name if participant == "carer" and guardian else given_name(child.name)
        row = Enrolment(
            id=uuid4(), programme_id=programme.id, child_id=child.id, unit_path=child.unit_path,
            participant=participant, called=name, age=age_on(child.birth_date, programme.starts_on),
            source=source, applied_by=actor.user_id, applied_at=clock.now(),
            status_since=clock.now(), created_by=actor.user_id,
            guardian_name=guardian.name if guardian else None,
            guardian_phone=guardian.phone if guardian else None,
        )  # fmt: skip
        _write_notes(row, notes)
        db.session.add(row)
        transitions.begin(ENROLMENTS, row, actor, source=source)
        db.session.flush()
        if participant == "child" and not programme.age_min <= (row.age or 0) <= programme.age_max:
            places.turn_down(row, "age")
        db.session.flush()
    return get(row.id)


def consent(
    actor: Actor,
    enrolment_id: UUID,
    given: Consents,
    *,
    version: int | None = None,
) -> UUID:
    """Record what the family agrees to, or changes: activity, photo, medical, transport.

    The first consent to the activity gives a place, or a place in the line; one without it is
    refused. Taking the activity back later ends the enrolment. Raises Invalid without a name or
    for a day to come, WrongState when the enrolment is over.
    """
    row = get(enrolment_id, version)
    access.require(actor, Permission.ENROL_APPLY, row)
    if not given.by.strip():
        raise Invalid("请写是谁同意的", {"by": "请写是谁同意的"})
    if given.method not in METHODS or (given.on is not None and given.on > clock.today()):
        raise Invalid("请选择方式；日期不能晚于今天", {"on": "日期不能晚于今天"})
    take_consents(actor, row, given, by_link=False)
    return row.id


def take_consents(actor: Actor, row: Enrolment, given: Consents, *, by_link: bool) -> None:
    """Write consents on an enrolment and let follow what follows."""
    if row.status not in LIVE:
        raise WrongState("这份报名已经结束")
    if row.status != "applied" and not given.activity:
        _leave(actor, row, "withdrawn", by_link=by_link)
        return
    said = asdict(given)
    for name in ("activity", "photo", "medical", "transport"):
        setattr(row, f"consent_{name}", said[name])
    row.consented_by, row.consent_method = given.by.strip()[:NAME_LENGTH], given.method
    row.consented_on, row.consent_version = given.on or clock.today(), CONSENT_VERSION
    if row.status != "applied":
        facts.publish("enrolment.change_consents", actor=actor, subject=row, by=given.method)
    elif given.activity:
        transitions.fire(ENROLMENTS, row, "consent_by_link" if by_link else "consent", actor)
        places.place(row)
    else:
        places.turn_down(row, "declined")
    db.session.flush()


def note_health(
    actor: Actor, enrolment_id: UUID, notes: Notes, *, version: int | None = None
) -> UUID:
    """Write what whoever is on duty must know of health and meals, and a second contact.

    What stood there before is replaced and shown to nobody at the desk.
    """
    row = get(enrolment_id, version)
    access.require(actor, Permission.ENROL_APPLY, row)
    write_health(actor, row, notes)
    return row.id


def write_health(actor: Actor, row: Enrolment, notes: Notes) -> None:
    """Replace the notes of an enrolment that is not over."""
    if row.status not in LIVE:
        raise WrongState("这份报名已经结束")
    _write_notes(row, notes)
    facts.publish("enrolment.note_health", actor=actor, subject=row)
    db.session.flush()


def refuse(
    actor: Actor, enrolment_id: UUID, *, reason: str, version: int | None = None
) -> UUID:  # fmt: skip
    """Refuse an application with a reason: the county, or the programme's organiser."""
    row = get(enrolment_id, version)
    transitions.fire(ENROLMENTS, row, "refuse", actor, {"reason": reason})
    row.reason, row.wait_no = reason.strip()[:NOTE_LENGTH], None
    return row.id


def drop(actor: Actor, enrolment_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Take a child out; a place that falls free goes to who waits first."""
    row = get(enrolment_id, version)
    _leave(actor, row, reason, by_link=False)
    return row.id


def _leave(actor: Actor, row: Enrolment, reason: str, *, by_link: bool) -> None:
    had_place = row.status in ("enrolled", "offered")
    words = REASONS.get(reason, reason.strip()[:NOTE_LENGTH])
    move = "drop_by_link" if by_link else "drop"
    transitions.fire(ENROLMENTS, row, move, actor, {"reason": words})
    row.reason, row.wait_no, row.answer_by = words, None, None
    db.session.flush()
    if had_place:
        places.fill(row.programme_id, row.programme.tenant_path)


def leave_by_link(row: Enrolment) -> None:
    """Take a child out on the guardian's word; the link said who it is."""
    _leave(SYSTEM, row, "withdrawn", by_link=True)


def _join(row: Enrolment, other: Enrolment) -> None:
    """Let two siblings come together or not at all."""
    if other.programme_id != row.programme_id or other.id == row.id:
        raise NotFound
    if other.status not in ("applied", "consented"):
        raise Conflict("另一个孩子已经有了结果，不能再选一起参加")
    other.together = other.together or uuid4()
    row.together = other.together
    facts.publish("enrolment.join", actor=SYSTEM, subject=row, with_id=str(other.id))
    db.session.flush()


def _write_notes(row: Enrolment, notes: Notes) -> None:
    row.health = notes.health.strip()[:NOTE_LENGTH] or None
    row.diet = notes.diet.strip()[:NOTE_LENGTH] or None
    row.second_contact = notes.second_contact.strip()[:NAME_LENGTH] or row.second_contact
    row.second_phone = notes.second_phone.strip()[:_PHONE_LENGTH] or row.second_phone
    row.called = notes.called.strip()[:NAME_LENGTH] or row.called
