"""Outliers of the day: whose looking at files was unusual, put before somebody responsible (T5)."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.core import access, facts
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor, Role
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.outliers import MEAN_DAYS, Day, Look, judge, watcher_of
from portal.domain.permissions import Permission
from portal.domain.settings import TenantSettings
from portal.domain.sight import FILE, WORDS_LENGTH
from portal.extensions import db
from portal.models.sight import AccessRow, SightOutlier
from portal.queries import units

Person = tuple[UUID, str]


def find_outliers() -> int:
    """Write yesterday's unusual days of looking, each once; return how many (a daily job).

    Needs the system's scope. Compared with the authority's daily numbers and with the person's
    own mean of the 30 days before.
    """
    day = clock.today() - timedelta(days=1)
    told = db.session.execute(
        select(SightOutlier.actor_id, SightOutlier.role).where(SightOutlier.day == day)
    )
    known = {(row.actor_id, row.role) for row in told}
    days = {who: rows for who, rows in _looks_of(day).items() if who not in known}
    before = _openings_before(day)
    rules = {row.path: units.settings(row.path) for row in units.tenants()}
    found = 0
    for (actor_id, role), rows in sorted(days.items(), key=str):
        path = _common([row.unit_path for row in rows])
        judged = _judged(rows, before.get((actor_id, role), 0), _rules_at(rules, path))
        if judged.signs:
            _put_before(watcher_of(role), actor_id, role, path, day, judged)
            found += 1
    return found


def settle(actor: Actor, outlier_id: UUID, *, finding: str) -> UUID:
    """Write down what came of asking about an unusual day; never one's own (two keys).

    Raises NotFound for what is not one's to answer for, Invalid without words.
    """
    row = db.session.scalar(select(SightOutlier).where(SightOutlier.id == outlier_id))
    if row is None or not answers_for(actor, row):
        raise NotFound
    if row.settled_at is not None:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    said = finding.strip()[:WORDS_LENGTH]
    if not said:
        raise Invalid("请写明核实的结果", {"finding": "请写明核实的结果"})
    row.settled_at, row.settled_by, row.finding = clock.now(), actor.user_id, said
    facts.publish("sight.outlier_settle", actor=actor, subject=row)
    return row.id


def answers_for(actor: Actor, outlier: Any) -> bool:
    """Tell whether this person is the one who asks about that day: the named role, not oneself."""
    return (
        access.permits(actor, Permission.SIGHT_WATCH, outlier)
        and actor.has(Role(outlier.watcher), outlier.unit_path)
        and outlier.actor_id != actor.user_id
    )


def _looks_of(day: date) -> dict[Person, list[Any]]:
    rows = db.session.execute(
        select(
            AccessRow.actor_id, AccessRow.role, AccessRow.field, AccessRow.basis, AccessRow.at,
            AccessRow.unit_path,
        )
        .where(AccessRow.actor_id.is_not(None), AccessRow.at >= clock.start_of(day))
        .where(AccessRow.at < clock.start_of(day + timedelta(days=1)))
        .order_by(AccessRow.id)
    )  # fmt: skip
    found: dict[Person, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.actor_id, row.role].append(row)
    return found


def _openings_before(day: date) -> dict[Person, int]:
    rows = db.session.execute(
        select(AccessRow.actor_id, AccessRow.role, func.count(AccessRow.id).label("openings"))
        .where(AccessRow.at >= clock.start_of(day - timedelta(days=MEAN_DAYS)))
        .where(AccessRow.at < clock.start_of(day), AccessRow.field != FILE)
        .group_by(AccessRow.actor_id, AccessRow.role)
    )
    return {(row.actor_id, row.role): row.openings for row in rows}


def _judged(rows: Sequence[Any], before: int, rules: TenantSettings) -> Day:
    return judge(
        [Look(row.field, row.basis, row.at) for row in rows],
        before=before,
        most_opened=rules.sights_per_day,
        most_viewed=rules.views_per_day,
    )


def _rules_at(rules: dict[str, TenantSettings], path: str) -> TenantSettings:
    holding = [tenant for tenant in rules if path.startswith(tenant)]
    return rules[max(holding, key=len)] if holding else TenantSettings()


def _common(paths: Sequence[str]) -> str:
    """Return the unit that holds all of these units."""
    return posixpath.commonpath(list(paths)).rstrip("/") + "/"


def _put_before(
    watcher: Role, actor_id: UUID, role: str, path: str, day: date, judged: Day
) -> None:
    row = SightOutlier(
        day=day, actor_id=actor_id, role=role, watcher=watcher.value, unit_path=path,
        opened=judged.opened, viewed=judged.viewed, outside=judged.outside, night=judged.night,
        signs=list(judged.signs),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    facts.publish(
        "sight.outlier", actor=SYSTEM, subject=row, opened=judged.opened, viewed=judged.viewed
    )
