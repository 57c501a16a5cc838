"""Appeals: once, within 15 days of the decision, answered by another person (SV)."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.core import access, transitions
from portal.domain import clock
from portal.domain.actor import CONTACT, Actor
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.lifecycles import supporters
from portal.domain.lifecycles.appeals import MACHINE
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.standings import Appeal
from portal.models.supporters import BlockEntry, Supporter
from portal.queries import deadlines

_WORDS_LENGTH = 2000


def file(actor: Actor, supporter_id: UUID, *, words: str) -> UUID:
    """Appeal against a refusal or a revocation.

    Raises NotFound for a supporter one is no contact of, WrongState when nothing was refused or
    the 15 days have passed (the sentence says the day), Conflict for a second time, Invalid.
    """
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None or actor.role_in(supporter_id) != CONTACT:
        raise NotFound
    return begin(actor, supporter, words)


def begin(actor: Actor, supporter: Supporter, words: str) -> UUID:
    """Write an appeal down; callers have checked that the actor speaks for the supporter.

    Raises as ``file``.
    """
    if supporter.status not in ("rejected", "revoked") or supporter.closed_at is None:
        raise WrongState("现在没有可以申诉的决定")
    last = last_day(supporter)
    if clock.today() > last:
        raise WrongState("申诉期到{last}为止，已经过了", last=last.isoformat())
    if is_filed(supporter):
        raise Conflict("这个决定您已经申诉过，请等答复")
    if not words.strip():
        raise Invalid("请写明理由", {"words": "请写明理由"})
    row = Appeal(
        id=uuid4(), supporter_id=supporter.id, unit_path=supporter.unit_path,
        tenant_path=supporter.tenant_path, against=supporter.status,
        decided_at=supporter.closed_at, decided_by=supporter.closed_by,
        words=words.strip()[:_WORDS_LENGTH], created_by=actor.user_id,
    )  # fmt: skip
    transitions.begin(MACHINE, row, actor, supporter_id=str(supporter.id))
    db.session.add(row)
    db.session.flush()
    return row.id


def last_day(supporter: Supporter) -> date:
    """Return the last day on which the standing decision may be appealed."""
    decided = clock.local(supporter.closed_at) if supporter.closed_at else clock.local(clock.now())
    return deadlines.last_appeal(supporter.tenant_path, decided.date())


def is_filed(supporter: Supporter) -> bool:
    """Tell whether the standing decision was appealed already."""
    asked = select(Appeal.id).where(
        Appeal.supporter_id == supporter.id, Appeal.decided_at == supporter.closed_at
    )
    return db.session.scalar(asked) is not None


def uphold(actor: Actor, appeal_id: UUID, *, answer: str, version: int | None = None) -> UUID:
    """Answer that the appeal is right: the block is lifted, the application is checked again."""
    row, supporter = _answered(actor, appeal_id, "uphold", answer, version)
    numbers = [number for number in (supporter.id_hmac, supporter.uscc_hmac) if number]
    for entry in db.session.scalars(
        select(BlockEntry).where(
            BlockEntry.tenant_path == supporter.tenant_path,
            BlockEntry.hmac.in_(numbers),
            BlockEntry.lifted_at.is_(None),
        )
    ):
        entry.lifted_at = clock.now()
    transitions.fire(supporters.MACHINE, supporter, "reopen", actor, appeal_id=str(row.id))
    supporter.returned_fields = {}
    supporter.closed_at = supporter.closed_by = None
    return row.supporter_id


def dismiss(actor: Actor, appeal_id: UUID, *, answer: str, version: int | None = None) -> UUID:
    """Answer with reasons that the decision stands."""
    row, _ = _answered(actor, appeal_id, "dismiss", answer, version)
    return row.supporter_id


def _answered(
    actor: Actor, appeal_id: UUID, move: str, answer: str, version: int | None
) -> tuple[Appeal, Supporter]:
    row = db.session.scalar(select(Appeal).where(Appeal.id == appeal_id))
    if row is None or not access.permits(actor, Permission.SUPPORTER_VET, row):
        raise NotFound
    if version is not None and row.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == row.supporter_id))
    if supporter is None:
        raise NotFound
    transitions.fire(MACHINE, row, move, actor, {"answer": answer})
    row.answer = answer.strip()[:_WORDS_LENGTH]
    row.answered_by, row.answered_at = actor.user_id, clock.now()
    return row, supporter
