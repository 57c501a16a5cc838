"""What people of the demo give beside wishes: time, resources, thanks, a city's own item."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.demo.accounts import COUNTY
from portal.demo.supporters import SPECIAL, Crowd
from portal.demo.timeline import Line, Timeline, act, look
from portal.domain.pool import DAYS, LANGUAGES, SKILLS

_POOL = 40
_SANMING, _MINGXI = "/35/3504/", "/35/3504/350421/"
#: Login, kind, title, amount, unit, whether the county has listed it.
_OFFERS: tuple[tuple[str, str, str, int, str, bool], ...] = (
    ("enterprise", "venue", "能坐四十人的多媒体教室", 10, "场", True),
    ("enterprise002", "goods", "全新双肩书包", 30, "件", True),
    ("charity", "service", "周末义诊和视力筛查", 120, "人次", True),
    ("enterprise003", "goods", "冬季保暖手套", 50, "套", True),
    ("charity002", "profession", "心理辅导老师", 40, "小时", True),
    ("volunteer", "profession", "法律咨询", 20, "小时", True),
    ("enterprise004", "venue", "室内篮球场", 12, "场", False),
    ("charity003", "service", "送教上门", 24, "人次", False),
)
#: Login, reason, sentence, whether the name may stand.
_HONOURS: tuple[tuple[str, str, str, bool], ...] = (
    ("volunteer", "long_companion", "三年来每个周末都来陪伴，从不缺席", True),
    ("enterprise", "resources", "把最好的教室留给周末课堂", True),
    ("charity", "festival_care", "节日里第一个到，最后一个走", True),
    ("volunteer002", "study_help", "把数学讲成了故事", True),
    ("volunteer003", "many_hours", "", True),
    ("enterprise002", "wish_giver", "送来的每一件都先自己试过", True),
    ("volunteer004", "professional", "随叫随到的法律顾问", False),
    ("volunteer005", "wish_giver", "", False),
    ("enterprise003", "resources", "", False),
    ("volunteer006", "long_companion", "风雨无阻", False),
    ("charity002", "professional", "", True),
)
_WAITING = ("volunteer007", "study_help", "教会了很多孩子吹口琴")
_KITE: dict[str, Any] = {
    "name": "三角风筝", "unit": "只", "category": "体育用品", "need": "运动",
    "illustration": "rope", "cost_fen": 4500, "words": "风筝 放风筝",
}  # fmt: skip
_STAMPS: dict[str, Any] = {
    "name": "儿童印章套装", "unit": "套", "category": "学习用品", "need": "兴趣",
    "illustration": "paint", "cost_fen": 3900, "words": "印章 手工",
}  # fmt: skip


def tell(story: Timeline, crowd: Crowd) -> None:
    """Tell who gives what, from a month and a half ago until yesterday."""
    for line in _time(crowd):
        story.add(40, "09:10", line)
    for number, offer in enumerate(_OFFERS):
        _offer(story, crowd, number, offer)
    _use(story)
    _thank(story)
    _catalogue(story)


def _time(crowd: Crowd) -> Iterator[Line]:
    logins = [login for login in crowd.of("individual") if login not in SPECIAL][:_POOL]
    skills, languages, days = tuple(SKILLS), tuple(LANGUAGES), tuple(DAYS)
    for number, login in enumerate(logins):
        own = crowd.forms[login]["county_code"]
        yield act(
            login,
            "pool.fill",
            offer={
                "skills": [skills[number % len(skills)], skills[number * 5 % len(skills)]],
                "languages": ["mandarin", languages[1 + number % 4]],
                "days": [days[number % 3]],
                "counties": sorted({own, COUNTY} if number % 4 == 0 else {own}),
                "capacity": 1 + number % 3,
            },
        )


def _offer(
    story: Timeline, crowd: Crowd, number: int, offer: tuple[str, str, str, int, str, bool]
) -> None:
    login, kind, title, capacity, unit, listed = offer
    own = crowd.forms[login]["county_code"]
    name, giver = f"offer{number}", f"giver{number}"
    story.add(38, "10:00", look(login, "supporter.speaks_for", giver))
    given: dict[str, Any] = {
        "kind": kind, "title": title, "unit": unit, "capacity": capacity,
        "counties": sorted({own, COUNTY}), "days": ["weekend"] if kind != "goods" else [],
        "contact_name": crowd.forms[login].get("contact_name") or crowd.forms[login]["name"],
        "contact_phone": crowd.forms[login]["phone"],
    }  # fmt: skip
    story.add(38, "10:05", act(login, "resource.offer", name, supporter_id=f"${giver}", data=given))
    clerk = "county" if own == COUNTY else f"county.{own}"
    if listed:
        story.add(36, "15:00", act(clerk, "resource.accept", offer_id=f"${name}"))


def _use(story: Timeline) -> None:
    """Take four of the ten times of the classroom, and give two schoolbags back."""
    for number, amount in ((0, 4), (1, 2)):
        taken: dict[str, Any] = {
            "offer_id": f"$offer{number}",
            "subject_type": "wish",
            "amount": amount,
        }
        story.add(
            3,
            "11:00",
            act("county", "resource.book", f"link{number}", subject_id="$w21", **taken),
        )
    story.add(
        3, "16:00", act("county", "resource.release", link_id="$link1", reason="孩子已经有了")
    )


def _thank(story: Timeline) -> None:
    story.add(15, "08:00", look("city", "today.year", "this_year"))
    for number, (login, reason, sentence, named) in enumerate(_HONOURS):
        whom, honour = f"thanked{number}", f"honour{number}"
        story.add(15, "09:00", look(login, "supporter.speaks_for", whom))
        if named:
            story.add(15, "09:30", act(login, "publicity.give"))
        city = number % 2 == 0
        given: dict[str, Any] = {
            "supporter_id": f"${whom}", "unit_path": _SANMING if city else _MINGXI,
            "year": "$this_year", "reason_code": reason, "sentence": sentence,
        }  # fmt: skip
        story.add(14, "10:00", act("city" if city else "county", "honour.propose", honour, **given))
        second = "city2" if city else "county2"
        story.add(13, "10:00", act(second, "honour.approve", honour_id=f"${honour}"))
    login, reason, sentence = _WAITING
    story.add(3, "09:00", look(login, "supporter.speaks_for", "thanked_last"))
    last: dict[str, Any] = {
        "supporter_id": "$thanked_last", "unit_path": _MINGXI, "year": "$this_year",
        "reason_code": reason, "sentence": sentence,
    }  # fmt: skip
    story.add(3, "10:00", act("county", "honour.propose", **last))


def _catalogue(story: Timeline) -> None:
    """Add an item of the city, take one off the shelf, leave one waiting for a second person."""
    here = {"tenant_path": _SANMING}
    story.add(45, "09:00", act("city", "catalogue.propose", "kite", item=_KITE, **here))
    story.add(44, "09:00", act("city2", "catalogue.approve", proposal_id="$kite"))
    retired: dict[str, Any] = {"item_code": "XX14", "retired": True, **here}
    story.add(44, "09:30", act("city", "catalogue.adjust", **retired))
    story.add(2, "09:00", act("city", "catalogue.propose", item=_STAMPS, **here))
