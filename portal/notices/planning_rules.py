"""Who is told what of a programme's planning: the bureau, its organiser, whoever is involved."""

from __future__ import annotations

from collections.abc import Mapping

from portal.notices import audiences
from portal.notices.planning_news import involved
from portal.notices.rule import INSIDE, Rule

_DESK = "/desk/programmes"

RULES: Mapping[str, tuple[Rule, ...]] = {
    "programme.submit": (Rule("programme_to_approve", audiences.bureau, _DESK, INSIDE),),
    "programme.approve": (Rule("programme_approved", audiences.owner, _DESK, INSIDE),),
    "programme.send_back": (Rule("programme_returned", audiences.owner, _DESK, INSIDE),),
    "programme.cancel": (Rule("programme_cancelled", involved, "/programmes", INSIDE),),
    "programme.not_ready": (
        Rule("programme_not_ready", audiences.owner, _DESK, INSIDE),
        Rule("programme_not_ready", audiences.bureau, _DESK, INSIDE),
    ),
    "programme.finish_by_day": (Rule("programme_over", audiences.owner, _DESK, INSIDE),),
    "programme_session.cancel": (Rule("session_cancelled", involved, "/programmes", INSIDE),),
    "programme_session.replan": (Rule("session_replanned", involved, "/programmes", INSIDE),),
}
