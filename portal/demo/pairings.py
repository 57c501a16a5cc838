"""Pairings of the demo's needs in each of their states, told by days before today.

``$pairing`` is the one of volunteer@example.org; ``$pairing<no>`` the one of need <no>.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal.demo.accounts import COUNTY
from portal.demo.supporters import SPECIAL, Crowd
from portal.demo.timeline import Timeline, act
from portal.domain import clock

_ASKED, _CHECKED, _GRANTED = 100, 99, 96
#: How long an offence check of the first volunteer is ago: it runs out in three weeks.
_OLD_CHECK = 345
_WAY = 14


@dataclass(frozen=True, slots=True)
class _Plan:
    """A need, which volunteer of its county answers it, how far it came, when it began."""

    no: int
    county: str
    nth: int
    state: str
    begun: int = 0
    called: str = ""
    place: str = ""
    #: How many days earlier than the others the volunteer was cleared.
    early: int = 0


#: Few missed months: who began more than six weeks ago would rest by now without a journal.
_PLANS = (
    _Plan(1, COUNTY, 0, "active", 40, "小禾", "明溪县未成年人保护服务中心"),
    _Plan(2, COUNTY, 2, "proposed"),
    _Plan(3, "350429", 0, "matched", 0, "", "泰宁县未成年人保护服务中心"),
    _Plan(4, "350429", 1, "active", 25, "阿航", "泰宁县青少年活动中心"),
    _Plan(8, "350424", 0, "paused", 38, "朵朵", "宁化县未成年人保护服务中心"),
    _Plan(9, "350425", 0, "active", 18, "书豪", "大田县图书馆"),
    _Plan(11, "350426", 0, "closed", 60, "豆豆", "尤溪县未成年人保护服务中心"),
    _Plan(13, "350404", 0, "proposed"),
    _Plan(16, "350405", 0, "active", 103, "阿木", "沙县区未成年人保护服务中心", 38),
    _Plan(20, "350481", 0, "active", 103, "小满", "永安市少年宫", 38),
)


def tell(story: Timeline, crowd: Crowd) -> None:
    """Clear the volunteers for contact with children, then let each pairing go its way."""
    for plan in _PLANS:
        login, supporter = person(crowd, plan.county, plan.nth)
        clear(story, plan.county, login, supporter, plan.no, plan.early)
        _propose(story, plan, supporter)
        if plan.state != "proposed":
            _match(story, plan)
        if plan.begun:
            _begin(story, plan)
        _end(story, plan)


def person(crowd: Crowd, county: str, nth: int) -> tuple[str, str]:
    """Return login and reference of the nth admitted volunteer of a county."""
    admitted = [
        login
        for login, form in crowd.forms.items()
        if login not in SPECIAL and form["county_code"] == county
    ]
    volunteers = [
        (login, f"$of{county}.{number}")
        for number, login in enumerate(admitted)
        if login.startswith("volunteer")
    ]
    return volunteers[nth]


def ask(story: Timeline, login: str, supporter: str, days_ago: int, **tie: Any) -> None:
    """Let somebody ask to meet children."""
    given = {"relative_of_child": False, "works_for_bureau": False, "pledge": True, **tie}
    story.add(days_ago, "09:00", act(login, "supporter.ask_tier2", supporter_id=supporter, **given))


def clear(
    story: Timeline, county: str, login: str, supporter: str, no: int, early: int = 0
) -> None:
    """Bring a volunteer to tier 2 by two people: a clerk, and a second one or the city."""
    clerk = _clerk(county)
    second = "county2" if county == COUNTY else "city"
    ask(story, login, supporter, _ASKED + early)
    for finding in _findings(_OLD_CHECK if no == 1 else _CHECKED + early, early):
        given: dict[str, Any] = {"supporter_id": supporter, "finding": dict(finding)}
        story.add(_CHECKED + early, "10:00", act(clerk, "supporter.check", **given))
    both = {"supporter_id": supporter}
    story.add(_GRANTED + early + 1, "10:00", act(clerk, "supporter.recommend_tier2", **both))
    story.add(_GRANTED + early, "10:00", act(second, "supporter.approve_tier2", **both))


def _findings(offence: int, early: int) -> tuple[Mapping[str, Any], ...]:
    def day(ago: int) -> str:
        return (clock.today() - timedelta(days=ago)).isoformat()

    return (
        {"kind": "offence", "done_on": day(offence), "result": "none", "office": "县公安局"},
        {"kind": "interview", "done_on": day(99 + early), "result": "suitable", "office": "陈秀英"},
        {"kind": "training", "done_on": day(99 + early), "minutes": 150, "office": "县未保中心"},
    )


def _clerk(county: str) -> str:
    return "county" if county == COUNTY else f"county.{county}"


def _name(plan: _Plan) -> str:
    return "pairing" if plan.no == 1 else f"pairing{plan.no}"


def _of(plan: _Plan) -> dict[str, str]:
    return {"pairing_id": f"${_name(plan)}"}


def _propose(story: Timeline, plan: _Plan, supporter: str) -> None:
    """Propose: by a clerk where there are two, by the matching where there is one."""
    mine = plan.county == COUNTY
    ago = plan.begun + _WAY if plan.begun else 4
    why = ["同一个县，离孩子常去的服务点近", "周末有空，与需求的时间合得上"]
    given: dict[str, Any] = {
        "need_id": f"$need{plan.no}", "supporter_id": supporter, "reasons": why,
        "origin": "search" if mine else "engine",
    }  # fmt: skip
    who = "county" if mine else "system"
    story.add(ago, "10:00", act(who, "pairing.propose", _name(plan), **given))


def _match(story: Timeline, plan: _Plan) -> None:
    """Approve; the family agrees, the first meeting is arranged."""
    ago = plan.begun + _WAY - 2 if plan.begun else 3
    second = "county2" if plan.county == COUNTY else _clerk(plan.county)
    director, of = f"$nc{plan.no}.director", _of(plan)
    story.add(ago, "10:00", act(second, "pairing.approve", **of))
    said = {"by": "张桂兰", "on": f"today-{ago - 2}d"}
    story.add(ago - 2, "15:00", act(director, "pairing.agree_guardian", **of, **said))
    heard = {"words": "愿意，想先见一面", "on": f"today-{ago - 2}d"}
    story.add(ago - 2, "15:00", act(director, "pairing.agree_child", **of, **heard))
    meeting = f"today-{plan.begun}d" if plan.begun else "today+3d"
    given = {"on": meeting, "hour": "15:30", "place": plan.place}
    story.add(ago - 2, "15:00", act(director, "pairing.plan_meeting", **of, **given))


def _begin(story: Timeline, plan: _Plan) -> None:
    director, of = f"$nc{plan.no}.director", _of(plan)
    held = {"on": f"today-{plan.begun}d", "called": plan.called, "place": plan.place}
    story.add(plan.begun, "17:00", act(director, "pairing.meet", **of, **held))
    story.add(plan.begun, "17:00", act(_clerk(plan.county), "pairing.activate", **of))


def _end(story: Timeline, plan: _Plan) -> None:
    clerk, of = _clerk(plan.county), _of(plan)
    if plan.state == "paused":
        why = {"reason_code": "other", "reason": "结对人外出培训一个月"}
        story.add(6, "10:00", act(clerk, "pairing.pause", **of, **why))
    elif plan.state == "closed":
        why = {"reason_code": "goal_met", "reason": "妈妈回到身边，家里说够了"}
        story.add(33, "10:00", act(clerk, "pairing.close", **of, **why))
