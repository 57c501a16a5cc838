"""What a child may need from a person over time: kinds, rhythms, helpers (S0-4.2, S1-2.3; PN).

Closed lists, because a card is built from vocabulary only. A kind that would by itself tell a
diagnosis or a family's trouble shows the face of an ordinary one (security.md, lift rule).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of help; ``skill`` is what the pool calls it, ``face`` how the public meets it."""

    label: str
    skill: str
    face: str
    illustration: str


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often: contacts in a month, home visits in a quarter; 0 means no fixed number."""

    label: str
    talks_a_month: int
    visits_a_quarter: int


#: The public faces, in the order of the filter on /needs.
FACES: Mapping[str, str] = {
    "company": "陪伴",
    "study": "学习",
    "interest": "兴趣与运动",
    "future": "升学与职业",
    "daily": "生活",
}
KINDS: Mapping[str, Kind] = {
    "affection": Kind("亲情陪伴", "listening", "company", "need-company"),
    "festival": Kind("节日陪伴", "listening", "company", "need-company"),
    "reading": Kind("阅读陪伴", "reading", "study", "need-study"),
    "study": Kind("课业辅导", "tutoring", "study", "need-study"),
    "skill": Kind("艺术与技能", "art", "interest", "need-interest"),
    "sport": Kind("体育陪练", "sport", "interest", "need-interest"),
    "career": Kind("升学与职业规划", "career", "future", "need-future"),
    "daily_life": Kind("生活照料", "daily_life", "daily", "need-daily"),
    # These three would tell a diagnosis or a family's trouble: ordinary company to the public.
    "counselling": Kind("心理支持", "counselling", "company", "need-company"),
    "rehabilitation": Kind("康复陪练", "rehabilitation", "company", "need-company"),
    "law": Kind("法律咨询", "law", "daily", "need-daily"),
}
#: The purpose a guardian agrees to before a need goes on (L02, domain.words.CONSENT_WORDS).
CONSENT_SCOPE = "pairing"
#: The mentor's kind: it asks for a child found to lack affection (S0-4.5c).
AFFECTION = "affection"
#: S0-4.5b, S1-2.3.3a: a talk each calendar month, a home visit each calendar quarter.
RHYTHMS: Mapping[str, Rhythm] = {
    "monthly_quarterly": Rhythm("每月谈心，每季入户", 1, 1),
    "weekly": Rhythm("每周一次", 4, 0),
    "biweekly": Rhythm("每两周一次", 2, 0),
    "monthly": Rhythm("每月一次", 1, 0),
    "weekends": Rhythm("周末", 1, 0),
    "weekdays": Rhythm("工作日课后", 1, 0),
    "summer": Rhythm("暑期", 0, 0),
    "festivals": Rhythm("节日", 0, 0),
    "on_demand": Rhythm("按需", 0, 0),
}
#: Who helps (S0-4.2b and S1-2.3.2): the statistics by kind of supporter sum to all pairings.
HELPERS: Mapping[str, str] = {
    "mother": "爱心妈妈",
    "father": "爱心爸爸",
    "citizen": "社会爱心人士",
    "teacher": "教师",
    "student": "大学生",
    "entrepreneur": "企业家",
    "civil_affairs": "民政干部",
    "cadre": "其他党政干部",
    "association": "行业协会",
    "charity": "慈善组织",
    "volunteers": "志愿者团体",
    "veteran": "五老人员",
    "professional": "专业人员（律师、社工、心理师等）",
}
SEX_RULES: Mapping[str, str] = {"": "不限", "female": "仅限女性", "male": "仅限男性"}
#: From this age on the child is asked what they want (未保法 4).
HEARD_FROM_AGE = 8
