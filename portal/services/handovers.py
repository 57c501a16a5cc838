"""What one mentor leaves for the next: written by mentor or staff, read through, then opened.

No way to reach the child stands in it; who follows reads it once their own pairing has begun.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import select

from portal.core import access, facts, transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.continuity import HANDOVER_PARTS, WORDS_LENGTH, Parts
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.lifecycles.handovers import MACHINE
from portal.domain.lifecycles.pairings import MET, not_mine
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.continuity import Handover
from portal.models.pairings import Pairing
from portal.queries import handovers as reading
from portal.services import pairing_checks


def write(actor: Actor, pairing_id: UUID, parts: Parts, *, version: int | None = None) -> UUID:
    """Write the hand-over of a pairing, or write it anew; somebody else reads it through.

    Its mentor writes while the pairing stands, staff of the field also afterwards, until the next
    one reads it. Raises NotFound for anybody else, WrongState too early or too late, Conflict
    when stale, Invalid for nothing written or for what leads to the child.
    """
    pairing = pairing_checks.get(pairing_id)
    mine = pairing.supporter_id in actor.supporter_ids
    _may(actor, pairing, mine=mine)
    _check(pairing, parts, on_file=not mine)
    row = reading.of(pairing.id)
    if row is None:
        row = Handover(
            id=uuid4(), pairing_id=pairing.id, child_id=pairing.child_id,
            unit_path=pairing.unit_path, status_since=clock.now(), created_by=actor.user_id,
            supporter_id=pairing.supporter_id if pairing.status in MET else None,
        )  # fmt: skip
        transitions.begin(MACHINE, row, actor)
        db.session.add(row)
    else:
        _as_seen(row, version)
        if reading.is_read(row):
            raise WrongState("下一位结对人已经在看，不能再改")
        transitions.fire(MACHINE, row, "rewrite" if mine else "retype", actor)
    for name, text in parts.items():
        setattr(row, name, text)
    row.written_by, row.written_on, row.remark = actor.user_id, clock.today(), ""
    db.session.flush()
    return row.id


def release(actor: Actor, handover_id: UUID, *, version: int | None = None) -> UUID:
    """Find a hand-over in order, as a second person; the next mentor reads it once they began.

    Raises Invalid naming what may not stand in it (read with everything on file).
    """
    row = _get(handover_id, version)
    pairing = pairing_checks.get(row.pairing_id)
    transitions.fire(MACHINE, row, "release", actor)
    _check(pairing, Parts(*(getattr(row, name) for name in HANDOVER_PARTS)), on_file=True)
    row.released_by, row.remark = actor.user_id, ""
    following = reading.following(pairing.id)
    if following is not None and following.status in MET:
        _open(row, following)
    return row.pairing_id


def send_back(actor: Actor, handover_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Ask for other words, with a reason that the writer reads."""
    row = _get(handover_id, version)
    transitions.fire(MACHINE, row, "return", actor, {"reason": reason})
    row.remark = reason.strip()[:WORDS_LENGTH]
    return row.pairing_id


def open_for(pairing: Pairing) -> None:
    """Open the hand-over of the pairing before to the mentor whose pairing begins."""
    row = reading.of(pairing.follows_id) if pairing.follows_id else None
    if row is not None and row.status == "released":
        _open(row, pairing)


def shut(pairing: Pairing) -> None:
    """Close what the mentor of an ending pairing wrote or read: their access ends with it."""
    near = [one for one in (pairing.id, pairing.follows_id) if one is not None]
    rows = db.session.scalars(
        select(Handover).where(
            Handover.pairing_id.in_(near), Handover.supporter_id == pairing.supporter_id
        )
    ).all()
    for row in rows:
        row.supporter_id = None


def _open(row: Handover, pairing: Pairing) -> None:
    row.supporter_id = pairing.supporter_id
    facts.publish("handover.open", actor=SYSTEM, subject=row, to=str(pairing.id))


def _may(actor: Actor, pairing: Pairing, *, mine: bool) -> None:
    if mine:
        access.require(actor, Permission.HANDOVER_WRITE, pairing)
        if pairing.status not in MET:
            raise WrongState("结对进行中或暂停时才能写交接页，结束后由工作人员写")
        return
    if not access.permits(actor, Permission.PAIRING_MEET, pairing):
        raise NotFound
    not_mine(actor, pairing, {})
    if pairing.started_on is None:
        raise WrongState("结对开始以后才有可以交接的内容")


def _check(pairing: Pairing, parts: Parts, *, on_file: bool) -> None:
    if not any(text for _, text in parts.items()):
        raise Invalid("请至少写一项", {"did": "请至少写一项"})
    problems: dict[str, str] = {}
    told: list[str] = []
    for name, text in parts.items():
        if len(text) > WORDS_LENGTH:
            problems[name] = "每一项请控制在 1000 字以内"
        if found := reading.telling(pairing, text, on_file=on_file):
            problems[name] = "这里写了能找到孩子或认出孩子的内容，请改写"
            told += found
    if problems:
        listed = "、".join(f"“{text}”" for text in dict.fromkeys(told))
        said = "交接页不能写这些，请删去：{found}。写好的内容都还在"
        raise Invalid(said if told else "每一项请控制在 1000 字以内", problems, found=listed)


def _get(handover_id: UUID, version: int | None) -> Handover:
    row = db.session.scalar(select(Handover).where(Handover.id == handover_id))
    if row is None:
        raise NotFound
    _as_seen(row, version)
    return row


def _as_seen(row: Handover, version: int | None) -> None:
    if version is not None and row.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
