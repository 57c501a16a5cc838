"""An SMS to a guardian whose child is absent without a word."""

from __future__ import annotations

from uuid import UUID

from portal import gateways
from portal.core.jobs import Lease
from portal.services import absences


def send(lease: Lease) -> None:
    """Send it, where this installation sends any; nothing when the absence was put right.

    A message that may have left is not sent again: the job counts as done either way.
    """
    owed = absences.owed(UUID(lease.args["cell"]))
    sender = gateways.installed().absences
    if owed is not None and sender is not None:
        sender.send_code(owed.phone, owed.hour, 0)
