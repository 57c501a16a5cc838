"""By when an authority answers: its own number of working days, counted by its own calendar."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.settings import TenantSettings
from portal.domain.vetting import appeal_until
from portal.extensions import db
from portal.models.supporters import Supporter
from portal.queries import calendars, units


def answer_by(tenant_path: str) -> date:
    """Return the last day of a written answer to what came in today (L06, L19)."""
    days = units.settings(tenant_path).answer_days
    return calendars.of(tenant_path).workdays_after(clock.today(), days)


def own_answer_days(actor: Actor) -> int:
    """Return in how many working days somebody is answered, by the slowest of their authorities."""
    paths = db.session.scalars(
        select(Supporter.tenant_path).where(Supporter.id.in_(actor.supporter_ids)).distinct()
    ).all()
    days = [units.settings(path).answer_days for path in paths]
    return max(days, default=TenantSettings().answer_days)


def last_appeal(tenant_path: str, decided: date) -> date:
    """Return the last day of an appeal: day 15, or the authority's next working day (SV)."""
    return calendars.of(tenant_path).next_workday(appeal_until(decided))
