"""What keeps a child from being dropped: reviews, hand-overs, closing interviews, moves (PN).

The words of the forms, the days, and what a page may say; docs/adr/0018-continuity.md says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from portal.domain.identity import ADULT_AGE, age_on

#: A review every so many months (PN); a closing interview within so many days of the end.
INTERVIEW_DAYS = 15
#: The receiving county is asked again after so many days without an answer, and then each week.
ANSWER_DAYS = 7
#: Days before the eighteenth birthday on which people are told, once each.
AGE_REMIND_DAYS = (90, 30)
WORDS_LENGTH = 1000
#: How a child is found at a review.
FARES: Mapping[str, str] = {
    "better": "比以前好",
    "same": "和以前差不多",
    "worse": "比以前差，需要帮助",
}
GOALS: Mapping[str, str] = {
    "met": "已经达成",
    "partly": "有进展",
    "not": "还没有进展",
}
GO_ON, RHYTHM, MENTOR, END = "go_on", "rhythm", "mentor", "end"
DECISIONS: Mapping[str, str] = {
    GO_ON: "继续",
    RHYTHM: "继续，调整节奏",
    MENTOR: "更换结对人",
    END: "结束结对",
}
#: Decisions after which somebody has to act: the county ends it, or finds out that it goes on.
ASKS_COUNTY = frozenset({MENTOR, END})
#: Why a pairing waits for somebody to end it, or to settle that it goes on.
LEAVING: Mapping[str, str] = {
    "mentor": "结对人提出结束",
    "account": "结对人申请删除资料",
    "review": "复核决定更换结对人或结束",
    "contact": "联系人已离岗，暂由同事接手",
}
#: Besides: the mentor may not meet the child today, and not for a while only.
STANDING = "standing"
GAPS: Mapping[str, str] = {**LEAVING, STANDING: "结对人接触儿童的资格已不在"}
#: A pause for one of these ends when staff have looked into it: nobody else is needed.
PASSING = frozenset({"suspended", "complaint", "checks_changed"})
#: Who was spoken with at the end.
PARTIES: Mapping[str, str] = {
    "child": "孩子",
    "guardian": "监护人",
    "mentor": "结对人",
    "director": "儿童主任",
}
#: What follows an end. S3-2.4a: an orphan who still studies at eighteen moves on to study aid.
FOLLOWS: Mapping[str, str] = {
    "new_mentor": "继续物色新的结对人",
    "not_needed": "不再需要结对",
    "other_help": "转介其他帮扶",
    "study_aid": "年满18周岁仍在校，申请孤儿助学",
    "grown": "年满18周岁，不再列入帮扶",
    "moved": "迁出，由迁入地继续关爱",
}
#: The parts of a hand-over, in the order of the page.
HANDOVER_PARTS: Mapping[str, str] = {
    "did": "我们一起做了什么",
    "likes": "孩子喜欢什么",
    "worked": "什么办法有用",
    "avoid": "要避免什么",
    "ahead": "接下来的日子",
}
#: What a receiving county is told to settle.
MISSING: Mapping[str, str] = {
    "standing": "结对人接触儿童的资格没有生效，结对先暂停，请先办资格",
    "director": "这个村（社区）现在没有儿童主任，请先确定谁陪同",
    "reach": "结对人报名的服务县里没有这里，请先问本人",
    "place": "约一次见面，把见面的服务点换到这里",
    "need": "孩子的需求转为由工作人员物色，可以重新批准公开",
    "address": "核对住址、学校和监护人电话",
}


@dataclass(frozen=True, slots=True)
class Review:
    """What is said at a review; codes are keys of FARES, GOALS, DECISIONS and needs.RHYTHMS."""

    held_on: date
    fares: str
    goal: str
    decision: str
    director_words: str
    child_words: str = ""
    words: str = ""
    rhythm: str = ""


@dataclass(frozen=True, slots=True)
class Interview:
    """What is said at the end; ``parties`` are keys of PARTIES, ``follows`` one of FOLLOWS."""

    held_on: date
    follows: str
    parties: tuple[str, ...] = ()
    child_words: str = ""
    mentor_words: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a hand-over, by the names of HANDOVER_PARTS."""

    did: str = ""
    likes: str = ""
    worked: str = ""
    avoid: str = ""
    ahead: str = ""

    def items(self) -> tuple[tuple[str, str], ...]:
        """Return each part with its trimmed text, in the order of the page."""
        return tuple((name, str(getattr(self, name)).strip()) for name in HANDOVER_PARTS)


def interview_by(ended_on: date) -> date:
    """Return the day by which the closing interview should be held."""
    return ended_on + timedelta(days=INTERVIEW_DAYS)


def grown_on(birth: date) -> date:
    """Return the day on which somebody is 18; a child of 29 February turns on 1 March."""
    year = birth.year + ADULT_AGE
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def born_by(today: date) -> date:
    """Return the last birthday that makes somebody 18 today (S2-2.3d: the birthday itself)."""
    first = date(today.year - ADULT_AGE, today.month, min(today.day, 28))
    days = (first + timedelta(days=n) for n in range(3, -1, -1))
    return next(day for day in days if age_on(day, today) >= ADULT_AGE)


def age_stage(birth: date, today: date) -> int | None:
    """Return which reminder before the birthday is due: 30, 90 or none."""
    left = (grown_on(birth) - today).days
    if left <= 0:
        return None
    return min((days for days in AGE_REMIND_DAYS if left <= days), default=None)
