"""What waits besides applications: tier 2, appeals, complaints, checks that run out soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.lifecycles import clearances
from portal.domain.vetting import REMIND_DAYS
from portal.extensions import db
from portal.models.standings import Appeal, Clearance
from portal.models.supporters import Complaint, Supporter
from portal.models.units import Unit
from portal.queries.vetting import vetted_by

#: A list longer than this is worked off from the front.
MOST = 100


@dataclass(frozen=True, slots=True)
class MatterRow:
    """Something about one supporter that waits for this desk."""

    supporter_id: UUID
    name: str
    county: str
    status: str
    since: datetime
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The lists of the page, each oldest first."""

    asked: tuple[MatterRow, ...]
    second: tuple[MatterRow, ...]
    appeals: tuple[MatterRow, ...]
    complaints: tuple[MatterRow, ...]
    ending: tuple[MatterRow, ...]
    ended: tuple[MatterRow, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing waits."""
        return not any(
            (self.asked, self.second, self.appeals, self.complaints, self.ending, self.ended)
        )


def waiting(actor: Actor) -> Waiting:
    """Return what waits for the units this person vets for."""
    soon = clock.today() + timedelta(days=REMIND_DAYS[0])
    live = Clearance.status.in_(clearances.LIVE)
    return Waiting(
        asked=_rows(actor, Clearance, Clearance.status == "asked"),
        second=_rows(actor, Clearance, Clearance.status.in_(("recommended", "renewing"))),
        appeals=_rows(actor, Appeal, Appeal.status == "open"),
        complaints=_rows(actor, Complaint, Complaint.status == "open"),
        ending=_rows(actor, Clearance, live, Clearance.valid_to <= soon),
        ended=_rows(actor, Clearance, Clearance.status == "expired"),
    )


def count(actor: Actor) -> int:
    """Return how many requests, appeals and complaints wait for a person."""
    found = waiting(actor)
    return sum(map(len, (found.asked, found.second, found.appeals, found.complaints)))


def _rows(actor: Actor, model: Any, *tests: Any) -> tuple[MatterRow, ...]:
    since = getattr(model, "status_since", model.created_at)
    rows = db.session.execute(
        select(model, Supporter.name, Unit.name.label("county"), since.label("since"))
        .join(Supporter, Supporter.id == model.supporter_id)
        .join(Unit, Unit.path == Supporter.unit_path)
        .where(vetted_by(actor), *tests)
        .order_by(since, model.id)
        .limit(MOST)
    )
    return tuple(
        MatterRow(
            row[0].supporter_id, row.name, row.county, row[0].status, row.since,
            getattr(row[0], "valid_to", None),
        )
        for row in rows
    )  # fmt: skip
