"""Who has looked at a file lately, so that the page is not empty."""

from __future__ import annotations

from portal.demo.accounts import COUNTY, VILLAGE
from portal.demo.timeline import Timeline, act, look


def tell(story: Timeline) -> None:
    """Open a field twice by one's post, and leave the city's question on the county's desk."""
    asked = {"county": COUNTY, "low": 9, "high": 14, "village": VILLAGE}
    story.add(3, "09:30", look("system", "register.child", "looked_at", **asked))
    child = {"child_id": "$looked_at.id"}
    story.add(3, "09:40", act("$looked_at.director", "child.look", **child))
    visit = {"field": "guardian_phone", "reason": "visit"}
    story.add(3, "09:41", act("$looked_at.director", "child.reveal", **child, **visit))
    story.add(2, "10:15", act("county", "child.look", **child))
    check = {"field": "id_no", "reason": "verify"}
    story.add(2, "10:16", act("county", "child.reveal", **child, **check))
    fields, why = ["name", "id_no"], "核对年度台账抽样"
    sample = act("city", "sight.ask", **child, fields=fields, reason="report", words=why)
    story.add_lately(20, sample)
