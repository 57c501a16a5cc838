"""Changing what an authority sets for itself: at once, from a day, or after a second person.

Every change is a row with old and new value; what counts is written at the authority's unit.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.core import access, transitions
from portal.domain import clock
from portal.domain import settings as stored
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.lifecycles.setting_changes import MACHINE
from portal.domain.permissions import Permission
from portal.domain.setting_rules import BY_NAME, Kind
from portal.domain.settings import TenantSettings
from portal.extensions import db
from portal.models.authorities import SettingChange
from portal.models.units import Unit
from portal.queries.tenant_settings import Authority
from portal.services import files

#: Nothing is planned further ahead.
_REACH = timedelta(days=366)


def change(
    actor: Actor, tenant_path: str, name: str, *, value: str, effective_on: date | None = None
) -> UUID:
    """Change a setting from a day on (at once when None), or propose it where two people decide.

    Returns the change. Raises NotFound for another's authority or an unknown setting, Invalid for
    a value that cannot be, a day out of reach, or nothing new, Conflict while one waits.
    """
    unit = _unit(actor, tenant_path)
    rule = BY_NAME.get(name)
    if rule is None or rule.kind is Kind.PICTURE:
        raise NotFound
    today = clock.today()
    if effective_on is not None and not today <= effective_on <= today + _REACH:
        raise Invalid("生效日应在今天起一年以内", {"effective_on": "生效日应在今天起一年以内"})
    return _begin(actor, unit, name, rule.take(value), effective_on)


def set_logo(actor: Actor, tenant_path: str, *, file_id: UUID | None) -> UUID:
    """Show a cleaned picture as the authority's logo, or none; return the change."""
    unit = _unit(actor, tenant_path)
    if file_id is not None:
        files.attach(file_id, unit_path=tenant_path)
    return _begin(actor, unit, "logo", str(file_id or ""), None)


def agree(actor: Actor, change_id: UUID, *, version: int) -> None:
    """Put a proposed change in force as the second person.

    Raises NotAllowed for who proposed it, WrongState when it was decided, Conflict when it was
    changed meanwhile, NotFound for another's authority.
    """
    row = _get(actor, change_id, version)
    transitions.fire(MACHINE, row, "agree", actor, setting=row.name)
    _decided(actor, row)
    _write(_unit(actor, row.tenant_path), row)


def drop(actor: Actor, change_id: UUID, *, reason: str, version: int) -> None:
    """Set a proposed change aside, with a reason; raises as ``agree``."""
    row = _get(actor, change_id, version)
    transitions.fire(MACHINE, row, "drop", actor, {"reason": reason}, setting=row.name)
    _decided(actor, row)


def _begin(
    actor: Actor, unit: Unit, name: str, value: int | str, effective_on: date | None
) -> UUID:
    old = getattr(TenantSettings.read(unit.settings, effective_on), name)
    if old == value:
        raise Invalid("和现在的一样，没有变化", {"value": "和现在的一样"})
    waiting = select(SettingChange.id).where(
        SettingChange.tenant_path == unit.path,
        SettingChange.name == name,
        SettingChange.status == MACHINE.initial,
    )
    if db.session.scalar(waiting) is not None:
        raise Conflict("这一项已经有一个变更等着确认，请先处理它")
    row = SettingChange(
        id=uuid4(), name=name, old=old, new=value, effective_on=effective_on, tenant_path=unit.path,
        created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(row)
    transitions.begin(MACHINE, row, actor, setting=name)
    if not BY_NAME[name].two_keys:
        transitions.fire(MACHINE, row, "adopt", actor, setting=name)
        _decided(actor, row)
        _write(unit, row)
    db.session.flush()
    return row.id


def _write(unit: Unit, row: SettingChange) -> None:
    unit.settings = stored.written(
        unit.settings, row.name, row.new, row.effective_on, clock.today()
    )


def _decided(actor: Actor, row: SettingChange) -> None:
    row.decided_by, row.decided_at = actor.user_id, clock.now()


def _unit(actor: Actor, tenant_path: str) -> Unit:
    """Return the authority, for whoever administers it as a whole."""
    place = Authority(tenant_path)
    unit = db.session.scalar(select(Unit).where(Unit.path == tenant_path, Unit.is_tenant))
    if unit is None or not access.permits(actor, Permission.SETTING_MANAGE, place):
        raise NotFound
    return unit


def _get(actor: Actor, change_id: UUID, version: int) -> SettingChange:
    row = db.session.get(SettingChange, change_id)
    if row is None:
        raise NotFound
    _unit(actor, row.tenant_path)
    if row.version != version:
        raise Conflict("这项变更刚刚有变化，请刷新后再看")
    return row
