"""A review that is due, a mentor who is leaving with a hand-over, a child on the way elsewhere."""

from __future__ import annotations

from portal.demo import pairings
from portal.demo.accounts import COUNTY
from portal.demo.supporters import Crowd
from portal.demo.timeline import Timeline, act

_LEAVES, _REVIEWED, _MOVES = 9, 4, 8
_PARTS = {
    "did": "每个星期六在图书馆一起看书，做过两次手工。",
    "likes": "喜欢恐龙和折纸，爱问为什么。",
    "worked": "先让他讲一讲这周的事，再开始看书。",
    "avoid": "不要催他说家里的事，他想说的时候自己会说。",
    "ahead": "答应过寒假一起做一本恐龙小书。",
}


def tell(story: Timeline, crowd: Crowd) -> None:
    """Let one pairing wait for its review, one for another mentor, one child for another county."""
    early = {"pairing_id": f"$pairing{_REVIEWED}", "on": "today-1d", "words": "孩子换了班级"}
    story.add(5, "11:00", act("county.350429", "pairing.propose_review", **early))
    login, _ = pairings.person(crowd, "350425", 0)
    of = {"pairing_id": f"$pairing{_LEAVES}"}
    why = "下个月要到外地工作，想先找好接替的人"
    story.add(3, "19:00", act(login, "pairing.ask_to_leave", words=why, **of))
    story.add(3, "19:30", act(login, "handover.write", parts=_PARTS, **of))
    moving = {
        "child_id": f"$nc{_MOVES}.id", "to": COUNTY, "moves_on": "today+5d",
        "words": "奶奶随叔叔搬到明溪，孩子跟去上学",
    }  # fmt: skip
    story.add(2, "10:00", act("county.350424", "transfer.propose", "moving", **moving))
