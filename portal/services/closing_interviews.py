"""The talk at the end of a pairing: with whom, in whose words, what follows (PN)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.continuity import (
    FOLLOWS,
    INTERVIEW_DAYS,
    PARTIES,
    WORDS_LENGTH,
    Interview,
)
from portal.domain.errors import Conflict, Invalid, WrongState
from portal.domain.lifecycles.pairings import not_mine
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.continuity import ClosingInterview
from portal.models.pairings import Pairing
from portal.models.records import Fact
from portal.queries import closing_interviews as reading
from portal.services import pairing_checks

_DUE = "pairing.interview_due"
#: The talk may come some days before the end that it leads to.
_BEFORE = timedelta(days=31)


def record(actor: Actor, pairing_id: UUID, given: Interview) -> UUID:
    """Record the closing interview of a pairing that had begun, once; return its row.

    Where nobody could be spoken with, ``parties`` is empty and ``words`` say why. Raises NotFound
    outside one's units, WrongState while the pairing stands, Conflict when it was held, Invalid
    with a sentence per field.
    """
    pairing = pairing_checks.get(pairing_id)
    access.require(actor, Permission.PAIRING_MEET, pairing)
    not_mine(actor, pairing, {})
    if pairing.status != "closed" or pairing.started_on is None:
        raise WrongState("结对开始过、已经结束，才有结束访谈")
    if reading.is_held(pairing.id):
        raise Conflict("结束访谈已经登记")
    _check(pairing, given)
    row = ClosingInterview(
        pairing_id=pairing.id, child_id=pairing.child_id, unit_path=pairing.unit_path,
        held_on=given.held_on, parties=[one for one in PARTIES if one in given.parties],
        child_words=_short(given.child_words), mentor_words=_short(given.mentor_words),
        words=_short(given.words), follows=given.follows, recorded_by=actor.user_id,
        created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    facts.publish("pairing.interview", actor=actor, subject=pairing, follows=given.follows)
    return row.id


def remind_due() -> int:
    """Tell staff of every interview whose days are over, once each; say how many (a job)."""
    late = clock.today() - timedelta(days=INTERVIEW_DAYS)
    rows = db.session.scalars(
        select(Pairing)
        .where(reading.is_open(), Pairing.ended_on < late)
        .order_by(Pairing.ended_on, Pairing.file_no)
    ).all()
    told = set(
        db.session.scalars(
            select(Fact.subject_id).where(
                Fact.kind == _DUE, Fact.subject_id.in_([row.id for row in rows])
            )
        )
    )
    due = [row for row in rows if row.id not in told]
    for row in due:
        facts.publish(_DUE, actor=SYSTEM, subject=row)
    return len(due)


def _check(pairing: Pairing, given: Interview) -> None:
    """Collect everything that is missing or cannot be."""
    found: dict[str, str] = {}
    today, ended = clock.today(), pairing.ended_on or clock.today()
    if not ended - _BEFORE <= given.held_on <= today:
        found["held_on"] = "访谈日期应在结束前一个月以内，不能晚于今天"
    if not set(given.parties) <= set(PARTIES):
        found["parties"] = "请从列表里选择"
    if given.follows not in FOLLOWS:
        found["follows"] = "请选择接下来怎么办"
    if "child" in given.parties and not given.child_words.strip():
        found["child_words"] = "请记下孩子的原话"
    if "mentor" in given.parties and not given.mentor_words.strip():
        found["mentor_words"] = "请记下结对人的话"
    if not given.parties and not given.words.strip():
        found["words"] = "没有谈成，请写明原因"
    if found:
        raise Invalid("{what}", found, what="；".join(dict.fromkeys(found.values())))


def _short(text: str) -> str:
    return text.strip()[:WORDS_LENGTH]
