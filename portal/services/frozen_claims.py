"""Claims of somebody whose standing has ended: nothing new, what nobody approved goes back."""

from __future__ import annotations

from sqlalchemy import select

from portal.core import transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM
from portal.domain.lifecycles.commitments import MACHINE
from portal.domain.vetting import PAUSE_REASONS
from portal.extensions import db
from portal.models.supporters import Supporter
from portal.models.wishes import Commitment
from portal.services import returns


def release_pending(supporter: Supporter, why: str) -> int:
    """Put the wishes of unapproved claims back on the wall; return how many.

    Approved ones stay: the county sees them on its desk and decides each. Needs the whole tree.
    """
    pending = db.session.scalars(
        select(Commitment)
        .where(Commitment.supporter_id == supporter.id, Commitment.status == "pending")
        .order_by(Commitment.claimed_at, Commitment.id)
    ).all()
    for promise in pending:
        transitions.fire(MACHINE, promise, "release", SYSTEM, why=why)
        promise.ended_at = clock.now()
        promise.reason = PAUSE_REASONS[why]
        returns.free(SYSTEM, promise)
    return len(pending)
