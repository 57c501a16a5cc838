"""The journal of a pairing: written by whoever met the child, verified by somebody else (PN).

A page sent twice is one entry: the writer's device names it (``client_id``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.core import access, facts, scope, transitions
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.contact_entries import Entry, check, refuse_contact_data
from portal.domain.errors import Conflict, DomainError, Invalid, NotFound
from portal.domain.lifecycles.contact_logs import MACHINE
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.base import time_ordered_id
from portal.models.contact_logs import ContactLog
from portal.queries import contact_writers, screening
from portal.queries.contact_writers import Door
from portal.services import contact_hours, files

#: What may be done to several entries at once.
TOGETHER = ("verify", "return", "void")
_FASTER = "有同事比您早一步处理了这一条，现在是“{state}”。请看过新的内容再决定"
_REASON_LENGTH = 500
JPEG = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of several: done, or the refusal."""

    log_id: UUID
    refusal: DomainError | None = None


def record(
    actor: Actor,
    pairing_id: UUID,
    entry: Entry,
    *,
    client_id: UUID | None = None,
    photo: UUID | None = None,
) -> UUID:
    """Write one contact into the journal; the same ``client_id`` again is the same entry.

    The mentor writes, or a substitute in their days. ``photo`` is a draft kept by services.files.
    A worried entry tells staff at once. Raises NotFound for somebody else's pairing, Invalid with
    a sentence per field, a picture without the guardian's consent among them.
    """
    door = _door(actor, pairing_id, entry.happened_on)
    client_id = client_id or uuid4()
    if (known := _known(actor, door, client_id)) is not None:
        return known
    _check(door, entry)
    row = ContactLog(
        id=time_ordered_id(), pairing_id=door.pairing_id, supporter_id=door.supporter_id,
        user_id=actor.user_id, client_id=client_id, unit_path=door.unit_path,
        status_since=clock.now(), created_by=actor.user_id,
    )  # fmt: skip
    _write(row, entry)
    row.photo_id = _picture(door, photo, worried=entry.worried)
    try:
        with db.session().begin_nested():
            transitions.begin(MACHINE, row, actor, contact=entry.kind)
            db.session.add(row)
    except IntegrityError:
        # The same page came twice at once; the other one was first.
        if (known := _known(actor, door, client_id)) is None:
            raise
        return known
    if entry.worried:
        facts.publish("contact_log.worry", actor=actor, subject=row)
    return row.id


def correct(
    actor: Actor,
    log_id: UUID,
    entry: Entry,
    *,
    photo: UUID | None = None,
    version: int | None = None,
) -> UUID:
    """Put an own entry right that came back, and hand it in again.

    Raises as ``record`` does; NotAllowed for another writer, Conflict when stale.
    """
    row = db.session.scalar(select(ContactLog).where(ContactLog.id == log_id))
    if row is None or row.supporter_id not in actor.supporter_ids:
        raise NotFound
    _as_seen(row, version)
    door = _door(actor, row.pairing_id, entry.happened_on)
    alarmed = row.worried
    # A worry that was told stays told: only staff end it.
    entry = replace(entry, worried=True, worry=entry.worry or row.worry) if alarmed else entry
    _check(door, entry, besides=row.id)
    transitions.fire(MACHINE, row, "correct", actor)
    _write(row, entry)
    row.photo_id = _picture(door, photo, worried=entry.worried) or row.photo_id
    row.remark, row.verified_by, row.verified_at = "", None, None
    if entry.worried and not alarmed:
        facts.publish("contact_log.worry", actor=actor, subject=row)
    return row.id


def verify(actor: Actor, log_id: UUID, *, version: int | None = None) -> UUID:
    """Confirm that a contact took place; time spent in person becomes hours of service."""
    row = _kept_here(actor, log_id, version)
    transitions.fire(MACHINE, row, "verify", actor)
    row.verified_by, row.verified_at, row.remark = actor.user_id, clock.now(), ""
    contact_hours.count(row, verified_by=actor)
    return row.id


def send_back(actor: Actor, log_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Ask the writer to put an entry right; what was written stays with it."""
    return _with_reason(actor, log_id, "return", reason, version).id


def void(actor: Actor, log_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Strike an entry out; the hours that it proved, and certificates on them, fall with it."""
    row = _with_reason(actor, log_id, "void", reason, version)
    contact_hours.take_back(row, actor)
    return row.id


def together(
    actor: Actor, chosen: Iterable[tuple[UUID, int]], *, move: str, reason: str = ""
) -> list[Outcome]:
    """Do one of TOGETHER to several entries with one reason; each stands for itself."""
    acts: dict[str, Callable[[UUID, int], object]] = {
        "verify": lambda each, version: verify(actor, each, version=version),
        "return": lambda each, version: send_back(actor, each, reason=reason, version=version),
        "void": lambda each, version: void(actor, each, reason=reason, version=version),
    }
    if move not in acts:
        raise Invalid("这一步要看过内容逐条办理")
    if move != "verify" and not reason.strip():
        raise Invalid("请写明原因", {"reason": "请写明原因"})
    return [_one_of_several(acts[move], each, version) for each, version in chosen]


def _door(actor: Actor, pairing_id: UUID, day: date) -> Door:
    door = contact_writers.find(actor, pairing_id, day)
    if door is None or actor.user_id is None:
        raise NotFound
    access.require(actor, Permission.CONTACT_WRITE, door)
    return door


def _known(actor: Actor, door: Door, client_id: UUID) -> UUID | None:
    """Return the entry that this device sent before; Conflict when it is another person's."""
    found = db.session.execute(
        select(ContactLog.id, ContactLog.user_id).where(
            ContactLog.pairing_id == door.pairing_id, ContactLog.client_id == client_id
        )
    ).one_or_none()
    if found is not None and found.user_id != actor.user_id:
        raise Conflict("这一条已由另一位家人登记")
    return found.id if found is not None else None


def _check(door: Door, entry: Entry, besides: UUID | None = None) -> None:
    bond = door.bond(contact_writers.in_person_before(door, besides))
    check(entry, bond, today=clock.today())
    if entry.worried:
        return
    reached = scope.Scope(paths=(door.unit_path,), reason="the linter reads what is on file")
    with scope.within(reached, db.session()):
        known = screening.known_facts(door.child_id)
    refuse_contact_data(entry, known)


def _write(row: ContactLog, entry: Entry) -> None:
    row.kind, row.happened_on, row.minutes = entry.kind, entry.happened_on, entry.minutes
    row.accompanied_by, row.mood = entry.accompanied_by.strip(), entry.mood
    row.did, row.child_state = entry.did.strip(), entry.child_state.strip()
    row.next_step, row.worry = entry.next_step.strip(), entry.worry.strip()
    row.worried = entry.worried


def _picture(door: Door, photo: UUID | None, *, worried: bool) -> UUID | None:
    """Take a picture to the village's papers: staff look at it, the writer does not again.

    A worry goes through whatever is sent with it: a picture nobody agreed to is left out.
    """
    if photo is None:
        return None
    if not contact_writers.photos_allowed(door):
        if worried:
            return None
        sentence = "监护人没有同意拍照，请不要上传孩子的照片"
        raise Invalid(sentence, {"photo": sentence})
    with scope.within(
        scope.Scope(paths=(door.unit_path,), reason="a picture goes to the village's papers"),
        db.session(),
    ):
        kept = files.attach(photo, unit_path=door.unit_path)
    if kept.mime != JPEG:
        sentence = "这里只放照片"
        raise Invalid(sentence, {"photo": sentence})
    return kept.id


def _kept_here(actor: Actor, log_id: UUID, version: int | None) -> ContactLog:
    row = db.session.scalar(select(ContactLog).where(ContactLog.id == log_id))
    if row is None or not access.permits(actor, Permission.CONTACT_VERIFY, row):
        raise NotFound
    return _as_seen(row, version)


def _as_seen(row: ContactLog, version: int | None) -> ContactLog:
    if version is not None and row.version != version:
        raise Conflict(_FASTER, state=MACHINE.states[row.status].label)
    return row


def _with_reason(
    actor: Actor, log_id: UUID, move: str, reason: str, version: int | None
) -> ContactLog:
    row = _kept_here(actor, log_id, version)
    transitions.fire(MACHINE, row, move, actor, {"reason": reason})
    row.remark = reason.strip()[:_REASON_LENGTH]
    return row


def _one_of_several(act: Callable[[UUID, int], object], each: UUID, version: int) -> Outcome:
    try:
        # Each has its own savepoint: what one of them wrote before its refusal is taken back.
        with db.session().begin_nested():
            act(each, version)
    except DomainError as refusal:
        return Outcome(each, refusal)
    return Outcome(each)
