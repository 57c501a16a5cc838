"""Who may fetch a child: registered by the family, known by a code or a picture (S0-4.7)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts
from portal.domain import clock, pickup_codes
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.permissions import Permission
from portal.domain.pickup_codes import DIGITS, RELATIONS
from portal.extensions import db
from portal.models.enrolments import Enrolment, PickupPerson
from portal.services import enrolment_checks as checks
from portal.services import files

#: More people who fetch one child are none that anybody at the door would know.
MOST = 4
_NAME_LENGTH, _PHONE_LENGTH = 40, 20
_OVER = frozenset({"dropped", "refused"})


def get(person_id: UUID, version: int | None = None) -> PickupPerson:
    """Return a registered person in the scope; NotFound, Conflict when stale."""
    row = db.session.scalar(select(PickupPerson).where(PickupPerson.id == person_id))
    if row is None:
        raise NotFound
    if version is not None and row.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    return row


def register(
    actor: Actor,
    enrolment_id: UUID,
    *,
    name: str,
    relation: str,
    code: str,
    phone: str = "",
    photo_id: UUID | None = None,
) -> UUID:
    """Register who may fetch a child; return the person's id.

    ``code`` is six digits (``pickup_codes.new_code``) that the caller tells the family once: only
    a slow hash is kept. ``photo_id`` is a picture of the person's card, shown to who lets the
    child go. Raises Invalid for missing words, Conflict for a fifth person, WrongState once the
    enrolment is over.
    """
    row = checks.get(enrolment_id)
    access.require(actor, Permission.ENROL_APPLY, row)
    person_id = write(actor, row, name, relation, phone, code)
    if photo_id is not None:
        person = get(person_id)
        person.photo_id = files.attach(photo_id, unit_path=row.unit_path).id
        db.session.flush()
    return person_id


def write(
    actor: Actor, row: Enrolment, name: str, relation: str, phone: str, code: str
) -> UUID:  # fmt: skip
    """Write a person down; whoever may has been checked by the caller."""
    if row.status in _OVER:
        raise WrongState("这份报名已经结束")
    if not name.strip() or relation not in RELATIONS:
        raise Invalid("请写接送人的姓名，并选择与孩子的关系", {"name": "请写接送人的姓名"})
    _check_code(code)
    if len(live(row.id)) >= MOST:
        raise Conflict("一个孩子最多登记{most}位接送人，请先停用一位", most=MOST)
    person = PickupPerson(
        enrolment_id=row.id, programme_id=row.programme_id, unit_path=row.unit_path,
        name=name.strip()[:_NAME_LENGTH], relation=relation,
        phone=phone.strip()[:_PHONE_LENGTH] or None, code_hash=pickup_codes.hashed(code),
        created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(person)
    db.session.flush()
    facts.publish("pickup_person.begin", actor=actor, subject=person, relation=relation)
    return person.id


def renew(actor: Actor, person_id: UUID, *, code: str, version: int | None = None) -> UUID:
    """Give a person a new code; the old one ends at once."""
    person = get(person_id, version)
    access.require(actor, Permission.ENROL_APPLY, person)
    if person.ended_at is not None:
        raise WrongState("这位接送人已经停用")
    _check_code(code)
    person.code_hash = pickup_codes.hashed(code)
    facts.publish("pickup_person.renew", actor=actor, subject=person)
    db.session.flush()
    return person.id


def end(actor: Actor, person_id: UUID, *, version: int | None = None) -> UUID:
    """Let a person no longer fetch the child; returns the enrolment."""
    person = get(person_id, version)
    access.require(actor, Permission.ENROL_APPLY, person)
    stop(actor, person)
    return person.enrolment_id


def stop(actor: Actor, person: PickupPerson) -> None:
    """End a registration; safe to do twice."""
    if person.ended_at is None:
        person.ended_at, person.code_hash = clock.now(), ""
        facts.publish("pickup_person.end", actor=actor, subject=person)
        db.session.flush()


def live(enrolment_id: UUID) -> list[PickupPerson]:
    """Return who may fetch a child today, in the order of registration."""
    return list(
        db.session.scalars(
            select(PickupPerson)
            .where(PickupPerson.enrolment_id == enrolment_id, PickupPerson.ended_at.is_(None))
            .order_by(PickupPerson.created_at, PickupPerson.id)
        )
    )


def known_by(enrolment_id: UUID, code: str) -> PickupPerson | None:
    """Return the registered person whose code this is; None for a stranger's.

    The caller counts the attempts (six digits).
    """
    typed = code.strip()
    fits = [one for one in live(enrolment_id) if pickup_codes.matches(one.code_hash, typed)]
    return fits[0] if fits else None


def _check_code(code: str) -> None:
    if len(code) != DIGITS or not code.isascii() or not code.isdecimal():
        raise Invalid("接送码是6位数字")
