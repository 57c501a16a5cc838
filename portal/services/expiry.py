"""What runs out acts by itself on its day; people are told 30, 7 and 1 days before, once each.

The last day itself still counts: what ended yesterday ends at midnight (Shanghai).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from portal.core import facts, transitions
from portal.domain import clock, passport
from portal.domain.actor import SYSTEM
from portal.domain.lifecycles import clearances
from portal.domain.lifecycles.supporters import MACHINE
from portal.domain.vetting import REMIND_DAYS
from portal.extensions import db
from portal.models.records import Fact
from portal.models.standings import Clearance
from portal.models.supporters import Supporter, VettingCheck
from portal.services import standings

_CHUNK = 500


def expire_due() -> int:
    """End what ran out: tier 2 by its first check, tier 1, a charity by its registration.

    Needs the system's scope. Returns how many standings ended (a periodic job).
    """
    return _contacts() + _standings() + _registrations()


def remind_due() -> int:
    """Publish one fact for each end that is 30, 7 or 1 days off; return how many (a job).

    A day the worker missed is caught up by the next nearer reminder, never by two.
    """
    count = 0
    for kind, rows in (
        ("clearance.expiry_near", _near(Clearance, Clearance.status.in_(clearances.LIVE))),
        ("supporter.expiry_near", _near(Supporter, Supporter.status == "approved")),
        ("supporter.papers_near", _papers_near()),
    ):
        count += _tell(kind, rows)
    return count


def registration_ended(supporter: Supporter) -> bool:
    """Tell whether the newest registration certificate on record has run out."""
    newest = db.session.scalar(
        select(func.max(VettingCheck.expires_on)).where(
            VettingCheck.supporter_id == supporter.id,
            VettingCheck.kind == "registration",
            VettingCheck.struck_at.is_(None),
        )
    )
    return newest is not None and newest < clock.today()


def _contacts() -> int:
    today = clock.today()
    ended = db.session.scalars(
        select(Clearance)
        .where(Clearance.status.in_(clearances.LIVE), Clearance.valid_to < today)
        .order_by(Clearance.valid_to, Clearance.id)
    ).all()
    for row in ended:
        kind = passport.runs_out_first(row.passport, today - timedelta(days=1))
        why = f"{kind}_expired" if kind else "standing_expired"
        transitions.fire(clearances.MACHINE, row, "expire", SYSTEM, why=why)
        supporter = db.session.get_one(Supporter, row.supporter_id)
        supporter.tier = min(supporter.tier, 1)
        standings.contact_ended(supporter, why)
    return len(ended)


def _standings() -> int:
    ended = db.session.scalars(
        select(Supporter)
        .where(Supporter.status == "approved", Supporter.valid_to < clock.today())
        .order_by(Supporter.valid_to, Supporter.id)
    ).all()
    for supporter in ended:
        _expire(supporter)
    return len(ended)


def _registrations() -> int:
    ended = db.session.scalars(
        select(Supporter)
        .join(VettingCheck, VettingCheck.supporter_id == Supporter.id)
        .where(
            Supporter.status == "approved",
            VettingCheck.kind == "registration",
            VettingCheck.struck_at.is_(None),
        )
        .group_by(Supporter.id)
        .having(func.max(VettingCheck.expires_on) < clock.today())
    ).all()
    for supporter in ended:
        _expire(supporter)
    return len(ended)


def _expire(supporter: Supporter) -> None:
    transitions.fire(MACHINE, supporter, "expire", SYSTEM)
    standings.all_ended(supporter, "standing_expired")


#: What ends, and the day it ends on.
Near = tuple[Any, date]


def _near(model: Any, standing: Any) -> list[Near]:
    today = clock.today()
    rows = db.session.scalars(
        select(model)
        .where(standing, model.valid_to >= today, model.valid_to <= _horizon())
        .order_by(model.valid_to, model.id)
    )
    return [(row, row.valid_to) for row in rows]


def _papers_near() -> list[Near]:
    """Return the approved charities whose newest certificate of a kind ends soon."""
    newest = func.max(VettingCheck.expires_on)
    rows = db.session.execute(
        select(VettingCheck.supporter_id, newest.label("ends"))
        .join(Supporter, Supporter.id == VettingCheck.supporter_id)
        .where(
            Supporter.status == "approved",
            VettingCheck.kind.in_(passport.PAPER_KINDS),
            VettingCheck.struck_at.is_(None),
        )
        .group_by(VettingCheck.supporter_id, VettingCheck.kind)
        .having(newest >= clock.today(), newest <= _horizon())
        .order_by(newest, VettingCheck.supporter_id)
    ).all()
    return [(db.session.get_one(Supporter, row.supporter_id), row.ends) for row in rows]


def _horizon() -> date:
    return clock.today() + timedelta(days=REMIND_DAYS[0])


def _tell(kind: str, rows: list[Near]) -> int:
    count = 0
    for start in range(0, len(rows), _CHUNK):
        bite = rows[start : start + _CHUNK]
        told = _told(kind, [row.id for row, _ in bite])
        for row, ends in bite:
            days = _reminder(ends)
            if (row.id, ends.isoformat(), days) in told:
                continue
            facts.publish(kind, actor=SYSTEM, subject=row, valid_to=ends.isoformat(), days=days)
            count += 1
    return count


def _reminder(ends: date) -> int:
    """Return which of the reminders is due: the nearest that has come."""
    left = (ends - clock.today()).days
    return min(days for days in REMIND_DAYS if left <= days)


def _told(kind: str, ids: Iterable[Any]) -> set[tuple[Any, str, int]]:
    rows = db.session.execute(
        select(Fact.subject_id, Fact.data).where(
            Fact.kind == kind,
            Fact.subject_id.in_(list(ids)),
            Fact.at >= clock.start_of(clock.today() - timedelta(days=REMIND_DAYS[0] + 1)),
        )
    )
    return {
        (row.subject_id, str(row.data.get("valid_to")), int(row.data.get("days", 0)))
        for row in rows
    }
