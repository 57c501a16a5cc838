"""Pairings with two keys, and what becomes of claims when a standing ends."""

from datetime import date, timedelta

import pytest

from portal.domain import clock as portal_clock
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.extensions import db
from portal.models.children import GuardianLink
from portal.models.supporters import Supporter, SupporterMember
from portal.queries import commitment_queues
from portal.services import clearances, expiry, pairings, vetting
from tests.factories import pairings as make
from tests.factories import people, promises
from tests.factories import wishes as wish_rows
from tests.factories.applicants import moment
from tests.functional.standing import stage
from tests.functional.standing.stage import do


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
def mentor(first, second):
    person, supporter_id = stage.admitted(first)
    stage.granted(first, second, person, supporter_id)
    return person, supporter_id


def child():
    return wish_rows.child(10).id


def test_who_proposes_does_not_approve(first, second, mentor):
    found = make.proposed(first, child(), mentor[1])
    with pytest.raises(NotAllowed, match="另一位同事"):
        do(pairings.approve, first, found)
    do(pairings.approve, second, found)
    assert stage.pairing(found) == ("matched", "")


def test_tier_1_is_not_enough_at_either_step(first, second, mentor):
    person, tier1 = stage.admitted(first)
    with pytest.raises(Conflict, match="资格没有生效"):
        make.proposed(first, child(), tier1)
    found = make.proposed(first, child(), mentor[1])
    do(clearances.withdraw, second, mentor[1], reason="本人要求")
    with pytest.raises(Conflict, match="资格没有生效"):
        do(pairings.approve, second, found)


def test_a_relative_of_the_child_is_refused_in_words_that_tell_nothing(first, mentor):
    one = child()
    with stage.everything():
        mark = db.session.get(Supporter, mentor[1]).id_hmac
        db.session.add(
            GuardianLink(
                child_id=one, name="李某", relation="祖父", id_hmac=mark,
                unit_path="/35/3504/350421/350421100/350421100202/",
            )
        )  # fmt: skip
    with pytest.raises(NotAllowed, match="请另选一位"):
        make.proposed(first, one, mentor[1])


def test_two_children_are_the_most_and_the_same_child_comes_once(first, mentor):
    one = child()
    make.proposed(first, one, mentor[1])
    with pytest.raises(Conflict, match="已经结对"):
        make.proposed(first, one, mentor[1], kind="sport")
    make.proposed(first, child(), mentor[1])
    with pytest.raises(Conflict, match="到了上限"):
        make.proposed(first, child(), mentor[1])


def test_staff_do_not_pair_themselves(first, mentor):
    with stage.everything():
        db.session.add(SupporterMember(supporter_id=mentor[1], user_id=first.user_id))
    with pytest.raises(NotAllowed, match="自己的结对"):
        make.proposed(first, child(), mentor[1])


def test_a_pairing_pauses_resumes_and_ends_with_reasons(first, second, mentor):
    found = make.led_to_active(first, second, child(), mentor[1])
    with pytest.raises(Invalid):
        do(pairings.pause, first, found, reason_code="offence_expired", reason="借口")
    do(pairings.pause, first, found, reason_code="missed", reason="两个月没有联系")
    do(pairings.resume, first, found, reason="联系上了")
    do(pairings.close, first, found, reason_code="goal_met", reason="孩子住校了")
    assert stage.pairing(found)[0] == "closed"


def test_a_neighbour_sees_no_pairing_and_the_mentor_only_the_own(first, second, mentor):
    found = make.proposed(first, child(), mentor[1])
    with pytest.raises(NotFound):
        do(pairings.approve, stage.clerk("320681"), found)
    with pytest.raises(NotAllowed):
        do(pairings.approve, mentor[0], found)


def test_suspension_and_tier_1_end_pause_what_lies_in_another_county(on, first, second, mentor):
    far = wish_rows.child(10, village="350429100201").id
    there = [stage.clerk("350429"), stage.clerk("350429")]
    found = make.led_to_active(there[0], there[1], far, mentor[1])
    do(vetting.suspend, first, mentor[1], reason="有情况")
    assert stage.pairing(found) == ("paused", "suspended")


def claimed():
    supporter = people.supporter("individual")
    waiting, promised = promises.hung(cards=2)
    crew = promises.staff()
    pending = promises.claimed(supporter, waiting.code)
    approved = promises.led_to("approved", supporter, promised.code, crew)
    return supporter, pending, approved, crew


def test_an_ended_standing_frees_what_waits_and_shows_what_was_approved(first):
    supporter, pending, approved, _ = claimed()
    promises.change(
        Supporter, supporter.supporter_ids[0],
        valid_to=portal_clock.today() - timedelta(days=1),
    )  # fmt: skip
    with stage.everything():
        assert expiry.expire_due() == 1
    assert promises.status_of(pending) == ("declined", "published", "open")
    assert promises.status_of(approved)[0] == "approved"
    with stage.acting(first):
        assert commitment_queues.counts()["frozen"] == 1
        assert [row.id for row in commitment_queues.page("frozen").rows] == [approved]


def test_a_charity_ends_with_its_registration(on, first):
    _, charity = stage.admitted(first, "charity")
    given = {"reference": "闽明慈0001", "issued_on": date(2023, 1, 1)}
    stage.record(first, charity, "registration", expires_on=date(2026, 6, 30), **given)
    on.move_to(moment(2026, 6, 23, 9, 0))
    with stage.everything():
        assert expiry.remind_due() == 1
        assert expiry.remind_due() == 0
    on.move_to(moment(2026, 6, 30, 23, 0))
    with stage.everything():
        assert expiry.expire_due() == 0
    on.move_to(moment(2026, 7, 1, 0, 0))
    with stage.everything():
        assert expiry.expire_due() == 1
    assert stage.state(charity) == "expired"
