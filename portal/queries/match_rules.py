"""The pairs that staff keep or avoid, with their reason, for those who decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from portal.extensions import db
from portal.models.accounts import User
from portal.models.matching import MatchRule
from portal.queries import units


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A pair that staff keep or avoid."""

    id: UUID
    need_id: UUID
    supporter_id: UUID
    rule: str
    reason: str
    by: str
    since: datetime


def below(unit_path: str) -> tuple[RuleRow, ...]:
    """Return the pairs kept or avoided below a unit, the newest first."""
    return _rows(units.under(MatchRule.unit_path, unit_path))


def of_need(need_id: UUID) -> tuple[RuleRow, ...]:
    """Return the pairs kept or avoided for one need."""
    return _rows(MatchRule.need_id == need_id)


def _rows(wanted: ColumnElement[bool]) -> tuple[RuleRow, ...]:
    rows = db.session.execute(
        select(MatchRule, User.name)
        .outerjoin(User, User.id == MatchRule.created_by)
        .where(MatchRule.ended_at.is_(None), wanted)
        .order_by(MatchRule.created_at.desc(), MatchRule.id.desc())
    )
    return tuple(
        RuleRow(
            row.MatchRule.id, row.MatchRule.need_id, row.MatchRule.supporter_id,
            row.MatchRule.rule, row.MatchRule.reason, row.name or "", row.MatchRule.created_at,
        )
        for row in rows
    )  # fmt: skip
