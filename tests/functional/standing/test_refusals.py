"""Complaints suspend at once, appeals come once and in time, a block is lifted and stands again."""

from datetime import date

import pytest
from sqlalchemy import select

from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.extensions import db
from portal.models.records import FactNote
from portal.models.supporters import BlockEntry
from portal.services import appeals, complaints, supporters, vetting
from tests.factories import applicants, people
from tests.factories import pairings as make
from tests.factories import wishes as wish_rows
from tests.factories.applicants import moment
from tests.functional.standing import stage
from tests.functional.standing.stage import do

REFUSED = {"reason_code": "false_documents", "reason": "材料与查询结果不一致"}


@pytest.fixture(autouse=True)
def on(app, clock):
    with app.app_context():
        yield clock


@pytest.fixture
def first():
    return stage.clerk()


@pytest.fixture
def second():
    return stage.clerk()


@pytest.fixture
def person(first):
    return stage.admitted(first)


def complain(actor, supporter_id, **changes):
    given = {"kind": "conduct", "words": "言语粗暴，家长反映", **changes}
    return do(complaints.record, actor, supporter_id, **given)


def listed():
    with stage.everything():
        rows = db.session.scalars(select(BlockEntry).where(BlockEntry.lifted_at.is_(None)))
        return [row.reason_code for row in rows]


def test_a_complaint_suspends_at_once_and_pauses_the_pairing(first, second, person):
    stage.granted(first, second, *person)
    child = wish_rows.child(10).id
    pair = make.led_to_active(first, second, child, person[1])
    complain(first, person[1])
    assert stage.state(person[1]) == "suspended"
    assert stage.pairing(pair) == ("paused", "complaint")


def test_nobody_reinstates_before_the_finding_nor_who_handled_it(first, second, person):
    found = complain(first, person[1])
    third = stage.clerk()
    with pytest.raises(WrongState, match="核实结论"):
        do(vetting.reinstate, third, person[1], reason="查清了")
    do(complaints.dismiss, second, found, finding="查无此事")
    for hand in (first, second):
        with pytest.raises(NotAllowed, match="没有经手"):
            do(vetting.reinstate, hand, person[1], reason="查清了")
    do(vetting.reinstate, third, person[1], reason="查清了")
    assert stage.state(person[1]) == "approved"


def test_a_plain_suspension_is_given_back_by_the_same_person(first, person):
    do(vetting.suspend, first, person[1], reason="电话打不通")
    do(vetting.reinstate, first, person[1], reason="联系上了")
    assert stage.state(person[1]) == "approved"


def test_what_a_complaint_says_is_on_no_fact_and_the_supporter_never_reads_it(first, person):
    found = complain(first, person[1], words="机密的话", reporter="王某某")
    do(complaints.uphold, first, found, finding="机密的结论")
    with stage.everything():
        notes = [note.text for note in db.session.scalars(select(FactNote))]
    assert not any("机密" in note for note in notes)
    with pytest.raises(NotFound):
        do(complaints.dismiss, person[0], found, finding="没有的事")


@pytest.mark.parametrize("changes", [{"kind": "nothing"}, {"words": "  "}])
def test_an_empty_complaint_is_refused(first, person, changes):
    with pytest.raises(Invalid):
        complain(first, person[1], **changes)
    assert stage.state(person[1]) == "approved"


def test_a_neighbour_complains_about_nobody_here(person):
    with pytest.raises(NotFound):
        complain(stage.clerk("320681"), person[1])


def test_an_appeal_is_right_on_day_15_and_too_late_on_day_16(on, first, person):
    do(vetting.revoke, first, person[1], **REFUSED)
    on.move_to(moment(2026, 6, 5, 0, 0))
    with pytest.raises(WrongState, match="2026-06-04"):
        do(appeals.file, person[0], person[1], words="不是我")
    on.move_to(moment(2026, 6, 4, 23, 59))
    do(appeals.file, person[0], person[1], words="不是我")
    with pytest.raises(Conflict, match="已经申诉过"):
        do(appeals.file, person[0], person[1], words="再说一次")


def test_another_person_answers_and_an_upheld_appeal_lifts_the_block(on, first, second, person):
    do(vetting.revoke, first, person[1], **REFUSED)
    assert listed() == ["false_documents"]
    found = do(appeals.file, person[0], person[1], words="同名的人")
    with pytest.raises(NotAllowed, match="另一位同事"):
        do(appeals.uphold, first, found, answer="核对过")
    do(appeals.uphold, second, found, answer="查询的是同名的人")
    assert listed() == []
    assert stage.state(person[1]) == "checking"
    on.advance(hours=1)
    do(vetting.approve, second, person[1], identity_confirmed=True)
    do(vetting.revoke, second, person[1], **REFUSED)
    assert listed() == ["false_documents"]
    do(appeals.file, person[0], person[1], words="第二次决定，可以再申诉")


def test_a_dismissed_appeal_leaves_everything_and_needs_reasons(first, second, person):
    do(vetting.revoke, first, person[1], **REFUSED)
    found = do(appeals.file, person[0], person[1], words="不服")
    with pytest.raises(Invalid):
        do(appeals.dismiss, second, found, answer=" ")
    do(appeals.dismiss, second, found, answer="核查属实")
    assert (stage.state(person[1]), listed()) == ("revoked", ["false_documents"])
    with pytest.raises(WrongState):
        do(appeals.uphold, second, found, answer="改主意")


def test_there_is_no_appeal_where_nothing_was_refused_nor_for_a_stranger(first, person):
    with pytest.raises(WrongState, match="没有可以申诉"):
        do(appeals.file, person[0], person[1], words="不服")
    do(vetting.revoke, first, person[1], **REFUSED)
    stranger = people.supporter("individual")
    with pytest.raises(NotFound):
        do(appeals.file, stranger, person[1], words="不服")


def test_a_blocked_number_stays_free_at_another_authority(first, person):
    number = applicants.id_number(date(1990, 1, 1))
    _, blocked = stage.admitted(first, id_number=number)
    do(vetting.revoke, first, blocked, **REFUSED)
    again = applicants.applied(id_number=number)
    assert again[1] is None
    _, elsewhere = applicants.applied(id_number=number, county_code="320681")
    assert stage.state(elsewhere) == "submitted"


def test_one_login_is_a_supporter_at_two_authorities_and_each_sees_its_own(first, person):
    own_number = applicants.id_number(date(1992, 2, 2))
    login, here = stage.admitted(first, id_number=own_number)
    with stage.acting(login):
        there = supporters.register(
            login,
            applicants.application(id_number=own_number, county_code="320681"),
            allow_fictitious=True,
        )
    foreign = stage.clerk("320681")
    with pytest.raises(NotFound):
        do(vetting.start_check, first, there)
    with pytest.raises(NotFound):
        do(vetting.suspend, foreign, here, reason="别处")
    do(vetting.start_check, foreign, there)
    do(vetting.reject, foreign, there, **REFUSED)
    assert (stage.state(here), stage.state(there)) == ("approved", "rejected")
