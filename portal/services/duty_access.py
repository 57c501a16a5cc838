"""The roster opens to who is on duty: 7 days before the first duty, until 24 hours after the end.

``programme_access`` is read at every request (queries.actors): ended here, it is ended there.
"""

from __future__ import annotations

from sqlalchemy import func, select

from portal.domain import clock
from portal.domain.rota import ACCESS_ROLES, HELPER, access_span
from portal.extensions import db
from portal.models.programmes import Programme, ProgrammeAccess
from portal.models.rota import Duty, ProgrammeStaff

_COUNTED = ("planned", "done")
#: The organiser's own key (services.programmes) is none of the rota's.
_OF_ROTA = frozenset({*ACCESS_ROLES.values(), HELPER})


def follow(staff: ProgrammeStaff) -> None:
    """Let the key of a confirmed person follow their duties; without any there is none."""
    first = db.session.scalar(
        select(func.min(Duty.happens_on)).where(
            Duty.staff_id == staff.id, Duty.status.in_(_COUNTED)
        )
    )
    if staff.status != "confirmed" or first is None or staff.user_id is None:
        close(staff)
        return
    opens, ends = access_span(first, staff.programme.ends_on)
    row = _held(staff)
    if row is None:
        row = ProgrammeAccess(
            programme_id=staff.programme_id, user_id=staff.user_id,
            role=ACCESS_ROLES.get(staff.role, HELPER), from_at=opens, until_at=ends,
        )  # fmt: skip
        db.session.add(row)
    row.from_at, row.until_at = opens, ends
    db.session.flush()


def follow_programme(programme: Programme) -> None:
    """Let every key of a programme follow its days, after they were moved."""
    rows = db.session.scalars(
        select(ProgrammeStaff).where(
            ProgrammeStaff.programme_id == programme.id, ProgrammeStaff.status == "confirmed"
        )
    ).all()
    for row in rows:
        follow(row)


def close(staff: ProgrammeStaff) -> None:
    """End a person's key at once."""
    row = _held(staff)
    if row is not None:
        row.ended_at = clock.now()
        db.session.flush()


def _held(staff: ProgrammeStaff) -> ProgrammeAccess | None:
    if staff.user_id is None:
        return None
    return db.session.scalar(
        select(ProgrammeAccess)
        .where(
            ProgrammeAccess.programme_id == staff.programme_id,
            ProgrammeAccess.user_id == staff.user_id,
            ProgrammeAccess.role.in_(_OF_ROTA),
            ProgrammeAccess.ended_at.is_(None),
        )
        .limit(1)
    )
