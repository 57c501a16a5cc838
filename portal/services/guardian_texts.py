"""What a guardian's SMS holds: made when it is sent, kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from portal.domain import clock
from portal.extensions import db
from portal.models.children import GuardianLink
from portal.models.rights import GuardianAccess
from portal.services.guardians import token_of


@dataclass(frozen=True, slots=True)
class Owed:
    """One link on its way to one phone; ``minutes`` is how long it opens."""

    phone: str = field(repr=False)
    token: str = field(repr=False)
    minutes: int = 0


def owed(access_id: UUID) -> Owed | None:
    """Return what to send for a link, or None when it is dead or the number is gone."""
    row = db.session.execute(
        select(GuardianAccess.id, GuardianAccess.expires_at, GuardianLink.phone)
        .join(GuardianLink, GuardianLink.id == GuardianAccess.guardian_id)
        .where(
            GuardianAccess.id == access_id,
            GuardianAccess.revoked_at.is_(None),
            GuardianAccess.expires_at > clock.now(),
        )
    ).one_or_none()
    if row is None or not row.phone:
        return None
    left = row.expires_at - clock.now()
    return Owed(row.phone, token_of(row.id, row.expires_at), int(left.total_seconds() // 60))
