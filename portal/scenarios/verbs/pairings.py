"""The way of a pairing in a story: proposed, approved, agreed, met, begun, paused, ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portal.queries import standing_stories
from portal.services import pairings

VERBS: Mapping[str, Callable[..., Any]] = {
    "pairing.propose": pairings.propose,
    "pairing.approve": pairings.approve,
    "pairing.decline": pairings.decline,
    "pairing.agree_guardian": pairings.agree_guardian,
    "pairing.agree_child": pairings.agree_child,
    "pairing.plan_meeting": pairings.plan_meeting,
    "pairing.meet": pairings.meet,
    "pairing.call_child": pairings.call_child,
    "pairing.activate": pairings.activate,
    "pairing.pause": pairings.pause,
    "pairing.resume": pairings.resume,
    "pairing.close": pairings.close,
}
SIGHTS: Mapping[str, Callable[..., Any]] = {
    "pairing.state": standing_stories.pairing_state,
    "pairings.mine": standing_stories.own_pairings,
}
