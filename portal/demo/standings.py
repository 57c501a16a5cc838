"""Who may meet children in the demo: one paired, one held by a tie, one appeal, one member."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from portal.demo.accounts import COUNTY, VILLAGE
from portal.demo.supporters import SPECIAL, Crowd
from portal.demo.timeline import Timeline, act, look
from portal.domain import clock

#: The check of the paired volunteer runs out in three weeks.
_CHECKED = 345


def tell(story: Timeline, crowd: Crowd) -> None:
    """Bring one volunteer to a pairing, another to a question that a colleague must release."""
    paired, held = _people(crowd)
    _ask(story, paired[0], paired[1], 100)
    for number, finding in enumerate(_findings()):
        story.add(99, f"1{number}:00", _check(paired[1], finding))
    both = {"supporter_id": paired[1]}
    story.add(97, "10:00", act("county", "supporter.recommend_tier2", **both))
    story.add(96, "10:00", act("county2", "supporter.approve_tier2", **both))
    child = {"county": COUNTY, "low": 9, "high": 14, "village": VILLAGE}
    story.add(95, "09:00", look("system", "register.child", "to_pair", **child))
    story.add(
        95, "10:00",
        act("county", "pairing.match", "pairing", child_id="$to_pair.id", **both),
    )  # fmt: skip
    story.add(90, "10:00", act("county2", "pairing.activate", pairing_id="$pairing"))
    tie = {"relative_of_child": True, "words": "我是城西村一名孩子的表姑"}
    _ask(story, held[0], held[1], 3, **tie)
    words = {"words": "记录查询的是同名的人，我愿意到现场核对身份"}
    story.add(2, "09:00", act("volunteer102", "appeal.file", supporter_id="$volunteer102", **words))
    invited = {"email": "colleague@example.org", "name": "何秀兰", "role": "member"}
    given = {"supporter_id": "$me.supporter", **invited}
    story.add(2, "10:00", {"as": "enterprise", "do": "member.invite", "with": given})


def _people(crowd: Crowd) -> list[tuple[str, str]]:
    """Return login and reference of the first two admitted volunteers of the county."""
    admitted = [
        login
        for login, form in crowd.forms.items()
        if login not in SPECIAL and form["county_code"] == COUNTY
    ]
    return [
        (login, f"$of{COUNTY}.{number}")
        for number, login in enumerate(admitted)
        if login.startswith("volunteer")
    ][:2]


def _ask(story: Timeline, login: str, supporter: str, days_ago: int, **tie: Any) -> None:
    given = {"relative_of_child": False, "works_for_bureau": False, "pledge": True, **tie}
    story.add(days_ago, "09:00", act(login, "supporter.ask_tier2", supporter_id=supporter, **given))


def _check(supporter: str, finding: Mapping[str, Any]) -> Mapping[str, Any]:
    return act("county", "supporter.check", supporter_id=supporter, finding=dict(finding))


def _findings() -> tuple[Mapping[str, Any], ...]:
    def day(ago: int) -> str:
        return (clock.today() - timedelta(days=ago)).isoformat()

    return (
        {"kind": "offence", "done_on": day(_CHECKED), "result": "none", "office": "县公安局"},
        {"kind": "interview", "done_on": day(99), "result": "suitable", "office": "陈秀英"},
        {"kind": "training", "done_on": day(99), "minutes": 150, "office": "县未保中心"},
    )
