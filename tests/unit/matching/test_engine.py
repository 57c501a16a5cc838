"""From needs and people to proposals with their sentences, and why the others are out."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from portal.domain.matches import Need, Person, Sentence, Weights
from portal.domain.needs import KINDS
from portal.matching import engine, explain, rules

HERE, THERE = "350421", "350429"


def ident(number: int) -> UUID:
    return UUID(int=number)


NEED = Need(
    id=ident(1), child_id=ident(101), kind="study", skill="tutoring", county=HERE, waiting_days=42
)
PERSON = Person(
    id=ident(11), county=HERE, counties=frozenset({HERE}), capacity=2,
    days=frozenset({"weekend"}), stands_until=date(2026, 12, 31),
)  # fmt: skip


def said(sentence: Sentence) -> str:
    params = {
        name: "、".join(value) if isinstance(value, tuple) else value
        for name, value in sentence.params.items()
    }
    return sentence.message.format(**params)


def only(need: Need, person: Person, weights: Weights | None = None):
    fitting, out = engine.rank(need, [person], weights or Weights())
    assert len(fitting) + len(out) == 1
    return (*fitting, *out)[0]


@pytest.mark.parametrize(
    ("need", "person", "factor", "sentence", "points"),
    [
        ({"known": {11}}, {}, "continuity", "以前陪伴过这名儿童，彼此认识", 40),
        ({"applicants": {11}}, {}, "application", "自己报名了这项需求", 35),
        ({}, {"skills": {"tutoring"}}, "skill", "能提供“课业辅导”，正是所需要的", 30),
        ({"helper": "teacher"}, {"helpers": {"teacher"}}, "helper", "是期望的“教师”", 20),
        ({"with_sibling": {11}}, {}, "sibling", "正在陪伴这名儿童的兄弟姐妹", 20),
        ({}, {}, "county", "和孩子在同一个县（市、区）", 15),
        ({}, {"offers": True}, "offer", "主动提出愿意陪伴孩子", 10),
        ({}, {"carried": 1}, "load", "现在陪伴 1 名，最多可陪伴 2 名", 5),
        ({}, {}, "standing", "接触儿童的资格有效至 2026-12-31", 0),
        ({"days": {"weekend"}}, {}, "days", "时间相合：周末", 0),
        ({"language": "hakka"}, {"languages": {"hakka"}}, "language", "会客家话", 0),
        # What could have given points and did not.
        ({}, {}, "skill", "没有写明能提供“课业辅导”", 0),
        ({"helper": "teacher"}, {}, "helper", "登记的身份里没有期望的“教师”", 0),
        ({}, {"county": THERE}, "county", "住在别的县（市、区），愿意过来", 0),
        ({}, {}, "application", "没有报名这项需求", 0),
    ],
)
def test_each_factor_says_its_sentence_and_its_points(need, person, factor, sentence, points):
    found = only(replace(NEED, **ids(need)), replace(PERSON, **ids(person)))
    assert not found.out
    told = [one for one in found.why if one.factor == factor]
    assert [(said(one), one.points) for one in told] == [(sentence, points)]
    assert found.score == sum(one.points for one in found.why)


@pytest.mark.parametrize(
    ("need", "person", "sentences"),
    [
        ({}, {"bar": "goods"}, ["登记资格今天不在有效期内，或已暂停"]),
        ({}, {"bar": "standing"}, ["还没有接触儿童的资格"]),
        ({}, {"bar": "standing_over"}, ["接触儿童的资格已于 2026-12-31 到期"]),
        ({}, {"bar": "standing_held"}, ["接触儿童的资格正在暂停或已终止"]),
        ({}, {"bar": "ties"}, ["本人申报的利害关系还没有核实放行"]),
        ({}, {"bar": "complaint"}, ["有一件投诉正在核实，结果出来前不安排新的孩子"]),
        ({}, {"bar": "own_tie"}, ["您声明过与这位爱心人士有利害关系，请由同事办理"]),
        ({}, {"bar": "profile"}, ["还没有填写能陪伴的时间和地区"]),
        ({}, {"bar": "offer_over"}, ["本人写明的陪伴期限已过"]),
        ({}, {"carried": 2}, ["已陪伴 2 名儿童，到了上限 2 名"]),
        ({"paired": {11}}, {}, ["正在陪伴这名儿童"]),
        ({"kin": {11}}, {}, ["按利益回避的规定，不能与这名儿童结对"]),
        ({"refused": {11}}, {}, ["此前与这名儿童的结对没有成，或没有顺利结束"]),
        ({"avoided": {11}}, {}, ["同事要求避开这一对"]),
        ({"sex_rule": "female"}, {"sex": "male"}, ["这项需求仅限女性"]),
        ({"sex_rule": "female"}, {"sex": ""}, ["这项需求仅限女性"]),
        ({"county": THERE}, {}, ["不去孩子所在的县（市、区）"]),
        ({"days": {"weekday"}}, {}, ["时间不合：孩子需要工作日，对方只有周末"]),
        ({"language": "hakka"}, {"languages": {"minnan"}}, ["不会客家话"]),
        ({}, {"kinds": {"sport", "reading"}}, ["本人只愿意提供：阅读陪伴、体育陪练"]),
        # Several at once, in the order of the rules.
        (
            {"language": "sign", "days": {"weekday"}}, {"carried": 2},
            ["已陪伴 2 名儿童，到了上限 2 名", "时间不合：孩子需要工作日，对方只有周末", "不会手语"],
        ),
    ],
)  # fmt: skip
def test_each_exclusion_says_why_not(need, person, sentences):
    need, person = replace(NEED, **ids(need)), replace(PERSON, **ids(person))
    assert [said(one) for one in only(need, person).out] == sentences
    # The assignment obeys the same rules.
    done = engine.assign([need], [person], Weights())
    assert (done.proposals, done.candidates) == ((), 0)
    assert [said(one) for one in done.left[0].why] == ["没有一位符合全部条件"]


def test_every_rule_and_every_bar_has_words():
    assert set(rules.WHY_NOT) == set(rules.RULES) - {"bar"}
    points = {**explain.FACTORS}
    done = only(NEED, PERSON)
    assert {one.factor for one in done.why} <= {*points, *explain.MET}


def test_who_names_no_language_speaks_mandarin_and_no_other():
    assert not only(replace(NEED, language="mandarin"), PERSON).out
    assert only(replace(NEED, language="minnan"), PERSON).out


def test_who_asked_for_the_need_has_said_yes_to_its_kind():
    person = replace(PERSON, kinds=frozenset({"sport"}))
    assert only(NEED, person).out
    assert not only(replace(NEED, applicants=frozenset({PERSON.id})), person).out


def test_siblings_apart_take_points_and_any_gives_none():
    need = replace(NEED, with_sibling=frozenset({PERSON.id}))
    together, apart, none = (
        only(need, PERSON, Weights(siblings=wish)).score for wish in ("together", "apart", "any")
    )
    assert (together - none, apart - none) == (20, -20)


def test_the_order_of_needs_is_told_in_days():
    need = replace(NEED, care_level="key")
    told = list(explain.of_need(need, Weights()))
    assert [said(one) for one in told] == [
        "已等待 42 天", "属于重点关爱，多算 180 天", "还没有人报名，多算 30 天",
    ]  # fmt: skip
    assert sum(one.points for one in told) == 252
    urgent = replace(NEED, care_level="emergency", applications=2)
    assert [one.points for one in explain.of_need(urgent, Weights())] == [42, 3650]


def test_the_longest_waiting_is_served_when_one_person_is_all_there_is():
    old, new = NEED, replace(NEED, id=ident(2), child_id=ident(102), waiting_days=3)
    applied = replace(new, applicants=frozenset({PERSON.id}), known=frozenset({PERSON.id}))
    done = engine.assign([applied, old], [replace(PERSON, capacity=1)], Weights())
    assert [one.need_id for one in done.proposals] == [old.id]
    assert [said(one) for one in done.left[0].why] == ["合适的 1 位都安排给了排在前面的需求"]
    # Taking the best pair first would have served the other one.
    assert done.greedy.score > done.best.score


def test_ten_by_ten_at_once_and_the_same_whatever_the_order():
    needs = [
        replace(NEED, id=ident(n), child_id=ident(100 + n), waiting_days=n * 7 % 5)
        for n in range(10)
    ]
    people = [
        replace(PERSON, id=ident(50 + n), capacity=1, skills=frozenset({list_of(n)}))
        for n in range(10)
    ]
    begun = time.perf_counter()
    done = engine.assign(needs, people, Weights())
    assert time.perf_counter() - begun < 0.5
    assert (done.best.needs, done.best.children, done.candidates) == (10, 10, 100)
    assert done == engine.assign(needs[::-1], people[::-1], Weights())


def list_of(number: int) -> str:
    return "tutoring" if number % 2 else "art"


def test_a_child_with_two_needs_meets_two_people():
    other = replace(NEED, id=ident(2), kind="sport", skill=KINDS["sport"].skill)
    done = engine.assign([NEED, other], [PERSON], Weights())
    assert (done.best.needs, done.best.children) == (1, 1)
    done = engine.assign([NEED, other], [PERSON, replace(PERSON, id=ident(12))], Weights())
    assert {one.person_id for one in done.proposals} == {ident(11), ident(12)}
    assert (done.best.needs, done.best.children) == (2, 1)


def test_the_second_child_of_a_round_is_told():
    other = replace(NEED, id=ident(2), child_id=ident(102))
    done = engine.assign([NEED, other], [PERSON], Weights())
    loads = [said(one) for row in done.proposals for one in row.why if one.factor == "load"]
    assert loads == [
        "现在陪伴 0 名，最多可陪伴 2 名", "现在陪伴 0 名，这一轮另有 1 名，最多可陪伴 2 名",
    ]  # fmt: skip
    assert sum(one.score for one in done.proposals) == done.best.score == 2 * 15 + 10 + 5


def test_keeping_a_pair_shows_what_changes():
    two = replace(NEED, id=ident(2), child_id=ident(102))
    good = replace(PERSON, capacity=1, skills=frozenset({"tutoring"}))
    plain = replace(PERSON, id=ident(12), capacity=1)
    two = replace(two, applicants=frozenset({plain.id}), applications=1)
    free = engine.assign([NEED, two], [good, plain], Weights(), free=True)
    kept = engine.assign([NEED, two], [good, plain], Weights(), keep=[(two.id, good.id)])
    assert [one.forced for one in kept.proposals if one.need_id == two.id] == [True]
    moved = {one.need_id: (one.before, one.after) for one in engine.moved(free, kept)}
    assert moved == {NEED.id: (good.id, plain.id), two.id: (plain.id, good.id)}
    assert free.best.score - kept.best.score == 35
    assert engine.moved(free, free) == ()


def test_avoiding_a_pair_shows_what_changes():
    need = replace(NEED, avoided=frozenset({PERSON.id}))
    free = engine.assign([need], [PERSON], Weights(), free=True)
    held = engine.assign([need], [PERSON], Weights())
    assert (free.best.needs, held.best.needs) == (1, 0)
    assert [(one.before, one.after) for one in engine.moved(free, held)] == [(PERSON.id, None)]


def test_a_kept_pair_that_no_rule_allows_comes_back_with_the_rule():
    need = replace(NEED, sex_rule="female")
    done = engine.assign(
        [need], [replace(PERSON, sex="male")], Weights(), keep=[(need.id, PERSON.id)]
    )
    assert [(one[:2], said(one[2])) for one in done.impossible] == [
        ((need.id, PERSON.id), "这项需求仅限女性")
    ]
    # Two kept pairs and one place: the second is told, not dropped.
    two = replace(NEED, id=ident(2), child_id=ident(102))
    one_place = replace(PERSON, capacity=1)
    done = engine.assign(
        [NEED, two], [one_place], Weights(), keep=[(NEED.id, PERSON.id), (two.id, PERSON.id)]
    )
    assert [row.need_id for row in done.proposals] == [NEED.id]
    assert [one[2].factor for one in done.impossible] == ["full"]


def test_brothers_and_sisters_given_to_different_people_are_pointed_out():
    two = replace(NEED, id=ident(2), child_id=ident(102), family="f")
    one = replace(NEED, family="f")
    people = [replace(PERSON, capacity=1), replace(PERSON, id=ident(12), capacity=1)]
    assert engine.assign([one, two], people, Weights()).families == ((one.id, two.id),)
    assert engine.assign([one, two], people, Weights(siblings="apart")).families == ()
    assert engine.assign([one, two], [PERSON], Weights()).families == ()
    assert len(engine.assign([one, two], [PERSON], Weights(siblings="apart")).families) == 1


def test_a_proposal_names_the_next_best():
    skilled = replace(PERSON, id=ident(12), skills=frozenset({"tutoring"}))
    asked = replace(NEED, applicants=frozenset({PERSON.id}))
    done = engine.assign([asked], [PERSON, skilled], Weights())
    assert done.proposals[0].person_id == PERSON.id
    assert done.proposals[0].others == ((skilled.id, 45),)


def ids(changes: dict) -> dict:
    """Make the numbers of relations the ids of people, and sets frozen."""
    made = {}
    for name, value in changes.items():
        is_people = isinstance(value, set) and all(isinstance(one, int) for one in value)
        made[name] = frozenset(map(ident, value)) if is_people else value
        if isinstance(value, set) and not is_people:
            made[name] = frozenset(value)
    return made
