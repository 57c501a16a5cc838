"""Leaves to see: asked with a reason, given by another person, opened once, ended by the clock.

A grant comes from the county that answers for the child (L05). Breaking the glass is for an
emergency: staff of the authority, administrators included; a second person from the bureau
confirms before anything opens, everybody responsible is told, and the file says so for 30 days.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select

from portal.core import access, facts, transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor, Role
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.lifecycles.sights import BREAK_GLASS, GRANT, MACHINE
from portal.domain.permissions import Permission
from portal.domain.sight import (
    ASKED_FOR,
    CHILD_FIELDS,
    CHILD_REASONS,
    GRANTED_FOR,
    OPEN_FOR,
    Basis,
    check_reason,
    is_assigned,
    serving_role,
)
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.sight import SightRequest
from portal.services import sight

_LIVE = ("asked", "granted", "open")
_LEAST_WORDS = 6


def ask(actor: Actor, child_id: UUID, *, fields: list[str], reason: str, words: str = "") -> UUID:
    """Ask the county for leave to see fields of a file that one reads masked; return the request.

    Raises NotFound behind a wall, Invalid without fields or a reason, Conflict while an earlier
    request of the same person for the same file is not over.
    """
    child = sight.child_in_sight(actor, child_id)
    access.require(actor, Permission.SIGHT_ASK, child)
    said = check_reason(CHILD_REASONS, reason, words)
    wanted = [
        name
        for name in _chosen(fields)
        if not is_assigned(actor, CHILD_FIELDS[name], child.unit_path)
    ]
    if not wanted:
        raise Invalid("这几项您可以直接打开，不用申请")
    return _begin(actor, child, GRANT, wanted, reason, said)


def break_glass(
    actor: Actor, child_id: UUID, *, fields: list[str], reason: str, words: str
) -> UUID:
    """Ask to see a file in an emergency, without the county's leave; a second person confirms.

    For whoever serves the authority of the child. Raises what ``ask`` raises, and Invalid when
    the words do not say what happened.
    """
    child = db.session.scalar(select(ChildFile).where(ChildFile.id == child_id))
    if child is None or not access.permits(actor, Permission.SIGHT_BREAK_GLASS, child):
        raise NotFound("没有找到这份档案")
    said = check_reason(CHILD_REASONS, reason, words)
    if len(said) < _LEAST_WORDS:
        raise Invalid("请写明发生了什么紧急情况", {"words": "请写明发生了什么紧急情况"})
    return _begin(actor, child, BREAK_GLASS, _chosen(fields), reason, said)


def decide(
    actor: Actor, sight_id: UUID, *, move: str, reason: str = "", version: int | None = None
) -> UUID:
    """Give, confirm or refuse a leave that another person asked for (two keys).

    Raises NotFound behind a wall, NotAllowed for one's own request, WrongState when it is over.
    """
    if move not in ("grant", "confirm", "refuse"):
        raise NotFound
    row = _mine(sight_id, version)
    transitions.fire(MACHINE, row, move, actor, {"reason": reason})
    row.decided_by, row.decided_at = actor.user_id, clock.now()
    if move == "confirm":
        facts.publish("sight.break_glass", actor=actor, subject=row, asked_by=str(row.asked_by))
    return row.id


def open_granted(actor: Actor, sight_id: UUID) -> datetime:
    """Open what was granted: a row per field, in this transaction; return until when.

    Once: the quarter of an hour begins with the first opening. Raises NotAllowed for whoever did
    not ask, WrongState before the leave and after its time.
    """
    row = _mine(sight_id, None)
    child = db.session.scalar(select(ChildFile).where(ChildFile.id == row.child_id))
    if child is None:
        raise NotFound
    fact = transitions.fire(MACHINE, row, "open", actor)
    row.opened_at, row.until = clock.now(), clock.now() + OPEN_FOR
    basis = Basis.BREAK_GLASS if row.kind == BREAK_GLASS else Basis.GRANT
    for field in row.fields:
        sight.record(
            actor, child, field, reason=row.reason, basis=basis, until=row.until,
            sight_id=row.id, fact=fact,
        )  # fmt: skip
    return row.until


def close_due() -> int:
    """End the leaves whose time has passed; return how many (a periodic job, the system's scope).

    An opened one after its quarter of an hour, one that nobody opened after eight hours, one that
    nobody answered after its days. What a page shows hangs on the rows' own end, not on this.
    """
    now = clock.now()
    unanswered = [
        and_(
            SightRequest.status == "asked",
            SightRequest.kind == kind,
            SightRequest.created_at <= now - span,
        )
        for kind, span in ASKED_FOR.items()
    ]
    over = or_(
        and_(SightRequest.status == "open", SightRequest.until <= now),
        and_(SightRequest.status == "granted", SightRequest.decided_at <= now - GRANTED_FOR),
        *unanswered,
    )
    rows = db.session.scalars(select(SightRequest).where(over).order_by(SightRequest.id)).all()
    for row in rows:
        transitions.fire(MACHINE, row, "end" if row.status == "open" else "lapse", SYSTEM)
    return len(rows)


def _begin(
    actor: Actor, child: ChildFile, kind: str, fields: list[str], reason: str, words: str
) -> UUID:
    standing = db.session.scalar(
        select(SightRequest.id).where(
            SightRequest.child_id == child.id,
            SightRequest.asked_by == actor.user_id,
            SightRequest.kind == kind,
            SightRequest.status.in_(_LIVE),
        )
    )
    if standing is not None:
        raise Conflict("您对这份档案的上一份申请还没有办完")
    role = serving_role(actor, frozenset(Role), child.unit_path)
    row = SightRequest(
        kind=kind, child_id=child.id, unit_path=child.unit_path, fields=fields, reason=reason,
        words=words, asked_by=actor.user_id, asked_role=role.value if role else "",
        status_since=clock.now(), created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    transitions.begin(MACHINE, row, actor, request=kind, reason=reason)
    return row.id


def _chosen(fields: Iterable[str]) -> list[str]:
    asked = set(fields)
    chosen = [name for name in CHILD_FIELDS if name in asked]
    if not chosen:
        raise Invalid("请至少选择一项", {"fields": "请至少选择一项"})
    return chosen


def _mine(sight_id: UUID, version: int | None) -> SightRequest:
    row = db.session.scalar(select(SightRequest).where(SightRequest.id == sight_id))
    if row is None:
        raise NotFound
    if version is not None and row.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    return row
