"""Programmes: one noun, its kinds as a table (S0-4.4, 4.7; S1-2.3.1, 2.3.5; S2-2.5; PG).

A kind is a row of ``KINDS``: what it is called and which rules apply, as data. A new kind is a new
row here and a plan in ``domain.programme_plans``; no page and no route asks which kind it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.domain.calendar import Calendar

#: PG deadlines: applied for so many days before the first day, closed for registration before it.
APPLY_DAYS, CLOSE_DAYS = 20, 5
#: A drill of the emergency plan is younger than this on the first day (S3-7a).
DRILL_DAYS = 90
#: Where an authority has set nothing (domain.settings): PG's ratio and adults, S0-4.4a's days.
RATIO, ADULTS, CAMP_DAYS = 8, 2, 10


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of programme.

    ``days_allowed``: any, weekend (with the authority's class days), weekday (days worked).
    ``roll_calls``: thirds (three a day), each (every line of the timetable), once (one a day).
    """

    label: str
    short: str
    art: str
    topics: tuple[str, ...]
    required_topics: tuple[str, ...] = ()
    days_allowed: str = "any"
    roll_calls: str = "each"
    #: Fewest days from the first to the last, every one of them with something on it; 0: no rule.
    min_days: int = 0
    #: Every day from the first to the last has something on it.
    every_day: bool = False
    #: Counted per vacation and year (S0-4.4a, S1-2.3.1a).
    seasonal: bool = False
    #: A plan fills the same weekday of every week.
    weekly: bool = False
    needs_insurance: bool = True
    needs_drill: bool = True
    needs_venue_check: bool = True
    needs_budget: bool = True
    #: Children leave with a registered person only (S0-4.7).
    needs_pickup: bool = True
    participants: str = "child"
    ratio: int = RATIO
    capacity: int = 15
    ages: tuple[int, int] = (6, 17)


#: The five that camps are reported by (S1-2.3.1b with S0-4.4c), in the order of the report.
REPORTED_TOPICS = ("patriotism", "traditional_culture", "health", "family_bonds", "safety")
TOPICS: Mapping[str, str] = {
    "patriotism": "爱国主义教育",
    "traditional_culture": "传统文化教育",
    "health": "身心健康教育",
    "family_bonds": "亲情培育",
    "safety": "安全常识培训",
    # 爱心暑托班 (S2-2.5b)
    "interest": "兴趣培养",
    "art": "艺术素养",
    "science": "科学实验",
    "role_play": "职业扮演",
    # 儿童学校 (S0-4.7) and carers (S1-2.3.5a)
    "homework": "课业辅导",
    "guardianship_law": "监护法制宣传",
    "grandparenting": "隔代教育",
    "sport": "体育活动",
    # Meals, rest, the way: on the timetable, in no report.
    "daily": "生活作息",
}
#: Lines that make no activity day and no class hour.
NO_ACTIVITY = frozenset({"daily"})

_COURSES = ("interest", "art", "science", "role_play")
KINDS: Mapping[str, Kind] = {
    "camp": Kind(
        "夏（冬）令营",
        "营",
        "mountains",
        topics=(*REPORTED_TOPICS, "art", "science", "sport", "interest", "daily"),
        required_topics=("traditional_culture", "safety"),
        roll_calls="thirds",
        min_days=CAMP_DAYS,
        every_day=True,
        seasonal=True,
        capacity=30,
    ),
    "interest_class": Kind(
        "周末兴趣班",
        "班",
        "paint",
        topics=(*_COURSES, "sport", "traditional_culture", "safety", "health"),
        days_allowed="weekend",
        weekly=True,
        needs_insurance=False,
        needs_budget=False,
    ),
    "summer_daycare": Kind(
        "爱心暑托班",
        "暑托班",
        "sun",
        topics=(*_COURSES, "homework", "safety", "health", "sport", "daily"),
        required_topics=_COURSES,
        roll_calls="once",
        capacity=30,
    ),
    "after_school": Kind(
        "儿童学校（课后辅导）",
        "课后",
        "lamp",
        topics=("homework", "interest", "sport", "safety", "health", "daily"),
        days_allowed="weekday",
        roll_calls="once",
        needs_insurance=False,
        needs_budget=False,
        capacity=18,
    ),
    "carer_class": Kind(
        "监护人课堂",
        "课堂",
        "books",
        topics=("guardianship_law", "safety", "health", "grandparenting", "family_bonds"),
        weekly=True,
        needs_insurance=False,
        needs_drill=False,
        needs_pickup=False,
        needs_budget=False,
        participants="carer",
        ratio=30,
        capacity=30,
        ages=(0, 17),
    ),
}
SEASONS: Mapping[str, str] = {"winter": "寒假", "summer": "暑假"}
#: How places are given out where more apply than fit.
PLACES_BY: Mapping[str, str] = {"first": "先到先得", "draw": "抽签（困难程度加权，可复核）"}
#: What an adult does on the rota.
ROLES: Mapping[str, str] = {
    "lead": "负责人",
    "teacher": "教师",
    "helper": "志愿者",
    "nurse": "保健人员",
    "driver": "司机",
    "cook": "厨师",
}
#: Roles that look after children: these count for the ratio; nobody is exempt from tier 2.
WITH_CHILDREN = frozenset({"lead", "teacher", "helper", "nurse"})
#: The parts of a camp day, with the times of their roll calls (issue 5; PG session).
PARTS: Mapping[str, str] = {"morning": "上午", "afternoon": "下午", "evening": "晚上"}
THIRDS = (
    ("morning", "08:30", "11:30"),
    ("afternoon", "14:20", "17:30"),
    ("evening", "20:00", "21:00"),
)


def kind_of(name: str) -> Kind:
    """Return a kind's row; KeyError for a word that is none."""
    return KINDS[name]


def topic_word(topic: str) -> str:
    """Return what a topic is called; a word of former years is shown as it is stored."""
    return TOPICS.get(topic, topic)


def may_meet(kind: str, day: date, calendar: Calendar) -> bool:
    """Tell whether a programme of this kind may meet on a day (S0-4.4b, S0-4.7)."""
    allowed = KINDS[kind].days_allowed
    if allowed == "weekend":
        return calendar.is_weekend_class_day(day)
    return allowed != "weekday" or calendar.is_workday(day)


def why_not(kind: str) -> str:
    """Return the sentence that refuses a day on which this kind does not meet."""
    if KINDS[kind].days_allowed == "weekend":
        return "{day}（{weekday}）不能上课：周末兴趣班只在周六、周日开班，调休上班的周末除外"
    return "{day}（{weekday}）不能安排：儿童学校只在学校上课的工作日开放"


def adults_needed(heads: int, ratio: int, least: int = ADULTS) -> int:
    """Return how many adults so many children need at one for ``ratio``, and ``least`` at least."""
    return max(least, -(-heads // max(ratio, 1)))


def season_of(day: date) -> str:
    """Return the vacation a first day lies in: winter (January to March), summer, or empty.

    Schools set the exact days every year; the months hold for every county.
    """
    if day.month in (1, 2):
        return "winter"
    return "summer" if day.month in (6, 7, 8) else ""
