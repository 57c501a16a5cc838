"""What somebody on a rota reads on their own page: invitations, days, hours, swaps.

A volunteer holds no role: the programme's title and place are read in the authority's scope, for
those programmes alone on whose rota they stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.core import scope
from portal.domain import clock
from portal.domain.actor import Actor
from portal.extensions import db
from portal.models.programmes import Programme
from portal.models.rota import Duty, DutySwap, ProgrammeStaff


@dataclass(frozen=True, slots=True)
class OwnDuty:
    """One day of mine; ``swap_id`` is set while a colleague was asked for it."""

    id: UUID
    version: int
    on: date
    starts: str
    ends: str
    status: str
    swap_id: UUID | None
    swap_version: int | None

    @property
    def is_ahead(self) -> bool:
        """Tell whether the day is still to come."""
        return self.status == "planned" and self.on >= clock.today()


@dataclass(frozen=True, slots=True)
class OwnRota:
    """A programme I am asked for or work in."""

    id: UUID
    version: int
    code: str
    title: str
    kind: str
    role: str
    status: str
    removed_reason: str
    starts_on: date
    ends_on: date
    venue: str
    meeting_point: str
    duties: tuple[OwnDuty, ...]
    #: The colleagues who could take a duty: pairs (id, name).
    colleagues: tuple[tuple[str, str], ...]
    #: The roster is open to me now.
    is_open: bool


def of(actor: Actor) -> tuple[OwnRota, ...]:
    """Return what I am asked for first, then what comes, then what is over."""
    rows = db.session.scalars(
        select(ProgrammeStaff).where(ProgrammeStaff.supporter_id.in_(actor.supporter_ids))
    ).all()
    mine = [(row.id, row.programme_id, row.tenant_path) for row in rows]
    found = []
    for tenant in sorted({tenant for _, _, tenant in mine}):
        with scope.within(_authority(tenant, actor), db.session()):
            found += [_own(actor, staff_id) for staff_id, _, path in mine if path == tenant]
    rank = {"invited": 0, "confirmed": 1, "removed": 2}
    return tuple(sorted(found, key=lambda one: (rank[one.status], -one.starts_on.toordinal())))


def asked(actor: Actor) -> int:
    """Return how many invitations wait for my answer."""
    rows = db.session.scalars(
        select(ProgrammeStaff.id).where(
            ProgrammeStaff.supporter_id.in_(actor.supporter_ids), ProgrammeStaff.status == "invited"
        )
    )
    return len(rows.all())


def _authority(tenant: str, actor: Actor) -> scope.Scope:
    why = "the programmes on whose rota one stands"
    return scope.Scope(tenants=(tenant,), supporters=actor.supporter_ids, reason=why)


def _own(actor: Actor, staff_id: UUID) -> OwnRota:
    staff = db.session.get_one(ProgrammeStaff, staff_id)
    programme = db.session.get_one(Programme, staff.programme_id)
    confirmed = staff.status == "confirmed"
    return OwnRota(
        id=staff.id,
        version=staff.version,
        code=programme.code,
        title=programme.title,
        kind=programme.kind,
        role=staff.role,
        status=staff.status,
        removed_reason=staff.removed_reason,
        starts_on=programme.starts_on,
        ends_on=programme.ends_on,
        venue=programme.venue if confirmed else "",
        meeting_point=programme.meeting_point if confirmed else "",
        duties=_duties(staff),
        colleagues=_colleagues(staff) if confirmed else (),
        is_open=confirmed and programme.id in actor.programme_ids,
    )


def _duties(staff: ProgrammeStaff) -> tuple[OwnDuty, ...]:
    rows = db.session.scalars(
        select(Duty)
        .where(Duty.staff_id == staff.id, Duty.status.in_(("planned", "done")))
        .order_by(Duty.happens_on, Duty.starts)
    ).all()
    swaps: dict[UUID, DutySwap] = {}
    for one in db.session.scalars(
        select(DutySwap).where(
            DutySwap.duty_id.in_([row.id for row in rows]), DutySwap.status == "asked"
        )
    ):
        swaps[one.duty_id] = one
    return tuple(
        OwnDuty(
            row.id, row.version, row.happens_on, row.starts, row.ends, row.status,
            swaps[row.id].id if row.id in swaps else None,
            swaps[row.id].version if row.id in swaps else None,
        )
        for row in rows
    )  # fmt: skip


def _colleagues(staff: ProgrammeStaff) -> tuple[tuple[str, str], ...]:
    rows = db.session.scalars(
        select(ProgrammeStaff)
        .where(
            ProgrammeStaff.programme_id == staff.programme_id,
            ProgrammeStaff.status == "confirmed",
            ProgrammeStaff.id != staff.id,
        )
        .order_by(ProgrammeStaff.created_at, ProgrammeStaff.id)
    )
    return tuple((str(row.id), row.name) for row in rows)
