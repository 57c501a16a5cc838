"""A role in other hands during a leave: for days, to a colleague of the place, never further."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from portal.core import facts
from portal.domain import clock
from portal.domain.actor import Actor, Role
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.extensions import db
from portal.models.accounts import RoleGrant
from portal.models.authorities import Delegation
from portal.queries import delegations as reading

#: A leave longer than this is a change of staff: the administrator grants a role.
LONGEST = timedelta(days=60)
#: Planned at most this far ahead.
_AHEAD = timedelta(days=90)


def hand_over(
    actor: Actor, grant_id: UUID, *, delegate_id: UUID, valid_from: date, valid_to: date
) -> UUID:
    """Hand a role to a colleague from a day to a day, both included; return the delegation.

    The holder does it, or an administrator of the unit. Raises NotFound for anybody else's role
    and for a role that was itself handed over, Invalid for a person or days that cannot be,
    NotAllowed for an administrator who would stand in, Conflict when the days overlap with another
    handing over.
    """
    row = db.session.get(RoleGrant, grant_id)
    if row is None or not _may(actor, row):
        raise NotFound
    _check_days(row, valid_from, valid_to)
    if Role(row.role) in reading.NOT_HANDED_OVER:
        raise Invalid("这个岗位不能交代给别人，请另一位管理员为接替的人授予岗位")
    if delegate_id == actor.user_id != row.user_id:
        # An administrator may arrange a leave, but never take the role: no more than grant it.
        raise NotAllowed("不能把别人的岗位交代给自己，请另一位同事办理")
    if delegate_id not in {person.id for person in reading.colleagues(row.id)}:
        raise Invalid("只能交代给本地有岗位的同事", {"delegate_id": "只能交代给本地有岗位的同事"})
    overlapping = select(Delegation.id).where(
        Delegation.grant_id == row.id,
        Delegation.ended_at.is_(None),
        Delegation.valid_from <= valid_to,
        Delegation.valid_to >= valid_from,
    )
    if db.session.scalar(overlapping) is not None:
        raise Conflict("这几天已经交代给别的同事，请先收回")
    handed = Delegation(
        grant_id=row.id, delegator_id=row.user_id, delegate_id=delegate_id,
        valid_from=valid_from, valid_to=valid_to, created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(handed)
    db.session.flush()
    _tell("delegation.begin", actor, handed, row)
    return handed.id


def end(actor: Actor, delegation_id: UUID, *, version: int) -> UUID:
    """End a handing over at once: its holder, who stands in, or an administrator.

    Returns whose role it was. Raises NotFound for anybody else, Conflict when it has ended.
    """
    handed = db.session.get(Delegation, delegation_id)
    row = db.session.get(RoleGrant, handed.grant_id) if handed else None
    if handed is None or row is None:
        raise NotFound
    if actor.user_id != handed.delegate_id and not _may(actor, row):
        raise NotFound
    if handed.ended_at is not None or handed.valid_to < clock.today():
        raise Conflict("这项交代已经结束")
    if handed.version != version:
        raise Conflict("这项交代刚刚有变化，请刷新后再看")
    handed.ended_at, handed.ended_by = clock.now(), actor.user_id
    _tell("delegation.end", actor, handed, row)
    return handed.delegator_id


def _may(actor: Actor, row: RoleGrant) -> bool:
    """Tell whether this is the actor's own live role, or lies under an administrator's unit."""
    if row.user_id == actor.user_id:
        return True
    own = [grant for grant in actor.grants if grant.on_behalf_of is None]
    return any(
        grant.role is Role.PLATFORM_ADMIN and row.unit_path.startswith(grant.path) for grant in own
    )


def _check_days(row: RoleGrant, since: date, until: date) -> None:
    today = clock.today()
    if not today <= since <= today + _AHEAD:
        raise Invalid("开始日应在今天起 90 天以内", {"valid_from": "开始日应在今天起 90 天以内"})
    if until < since:
        raise Invalid("结束日不能早于开始日", {"valid_to": "结束日不能早于开始日"})
    if until - since >= LONGEST:
        raise Invalid("一次最多交代 60 天", {"valid_to": "一次最多交代 60 天"})
    if row.valid_to is not None and row.valid_to < until:
        raise Invalid("岗位到那时已经到期", {"valid_to": "岗位到那时已经到期"})


def _tell(kind: str, actor: Actor, handed: Delegation, row: RoleGrant) -> None:
    facts.publish(
        kind, actor=actor, subject=handed, unit_path=row.unit_path, role=row.role,
        delegator_id=str(handed.delegator_id), delegate_id=str(handed.delegate_id),
        valid_from=handed.valid_from.isoformat(), valid_to=handed.valid_to.isoformat(),
    )  # fmt: skip
