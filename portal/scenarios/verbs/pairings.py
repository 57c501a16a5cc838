"""The way of a pairing in a story: proposed, approved, agreed, met, begun, paused, ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portal.queries import standing_stories
from portal.services import pairing_meetings, pairings

VERBS: Mapping[str, Callable[..., Any]] = {
    "pairing.propose": pairings.propose,
    "pairing.approve": pairings.approve,
    "pairing.decline": pairings.decline,
    "pairing.agree_guardian": pairing_meetings.agree_guardian,
    "pairing.agree_child": pairing_meetings.agree_child,
    "pairing.plan_meeting": pairing_meetings.plan_meeting,
    "pairing.meet": pairing_meetings.meet,
    "pairing.call_child": pairing_meetings.call_child,
    "pairing.activate": pairings.activate,
    "pairing.set_helper": pairings.set_helper,
    "pairing.pause": pairings.pause,
    "pairing.resume": pairings.resume,
    "pairing.close": pairings.close,
}
SIGHTS: Mapping[str, Callable[..., Any]] = {
    "pairing.state": standing_stories.pairing_state,
    "pairings.mine": standing_stories.own_pairings,
}
