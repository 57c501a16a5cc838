"""Mails about the roll (PG session; S0-4.7): who misses a child, who wanted one, who unlocks."""

from __future__ import annotations

from collections.abc import Mapping

from portal.notices import audiences
from portal.notices.rule import INSIDE, Rule

_ROLLS, _ABSENCES = "/attendance", "/desk/absences"

RULES: Mapping[str, tuple[Rule, ...]] = {
    "attendance_cell.alert": (Rule("absence_told", audiences.director, _ABSENCES, INSIDE),),
    "enrolment.visit_due": (Rule("visit_to_make", audiences.director, _ABSENCES, INSIDE),),
    "departure.block": (
        Rule("pickup_blocked", audiences.both_sides, _ROLLS, INSIDE, tells_actor=True),
    ),
    "departure.doubt": (
        Rule("pickup_in_doubt", audiences.both_sides, _ROLLS, INSIDE, tells_actor=True),
    ),
    "session_unlock.begin": (Rule("unlock_to_answer", audiences.bureau, _ROLLS, INSIDE),),
    "session_unlock.approve": (Rule("unlock_answered", audiences.owner, _ROLLS, INSIDE),),
    "session_unlock.decline": (Rule("unlock_answered", audiences.owner, _ROLLS, INSIDE),),
}
