"""Who may not meet children yet: one held by a tie, one appeal, one member invited."""

from __future__ import annotations

from portal.demo.accounts import COUNTY
from portal.demo.pairings import ask, person
from portal.demo.supporters import Crowd
from portal.demo.timeline import Timeline, act


def tell(story: Timeline, crowd: Crowd) -> None:
    """Ask a question that a colleague must release, appeal against a refusal, invite."""
    login, supporter = person(crowd, COUNTY, 1)
    ask(
        story, login, supporter, 3,
        relative_of_child=True, words="我是城西村一名孩子的表姑",
    )  # fmt: skip
    words = {"words": "记录查询的是同名的人，我愿意到现场核对身份"}
    story.add(2, "09:00", act("volunteer102", "appeal.file", supporter_id="$volunteer102", **words))
    invited = {"email": "colleague@example.org", "name": "何秀兰", "role": "member"}
    given = {"supporter_id": "$me.supporter", **invited}
    story.add(2, "10:00", {"as": "enterprise", "do": "member.invite", "with": given})
