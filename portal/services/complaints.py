"""Complaints about a supporter: recorded, suspending at once, looked into (SV; L19)."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import select

from portal.core import access, transitions
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.lifecycles.complaints import MACHINE
from portal.domain.permissions import Permission
from portal.domain.vetting import COMPLAINT_KINDS
from portal.extensions import db
from portal.models.supporters import Complaint, Supporter
from portal.services import passports

_WORDS_LENGTH = 2000
SOURCES = ("staff", "public")


def record(
    actor: Actor,
    supporter_id: UUID,
    *,
    kind: str,
    words: str,
    reporter: str = "",
    source: str = "staff",
) -> UUID:
    """Record a complaint or an incident about a supporter; an approved standing stops at once.

    ``source`` "public" when it came through the complaint page and staff passed it on. Nobody
    outside the units reads it, the supporter never. Raises NotFound behind a wall, Invalid.
    """
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None or not access.permits(actor, Permission.SUPPORTER_VET, supporter):
        raise NotFound
    problems = {}
    if kind not in COMPLAINT_KINDS:
        problems["kind"] = "请选择是哪一类"
    if not words.strip():
        problems["words"] = "请写明反映的情况"
    if problems or source not in SOURCES:
        raise Invalid("请补充后再保存", problems)
    row = Complaint(
        id=uuid4(), supporter_id=supporter.id, unit_path=supporter.unit_path,
        tenant_path=supporter.tenant_path, kind=kind, words=words.strip()[:_WORDS_LENGTH],
        reporter=reporter.strip()[:120], source=source, created_by=actor.user_id,
    )  # fmt: skip
    transitions.begin(MACHINE, row, actor, supporter_id=str(supporter.id))
    db.session.add(row)
    db.session.flush()
    passports.suspend_at_once(supporter, "complaint", actor)
    return row.id


def uphold(actor: Actor, complaint_id: UUID, *, finding: str, version: int | None = None) -> UUID:
    """Find a complaint true; the standing stays suspended until it is revoked or given back."""
    return _decide(actor, complaint_id, "uphold", finding, version)


def dismiss(actor: Actor, complaint_id: UUID, *, finding: str, version: int | None = None) -> UUID:
    """Find a complaint unfounded; another person than whoever handled it reinstates."""
    return _decide(actor, complaint_id, "dismiss", finding, version)


def _decide(actor: Actor, complaint_id: UUID, move: str, finding: str, version: int | None) -> UUID:
    row = db.session.scalar(select(Complaint).where(Complaint.id == complaint_id))
    if row is None or not access.permits(actor, Permission.SUPPORTER_VET, row):
        raise NotFound
    if version is not None and row.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    # The finding is kept sealed on the complaint, not as a note beside the public fact.
    transitions.fire(MACHINE, row, move, actor, {"finding": finding})
    row.finding = finding.strip()[:_WORDS_LENGTH]
    row.decided_by, row.decided_at = actor.user_id, clock.now()
    return row.supporter_id
