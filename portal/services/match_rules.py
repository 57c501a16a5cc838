"""Pairs that staff keep or avoid, with a reason; the next run obeys and says what it costs."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.base import time_ordered_id
from portal.models.matching import MatchRule
from portal.models.needs import PairingNeed
from portal.queries import match_candidates

KEEP, AVOID = "keep", "avoid"
_WORDS_LENGTH = 200


def decide(actor: Actor, need_id: UUID, supporter_id: UUID, *, rule: str, reason: str) -> UUID:
    """Keep a pair (this person and no other for the need) or avoid it; return the rule.

    A new word on the same pair, or another pair kept for the same need, ends the one before.
    Raises NotFound for a need or a person out of reach, Invalid without a reason, Conflict when
    it stands already.
    """
    need = db.session.scalar(select(PairingNeed).where(PairingNeed.id == need_id))
    if need is None:
        raise NotFound
    access.require(actor, Permission.MATCH_RUN, need)
    if rule not in (KEEP, AVOID):
        raise Invalid("请选择指定或避开", {"rule": "请选择指定或避开"})
    if not reason.strip():
        raise Invalid("请写明原因，同事会看到", {"reason": "请写明原因，同事会看到"})
    field = match_candidates.of_need(need_id, need.unit_path, need.tenant_path, actor.user_id)
    if supporter_id not in {one.id for one in field.people}:
        raise NotFound
    _end_former(actor, need_id, supporter_id, rule)
    row = MatchRule(
        id=time_ordered_id(), need_id=need_id, supporter_id=supporter_id, rule=rule,
        reason=reason.strip()[:_WORDS_LENGTH], unit_path=need.unit_path,
        tenant_path=need.tenant_path, created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    facts.publish(f"match_rule.{rule}", actor=actor, subject=row, need=str(need_id))
    return row.id


def lift(actor: Actor, rule_id: UUID) -> UUID:
    """Let a pair be like any other again; NotFound, Conflict when a colleague did."""
    row = db.session.scalar(select(MatchRule).where(MatchRule.id == rule_id))
    if row is None:
        raise NotFound
    access.require(actor, Permission.MATCH_RUN, row)
    if row.ended_at is not None:
        raise Conflict("已经取消")
    _end(actor, row)
    return row.id


def _end_former(actor: Actor, need_id: UUID, supporter_id: UUID, rule: str) -> None:
    live = db.session.scalars(
        select(MatchRule).where(MatchRule.need_id == need_id, MatchRule.ended_at.is_(None))
    ).all()
    for row in live:
        is_same_pair = row.supporter_id == supporter_id
        if is_same_pair and row.rule == rule:
            raise Conflict("这一对已经这样定了")
        if is_same_pair or row.rule == rule == KEEP:
            _end(actor, row)
    db.session.flush()


def _end(actor: Actor, row: MatchRule) -> None:
    row.ended_at, row.ended_by = clock.now(), actor.user_id
    facts.publish("match_rule.lift", actor=actor, subject=row, need=str(row.need_id))
