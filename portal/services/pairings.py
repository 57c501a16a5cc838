"""Pairing a child with a person of tier 2: matched by one, activated by another (PN; S0-4.2b)."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.core import access, scope, transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.domain.lifecycles.pairings import LIVE, MACHINE, contact_stands, not_mine
from portal.domain.permissions import Permission
from portal.domain.vetting import CLOSE_REASONS, PAUSE_REASONS
from portal.extensions import db
from portal.models.children import ChildFile, GuardianLink
from portal.models.pairings import Pairing
from portal.models.supporters import Supporter
from portal.queries import units

_WORDS_LENGTH, _TRIES = 500, 5
#: Reasons that staff may give; the others are the system's.
STAFF_PAUSES = ("missed", "other")


def match(actor: Actor, child_id: UUID, supporter_id: UUID) -> UUID:
    """Propose a pairing; another person activates it.

    Raises NotFound outside one's units, Invalid for an organisation or a child who is not
    active, NotAllowed for a relative of the child, Conflict without a tier-2 standing, at the
    capacity (D: two children), or when the two are paired already.
    """
    child = db.session.scalar(select(ChildFile).where(ChildFile.id == child_id))
    # The lock lets two matches of one person queue up: the capacity is counted behind it.
    person = db.session.scalar(
        select(Supporter).where(Supporter.id == supporter_id).with_for_update(key_share=True)
    )
    if child is None or person is None or child.tenant_path != person.tenant_path:
        raise NotFound
    access.require(actor, Permission.PAIRING_MANAGE, child)
    if person.kind != "individual":
        raise Invalid("接触儿童的资格属于个人，单位成员请先以个人身份登记")
    if child.status != "active":
        raise Invalid("这份档案不在册，不能结对")
    _not_kin(child, person)
    pairing = Pairing(
        id=uuid4(),
        child_id=child.id,
        supporter_id=person.id,
        unit_path=child.unit_path,
        tenant_path=child.tenant_path,
        matched_by=actor.user_id,
        status_since=clock.now(),
        created_by=actor.user_id,
    )
    wide = scope.Scope(paths=(person.tenant_path,), reason="numbers and capacity run per authority")
    with scope.within(wide, db.session()):
        _room_left(child, person)
        transitions.begin(MACHINE, pairing, actor, supporter_id=str(person.id))
        _number(pairing)
    not_mine(actor, pairing, {})
    contact_stands(actor, pairing, {})
    return pairing.id


def activate(actor: Actor, pairing_id: UUID, *, version: int | None = None) -> UUID:
    """Start a matched pairing today; by another person than the one who matched."""
    pairing = _get(pairing_id, version)
    transitions.fire(MACHINE, pairing, "activate", actor)
    pairing.activated_by, pairing.started_on = actor.user_id, clock.today()
    return pairing.id


def pause(
    actor: Actor, pairing_id: UUID, *, reason_code: str, reason: str, version: int | None = None
) -> UUID:
    """Pause a pairing with a reason (PN)."""
    pairing = _get(pairing_id, version)
    if reason_code not in STAFF_PAUSES:
        raise Invalid("请选择原因类别", {"reason_code": "请选择原因类别"})
    answers = {"reason_code": reason_code, "reason": reason}
    transitions.fire(MACHINE, pairing, "pause", actor, answers, reason_code=reason_code)
    pairing.paused_reason, pairing.words = reason_code, reason.strip()[:_WORDS_LENGTH]
    return pairing.id


def resume(actor: Actor, pairing_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Go on with a paused pairing, once the person may meet children again."""
    pairing = _get(pairing_id, version)
    transitions.fire(MACHINE, pairing, "resume", actor, {"reason": reason})
    pairing.paused_reason, pairing.words = "", ""
    return pairing.id


def close(
    actor: Actor, pairing_id: UUID, *, reason_code: str, reason: str, version: int | None = None
) -> UUID:
    """End a pairing for good: aged_out, moved, goal_met, mentor_quit, safeguarding (PN)."""
    pairing = _get(pairing_id, version)
    if reason_code not in CLOSE_REASONS:
        raise Invalid("请选择原因类别", {"reason_code": "请选择原因类别"})
    answers = {"reason_code": reason_code, "reason": reason}
    transitions.fire(MACHINE, pairing, "close", actor, answers, reason_code=reason_code)
    pairing.ended_on, pairing.end_reason = clock.today(), reason_code
    pairing.words = reason.strip()[:_WORDS_LENGTH]
    return pairing.id


def halt_all(supporter: Supporter, why: str) -> int:
    """Pause every active pairing of somebody who may not meet children any more; say how many.

    Needs the whole tree: the children may live in several counties.
    """
    if why not in PAUSE_REASONS:
        msg = f"{why} is no reason for a pause"
        raise ValueError(msg)
    active = db.session.scalars(
        select(Pairing)
        .where(Pairing.supporter_id == supporter.id, Pairing.status == "active")
        .order_by(Pairing.file_no)
    ).all()
    for pairing in active:
        transitions.fire(MACHINE, pairing, "halt", SYSTEM, why=why)
        pairing.paused_reason = why
    return len(active)


def _get(pairing_id: UUID, version: int | None) -> Pairing:
    pairing = db.session.scalar(select(Pairing).where(Pairing.id == pairing_id))
    if pairing is None:
        raise NotFound
    if version is not None and pairing.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    return pairing


def _not_kin(child: ChildFile, person: Supporter) -> None:
    """Refuse a relative in words that tell nothing about the child (慈善法 40)."""
    kin = db.session.scalar(
        select(GuardianLink.id).where(
            GuardianLink.child_id == child.id,
            GuardianLink.id_hmac.is_not(None),
            GuardianLink.id_hmac == person.id_hmac,
        )
    )
    if kin is not None:
        raise NotAllowed("这位爱心人士不能与这名儿童结对，请另选一位")


def _room_left(child: ChildFile, person: Supporter) -> None:
    live = select(Pairing.child_id).where(
        Pairing.supporter_id == person.id, Pairing.status.in_(LIVE)
    )
    held = list(db.session.scalars(live))
    most = units.settings(person.tenant_path).pairing_capacity
    if child.id in held:
        raise Conflict("两人已经结对")
    if len(held) >= most:
        raise Conflict("这位爱心人士已与{held}名儿童结对，到了上限", held=len(held))


def _number(pairing: Pairing) -> None:
    """Give it the next number of its authority's year (JD-2026-0001) and write it."""
    session, year = db.session(), clock.today().year
    for _ in range(_TRIES):
        newest = session.scalar(
            select(func.max(Pairing.file_no)).where(
                Pairing.tenant_path == pairing.tenant_path, Pairing.file_no.like(f"JD-{year}-%")
            )
        )
        last = int(newest.rsplit("-", 1)[1]) if newest else 0
        pairing.file_no = f"JD-{year}-{last + 1:04d}"
        try:
            with session.begin_nested():
                session.add(pairing)
        except IntegrityError:
            continue
        return
    raise Conflict("编号暂时冲突，请再试一次")
