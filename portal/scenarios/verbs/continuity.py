"""What lets no child be dropped, in a story: reviews, leaving, hand-overs, interviews, moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portal.queries import stories_continuity as stories
from portal.services import (
    child_transfers,
    closing_interviews,
    handovers,
    pairing_contacts,
    pairing_leaving,
    pairing_reviews,
)

VERBS: Mapping[str, Callable[..., Any]] = {
    "pairing.review": pairing_reviews.hold,
    "pairing.ask_to_leave": pairing_leaving.ask_to_leave,
    "pairing.stay": pairing_leaving.stay,
    "pairing.name_contact": pairing_contacts.name,
    "pairing.interview": closing_interviews.record,
    "handover.write": handovers.write,
    "handover.release": handovers.release,
    "handover.return": handovers.send_back,
    "transfer.propose": child_transfers.propose,
    "transfer.accept": child_transfers.accept,
    "transfer.refuse": child_transfers.refuse,
    "transfer.withdraw": child_transfers.withdraw,
}
SIGHTS: Mapping[str, Callable[..., Any]] = {
    "pairing.gaps": stories.gaps,
    "pairing.number": stories.number,
    "pairing.follows": stories.follows,
    "pairing.review_due": stories.review_due,
    "pairing.contact": stories.contact,
    "interviews.open": stories.open_interviews,
    "handover.received": stories.received,
    "handover.left": stories.left,
    "transfer.state": stories.transfer_state,
    "transfer.summary": stories.transfer_summary,
    "transfer.missing": stories.transfer_missing,
    "transfer.reminded": stories.transfer_reminded,
    "transfers.waiting": stories.transfers_waiting,
    "child.place": stories.child_place,
}
