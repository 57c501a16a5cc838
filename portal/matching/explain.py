"""One sentence per factor, with its numbers; messages are data, the web translates them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portal.domain.matches import Need, Person, Sentence, Weights
from portal.domain.needs import HELPERS
from portal.domain.pool import LANGUAGES, SKILLS
from portal.matching.rules import day_words


@dataclass(frozen=True, slots=True)
class Words:
    """A factor by name, its sentence when it holds, when it does not, and what it is for."""

    label: str
    holds: str
    lacks: str
    means: str


FACTORS: Mapping[str, Words] = {
    "continuity": Words(
        "熟悉", "以前陪伴过这名儿童，彼此认识", "", "以前陪伴过同一名儿童的人，再安排时加分"
    ),
    "application": Words(
        "报名", "自己报名了这项需求", "没有报名这项需求", "自己选了这项需求的人加分"
    ),
    "skill": Words(
        "特长", "能提供“{skill}”，正是所需要的", "没有写明能提供“{skill}”", "特长正合需求的人加分"
    ),
    "helper": Words(
        "期望的人", "是期望的“{helper}”", "登记的身份里没有期望的“{helper}”",
        "属于需求里期望的那一类人加分",
    ),
    "sibling": Words(
        "兄弟姐妹", "正在陪伴这名儿童的兄弟姐妹", "",
        "正在陪伴兄弟姐妹、或这一轮也安排给兄弟姐妹的人：选“同一位”时加分，选“不同的人”时减分",
    ),
    "county": Words(
        "同县", "和孩子在同一个县（市、区）", "住在别的县（市、区），愿意过来",
        "和孩子在同一个县（市、区）的人加分",
    ),
    "offer": Words(
        "主动提出", "主动提出愿意陪伴孩子", "", "没有选定哪一项、主动提出愿意陪伴的人加分"
    ),
    "load": Words(
        "空余", "现在陪伴 {carried} 名，最多可陪伴 {capacity} 名", "",
        "越空的人加得越多：同样合适时，先请手上没有孩子的人",
    ),
}  # fmt: skip
#: When the same round gives a person more than one child.
_BESIDE = "这一轮也安排陪伴这名儿童的兄弟姐妹"
_LOAD_MORE = "现在陪伴 {carried} 名，这一轮另有 {more} 名，最多可陪伴 {capacity} 名"
#: What the hard rules found in order, told beside the points.
MET: Mapping[str, str] = {
    "standing": "接触儿童的资格有效至 {until}",
    "days": "时间相合：{days}",
    "language": "会{language}",
}
WAITED: Mapping[str, str] = {
    "waiting": "已等待 {days} 天",
    "key": "属于重点关爱，多算 {days} 天",
    "emergency": "属于紧急救助，多算 {days} 天",
    "never_applied": "还没有人报名，多算 {days} 天",
}
#: The names of what is no factor by itself: the choice about families, and days in the order.
SIBLINGS_CHOICE = "兄弟姐妹怎样安排"
DAYS_ADDED: Mapping[str, str] = {
    "key_days": "重点关爱的孩子，多算",
    "emergency_days": "紧急救助的孩子，多算",
    "never_applied_days": "还没有人报名的需求，多算",
}
TAKEN = "合适的 {count} 位都安排给了排在前面的需求"
NOBODY = "没有一位符合全部条件"


def of_pair(
    need: Need,
    person: Person,
    points: Mapping[str, int],
    more: int = 0,
    *,
    beside: bool = False,
) -> Iterator[Sentence]:
    """Yield a sentence for each factor that gave points and each rule that asked for something.

    ``points`` holds the load as well; ``more``: children given to the person in the same round;
    ``beside``: a brother or sister is among them.
    """
    for factor, given in points.items():
        if factor == "load":
            yield _load(person, given, more)
        elif given and factor == "sibling" and beside:
            yield Sentence(factor, _BESIDE, {}, given)
        elif given:
            yield Sentence(factor, FACTORS[factor].holds, _values(factor, need), given)
    yield from _met(need, person)


def lacking(need: Need, points: Mapping[str, int]) -> Iterator[Sentence]:
    """Yield a sentence for each factor that could have given points and gave none."""
    asked = {"skill": need.skill, "helper": need.helper}
    for factor, given in points.items():
        told = FACTORS[factor].lacks
        if not given and told and asked.get(factor, factor):
            yield Sentence(factor, told, _values(factor, need))


def of_need(need: Need, weights: Weights) -> Iterator[Sentence]:
    """Yield why a need stands where it does in the order; the points are days."""
    waiting = max(need.waiting_days, 0)
    yield Sentence("waiting", WAITED["waiting"], {"days": waiting}, waiting)
    extra = {"key": weights.key_days, "emergency": weights.emergency_days}.get(need.care_level, 0)
    if extra:
        yield Sentence("level", WAITED[need.care_level], {"days": extra}, extra)
    if need.applications == 0 and weights.never_applied_days:
        days = weights.never_applied_days
        yield Sentence("never_applied", WAITED["never_applied"], {"days": days}, days)


def left(fitting: int) -> Sentence:
    """Return why nobody serves a need."""
    return Sentence("taken", TAKEN, {"count": fitting}) if fitting else Sentence("none", NOBODY)


def _load(person: Person, given: int, more: int) -> Sentence:
    values = {"carried": person.carried, "capacity": person.capacity}
    if more:
        return Sentence("load", _LOAD_MORE, {**values, "more": more}, given)
    return Sentence("load", FACTORS["load"].holds, values, given)


def _values(factor: str, need: Need) -> Mapping[str, object]:
    if factor == "skill":
        return {"skill": SKILLS.get(need.skill, "")}
    if factor == "helper":
        return {"helper": HELPERS.get(need.helper, "")}
    return {}


def _met(need: Need, person: Person) -> Iterator[Sentence]:
    if person.stands_until is not None:
        yield Sentence("standing", MET["standing"], {"until": person.stands_until.isoformat()})
    if need.days:
        yield Sentence("days", MET["days"], {"days": day_words(need.days & person.days)})
    if need.language:
        yield Sentence("language", MET["language"], {"language": LANGUAGES[need.language]})
