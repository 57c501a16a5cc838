"""Mails inside the office: a change that waits for its second administrator, a role handed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.domain.actor import Role
from portal.domain.lifecycles.unit_changes import TWO_KEYS
from portal.domain.setting_rules import BY_NAME
from portal.extensions import db
from portal.models.authorities import Delegation, SettingChange
from portal.models.units import UnitProposal
from portal.notices.news import News

_SECOND_KEY = (Role.PLATFORM_ADMIN,)


def _settings(ids: list[UUID]) -> dict[UUID, News]:
    """Name the setting; one that needs no second person asks nobody."""
    rows = db.session.execute(
        select(
            SettingChange.id, SettingChange.tenant_path, SettingChange.name,
            SettingChange.status, SettingChange.created_by,
        ).where(SettingChange.id.in_(ids))
    )  # fmt: skip
    return {
        row.id: _change(
            row, row.tenant_path, BY_NAME[row.name].label, two_keys=BY_NAME[row.name].two_keys
        )
        for row in rows
    }


def _units(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(
        select(
            UnitProposal.id, UnitProposal.unit_path, UnitProposal.kind,
            UnitProposal.status, UnitProposal.created_by,
        ).where(UnitProposal.id.in_(ids))
    )  # fmt: skip
    return {row.id: _change(row, row.unit_path, "", two_keys=row.kind in TWO_KEYS) for row in rows}


def _change(row: Any, path: str, title: str, *, two_keys: bool) -> News:
    asks = two_keys and row.status == "proposed"
    return News(
        unit_path=path,
        owner=row.created_by,
        roles=_SECOND_KEY if asks else (),
        item={"title": title} if title else {},
    )


def _delegations(ids: list[UUID]) -> dict[UUID, News]:
    """Concern who stands in; the role and its days are read on the page."""
    rows = db.session.execute(
        select(Delegation.id, Delegation.delegate_id).where(Delegation.id.in_(ids))
    )
    return {row.id: News(owner=row.delegate_id) for row in rows}


READERS: Mapping[str, Callable[[list[UUID]], dict[UUID, News]]] = {
    "SettingChange": _settings,
    "UnitProposal": _units,
    "Delegation": _delegations,
}
