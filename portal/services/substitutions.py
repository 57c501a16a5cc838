"""Somebody of tier 2 keeps a mentor's contacts for a while (issue 4; S0-4.5a)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts
from portal.domain import clock
from portal.domain.absences import SUBSTITUTE_MOST, SUBSTITUTE_REASONS
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.domain.lifecycles.pairings import not_mine
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.cadences import Substitution
from portal.models.needs import PairingNeed
from portal.models.pairings import Pairing
from portal.models.standings import Clearance
from portal.models.supporters import Supporter
from portal.services import pairing_checks

_DAY = timedelta(days=1)


def substitute(
    actor: Actor,
    pairing_id: UUID,
    *,
    supporter_id: UUID,
    from_on: date,
    until_on: date,
    reason_code: str,
) -> UUID:
    """Let somebody keep the contacts of an active pairing, both days included; return the row.

    No place of the substitute's capacity is taken: nobody is paired. It ends by itself. Raises
    NotFound outside one's units, WrongState unless the pairing is active, Invalid for days or a
    reason that cannot be, NotAllowed for a relative of the child, for whoever would name
    themselves or a tied person, Conflict without tier 2 until the last day or when the days
    overlap with another substitute's.
    """
    pairing = pairing_checks.get(pairing_id)
    access.require(actor, Permission.PAIRING_MANAGE, pairing)
    not_mine(actor, pairing, {})
    if pairing.status != "active":
        raise WrongState("只有进行中的结对可以请人代班")
    _check(reason_code, from_on, until_on)
    person = _person(actor, pairing, supporter_id)
    _tier2(person, until_on)
    _nobody_else(pairing, from_on, until_on)
    row = Substitution(
        pairing_id=pairing.id, supporter_id=person.id, unit_path=pairing.unit_path,
        from_on=from_on, until_on=until_on, reason_code=reason_code, created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    days = {"from_on": from_on.isoformat(), "until_on": until_on.isoformat()}
    facts.publish("substitution.begin", actor=actor, subject=row, **days)
    facts.publish("pairing.substitute", actor=actor, subject=pairing, reason=reason_code, **days)
    return row.id


def end_substitution(actor: Actor, substitution_id: UUID, *, version: int | None = None) -> UUID:
    """End a substitution before its last day; return the pairing. What was kept stays kept.

    Raises NotFound outside one's units, Conflict when it is over or a colleague was faster.
    """
    row = db.session.scalar(select(Substitution).where(Substitution.id == substitution_id))
    if row is None:
        raise NotFound
    access.require(actor, Permission.PAIRING_MANAGE, row)
    if version is not None and row.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    if row.ended_at is not None or row.until_on < clock.today():
        raise Conflict("代班已经结束")
    _end(actor, row)
    return row.pairing_id


def end_all(supporter: Supporter, why: str) -> int:
    """End whatever somebody stands in for who may not meet children any more; say how many."""
    rows = db.session.scalars(
        select(Substitution).where(
            Substitution.supporter_id == supporter.id,
            Substitution.ended_at.is_(None),
            Substitution.until_on >= clock.today(),
        )
    ).all()
    for row in rows:
        _end(SYSTEM, row, why=why)
    return len(rows)


def _end(actor: Actor, row: Substitution, why: str = "") -> None:
    # Whoever stood in this morning may have met the child: today stays theirs.
    row.until_on = min(row.until_on, clock.today())
    row.ended_at, row.ended_by = clock.now(), actor.user_id
    facts.publish("substitution.end", actor=actor, subject=row, why=why)


def _check(reason_code: str, from_on: date, until_on: date) -> None:
    if reason_code not in SUBSTITUTE_REASONS:
        raise Invalid("请选择原因", {"reason_code": "请选择原因"})
    if from_on < clock.today():
        raise Invalid("代班从今天或以后开始", {"from_on": "代班从今天或以后开始"})
    if until_on < from_on:
        raise Invalid("结束日不能早于开始日", {"until_on": "结束日不能早于开始日"})
    if until_on - from_on + _DAY > SUBSTITUTE_MOST:
        said = "代班最长 92 天，更久请更换结对人"
        raise Invalid(said, {"until_on": said})


def _person(actor: Actor, pairing: Pairing, supporter_id: UUID) -> Supporter:
    person = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    need = db.session.scalar(select(PairingNeed).where(PairingNeed.id == pairing.need_id))
    if person is None or need is None or person.tenant_path != pairing.tenant_path:
        raise NotFound
    if person.id == pairing.supporter_id:
        said = "代班要请另一位爱心人士"
        raise Invalid(said, {"supporter_id": said})
    if person.id in actor.supporter_ids or actor.user_id in person.tied_staff:
        raise NotAllowed("您与代班人有利害关系，请由其他同事办理")
    pairing_checks.may_pair(need, need.child, person)
    return person


def _tier2(person: Supporter, until_on: date) -> None:
    standing = db.session.scalar(select(Clearance).where(Clearance.supporter_id == person.id))
    today = clock.today()
    if standing is None or not (standing.holds_on(today) and person.stands_on(today)):
        raise Conflict("代班人接触儿童的资格没有生效，先办理资格")
    if not standing.holds_on(until_on):
        raise Conflict("代班人的资格在代班期内到期，请缩短日期或先续期")


def _nobody_else(pairing: Pairing, from_on: date, until_on: date) -> None:
    overlapping = select(Substitution.id).where(
        Substitution.pairing_id == pairing.id,
        Substitution.from_on <= until_on,
        Substitution.until_on >= from_on,
        # One that was called off before it began covers no day.
        Substitution.until_on >= Substitution.from_on,
    )
    if db.session.scalar(overlapping) is not None:
        raise Conflict("这几天已经有人代班，请先结束")
