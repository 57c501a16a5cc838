"""The journal: who writes what about which day, who verifies, what it is worth in hours."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import text

from portal.core import unit_of_work
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.extensions import db
from portal.models.contact_logs import ContactLog
from portal.models.pairings import PairingPause
from portal.services import contact_logs, files
from tests.factories import hours, journals, people
from tests.factories.journals import TALK, do, told


@pytest.fixture(autouse=True)
def on(app, clock):
    with app.app_context():
        yield clock


@pytest.fixture
def pair():
    return journals.paired()


@pytest.fixture
def director():
    return people.staff("child_director")


def test_the_same_page_twice_is_one_entry(pair):
    client = uuid4()
    first = told(pair, client_id=client)
    assert told(pair, client_id=client, did="又发了一次") == first
    assert journals.log(first, "status", "did") == ("recorded", "一起读了一本书")
    assert told(pair, client_id=uuid4()) != first


def test_a_days_guards_name_their_field(pair):
    for wrong, field in (
        ({"happened_on": date(2026, 5, 21)}, "happened_on"),
        ({"happened_on": date(2026, 2, 2)}, "happened_on"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 721}, "minutes"),
        ({"kind": "party"}, "kind"),
        ({"mood": "angry"}, "mood"),
        ({"did": " "}, "did"),
        ({"accompanied_by": ""}, "accompanied_by"),
        ({"did": "字" * 2001}, "did"),
    ):
        with pytest.raises(Invalid) as refusal:
            told(pair, **wrong)
        assert list(refusal.value.fields) == [field], wrong
    told(pair, kind="call", accompanied_by="", happened_on=date(2026, 2, 3), minutes=720)


def test_the_fourth_meeting_may_be_alone(pair, director):
    made = [told(pair, happened_on=date(2026, 2, day)) for day in (12, 13, 14)]
    told(pair, happened_on=date(2026, 2, 15), accompanied_by="")
    do(director, contact_logs.void, made[0], reason="记重了")
    do(director, contact_logs.void, made[1], reason="记重了")
    with pytest.raises(Invalid, match="前三次见面须有"):
        told(pair, happened_on=date(2026, 2, 16), accompanied_by="")


def test_a_pause_and_the_end_close_the_journal_but_not_to_a_worry(pair):
    with unit_of_work.transaction(people.everything()):
        db.session.add(
            PairingPause(
                pairing_id=pair.id, supporter_id=pair.mentor.supporter_ids[0],
                unit_path=people.MINGXI, reason_code="missed", from_on=date(2026, 3, 1),
                until_on=date(2026, 4, 1),
            )
        )  # fmt: skip
    told(pair, happened_on=date(2026, 2, 28))
    for day in (date(2026, 3, 1), date(2026, 3, 31)):
        with pytest.raises(Invalid, match="已暂停或结束"):
            told(pair, happened_on=day)
    told(pair, happened_on=date(2026, 4, 1))
    told(pair, happened_on=date(2026, 3, 31), worried=True, accompanied_by="", did="")
    journals.changed(pair.id, status="closed", ended_on=date(2026, 4, 30))
    told(pair, happened_on=date(2026, 4, 30))
    with pytest.raises(Invalid, match="已暂停或结束"):
        told(pair, happened_on=date(2026, 5, 1))


def test_a_pairing_that_rests_now_without_a_row_rests_since_its_state(pair):
    journals.changed(pair.id, status="paused")
    with pytest.raises(Invalid, match="已暂停或结束"):
        told(pair)
    journals.changed(pair.id, status="matched", met_on=None, started_on=None)
    with pytest.raises(Invalid, match="还没有开始"):
        told(pair, worried=True)


def test_only_the_mentor_writes_and_only_the_writer_corrects(pair, director):
    with pytest.raises(NotFound):
        do(hours.volunteer("赵敏"), contact_logs.record, pair.id, TALK)
    with pytest.raises(NotFound):
        do(director, contact_logs.record, pair.id, TALK)
    made = told(pair)
    with pytest.raises(WrongState):
        do(pair.mentor, contact_logs.correct, made, TALK)
    do(director, contact_logs.send_back, made, reason="请补写孩子的近况")
    assert journals.log(made, "status", "remark") == ("returned", "请补写孩子的近况")
    with pytest.raises(NotFound):
        do(hours.volunteer("赵敏"), contact_logs.correct, made, TALK)
    do(pair.mentor, contact_logs.correct, made, replace(TALK, minutes=75))
    assert journals.log(made, "status", "minutes", "remark") == ("recorded", 75, "")
    with pytest.raises(Conflict):
        do(director, contact_logs.verify, made, version=1)


def test_whoever_wrote_or_is_tied_or_sits_elsewhere_does_not_verify(pair, director):
    made = told(pair)
    both = people.also(pair.mentor, "child_director", journals.VILLAGE)
    with pytest.raises(NotAllowed, match="另一位同事"):
        do(both, contact_logs.verify, made)
    for undo in (contact_logs.send_back, contact_logs.void):
        with pytest.raises(NotAllowed, match="另一位同事"):
            do(both, undo, made, reason="写错了")
    with pytest.raises(NotFound):
        do(people.staff("child_director", "350421100201"), contact_logs.verify, made)
    journals.tied(director, pair.mentor.supporter_ids[0])
    with pytest.raises(NotAllowed, match="利害关系"):
        do(director, contact_logs.verify, made)
    do(people.staff("child_supervisor"), contact_logs.verify, made)
    assert journals.log(made, "status") == "verified"


def test_verified_meetings_are_hours_and_fall_with_their_entry(pair, director):
    visit = told(pair, kind="home_visit", happened_on=date(2026, 3, 22), minutes=75)
    call = told(pair, kind="call", happened_on=date(2026, 3, 23), minutes=30)
    for each in (visit, call):
        do(director, contact_logs.verify, each)
    assert journals.records(pair.mentor.user_id) == [("verified", date(2026, 3, 22), 75)]
    do(director, contact_logs.void, visit, reason="那天没有去")
    assert journals.records(pair.mentor.user_id) == [("voided", date(2026, 3, 22), 75)]


def test_a_text_that_says_how_to_reach_the_child_is_asked_to_be_rewritten(pair):
    for name in ("did", "child_state", "next_step"):
        with pytest.raises(Invalid, match="写好的内容都还在") as refusal:
            told(pair, **{name: "他奶奶的电话是12059861234"})
        assert list(refusal.value.fields) == [name]
    told(pair, worried=True, worry="奶奶电话12059861234，昨晚没人管他", did="")


def test_a_picture_needs_the_guardians_consent(pair):
    def draft():
        return files.keep_draft(pair.mentor, data=b"jpeg", mime="image/jpeg")

    with pytest.raises(Invalid, match="没有同意拍照") as refusal:
        told(pair, photo=draft())
    assert list(refusal.value.fields) == ["photo"]
    alarm = told(pair, photo=draft(), worried=True)
    assert journals.log(alarm, "photo_id") is None
    journals.photos_allowed(pair)
    made = told(pair, photo=draft())
    assert journals.log(made, "photo_id") is not None


def test_several_at_once_each_stand_for_themselves(pair, director):
    made = [told(pair, happened_on=date(2026, 2, day)) for day in (12, 13)]
    with pytest.raises(Invalid):
        do(director, contact_logs.together, [(made[0], 1)], move="return")
    found = do(director, contact_logs.together, [(made[0], 1), (made[1], 9)], move="verify")
    assert [one.refusal is None for one in found] == [True, False]
    assert [journals.log(each, "status") for each in made] == ["verified", "recorded"]


def test_what_is_sealed_is_sealed(pair):
    made = told(pair, worried=True, worry="有淤青")
    with unit_of_work.reading(people.everything()) as session:
        raw = session.execute(text("SELECT did, worry, child_state FROM contact_logs")).one()
    assert made
    assert not any("书" in str(cell) or "淤青" in str(cell) for cell in raw)
    assert db.session.get(ContactLog, made) is None
