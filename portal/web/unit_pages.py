"""A change of the tree in words: what it touches, and why it cannot be confirmed just now."""

from __future__ import annotations

from collections import Counter

from flask_babel import gettext

from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.fact_words import OTHER_ROWS, ROWS
from portal.domain.lifecycles.unit_changes import TWO_KEYS
from portal.queries.unit_planning import Preview
from portal.web.errors import sentence

_PROPOSED = "proposed"


def preview_words(seen: Preview) -> list[tuple[str, int]]:
    """Return how many rows of each kind move, the many first."""
    counted: Counter[str] = Counter()
    for one in seen.impact.tables:
        counted[ROWS.get(one.model, OTHER_ROWS)] += one.rows
    return [(gettext(word), rows) for word, rows in counted.most_common()]


def refusal_words(seen: Preview, actor: Actor) -> str:
    """Return why this person cannot confirm now; empty when they can."""
    if seen.status != _PROPOSED:
        return ""
    if seen.refusal is not None:
        return sentence(seen.refusal)
    if seen.wanted.kind in TWO_KEYS and seen.created_by == actor.user_id:
        return gettext("这项调整由您提出，需要另一位管理员确认（两人把关）。")
    if seen.wanted.effective_on > clock.today():
        return gettext("生效日还没到，到那天再确认。")
    return ""
