"""The cadence of a pairing in a story: excuses, substitutes, reviews; its light, what was kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portal.queries import stories_cadence
from portal.services import cadence_care, substitutions

VERBS: Mapping[str, Callable[..., Any]] = {
    "pairing.excuse": cadence_care.excuse,
    "pairing.withdraw_excuse": cadence_care.withdraw_excuse,
    "pairing.propose_review": cadence_care.propose_review,
    "pairing.substitute": substitutions.substitute,
    "pairing.end_substitution": substitutions.end_substitution,
}
SIGHTS: Mapping[str, Callable[..., Any]] = {
    "cadence.light": stories_cadence.light,
    "cadence.talks": stories_cadence.talks,
    "cadence.visits": stories_cadence.visits,
    "cadence.compliance": stories_cadence.compliance,
    "cadence.reminders": stories_cadence.reminders,
    "substitutions.own": stories_cadence.own_stands,
    "card.checked": stories_cadence.card_checked,
    "board.marks": stories_cadence.board_marks,
}
