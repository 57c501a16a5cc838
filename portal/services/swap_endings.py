"""Swaps end with what they are about: the duty, or one of the two people."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.core import transitions
from portal.domain.actor import SYSTEM
from portal.domain.lifecycles.rota import SWAPS
from portal.extensions import db
from portal.models.rota import Duty, DutySwap, ProgrammeStaff


def fall_with(staff: ProgrammeStaff) -> None:
    """End the open questions of somebody who leaves, and those that ask for them."""
    mine = select(Duty.id).where(Duty.staff_id == staff.id)
    _fall((DutySwap.duty_id.in_(mine)) | (DutySwap.to_staff_id == staff.id))


def fall_with_duty(duty: Duty) -> None:
    """End the open question about a duty that is over or was taken away."""
    _fall(DutySwap.duty_id == duty.id)


def _fall(which: Any) -> None:
    rows = db.session.scalars(select(DutySwap).where(which, DutySwap.status == "asked")).all()
    for row in rows:
        transitions.fire(SWAPS, row, "fall", SYSTEM)
