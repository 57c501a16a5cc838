"""Conflicts of interest: staff declare theirs, another person releases an applicant's."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.domain.lifecycles.supporters import not_oneself
from portal.domain.permissions import Permission
from portal.domain.vetting import STAFF_TIES
from portal.extensions import db
from portal.models.standings import Clearance
from portal.models.supporters import Supporter, Tie

_WORDS_LENGTH = 500


def declare(actor: Actor, supporter_id: UUID, *, kind: str, words: str = "") -> UUID:
    """Say as a member of staff that one is tied to a supporter; one may act on them no more."""
    supporter = _vetted(actor, supporter_id)
    if kind not in STAFF_TIES:
        raise Invalid("请选择是什么关系", {"kind": "请选择是什么关系"})
    if actor.user_id in supporter.tied_staff:
        raise Conflict("您已经声明过")
    row = Tie(
        supporter_id=supporter.id, tenant_path=supporter.tenant_path, side="staff", kind=kind,
        words=words.strip()[:_WORDS_LENGTH], created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    facts.publish("supporter.declare_tie", actor=actor, subject=supporter, tie=kind)
    return row.id


def release(actor: Actor, tie_id: UUID, *, reason: str) -> UUID:
    """Let an application go on that the applicant's own tie held; return the supporter.

    Whoever releases takes neither of the two steps of tier 2. Raises NotAllowed for who has
    recommended already, Conflict when it was released, Invalid without a reason.
    """
    tie = db.session.scalar(select(Tie).where(Tie.id == tie_id, Tie.side == "applicant"))
    if tie is None:
        raise NotFound
    supporter = _vetted(actor, tie.supporter_id)
    not_oneself(actor, supporter, {})
    if tie.released_at is not None:
        raise Conflict("已经放行")
    if not reason.strip():
        raise Invalid("请写明核实情况", {"reason": "请写明核实情况"})
    row = db.session.scalar(select(Clearance).where(Clearance.supporter_id == supporter.id))
    if row is not None and actor.user_id in {row.recommended_by, *row.recorders}:
        raise NotAllowed("您已经手这份申请，利害关系要由另一位同事核实放行")
    tie.released_at, tie.released_by = clock.now(), actor.user_id
    tie.release_words = reason.strip()[:_WORDS_LENGTH]
    facts.publish(
        "supporter.release_tie", actor=actor, subject=supporter, note=reason, tie=tie.kind
    )
    return supporter.id


def _vetted(actor: Actor, supporter_id: UUID) -> Supporter:
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None or not access.permits(actor, Permission.SUPPORTER_VET, supporter):
        raise NotFound
    return supporter
