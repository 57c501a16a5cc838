"""Tier 1 is renewed before it ends: it holds meanwhile, and the new end counts from the old."""

from datetime import date

import pytest

from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.queries import vetting as queues
from portal.services import expiry, renewals, vetting
from tests.factories import applicants, people
from tests.factories.applicants import moment
from tests.functional.standing import stage
from tests.functional.standing.stage import do


@pytest.fixture(autouse=True)
def on(app, clock):
    with app.app_context():
        yield clock


@pytest.fixture
def first():
    return people.staff("county_staff", "350421")


@pytest.fixture
def person(first):
    """Approved on 2026-05-20: the standing holds until 2028-05-20."""
    return stage.admitted(first)


def held(supporter_id):
    return applicants.row(supporter_id, "status"), applicants.row(supporter_id, "valid_to")


def test_a_standing_is_renewed_from_its_old_end(on, first, person):
    actor, own = person
    on.move_to(moment(2028, 3, 20, 23, 59))
    with pytest.raises(WrongState, match="2028-03-21"):
        do(renewals.ask, actor, own)
    on.move_to(moment(2028, 3, 21, 0, 1))
    do(renewals.ask, actor, own)
    assert held(own) == ("approved", date(2028, 5, 20))
    with pytest.raises(WrongState, match="已经申请续期"):
        do(renewals.ask, actor, own)
    [waiting] = do(queues.queue, first).rows
    assert (waiting.id, waiting.renews, waiting.due) == (own, True, date(2028, 4, 4))
    with pytest.raises(Invalid):
        do(vetting.renew, first, own, identity_confirmed=False)
    on.advance(days=3)
    do(vetting.renew, first, own, identity_confirmed=True)
    assert held(own) == ("approved", date(2030, 5, 20))
    assert do(queues.queue, first).rows == ()
    assert do(queues.counts, first)[queues.RENEWAL] == 0


def test_nothing_is_renewed_that_nobody_asked_for(on, first, person):
    on.move_to(moment(2028, 5, 1, 9, 0))
    with pytest.raises(WrongState, match="没有申请续期"):
        do(vetting.renew, first, person[1], identity_confirmed=True)


def test_only_its_contact_asks_and_nobody_renews_what_is_theirs(on, first, person):
    on.move_to(moment(2028, 5, 1, 9, 0))
    with pytest.raises(NotFound):
        do(renewals.ask, people.supporter("individual"), person[1])
    with pytest.raises(Conflict):
        do(renewals.ask, person[0], person[1], version=0)
    do(renewals.ask, person[0], person[1])
    clerk = people.also(person[0], "county_staff", "350421")
    with pytest.raises(NotAllowed):
        do(vetting.renew, clerk, person[1], identity_confirmed=True)


def test_a_standing_whose_renewal_waits_ends_on_its_day(on, person):
    on.move_to(moment(2028, 5, 20, 12, 0))
    do(renewals.ask, person[0], person[1])
    on.move_to(moment(2028, 5, 21, 0, 5))
    with stage.everything():
        expiry.expire_due()
    assert stage.state(person[1]) == "expired"
