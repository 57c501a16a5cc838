"""Background work of the rights: links by SMS, and the list of what was erased."""

from __future__ import annotations

from uuid import UUID

from flask import current_app

from portal import gateways
from portal.core.jobs import Lease
from portal.services import guardian_texts, tombstones


def send_link(lease: Lease) -> None:
    """Send one guardian's link by SMS; nothing when it died meanwhile.

    A message that may have left is not sent again: the job counts as done either way.
    """
    owed = guardian_texts.owed(UUID(lease.args["access_id"]))
    sender = gateways.installed().links
    if owed is not None and sender is not None:
        sender.send_code(owed.phone, owed.token, owed.minutes)


def write_tombstones(lease: Lease) -> None:
    """Append to the file what was erased since."""
    tombstones.write_out(current_app.config["SETTINGS"].tombstone_file)
