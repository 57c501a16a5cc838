"""A pairing's journal in a story: told, verified, sent back, void; and worries about a child."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portal.queries import journals
from portal.services import concerns, contact_logs

VERBS: Mapping[str, Callable[..., Any]] = {
    "contact.record": contact_logs.record,
    "contact.correct": contact_logs.correct,
    "contact.verify": contact_logs.verify,
    "contact.send_back": contact_logs.send_back,
    "contact.void": contact_logs.void,
    "concern.acknowledge": concerns.acknowledge,
}
SIGHTS: Mapping[str, Callable[..., Any]] = {
    "contact.state": journals.state,
}
