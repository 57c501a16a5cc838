"""What a story looks at: states and numbers of needs, and the codes of their cards."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from portal.domain.errors import NotFound
from portal.extensions import db
from portal.models.needs import NeedCard, PairingNeed


def state(need_id: UUID) -> str:
    """Return a need's state; NotFound outside one's units."""
    return _need(need_id).status


def number(need_id: UUID) -> str:
    """Return a need's file number."""
    return _need(need_id).file_no


def card(need_id: UUID) -> str:
    """Return the public code of a need's card, or nothing while it has none."""
    code = db.session.scalar(select(NeedCard.code).where(NeedCard.id == _need(need_id).card_id))
    return code or ""


def states() -> dict[str, int]:
    """Count the needs in sight by state."""
    rows = db.session.execute(select(PairingNeed.status, func.count()).group_by(PairingNeed.status))
    return {row[0]: row[1] for row in rows}


def cards() -> int:
    """Count the cards of needs that visitors see."""
    return db.session.scalar(select(func.count()).select_from(NeedCard)) or 0


def _need(need_id: UUID) -> PairingNeed:
    found = db.session.scalar(select(PairingNeed).where(PairingNeed.id == need_id))
    if found is None:
        raise NotFound
    return found
