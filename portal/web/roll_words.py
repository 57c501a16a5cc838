"""The words of a roll, for its page and for the one kept on a telephone."""

from __future__ import annotations

from types import SimpleNamespace

from portal.domain.attendance import LATE_AFTER, REASONS, STATES
from portal.domain.pickup_codes import RELATIONS


def words() -> SimpleNamespace:
    """Return what states, reasons and relations are called."""
    late_after = int(LATE_AFTER.total_seconds() // 60)
    return SimpleNamespace(
        states=STATES, reasons=REASONS, relations=RELATIONS, late_after=late_after
    )
