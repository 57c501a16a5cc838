"""An authority's own days: a holiday, a worked day, both in exchange, a day for weekend classes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.calendar import Calendar, DayKind
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.authorities import OwnDay
from portal.queries.tenant_settings import Authority

_LAST_YEAR = 2100


def set_day(actor: Actor, tenant_path: str, *, day: date, kind: DayKind, name: str) -> UUID:
    """Set a day apart; return it.

    Raises NotFound for another's authority, Invalid for a day that is past or already so, Conflict
    for one that is set.
    """
    _own(actor, tenant_path)
    if not clock.today() <= day or day.year >= _LAST_YEAR:
        raise Invalid("只能设定今天及以后的日子", {"day": "只能设定今天及以后的日子"})
    plain = Calendar()
    if kind is not DayKind.CLASS_DAY and plain.is_workday(day) is (kind is DayKind.WORKDAY):
        raise Invalid("这一天本来就是这样，不用设定", {"day": "这一天本来就是这样"})
    if kind is DayKind.CLASS_DAY and plain.is_weekend_class_day(day):
        raise Invalid("这一天本来就可以开周末班", {"day": "这一天本来就可以开周末班"})
    standing = select(OwnDay.id).where(OwnDay.tenant_path == tenant_path, OwnDay.day == day)
    if db.session.scalar(standing) is not None:
        raise Conflict("这一天已经设定过，请先取消原来的设定")
    row = OwnDay(
        tenant_path=tenant_path, day=day, kind=kind.value, name=name.strip(),
        created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    facts.publish(
        "calendar.set", actor=actor, subject=row, unit_path=tenant_path,
        day=day.isoformat(), day_kind=kind.value,
    )  # fmt: skip
    return row.id


def swap(
    actor: Actor, tenant_path: str, *, off: date, worked: date, name: str
) -> tuple[UUID, UUID]:
    """Take one day off and work another for it; return both. Raises as ``set_day``."""
    free = set_day(actor, tenant_path, day=off, kind=DayKind.HOLIDAY, name=name)
    return free, set_day(actor, tenant_path, day=worked, kind=DayKind.WORKDAY, name=name)


def unset_day(actor: Actor, day_id: UUID) -> None:
    """Give a day back to the national calendar; NotFound, Invalid once it is past."""
    row = db.session.get(OwnDay, day_id)
    if row is None:
        raise NotFound
    _own(actor, row.tenant_path)
    if row.day < clock.today():
        raise Invalid("已经过去的日子不能再改，期限是按它算的")
    facts.publish(
        "calendar.unset", actor=actor, subject=row, unit_path=row.tenant_path,
        day=row.day.isoformat(), day_kind=row.kind,
    )  # fmt: skip
    db.session.delete(row)
    db.session.flush()


def _own(actor: Actor, tenant_path: str) -> None:
    if not access.permits(actor, Permission.SETTING_MANAGE, Authority(tenant_path)):
        raise NotFound
