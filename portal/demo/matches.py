"""A county's matching in the demo: needs of 明溪 that wait, people who have time, one run.

They come after the 20 needs of domain.md 7, so that those keep their numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.demo import needs, pairings
from portal.demo.accounts import COUNTY
from portal.demo.supporters import Crowd
from portal.demo.timeline import Timeline, act, look
from portal.domain.needs import AFFECTION, HEARD_FROM_AGE

#: Days before today on which all of them were drafted: each moment of a story costs the clock.
_DRAFTED = 76
#: Volunteers of the county before these have parts of their own.
_FROM = 3


@dataclass(frozen=True, slots=True)
class _Waits:
    """A need that is approved and has nobody: since how many days, whose, what for."""

    ago: int
    low: int
    high: int
    kind: str
    rhythm: str
    helper: str = ""
    words: str = ""


_NEEDS = (
    _Waits(70, 9, 11, "study", "weekends", "teacher", "作文不知道怎么开头，想有人一起写"),
    _Waits(62, 12, 14, AFFECTION, "monthly_quarterly", "mother", "想有人听我说说心里话"),
    _Waits(55, 6, 8, "reading", "weekends", "student"),
    _Waits(48, 9, 11, "sport", "weekends", "", "想有人教我打羽毛球"),
    _Waits(40, 15, 17, "career", "monthly", "entrepreneur", "不知道该读高中还是读职校"),
    _Waits(33, 9, 11, "skill", "weekends", "volunteers", "想学写毛笔字"),
    _Waits(26, 12, 14, "study", "weekdays", "teacher", "英语听不懂，想有人带我念"),
    _Waits(19, 6, 8, "daily_life", "weekdays"),
)
#: What each of the volunteers offers: skills, days, how many children.
_PEOPLE: tuple[tuple[tuple[str, ...], tuple[str, ...], int], ...] = (
    (("tutoring", "reading"), ("weekend", "weekday"), 2),
    (("listening",), ("weekend", "holiday"), 2),
    (("reading", "art"), ("weekend",), 1),
    (("sport", "safety"), ("weekend",), 1),
    (("career", "science"), ("weekday", "weekend"), 1),
    (("art", "music"), ("weekend", "holiday"), 1),
    (("tutoring",), ("weekday",), 1),
    (("listening", "daily_life"), ("weekend",), 2),
)


def tell(story: Timeline, crowd: Crowd) -> None:
    """Let needs wait and people have time, keep a pair, avoid one, match all, propose two."""
    others = [f"$nc{row['no']}.id" for row in needs.rows() if row["county"] == COUNTY]
    for number, wanted in enumerate(_NEEDS, start=21):
        _need(story, number, wanted, others)
    persons = [pairings.person(crowd, COUNTY, _FROM + nth) for nth in range(len(_PEOPLE))]
    for (login, supporter), (skills, days, capacity) in zip(persons, _PEOPLE, strict=True):
        pairings.clear(story, COUNTY, login, supporter, 0)
        offer = {
            "skills": list(skills), "days": list(days), "capacity": capacity,
            "languages": ["mandarin"], "counties": [COUNTY],
        }  # fmt: skip
        story.add(15, "10:00", act(login, "pool.fill", offer=offer))
    _ask(story, [login for login, _ in persons], [supporter for _, supporter in persons])
    _match(story, [supporter for _, supporter in persons])


def _need(story: Timeline, number: int, wanted: _Waits, others: list[str]) -> None:
    child = f"nc{number}"
    of, director = {"child_id": f"${child}.id"}, f"${child}.director"
    age = {"low": wanted.low, "high": wanted.high}
    ago = _DRAFTED
    asked = {"county": COUNTY, "besides": [*others], **age}
    story.add(ago, "09:00", look("system", "register.child", child, **asked))
    others.append(f"${child}.id")
    if wanted.kind == AFFECTION:
        found: dict[str, Any] = {"lacks_affection": True, "assessed_on": f"today-{ago}d"}
        story.add(ago, "09:00", act(director, "child.assess", **of, **found))
    given = {"method": "written", "given_by": "王秀兰", "relation": "祖母"}
    agreed = {**given, "given_on": f"today-{ago}d"}
    story.add(ago, "09:00", act(director, "consent.record", given=agreed, purpose="pairing", **of))
    filled: dict[str, Any] = {
        "kind": wanted.kind, "rhythm": wanted.rhythm, "helper": wanted.helper,
        "assessed_on": f"today-{ago}d",
    }  # fmt: skip
    if wanted.high >= HEARD_FROM_AGE:
        heard = wanted.words or "想有人常常来陪我"
        filled |= {"heard_on": f"today-{ago}d", "child_words": heard}
    name = f"need{number}"
    story.add(ago, "09:00", act(director, "need.draft", name, asked=filled, **of))
    story.add(ago, "09:00", act(director, "need.submit", need_id=f"${name}"))
    story.add(wanted.ago, "10:00", act("county", "need.approve", need_id=f"${name}"))


def _ask(story: Timeline, logins: list[str], supporters: list[str]) -> None:
    """One applies for a card of the county, one offers for whichever child."""
    story.add(3, "20:00", look("county", "need.card", "card2", need_id="$need2"))
    asked: dict[str, Any] = {
        "supporter_id": supporters[0],
        "words": "教了十二年初中数学，周六上午有空",
    }
    story.add(3, "20:00", act(logins[0], "need.apply", code="$card2", **asked))
    offered: dict[str, Any] = {
        "supporter_id": supporters[7],
        "kinds": [],
        "words": "周末都可以，离城关近就好",
    }
    story.add(2, "20:00", act(logins[7], "need.offer", **offered))


def _match(story: Timeline, supporters: list[str]) -> None:
    kept = {"need_id": "$need26", "supporter_id": supporters[5], "rule": "keep"}
    why = "孩子在书法课上见过这位老师，自己提出想跟着学"
    story.add(1, "09:00", act("county", "match.decide", **kept, reason=why))
    avoided = {"need_id": "$need21", "supporter_id": supporters[0], "rule": "avoid"}
    story.add(
        1, "09:00", act("county", "match.decide", **avoided, reason="两家是邻居，家里想另找一位")
    )
    story.add(1, "09:00", act("county", "match.run", "run", county=COUNTY))
    chosen: dict[str, Any] = {"run_id": "$run", "need_ids": ["$need24", "$need26"]}
    story.add(1, "09:00", act("county", "match.propose", **chosen))
