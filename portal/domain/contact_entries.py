"""One entry of the journal as told: which days, minutes and words can be true (PN; S0-4.5b).

An entry in which somebody worries about the child is never refused for what else it lacks: the
alarm comes first, whoever verifies reads the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from portal.domain.contacts import ACCOMPANIED_FIRST, IN_PERSON, KINDS, MINUTES_MOST, MOODS
from portal.domain.errors import Invalid
from portal.domain.screening import Severity, screen
from portal.domain.screening_names import KnownFacts
from portal.domain.screening_words import Kind

TEXT_LENGTH, NAME_LENGTH = 2000, 60
#: What is written in free words, by the field's name.
TEXTS = ("did", "child_state", "next_step")
#: How the child or the family could be reached: the journal is no address book.
_REACHES = frozenset({Kind.PHONE, Kind.ID_NUMBER, Kind.ADDRESS, Kind.BANK, Kind.CONTACT, Kind.LINK})
#: Having called is what a journal tells; only a number or a name behind the word tells where.
_CALLED = re.compile(
    r"(?:电话|拨打|来电|微信(?=视频|语音|通话))(?![^。；\n]{0,8}(?:\d{3}|[零〇一二三四五六七八九幺]{3}|[A-Za-z]))"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One contact as its writer tells it."""

    kind: str
    happened_on: date
    minutes: int
    accompanied_by: str = ""
    did: str = ""
    mood: str = ""
    child_state: str = ""
    next_step: str = ""
    worried: bool = False
    worry: str = ""

    @property
    def in_person(self) -> bool:
        """Tell whether the two met face to face."""
        return self.kind in IN_PERSON


@dataclass(frozen=True, slots=True)
class Bond:
    """What the pairing says about days: from the first meeting to the end, the rests between.

    ``rests`` are pairs (from, until), the last day itself no longer resting; ``until`` is None
    while it rests. ``in_person_before`` counts the writer's meetings that stand already.
    """

    begun_on: date | None
    ended_on: date | None = None
    rests: tuple[tuple[date, date | None], ...] = ()
    in_person_before: int = 0

    def was_active(self, day: date) -> bool:
        """Tell whether the two could be in contact on a day."""
        if self.begun_on is None or day < self.begun_on:
            return False
        if self.ended_on is not None and day > self.ended_on:
            return False
        return not any(
            start <= day and (until is None or day < until) for start, until in self.rests
        )


def check(entry: Entry, bond: Bond, *, today: date) -> None:
    """Raise Invalid with a sentence per field that cannot be true."""
    problems = _impossible(entry, bond, today)
    if not entry.worried:
        problems = _missing(entry, bond) | problems
    if problems:
        raise Invalid("{what}", problems, what="；".join(dict.fromkeys(problems.values())))


def refuse_contact_data(entry: Entry, facts: KnownFacts) -> None:
    """Ask for a rewrite where a text says how to reach the child or the family.

    Raises Invalid with the field and what was found in it; nothing is asked of an alarm.
    """
    if entry.worried:
        return
    problems: dict[str, str] = {}
    found: list[str] = []
    for name in TEXTS:
        told = [
            one.text
            for one in screen(_CALLED.sub("通话", getattr(entry, name)), facts).findings
            if one.kind in _REACHES and one.severity is Severity.BLOCK
        ]
        if told:
            problems[name] = "这里写了联系方式或住址，请改写"
            found += told
    if found:
        listed = "、".join(f"“{text}”" for text in dict.fromkeys(found))
        raise Invalid(
            "日志不能记下怎样找到孩子，请删去：{found}。写好的内容都还在", problems, found=listed
        )


def _impossible(entry: Entry, bond: Bond, today: date) -> dict[str, str]:
    problems = {}
    if entry.kind not in KINDS:
        problems["kind"] = "请选择联系方式"
    if not 1 <= entry.minutes <= MINUTES_MOST:
        problems["minutes"] = "请填写 1 到 720 分钟"
    if entry.mood and entry.mood not in MOODS:
        problems["mood"] = "请选择孩子的情绪"
    if (wrong := _wrong_day(entry, bond, today)) is not None:
        problems["happened_on"] = wrong
    return problems | _too_long(entry)


def _wrong_day(entry: Entry, bond: Bond, today: date) -> str | None:
    if entry.happened_on > today:
        return "日期不能晚于今天"
    if bond.begun_on is None:
        return "结对还没有开始，第一次见面以后才能写日志"
    if entry.happened_on < bond.begun_on:
        return "日期不能早于第一次见面"
    if not entry.worried and not bond.was_active(entry.happened_on):
        return "这一天结对已暂停或结束，不能记联系；担心孩子的情况随时可以报告"
    return None


def _missing(entry: Entry, bond: Bond) -> dict[str, str]:
    problems = {}
    if not entry.did.strip():
        problems["did"] = "请写几句做了什么"
    first = bond.in_person_before < ACCOMPANIED_FIRST
    if entry.in_person and first and not entry.accompanied_by.strip():
        problems["accompanied_by"] = (
            "前三次见面须有儿童主任或工作人员陪同，孩子和您都更安心；请写明陪同的人"
        )
    return problems


def _too_long(entry: Entry) -> dict[str, str]:
    problems = {
        name: "请控制在 2000 字以内"
        for name in (*TEXTS, "worry")
        if len(getattr(entry, name)) > TEXT_LENGTH
    }
    if len(entry.accompanied_by) > NAME_LENGTH:
        problems["accompanied_by"] = "请控制在 60 字以内"
    return problems
