"""Telling a family that a place is theirs: by SMS where a gateway is set up.

The director is told by mail in any case and has the family on the list to call
(notices.taking_part_rules, web.desk_home).
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal import gateways
from portal.domain.actor import SYSTEM
from portal.extensions import db
from portal.models.children import ChildFile
from portal.services import enrolment_checks as checks
from portal.services import guardians


def tell(child_id: UUID) -> bool:
    """Send the guardian of a child a link by SMS; False where no gateway or no number is."""
    if gateways.installed().links is None:
        return False
    child = db.session.scalar(select(ChildFile).where(ChildFile.id == child_id))
    guardian = checks.guardian_of(child) if child is not None else None
    if child is None or guardian is None or child.status != "active":
        return False
    guardians.send_by_sms(SYSTEM, child, guardian)
    return True
