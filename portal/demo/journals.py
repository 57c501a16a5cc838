"""Entries of the demo's journals in each state: verified, waiting, waiting too long, sent back."""

from __future__ import annotations

from typing import Any

from portal.demo import pairings
from portal.demo.accounts import COUNTY
from portal.demo.supporters import Crowd
from portal.demo.timeline import Timeline, act

_FIRST: tuple[tuple[int, dict[str, Any]], ...] = (
    (34, {"kind": "talk", "minutes": 60, "accompanied_by": "陈秀英主任", "mood": "quiet",
          "did": "第一次单独聊天，一起看了绘本。", "child_state": "开始有点拘谨，后来愿意说话了。",
          "next_step": "下次带两本绘本"}),
    (27, {"kind": "home_visit", "minutes": 90, "accompanied_by": "陈秀英主任", "mood": "calm",
          "did": "和奶奶聊了家里的情况，陪孩子写了作业。", "child_state": "数学有些吃力。",
          "next_step": "每次见面留二十分钟做数学"}),
    (20, {"kind": "talk", "minutes": 45, "accompanied_by": "陈秀英主任", "mood": "bright",
          "did": "做了十道分数题，下了一盘跳棋。", "child_state": "主动说了学校里的事。"}),
    (13, {"kind": "call", "minutes": 15, "did": "打电话问了考试的事。", "mood": "bright"}),
    (7, {"kind": "talk", "minutes": 75, "mood": "calm", "did": "在图书角读书，讲了星星的故事。",
         "child_state": "睡得比以前好。", "next_step": "带那本讲星星的书"}),
)  # fmt: skip
_WORRY = {
    "kind": "call", "minutes": 20, "mood": "low", "did": "晚上打了电话。", "worried": True,
    "worry": "孩子说这两天奶奶住院，晚上一个人在家。",
}  # fmt: skip
_OTHERS: tuple[tuple[int, str, int, int, dict[str, Any]], ...] = (
    (4, "350429", 1, 20, {"kind": "talk", "minutes": 50, "accompanied_by": "李主任",
                          "did": "一起打了乒乓球。", "mood": "bright"}),
    (4, "350429", 1, 8, {"kind": "talk", "minutes": 60, "accompanied_by": "李主任",
                         "did": "打球，聊了新学期。", "mood": "calm"}),
    (9, "350425", 0, 11, {"kind": "talk", "minutes": 600, "accompanied_by": "王主任",
                          "did": "在图书馆看书。", "mood": "calm"}),
)  # fmt: skip
_ACCOMPANIED = 3
#: Two pairings of more than three months: one without a gap, one with a month left out at most.
_LONG: tuple[tuple[int, str, str, tuple[tuple[int, str, int, str], ...]], ...] = (
    (16, "350405", "$nc16.director", (
        (100, "talk", 60, "在球场认识，一起投了会儿篮。"),
        (86, "home_visit", 90, "见了爷爷奶奶，说定每月怎么来。"),
        (74, "talk", 70, "打球，聊了新班级。"), (60, "call", 20, "电话里说了期中的安排。"),
        (46, "talk", 75, "陪着修好了自行车。"), (30, "home_visit", 80, "看望爷爷，一起做了晚饭。"),
        (12, "talk", 60, "打球，约好下个月去图书馆。"),
    )),
    (20, "350481", "$nc20.director", (
        (100, "talk", 45, "一起搭积木，孩子话不多。"), (86, "home_visit", 60, "和外婆聊了作息。"),
        (60, "talk", 60, "读绘本，画了一幅全家福。"),
        (12, "talk", 50, "隔了些日子，孩子还记得上次的故事。"),
    )),
)  # fmt: skip


def tell(story: Timeline, crowd: Crowd) -> None:
    """Write entries: verified ones, one that waits too long, one sent back, one void, a worry."""
    mentor, _ = pairings.person(crowd, COUNTY, 0)
    director, of = "$nc1.director", {"pairing_id": "$pairing"}
    for number, (ago, told) in enumerate(_FIRST, start=1):
        story.add(ago, "20:00", _record(mentor, f"contact{number}", of, ago, told))
    for number in (1, 2, 4):
        ago = _FIRST[number - 1][0] - 1
        story.add(ago, "09:00", act(director, "contact.verify", log_id=f"$contact{number}"))
    back = {"log_id": "$contact3", "reason": "请补写这次在哪里见面，孩子后来怎么回家的"}
    story.add(18, "09:00", act(director, "contact.send_back", **back))
    story.add(2, "20:30", _record(mentor, "worry1", of, 2, _WORRY))
    seen = {"noun": "contact_log", "subject_id": "$worry1"}
    words = "已请村主任到家里看过，孩子这几天住在姑姑家，奶奶周五出院。"
    story.add(2, "20:50", act("county", "concern.acknowledge", **seen, words=words))
    for number, (need, county, nth, ago, told) in enumerate(_OTHERS, start=1):
        login, _ = pairings.person(crowd, county, nth)
        whose = {"pairing_id": f"$pairing{need}"}
        story.add(ago, "19:00", _record(login, f"other{number}", whose, ago, told))
    story.add(19, "09:00", act("$nc4.director", "contact.verify", log_id="$other1"))
    _at_length(story, crowd)
    void = {"log_id": "$other3", "reason": "时长写错了，请重新写一条"}
    story.add(10, "09:00", act("$nc9.director", "contact.void", **void))


def _at_length(story: Timeline, crowd: Crowd) -> None:
    for need, county, director, entries in _LONG:
        login, _ = pairings.person(crowd, county, 0)
        whose = {"pairing_id": f"$pairing{need}"}
        for number, (ago, kind, minutes, did) in enumerate(entries, start=1):
            name = f"long{need}n{number}"
            told = {
                "kind": kind, "minutes": minutes, "did": did, "mood": "calm",
                "accompanied_by": "村儿童主任" if number <= _ACCOMPANIED else "",
            }  # fmt: skip
            story.add(ago, "19:30", _record(login, name, whose, ago, told))
            story.add(10, "09:00", act(director, "contact.verify", log_id=f"${name}"))


def _record(login: str, name: str, of: dict[str, str], ago: int, told: dict[str, Any]) -> Any:
    entry = {**told, "happened_on": f"today-{ago}d"}
    return act(login, "contact.record", name, **of, entry=entry)
