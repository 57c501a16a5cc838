"""What a guardian's link shows of a child's pairings: who, for what, how often, what is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.domain import masking
from portal.domain.lifecycles.pairings import APPROVED
from portal.extensions import db
from portal.models.pairings import Pairing
from portal.models.supporters import Supporter


@dataclass(frozen=True, slots=True)
class FamilyPairing:
    """A pairing as the family reads it: the person masked until they meet them."""

    id: UUID
    status: str
    person: str
    helper: str
    kind: str
    rhythm: str
    agreed_on: date | None
    meeting_on: date | None
    meeting_hour: str
    meeting_place: str

    @property
    def asks(self) -> bool:
        """Tell whether the guardian's yes is still to come."""
        return self.status == "matched" and self.agreed_on is None


def of_child(child_id: UUID) -> tuple[FamilyPairing, ...]:
    """Return the pairings that were approved for a child; the caller opened the link's scope."""
    rows = db.session.execute(
        select(Pairing, Supporter.name)
        .join(Supporter, Supporter.id == Pairing.supporter_id)
        .where(Pairing.child_id == child_id, Pairing.status.in_(APPROVED))
        .order_by(Pairing.file_no)
    )
    return tuple(
        FamilyPairing(
            one.id, one.status, masking.mask_name(name), one.helper, one.kind, one.rhythm,
            one.guardian_agreed_on, one.meeting_on, one.meeting_hour, one.meeting_place or "",
        )
        for one, name in rows
    )  # fmt: skip
