"""Complaints from anybody: taken in sealed, answered within working days, looked up by a code.

One about staff goes to the authority itself, above whoever may be meant.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.core import facts, scope, transitions
from portal.domain import cipher, clock
from portal.domain.actor import ANONYMOUS, Actor
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.lifecycles.requests import CATEGORIES, CONCERN, GRIEVANCES
from portal.extensions import db
from portal.models.rights import Grievance
from portal.queries import deadlines, registration
from portal.services import complaints, limits

_LONGEST, _CONTACT = 4000, 200
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE_LENGTH = 16
SEND_ADDRESS = limits.Limit("grievance:address", 10, limits.REGISTER_ADDRESS.span)
SEND_TOTAL = limits.Limit("grievance:total", 500, limits.REGISTER_TOTAL.span)
LOOK_ADDRESS = limits.Limit("receipt:address", 20, limits.REGISTER_ADDRESS.span)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The code that finds the answer, and its last day; the code is kept as a keyed hash only."""

    id: UUID
    due_on: date
    code: str = field(repr=False)


def send(
    *, county_code: str, category: str, words: str, contact: str = "", address: str = ""
) -> Receipt:
    """Take a complaint in; nothing is screened away, nobody need say who they are.

    Raises Invalid for an empty text or an unknown county or category, TooMany.
    """
    problems = {}
    if category not in CATEGORIES:
        problems["category"] = "请选择投诉的对象"
    if not words.strip():
        problems["words"] = "请写下要反映的事"
    if problems:
        raise Invalid("请修改后再提交", problems)
    limits.reserve(((SEND_ADDRESS, limits.network(address)), (SEND_TOTAL, "all")))
    place = registration.county(county_code)
    path = place.tenant_path if category == "staff" else place.path
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    row = _keep(ANONYMOUS, (path, place.tenant_path), category, words, contact, code)
    shown = "-".join(code[at : at + 4] for at in range(0, _CODE_LENGTH, 4))
    return Receipt(row.id, row.due_on, shown)


def worry(actor: Actor, *, path: str, tenant_path: str, words: str, contact: str = "") -> UUID:
    """Take in a worry about a child of somebody at work in a programme; told at once.

    The caller has checked that ``actor`` works there. Raises Invalid for an empty text.
    """
    if not words.strip():
        raise Invalid("请写下担心的事", {"words": "请写下担心的事"})
    code = secrets.token_hex(_CODE_LENGTH)
    return _keep(actor, (path, tenant_path), CONCERN, words, contact, code).id


def _keep(
    actor: Actor, where: tuple[str, str], category: str, words: str, contact: str, code: str
) -> Grievance:
    """Write a complaint at a unit's path of an authority; a worry is told at once."""
    (path, tenant_path), session = where, db.session()
    with scope.within(scope.Scope(paths=(path,), reason="a complaint comes in here"), session):
        row = Grievance(
            unit_path=path,
            tenant_path=tenant_path,
            category=category,
            words=words.strip()[:_LONGEST],
            contact=contact.strip()[:_CONTACT],
            receipt_hash=_hash(code),
            received_at=clock.now(),
            due_on=deadlines.answer_by(tenant_path),
        )
        session.add(row)
        session.flush()
        transitions.begin(GRIEVANCES, row, actor, category=category)
        if category == CONCERN:
            facts.publish("grievance.worry", actor=actor, subject=row)
        return row


def look_up(code: str) -> UUID | None:
    """Return which complaint a receipt code belongs to, or None."""
    typed = "".join(sign for sign in code.upper() if sign in _ALPHABET)[: _CODE_LENGTH + 1]
    with scope.everywhere("a receipt code names its own row", db.session()):
        return db.session.scalar(select(Grievance.id).where(Grievance.receipt_hash == _hash(typed)))


def take(actor: Actor, grievance_id: UUID, *, version: int | None = None) -> UUID:
    """Begin to look into a complaint."""
    row = _get(grievance_id, version)
    transitions.fire(GRIEVANCES, row, "take", actor)
    return row.id


def close(actor: Actor, grievance_id: UUID, *, answer: str, version: int | None = None) -> UUID:
    """Answer a complaint that was not borne out, or asks for nothing more."""
    row = _get(grievance_id, version)
    _answer(actor, row, "close", answer)
    return row.id


def uphold(
    actor: Actor,
    grievance_id: UUID,
    *,
    answer: str,
    supporter_id: UUID | None = None,
    version: int | None = None,
) -> UUID:
    """Answer a complaint that is borne out; the supporter it names is suspended at once."""
    row = _get(grievance_id, version)
    _answer(actor, row, "uphold", answer)
    if supporter_id is not None:
        _suspend(actor, supporter_id, row)
    return row.id


def _suspend(actor: Actor, supporter_id: UUID, row: Grievance) -> None:
    """Hand an accepted complaint to vetting, which suspends: the one place that reaches there."""
    words, reporter = row.words, row.contact
    complaints.record(
        actor, supporter_id, kind="conduct", words=words, reporter=reporter, source="public"
    )


def _answer(actor: Actor, row: Grievance, move: str, answer: str) -> None:
    transitions.fire(GRIEVANCES, row, move, actor, {"answer": answer})
    row.answer = answer.strip()[:_LONGEST]
    row.answered_by, row.answered_at = actor.user_id, clock.now()


def _get(grievance_id: UUID, version: int | None) -> Grievance:
    row = db.session.scalar(select(Grievance).where(Grievance.id == grievance_id))
    if row is None:
        raise NotFound
    if version is not None and row.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    return row


def _hash(code: str) -> str:
    return cipher.ring().blind_index(code, "receipt")
