"""What a letter may hold: ordinary life, and no way to reach or to find one another.

The linter is the one for public texts; a letter is read with other eyes. A child may write of
grandmother and of being ill: that is life. What leads around the staff (telephones, accounts,
places, a meeting of two, a secret) is what must not cross.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from portal.domain.explanations import Sentence
from portal.domain.screening import Gazetteer, KnownFacts, screen
from portal.domain.screening_spans import Finding, Texts
from portal.domain.screening_words import Kind, Severity

TO_CHILD, TO_MENTOR = "to_child", "to_mentor"
DIRECTIONS: Mapping[str, str] = {TO_CHILD: "写给孩子", TO_MENTOR: "孩子的来信"}
LENGTH = 2000
#: (what is the matter, what to do), by matter.
MATTERS: Mapping[str, tuple[str, str]] = {
    "contact": ("“{text}”是联系方式", "请删去，联系一律通过工作人员"),
    "number": ("“{text}”像是证件或账号的号码", "请删去号码"),
    "place": ("“{text}”会让人找到住处", "请删去地名和住址"),
    "school": ("“{text}”会让人认出学校", "请删去校名和班级"),
    "name": ("“{text}”是姓名", "用平时的称呼就好，不写姓名"),
    "birth": ("“{text}”像是出生日期", "请删去日期"),
    "money": ("“{text}”说到了钱", "平台不收钱也不转账，请删去"),
    "meeting": ("“{text}”在约见面", "见面由儿童主任安排并陪同，请删去"),
    "secret": ("“{text}”要对方保密", "信里不能要孩子瞒着大人，请删去"),
}
_MATTER_OF: Mapping[Kind, str] = {
    Kind.PHONE: "contact",
    Kind.CONTACT: "contact",
    Kind.LINK: "contact",
    Kind.NUMBER: "number",
    Kind.ID_NUMBER: "number",
    Kind.BANK: "number",
    Kind.PLACE: "place",
    Kind.ADDRESS: "place",
    Kind.SCHOOL: "school",
    Kind.NAME: "name",
    Kind.OTHER_NAME: "name",
    Kind.BIRTH_DATE: "birth",
    Kind.CASH: "money",
}
#: Words that only name a thing: a call that was made, the New Year's money a child tells of.
_HARMLESS = frozenset({"电话", "来电"})
_PLACE_OF_TWO = (
    r"(?:车站|公园|广场|校门口?|村口|路口|桥头|河边|商场|超市|网吧|宾馆|酒店|酒吧|ktv|电影院|"
    r"我家|你家|家门口|楼下|老地方)"
)
_MEETING = re.compile(
    rf"(?:(?:来|到|去|在){_PLACE_OF_TWO}(?:门口|旁边|后面)?(?:来|去)?(?:找|见|等|接|碰头|会合|过夜)"
    r"|(?:我|你)?(?:偷偷|悄悄|私下|单独|自己|一个人)(?:出来|见面|见我|来找我|来见我|跟我走|到我)"
    r"|(?:出来|私下|单独)(?:和我|跟我)?见(?:个)?面|约(?:个|在)[^。,;!?\n]{0,12}见面?"
    rf"|(?:我)?(?:在|到){_PLACE_OF_TWO}[^。,;!?\n]{{0,6}}等你|(?:去|来|放学后?)接你"
    r"|(?:来|到)我家|我(?:去|来)你家(?:找|接|看)你)"
)
_SECRET = re.compile(
    r"(?:别|不要|不能|不许|千万别|先别)(?:再)?(?:告诉|跟|和|对|让)[^。,;!?\n]{0,8}?"
    r"(?:爸|妈|爷|奶|老师|主任|大人|别人|任何人|他们|她们|家里)(?:爸|妈|爷|奶)?(?:知道|说|讲)?"
    r"|(?:我们|咱们|咱俩)(?:两个|俩|之间)?的?(?:小)?秘密|只有(?:我们|咱们)(?:两个|俩)?知道|保密"
)


@dataclass(frozen=True, slots=True)
class Found:
    """Something in a letter that must not cross; ``matter`` is a key of MATTERS."""

    matter: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a letter for display: plain, or with what was found there."""

    text: str
    found: Found | None = None


def read(
    text: str,
    direction: str,
    facts: KnownFacts | None = None,
    gazetteer: Gazetteer | None = None,
    allowed: Iterable[str] = (),
) -> tuple[Found, ...]:
    """Return what must be written anew, in the order of the text.

    ``facts`` and ``gazetteer`` add what is on file; ``allowed`` are names too wide to tell of
    anybody, and what the mentor calls the child. A child may speak of money; a mentor not.
    """
    spared = frozenset(allowed)
    general = screen(text, facts or KnownFacts(), gazetteer or Gazetteer(()))
    found = [
        Found(matter, one.text, one.start, one.end)
        for one in general.findings
        if (matter := _matter(one, direction)) and one.text not in spared
    ]
    found += _around_staff(text)
    return tuple(_apart(sorted(found, key=lambda one: (one.start, -one.end))))


def pieces(text: str, found: tuple[Found, ...]) -> tuple[Piece, ...]:
    """Cut a letter at what was found, so that a page can mark it where it stands."""
    cut: list[Piece] = []
    at = 0
    for one in found:
        if one.start > at:
            cut.append(Piece(text[at : one.start]))
        cut.append(Piece(text[one.start : one.end], one))
        at = one.end
    if at < len(text):
        cut.append(Piece(text[at:]))
    return tuple(cut)


def advice(found: Found) -> tuple[Sentence, Sentence]:
    """Say what is the matter and what to do about it."""
    matter, suggestion = MATTERS[found.matter]
    return Sentence(matter, {"text": found.text}), Sentence(suggestion)


def _matter(one: Finding, direction: str) -> str:
    if one.severity is not Severity.BLOCK or one.text in _HARMLESS:
        return ""
    if one.kind is Kind.CASH and direction == TO_MENTOR:
        return ""
    return _MATTER_OF.get(one.kind, "")


def _around_staff(text: str) -> Iterator[Found]:
    texts = Texts(text)
    for matter, pattern in (("meeting", _MEETING), ("secret", _SECRET)):
        for one in texts.each(Kind.CONTACT, texts.folded, pattern):
            yield Found(matter, one.text, one.start, one.end)


def _apart(found: list[Found]) -> Iterator[Found]:
    """Keep the first of several that lie over one another."""
    end = -1
    for one in found:
        if one.start >= end:
            yield one
            end = one.end
