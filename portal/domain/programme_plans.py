"""Ready-made days: the frame of a day per kind, and the day themes of domain.md 7 (C1–C5).

A plan fills an empty timetable in one step; everything in it can be changed afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.timetables import Line

#: (from, to, what, topic); ``{theme}`` is the day's own.
_Frame = tuple[tuple[str, str, str, str], ...]
_THEME = "{theme}"
_CAMP: _Frame = (
    ("07:30", "08:20", "起床、早餐", "daily"),
    ("08:30", "10:00", _THEME, ""),
    ("10:20", "11:30", "{theme}（分组练习）", ""),
    ("11:30", "14:10", "午餐、午休", "daily"),
    ("14:20", "15:50", "手工与阅读", "art"),
    ("16:10", "17:30", "户外活动", "sport"),
    ("17:30", "19:50", "晚餐、洗漱", "daily"),
    ("20:00", "21:00", "说说今天", "health"),
)
_DAYCARE: _Frame = (
    ("08:30", "09:50", _THEME, ""),
    ("10:10", "11:30", "暑假作业辅导", "homework"),
    ("11:30", "14:00", "午餐、午休", "daily"),
    ("14:10", "15:30", "{theme}（动手做）", ""),
    ("15:40", "16:40", "游戏与运动", "sport"),
)
_AFTER_SCHOOL: _Frame = (
    ("16:30", "17:40", "课业辅导", "homework"),
    ("17:40", "18:00", "自由活动，等家人来接", "daily"),
)
_CLASS: _Frame = (("09:00", "10:30", _THEME, ""),)
_CARERS: _Frame = (("14:30", "16:00", _THEME, ""),)


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A plan: which kind it is for, its frame of a day, its days as (theme, topic)."""

    kind: str
    label: str
    frame: _Frame
    themes: tuple[tuple[str, str], ...]


def _camp(label: str, *themes: tuple[str, str]) -> DayPlan:
    return DayPlan("camp", label, _CAMP, themes)


_T, _S, _H, _P, _F = "traditional_culture", "safety", "health", "patriotism", "family_bonds"
PLANS: Mapping[str, DayPlan] = {
    "new_year": _camp(
        "山城暖冬（年俗、剪纸、春联）",
        ("年俗", _T), ("防火与烟花安全", _S), ("剪纸", _T), ("心理团辅", _H), ("写春联", _T),
        ("交通安全", _S), ("非遗擂茶", _T), ("手作展", "art"), ("家长课堂", _F), ("闭营", _F),
    ),
    "red_hakka": _camp(
        "红色客家（红色故事、山歌、木活字）",
        ("红色故事", _P), ("客家山歌", _T), ("防拐骗", _S), ("急救", _S), ("木活字", _T),
        ("数学思维", "science"), ("心理", _H), ("劳动", _H), ("亲子视频", _F), ("闭营", _F),
    ),
    "firefly": _camp(
        "萤火虫（防溺水、竹编、科学实验）",
        ("防溺水", _S), ("竹编", _T), ("科学实验", "science"), ("爱国主义", _P),
        ("生命教育", _H), ("足球", "sport"), ("诗词", _T), ("自护演练", _S), ("亲情信", _F),
        ("闭营", _F),
    ),
    "danxia": _camp(
        "丹霞自然（地质科考、国学、徒步）",
        ("地质科考", "science"), ("防灾", _S), ("国学", _T), ("合唱", "art"), ("徒步", "sport"),
        ("性安全教育", _S), ("机器人", "science"), ("环保", "science"), ("心理", _H),
        ("联欢", _F), ("闭营", _F),
    ),
    # Announced without the diagnosis: these days suit every child who learns with the eyes.
    "stars": _camp(
        "星星伙伴（视觉日程、音乐、同伴游戏）",
        ("视觉日程", _H), ("感统", "sport"), ("音乐", "art"), ("绘画", "art"), ("社交小组", _H),
        ("防走失", _S), ("水疗（持证）", _H), ("同伴游戏", _T), ("家长喘息课", _F), ("展示", _F),
    ),
    "weekend": DayPlan("interest_class", "每周一次，90 分钟", _CLASS, (("上课", "interest"),)),
    "daycare": DayPlan(
        "summer_daycare", "四类课程轮流", _DAYCARE,
        (("兴趣课", "interest"), ("艺术课", "art"), ("科学实验", "science"),
         ("职业扮演", "role_play"), ("安全课", _S)),
    ),
    "after_school": DayPlan(
        "after_school", "放学后一个半小时", _AFTER_SCHOOL, (("课业辅导", "homework"),)
    ),
    "carers": DayPlan(
        "carer_class", "监护人课堂", _CARERS,
        (("监护人的责任", "guardianship_law"), ("家里的安全", _S), ("孩子的情绪", _H),
         ("隔代教育", "grandparenting")),
    ),
}  # fmt: skip


def plans_for(kind: str) -> dict[str, DayPlan]:
    """Return the plans made for a kind."""
    return {name: plan for name, plan in PLANS.items() if plan.kind == kind}


def lines_of(plan: DayPlan, days: Sequence[date], starts: str = "") -> tuple[Line, ...]:
    """Return the lines of a plan on these days; more days than themes go round again.

    ``starts`` moves a day of one line to another hour, its length kept.
    """
    lines = []
    for at, day in enumerate(days):
        theme, topic = plan.themes[at % len(plan.themes)]
        for begins, ends, what, fixed in plan.frame:
            lines.append(Line(day, begins, ends, what.format(theme=theme), fixed or topic))
    return tuple(lines)
