"""Reading an authority's settings: what counts, who set it last, what is planned or waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.core import access
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.domain.setting_rules import BY_NAME, RULES, Rule
from portal.domain.settings import PLANNED, TenantSettings
from portal.extensions import db
from portal.models.accounts import User
from portal.models.authorities import SettingChange
from portal.models.records import StoredFile
from portal.models.units import Unit
from portal.queries import units
from portal.queries.files import FileRow
from portal.queries.units import UnitRow

PAGE = 50


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority as the permission table asks for it."""

    unit_path: str


@dataclass(frozen=True, slots=True)
class Face:
    """An authority's name as shown, and whether it has a logo."""

    code: str
    name: str
    has_logo: bool


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change of a setting: old and new in words, who, when, from when."""

    id: UUID
    rule: Rule
    status: str
    old: str
    new: str
    effective_on: date | None
    proposed_by: str
    proposer_id: UUID | None
    at: datetime
    decided_by: str
    version: int


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as the page shows it."""

    rule: Rule
    value: str
    typed: str
    last: ChangeRow | None
    #: (day, value in words) for what counts later.
    planned: tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """An authority's settings; ``edits`` says whether this person may change them."""

    unit: UnitRow
    edits: bool
    settings: tuple[Setting, ...]
    waiting: tuple[ChangeRow, ...]

    @property
    def groups(self) -> tuple[tuple[str, tuple[Setting, ...]], ...]:
        """Return the settings by group, both in the order of the rules."""
        names = dict.fromkeys(one.rule.group for one in self.settings)
        return tuple(
            (name, tuple(one for one in self.settings if one.rule.group == name)) for name in names
        )


def authorities(actor: Actor) -> tuple[UnitRow, ...]:
    """Return the authorities that an administrator's units belong to or hold, by code."""
    held = [grant for grant in actor.grants if _administers(actor, grant.path)]
    own = {grant.tenant_path for grant in held if grant.tenant_path}
    return tuple(
        row
        for row in units.tenants()
        if row.path in own or any(row.path.startswith(grant.path) for grant in held)
    )


def page(actor: Actor, code: str = "") -> SettingsPage:
    """Return one authority's settings, by default the first; NotFound for a stranger's."""
    known = authorities(actor)
    unit = next((row for row in known if code in ("", row.code)), None)
    if unit is None:
        raise NotFound
    stored = db.session.scalar(select(Unit.settings).where(Unit.id == unit.id)) or {}
    now = TenantSettings.read(stored)
    changes = _changes(unit.path)
    return SettingsPage(
        unit,
        access.permits(actor, Permission.SETTING_MANAGE, Authority(unit.path)),
        tuple(_setting(rule, now, stored, changes) for rule in RULES),
        tuple(row for row in changes if row.status == "proposed"),
    )


def history(actor: Actor, code: str) -> tuple[ChangeRow, ...]:
    """Return an authority's changes, the newest first."""
    return _changes(page(actor, code).unit.path)[:PAGE]


def logo(code: str) -> FileRow:
    """Return the stored file of an authority's logo, which is public; NotFound without one."""
    unit = units.get(code)
    chosen = units.settings(unit.path).logo
    row = db.session.get(StoredFile, UUID(chosen)) if chosen else None
    if row is None:
        raise NotFound
    return FileRow(row.id, row.key, row.mime, row.size, unit.path, None)


def face(tenant_path: str | None) -> Face:
    """Return how an authority names itself on pages and papers; empty without one."""
    found = select(Unit.code, Unit.name, Unit.settings).where(Unit.path == tenant_path)
    row = db.session.execute(found).first() if tenant_path else None
    if row is None:
        return Face("", "", has_logo=False)
    chosen = TenantSettings.read(row.settings or {})
    return Face(row.code, chosen.display_name or row.name, has_logo=bool(chosen.logo))


def _administers(actor: Actor, path: str) -> bool:
    return access.permits(actor, Permission.SETTING_MANAGE, Authority(path))


def _setting(
    rule: Rule, now: TenantSettings, stored: Mapping[str, Any], changes: Sequence[ChangeRow]
) -> Setting:
    value = getattr(now, rule.name)
    today = clock.today().isoformat()
    planned = sorted(
        (date.fromisoformat(plan["from"]), rule.shown(plan["value"]))
        for plan in stored.get(PLANNED, ())
        if plan["name"] == rule.name and plan["from"] > today
    )
    last = next(
        (row for row in changes if row.rule.name == rule.name and row.status == "agreed"), None
    )
    return Setting(rule, rule.shown(value), rule.typed(value), last, tuple(planned))


def _changes(tenant_path: str) -> tuple[ChangeRow, ...]:
    rows = db.session.scalars(
        select(SettingChange)
        .where(SettingChange.tenant_path == tenant_path)
        .order_by(SettingChange.created_at.desc(), SettingChange.id)
    ).all()
    people = {who for row in rows for who in (row.created_by, row.decided_by) if who}
    found = db.session.execute(select(User.id, User.name).where(User.id.in_(people)))
    names = {row.id: row.name for row in found}
    return tuple(_row(row, names) for row in rows if row.name in BY_NAME)


def _row(row: SettingChange, names: Mapping[UUID | None, str]) -> ChangeRow:
    rule = BY_NAME[row.name]
    return ChangeRow(
        row.id, rule, row.status, rule.shown(row.old), rule.shown(row.new), row.effective_on,
        names.get(row.created_by, ""), row.created_by, row.created_at,
        names.get(row.decided_by, ""), row.version,
    )  # fmt: skip
