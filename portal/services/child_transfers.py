"""A child moves to another county: one proposes, the other accepts, then everything moves (PN).

Until it is accepted the sending county stays responsible. docs/adr/0018-continuity.md says what
moves and what the receiving county may know before.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from portal.core import access, facts, scope, transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.continuity import ANSWER_DAYS, WORDS_LENGTH
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.identity import is_adult
from portal.domain.lifecycles import wishes as wish_states
from portal.domain.lifecycles.child_transfers import MACHINE
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.continuity import ChildTransfer
from portal.models.wishes import Wish
from portal.queries import child_transfers as reading
from portal.queries import transfer_summaries, units
from portal.services import child_moves

#: A wish further on than this is somebody's promise, or on a card of the old county.
_UNSEEN = frozenset({"draft", "submitted", "screened", "held"})
_UNFINISHED = (wish_states.LIVE - _UNSEEN) | {"delivered", "fulfilled"}
_EARLIEST, _LATEST = timedelta(days=366), timedelta(days=60)


def propose(actor: Actor, child_id: UUID, *, to: str, moves_on: date, words: str) -> UUID:
    """Ask another county of the authority to take a child's file over; return the transfer.

    ``to`` is the county's code. Raises NotFound outside one's units, WrongState for a file off
    the register or with wishes under way, Invalid for a county of another authority, a day that
    cannot be or no reason, Conflict while one is open.
    """
    child = db.session.scalar(select(ChildFile).where(ChildFile.id == child_id))
    if child is None:
        raise NotFound
    access.require(actor, Permission.TRANSFER_PROPOSE, child)
    _may_go(child)
    target = _county(child, to)
    _check(moves_on, words)
    row = ChildTransfer(
        id=uuid4(), child_id=child.id, unit_path=target.path, from_path=_own_county(child),
        proposed_by=actor.user_id, proposed_on=clock.today(), moves_on=moves_on,
        words=words.strip()[:WORDS_LENGTH], summary=transfer_summaries.of(child),
        status_since=clock.now(), created_by=actor.user_id,
    )  # fmt: skip
    with scope.within(child_moves.reaching(child.tenant_path), db.session()):
        try:
            with db.session().begin_nested():
                transitions.begin(MACHINE, row, actor)
                db.session.add(row)
        except IntegrityError:
            raise Conflict("这名儿童已有一份等答复的迁移") from None
    return row.id


def accept(actor: Actor, transfer_id: UUID, *, unit: str, version: int | None = None) -> UUID:
    """Take a child's file over into a village of one's county; return the child.

    File, needs, pairings, journal, letters and cadence go along in this transaction. Raises
    NotFound outside one's units, Invalid for a unit that is none of the county's, NotAllowed for
    whoever proposed it, WrongState when something began that must be finished first.
    """
    row = _received(transfer_id, version)
    target = _village(row, unit)
    transitions.fire(MACHINE, row, "accept", actor, unit=target.code)
    tenant = units.by_path(row.unit_path).tenant_path or row.unit_path
    with scope.within(child_moves.reaching(tenant), db.session()):
        child = db.session.get_one(ChildFile, row.child_id)
        _may_go(child)
        facts.publish("child.leave", actor=actor, subject=child, transfer=str(row.id))
        missing = child_moves.carry(actor, child, target)
        moved = db.session.get_one(ChildFile, row.child_id)
        facts.publish("child.arrive", actor=actor, subject=moved, transfer=str(row.id))
        _answered(actor, row, "")
        row.missing = missing
        db.session.flush()
    return row.child_id


def refuse(actor: Actor, transfer_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Refuse a transfer with a reason; the sending county stays responsible."""
    row = _received(transfer_id, version)
    transitions.fire(MACHINE, row, "refuse", actor, {"reason": reason})
    _answered(actor, row, reason)
    return row.id


def withdraw(actor: Actor, transfer_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Take one's own county's proposal back before it is answered."""
    found = reading.sent(transfer_id)
    if found is None:
        raise NotFound
    with scope.within(reading.widened(), db.session()):
        row = db.session.get_one(ChildTransfer, transfer_id)
        if version is not None and row.version != version:
            raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
        transitions.fire(MACHINE, row, "withdraw", actor, {"reason": reason})
        _answered(actor, row, reason)
        db.session.flush()
    return transfer_id


def remind_due() -> int:
    """Remind both counties of what waits a week and longer, once a week; say how many (a job)."""
    today = clock.today()
    week = today - timedelta(days=ANSWER_DAYS)
    rows = db.session.scalars(
        select(ChildTransfer)
        .where(
            ChildTransfer.status == "proposed",
            ChildTransfer.proposed_on <= week,
            or_(ChildTransfer.reminded_on.is_(None), ChildTransfer.reminded_on <= week),
        )
        .order_by(ChildTransfer.proposed_on, ChildTransfer.id)
    ).all()
    for row in rows:
        row.reminded_on = today
        facts.publish("child_transfer.unanswered", actor=SYSTEM, subject=row)
    return len(rows)


def _may_go(child: ChildFile) -> None:
    if child.status != "active" or is_adult(child.birth_date, clock.today()):
        raise WrongState("这份档案不在册，不能迁移")
    busy = select(Wish.id).where(Wish.child_id == child.id, Wish.status.in_(_UNFINISHED))
    if db.session.scalar(busy.limit(1)) is not None:
        raise WrongState("这名儿童还有公开、认领或没有归档的心愿，请先办完或撤回")


def _county(child: ChildFile, code: str) -> units.UnitRow:
    chosen = next(
        (one for one in units.below(child.tenant_path, "county") if one.code == code), None
    )
    if chosen is None:
        said = "请选择本市的一个县（市、区）；迁往外市，请结束结对并在当地重新建档"
        raise Invalid(said, {"to": said})
    return chosen


def _own_county(child: ChildFile) -> str:
    line = units.above(child.unit_path)
    return next((one.path for one in line if one.level == "county"), child.tenant_path)


def _village(row: ChildTransfer, code: str) -> units.UnitRow:
    below = units.below(row.unit_path, "village")
    chosen = next((one for one in below if one.code == code), None)
    if chosen is None:
        raise Invalid("请选择本县的一个村（社区）", {"unit": "请选择本县的一个村（社区）"})
    return chosen


def _check(moves_on: date, words: str) -> None:
    found: dict[str, str] = {}
    today = clock.today()
    if not today - _EARLIEST <= moves_on <= today + _LATEST:
        found["moves_on"] = "迁入日应在一年以内，最晚今天起60天"
    if not words.strip():
        found["words"] = "请写明为什么迁移"
    if found:
        raise Invalid("{what}", found, what="；".join(found.values()))


def _received(transfer_id: UUID, version: int | None) -> ChildTransfer:
    row = db.session.scalar(select(ChildTransfer).where(ChildTransfer.id == transfer_id))
    if row is None:
        raise NotFound
    if version is not None and row.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    return row


def _answered(actor: Actor, row: ChildTransfer, words: str) -> None:
    row.answered_by, row.answered_on = actor.user_id, clock.today()
    row.answer = words.strip()[:WORDS_LENGTH]
