"""What the loving-parent pool asks and is searched by (S1-2.3.3b): closed lists, their check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.domain.errors import Invalid

SKILLS: Mapping[str, str] = {
    "tutoring": "课业辅导",
    "reading": "阅读陪伴",
    "art": "书画手工",
    "music": "音乐舞蹈",
    "sport": "体育运动",
    "science": "科学编程",
    "listening": "谈心陪伴",
    "counselling": "心理支持",
    "rehabilitation": "康复陪练",
    "law": "法律咨询",
    "career": "升学与职业规划",
    "safety": "安全自护",
    "daily_life": "生活照料",
}
LANGUAGES: Mapping[str, str] = {
    "mandarin": "普通话",
    "hakka": "客家话",
    "minnan": "闽南语",
    "mindong": "闽东语（福州话）",
    "minzhong": "闽中话",
    "sign": "手语",
    "english": "英语",
}
DAYS: Mapping[str, str] = {"weekday": "工作日", "weekend": "周末", "holiday": "寒暑假和节日"}
#: Kinds of tags of a profile.
SKILL, LANGUAGE, DAY, COUNTY = "skill", "language", "day", "county"
#: At most so many children for one person (PN: default 2).
CAPACITY_DEFAULT = 2
CAPACITY_MAX = 10


@dataclass(frozen=True, slots=True)
class PoolOffer:
    """What somebody offers in person; ``counties`` are codes, ``until`` is the last day."""

    skills: tuple[str, ...]
    languages: tuple[str, ...]
    days: tuple[str, ...]
    counties: tuple[str, ...]
    capacity: int = CAPACITY_DEFAULT
    until: date | None = None

    def tags(self) -> frozenset[tuple[str, str]]:
        """Return every (kind, value) a search may ask for."""
        return frozenset(
            (kind, value)
            for kind, values in (
                (SKILL, self.skills),
                (LANGUAGE, self.languages),
                (DAY, self.days),
                (COUNTY, self.counties),
            )
            for value in values
        )


def check(offer: PoolOffer, reachable: Iterable[str], today: date) -> None:
    """Raise Invalid naming each field that does not come from its list or its span."""
    problems = {}
    if not offer.days:
        problems["days"] = "请至少选一种时间"
    if not offer.counties:
        problems["counties"] = "请至少选一个能去的县（市、区）"
    lists = {
        "skills": (offer.skills, SKILLS),
        "languages": (offer.languages, LANGUAGES),
        "days": (offer.days, DAYS),
        "counties": (offer.counties, frozenset(reachable)),
    }
    for name, (given, known) in lists.items():
        if set(given) - set(known):
            problems[name] = "请从列表中选择"
    if not 0 <= offer.capacity <= CAPACITY_MAX:
        problems["capacity"] = "同时陪伴的孩子数要在0到10之间"
    if offer.until is not None and offer.until < today:
        problems["until"] = "截止日不能早于今天"
    if problems:
        raise Invalid("还没有保存，改好后请再提交一次", problems)
