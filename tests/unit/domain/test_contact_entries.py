"""Which entries of a journal can be true: days, minutes, company, words (PN; S0-4.5b)."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from uuid import uuid4

import pytest

from portal.domain.actor import Actor
from portal.domain.contact_entries import Bond, Entry, check, refuse_contact_data
from portal.domain.errors import Invalid, NotAllowed
from portal.domain.lifecycles.contact_logs import MACHINE
from portal.domain.screening_names import KnownFacts

TODAY, BEGUN = date(2026, 5, 20), date(2026, 2, 3)
TALK = Entry("talk", date(2026, 2, 12), 60, accompanied_by="陈主任", did="读书")
RESTING = ((date(2026, 3, 1), date(2026, 4, 1)),)
NEW = Bond(BEGUN)


def refusal(entry, bond=NEW):
    """Return the fields and sentences of a refusal; nothing when the entry can be true."""
    try:
        check(entry, bond, today=TODAY)
    except Invalid as error:
        return error.fields
    return {}


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"happened_on": date(2026, 5, 21)}, "happened_on", "晚于今天"),
        ({"happened_on": date(2026, 2, 2)}, "happened_on", "早于第一次见面"),
        ({"minutes": 0}, "minutes", "1 到 720"),
        ({"minutes": 721}, "minutes", "1 到 720"),
        ({"kind": "party"}, "kind", "联系方式"),
        ({"mood": "angry"}, "mood", "情绪"),
        ({"did": "  "}, "did", "做了什么"),
        ({"accompanied_by": " "}, "accompanied_by", "陪同"),
        ({"child_state": "字" * 2001}, "child_state", "2000"),
        ({"worry": "字" * 2001}, "worry", "2000"),
        ({"accompanied_by": "人" * 61}, "accompanied_by", "60"),
    ],
)
def test_what_cannot_be_true_names_its_field(wrong, field, words):
    found = refusal(replace(TALK, **wrong))
    assert list(found) == [field]
    assert words in found[field]


def test_the_edges_are_inside():
    for fine in ({"minutes": 1}, {"minutes": 720}, {"happened_on": BEGUN}, {"happened_on": TODAY}):
        assert refusal(replace(TALK, **fine)) == {}


@pytest.mark.parametrize(("before", "refused"), [(0, True), (2, True), (3, False)])
@pytest.mark.parametrize("kind", ["talk", "home_visit"])
def test_the_first_three_meetings_have_company(kind, before, refused):
    alone = replace(TALK, kind=kind, accompanied_by="")
    assert bool(refusal(alone, Bond(BEGUN, in_person_before=before))) is refused


@pytest.mark.parametrize("kind", ["call", "video", "letter"])
def test_nobody_sits_beside_a_call(kind):
    assert refusal(replace(TALK, kind=kind, accompanied_by="")) == {}


def test_a_day_of_rest_is_no_day_of_contact_its_last_is_again():
    resting = Bond(BEGUN, ended_on=date(2026, 4, 30), rests=RESTING)
    for day, fine in (
        (date(2026, 2, 28), True), (date(2026, 3, 1), False), (date(2026, 3, 31), False),
        (date(2026, 4, 1), True), (date(2026, 4, 30), True), (date(2026, 5, 1), False),
    ):  # fmt: skip
        assert (refusal(replace(TALK, happened_on=day), resting) == {}) is fine, day
    open_ended = Bond(BEGUN, rests=((date(2026, 3, 1), None),))
    assert "happened_on" in refusal(replace(TALK, happened_on=TODAY), open_ended)
    assert "还没有开始" in refusal(TALK, Bond(None))["happened_on"]


def test_an_alarm_is_refused_for_nothing_it_lacks():
    alarm = replace(TALK, worried=True, did="", accompanied_by="", happened_on=date(2026, 3, 5))
    assert refusal(alarm, Bond(BEGUN, rests=RESTING)) == {}
    assert refusal(replace(alarm, happened_on=date(2026, 5, 21))) != {}
    refuse_contact_data(replace(alarm, did="电话12059861234"), KnownFacts())


@pytest.mark.parametrize("name", ["did", "child_state", "next_step"])
@pytest.mark.parametrize(
    "text",
    ["奶奶的电话是12059861234", "他住雪峰镇下坊路12号", "加我微信 wxid_abc123 联系"],
)
def test_how_to_reach_the_child_is_asked_to_be_rewritten(name, text):
    facts = KnownFacts(phones=("12059861234",), addresses=("雪峰镇下坊路12号",))
    with pytest.raises(Invalid, match="写好的内容都还在") as error:
        refuse_contact_data(replace(TALK, **{name: text}), facts)
    assert list(error.value.fields) == [name]


def test_names_and_school_may_stand_in_a_sealed_journal():
    facts = KnownFacts(names=("林小雨",), schools=("明溪县实验小学",))
    refuse_contact_data(replace(TALK, did="小雨说实验小学的老师很好"), facts)


def test_another_person_verifies_and_nobody_tied():
    writer, clerk, owner = uuid4(), uuid4(), uuid4()
    log = SimpleNamespace(
        user_id=writer, created_by=writer, supporter_id=owner, tied_staff=frozenset()
    )
    for name in ("verify", "return", "void"):
        guard = MACHINE.transition(name).guard
        guard(Actor(clerk), log, {})
        for refused in (Actor(writer), Actor(clerk, supporter_ids=(owner,))):
            with pytest.raises(NotAllowed):
                guard(refused, log, {})
        log.tied_staff = frozenset({clerk})
        with pytest.raises(NotAllowed, match="利害关系"):
            guard(Actor(clerk), log, {})
        log.tied_staff = frozenset()
    correct = MACHINE.transition("correct").guard
    correct(Actor(writer), log, {})
    with pytest.raises(NotAllowed, match="只有写"):
        correct(Actor(clerk), log, {})


@pytest.mark.parametrize(
    "text",
    ["打电话问了考试的事。", "电话里聊了20分钟", "周日微信视频，他很高兴", "晚上来电说睡不着"],
)
def test_having_called_is_no_contact_data(text):
    refuse_contact_data(replace(TALK, did=text), KnownFacts())


@pytest.mark.parametrize(
    "text",
    [
        "他的电话是12059861234",
        "电话八六六一二",
        "微信视频加我wx: lucky_88",
        "来电 8661234",
        "加微信",
    ],
)
def test_where_somebody_is_reached_is_contact_data(text):
    with pytest.raises(Invalid):
        refuse_contact_data(replace(TALK, did=text), KnownFacts())
