"""Hours that volunteers of the demo year gave: verified, waiting, sent back, and certificates."""

from __future__ import annotations

from typing import Any

from portal.demo.accounts import COUNTY
from portal.demo.timeline import Line, Timeline, act

_PLACE = "雪峰镇儿童之家"
#: Days ago, kind, what, place, from, to.
_SERVED = (
    (120, "talk", "陪孩子聊天读绘本", _PLACE, "14:00", "15:10"),
    (106, "tutoring", "辅导数学作业", _PLACE, "19:00", "20:25"),
    (92, "home_visit", "入户看望，了解近况", "", "09:30", "11:05"),
    (78, "class", "周末书法班助教", _PLACE, "14:30", "16:00"),
    (64, "festival", "节日慰问，一起包粽子", "明溪县文化馆", "09:00", "11:30"),
    (50, "talk", "陪孩子聊天散步", _PLACE, "15:00", "15:50"),
)
_WAITING = (
    (6, "tutoring", "辅导语文作文", _PLACE, "19:00", "20:10"),
    (3, "talk", "陪孩子聊天读书", _PLACE, "14:00", "15:00"),
)


def tell(story: Timeline) -> None:
    """Let 明溪's first volunteer serve, ask, be made known and be certified; one goes void."""
    _volunteer(story)
    _teacher(story)


def _volunteer(story: Timeline) -> None:
    """Hours over half a year; a certificate that is void, one valid, one in publicity."""
    for number, (ago, *told) in enumerate(_SERVED):
        story.add(ago - 1, "20:30", _enter("volunteer", ago, told, f"served{number}"))
        story.add(ago - 2, "09:20", act("county", "hours.verify", record_id=f"$served{number}"))
    _certify(story, "first", 46, 130, 90, issued=37)
    story.add(30, "10:00", act("county2", "certificate.revoke", certificate_id="$first",
                               reason="志愿者要求写明全部服务，重新出具"))  # fmt: skip
    _certify(story, "whole", 28, 130, 40, issued=18)
    _certify(story, "recent", 4, 70, 45)
    for number, (ago, *told) in enumerate(_WAITING):
        story.add(ago - 1, "20:30", _enter("volunteer", ago, told, f"waiting{number}"))


def _teacher(story: Timeline) -> None:
    """Tell of a record that came back, and of a request to correct one."""
    told = ("tutoring", "周末课业辅导", _PLACE, "09:00", "11:00")
    story.add(20, "20:00", _enter("volunteer002", 21, told, "lesson"))
    story.add(19, "09:20", act("county", "hours.verify", record_id="$lesson"))
    story.add(5, "21:00", act("volunteer002", "hours.ask_correction", record_id="$lesson",
                              words="那天讲到十二点，应当是三个小时"))  # fmt: skip
    again = ("tutoring", "课后辅导英语", _PLACE, "18:30", "19:30")
    story.add(9, "20:00", _enter("volunteer002", 10, again, "evening"))
    story.add(8, "09:20", act("county", "hours.return", record_id="$evening",
                              reason="签到表上没有您的名字，请补充照片或同伴姓名"))  # fmt: skip


def _enter(who: str, ago: int, told: Any, name: str) -> Line:
    kind, title, place, starts, ends = told
    service = {"kind": kind, "title": title, "place": place, "served_on": f"today-{ago}d",
               "starts": starts, "ends": ends}  # fmt: skip
    return act(
        who, "hours.enter", name, supporter_id="$me.supporter", service=service, organiser=COUNTY
    )


def _certify(
    story: Timeline, name: str, asked: int, first: int, last: int, issued: int | None = None
) -> None:
    """Ask, check, make known; issue by the other clerk when the days have passed."""
    period = {"period_from": f"today-{first}d", "period_to": f"today-{last}d"}
    story.add(asked, "20:00", act("volunteer", "certificate.request", name,
                                  supporter_id="$me.supporter", **period))  # fmt: skip
    story.add(asked - 1, "10:00", act("county", "certificate.publicise",
                                      certificate_id=f"${name}"))  # fmt: skip
    if issued is not None:
        story.add(issued, "10:00", act("county2", "certificate.issue", certificate_id=f"${name}",
                                       contact="0598-2860000"))  # fmt: skip
