"""Claims, deliveries, thanks, the archive."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portal.queries import stories
from portal.services import claims, commitments, handover, returns

VERBS: Mapping[str, Callable[..., Any]] = {
    "claim.make": claims.claim,
    "claim.make_several": claims.claim_several,
    "commitment.approve": commitments.approve,
    "commitment.decline": commitments.decline,
    "commitment.fail": commitments.fail,
    "commitment.dispatch": commitments.dispatch,
    "commitment.receive": commitments.receive,
    "commitment.give_back": returns.give_back,
    "wish.fulfil": handover.fulfil,
    "wish.archive": handover.archive,
    "thanks.write": handover.write_thanks,
    "thanks.release": handover.release_thanks,
    "thanks.return": handover.return_thanks,
}
SIGHTS: Mapping[str, Callable[..., Any]] = {
    "claims.mine": stories.claims_of,
    "claim.of": stories.claim_of,
    "claim.status": stories.claim_status,
    "deliveries.late": stories.late_deliveries,
}
