"""Somebody worries about a child: staff are told at once, and it stays until one of them answers.

A worry is a fact; so is the answer, with its words sealed beside it. Nothing of either is changed
or removed, and what nobody has answered is told again to those above.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from portal.core import access, facts, transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.lifecycles.requests import GRIEVANCES
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.contact_logs import ContactLog
from portal.models.records import Fact
from portal.models.rights import Grievance

#: Unanswered so long, a worry is told to the county again and to the city.
ESCALATE_AFTER = timedelta(minutes=30)
#: A worry is a fact of one of these, by the first part of its kind.
MODELS: dict[str, type[Any]] = {"contact_log": ContactLog, "grievance": Grievance}
_ESCALATED = {"contact_log": "contact_log.escalate", "grievance": "grievance.escalate"}
_WORDS_LENGTH = 1000
_BITE = 200


def acknowledge(actor: Actor, noun: str, subject_id: UUID, *, words: str) -> UUID:
    """Say what is being done about a worry; it leaves the queue.

    ``noun`` is contact_log or grievance. Raises NotFound behind a wall, Invalid without words,
    Conflict when a colleague has answered.
    """
    row = _worry(actor, noun, subject_id)
    if not words.strip():
        sentence = "请写明正在怎么处理"
        raise Invalid(sentence, {"words": sentence})
    if answered(subject_id, f"{noun}.acknowledge"):
        raise Conflict("有同事已经答复了这一条")
    facts.publish(
        f"{noun}.acknowledge", actor=actor, subject=row, note=words.strip()[:_WORDS_LENGTH]
    )
    if isinstance(row, Grievance) and row.status == "received":
        transitions.fire(GRIEVANCES, row, "take", actor)
    return subject_id


def escalate_due() -> int:
    """Tell those above of every worry that nobody answered in time, once; return how many.

    Runs in the whole tree; safe to run twice and beside itself.
    """
    due = db.session.execute(
        select(Fact.kind, Fact.subject_id)
        .where(
            Fact.kind.in_([f"{noun}.worry" for noun in MODELS]),
            Fact.at <= clock.now() - ESCALATE_AFTER,
            ~followed_by("acknowledge"),
            ~followed_by("escalate"),
        )
        .order_by(Fact.at, Fact.id)
        .limit(_BITE)
    ).all()
    for kind, subject_id in due:
        noun = kind.split(".")[0]
        row = db.session.get(MODELS[noun], subject_id)
        if row is not None:
            facts.publish(_ESCALATED[noun], actor=SYSTEM, subject=row)
    return len(due)


def followed_by(step: str) -> ColumnElement[bool]:
    """Return the condition that a worry's fact has a later one of a step about the same thing."""
    later = aliased(Fact)
    return exists().where(
        later.subject_id == Fact.subject_id,
        later.kind.in_([f"{noun}.{step}" for noun in MODELS]),
    )


def answered(subject_id: UUID, kind: str) -> bool:
    """Tell whether a fact of a kind stands about something."""
    return bool(
        db.session.scalar(select(exists().where(Fact.subject_id == subject_id, Fact.kind == kind)))
    )


def _worry(actor: Actor, noun: str, subject_id: UUID) -> Any:
    if noun not in MODELS:
        raise NotFound
    model = MODELS[noun]
    row = db.session.scalar(select(model).where(model.id == subject_id))
    if row is None or not access.permits(actor, Permission.CONCERN_ANSWER, row):
        raise NotFound
    if not answered(subject_id, f"{noun}.worry"):
        raise NotFound
    return row
