"""A child moves to another county: one proposes, the other accepts, then everything moves (PN)."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.core import scope, unit_of_work
from portal.domain import clock as portal_clock
from portal.domain.contact_entries import Entry
from portal.domain.continuity import Parts
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.extensions import db
from portal.models import Base
from portal.models.children import ChildFile
from portal.models.continuity import ChildTransfer
from portal.models.needs import PairingNeed
from portal.models.pairings import Pairing
from portal.models.records import Fact
from portal.models.standings import Clearance
from portal.models.wishes import Wish
from portal.queries import child_transfers as reading
from portal.queries import own_pairings, pairing_dossiers
from portal.services import (
    cadence_care,
    child_transfers,
    contact_cards,
    contact_logs,
    erasure,
    handovers,
)
from tests.factories import pairings as make
from tests.factories import people
from tests.factories import wishes as children
from tests.factories.cadences import contact, mails, night
from tests.factories.pairings import do

HERE, THERE, VILLAGE = "350421", "350425", "350425100002"


@pytest.fixture(autouse=True)
def on(app, clock):
    with app.app_context():
        yield clock


@pytest.fixture
def county():
    return people.staff("county_staff", HERE)


@pytest.fixture
def other():
    return people.staff("county_staff", THERE)


def propose(actor, child_id, **given):
    usual = {"to": THERE, "moves_on": portal_clock.today(), "words": "随妈妈搬走"}
    return do(child_transfers.propose, actor, child_id, **{**usual, **given})


def held(model, row_id):
    with unit_of_work.reading(people.everything()):
        return db.session.get(model, row_id)


def at_path(path, child_id, pairing_id):
    """Return the tables in which a row of the child or the pairing stands at a path."""
    found = set()
    with unit_of_work.reading(people.everything()):
        for table in Base.metadata.sorted_tables:
            for name, value in (("child_id", child_id), ("pairing_id", pairing_id)):
                if "unit_path" in table.c and name in table.c:
                    hit = select(table.c.id).where(
                        table.c[name] == value, table.c.unit_path == path
                    )
                    if db.session.execute(hit.limit(1)).first():
                        found.add(table.name)
    return found


def nothing_is_told_before(county, other, pair, moving):
    told = do(reading.one, other, moving).summary
    child = held(ChildFile, pair.child.id)
    assert told.child == child.name[0] + "*" * (len(child.name) - 1)
    assert told.county == "明溪县" and [one.light for one in told.pairings] == ["green"]
    with pytest.raises(NotFound):
        do(pairing_dossiers.dossier, other, pair.id)
    with pytest.raises(NotFound):
        do(reading.one, people.staff("county_staff", "350424"), moving)
    with pytest.raises(NotFound):
        do(child_transfers.accept, county, moving, unit=VILLAGE)
    with pytest.raises(Invalid):
        do(child_transfers.accept, other, moving, unit="350421100202")


def each_sees_the_own_side(county, other, pair, moving, host):
    with pytest.raises(NotFound):
        do(pairing_dossiers.dossier, county, pair.id)
    assert do(pairing_dossiers.dossier, other, pair.id).contact == host.name
    assert not do(reading.one, county, moving).may_open
    assert do(reading.one, other, moving).may_open


def test_everything_moves_when_it_is_accepted_and_nothing_before(clock):
    clock.move_to(datetime(2026, 3, 10, 9))
    county, other = (people.staff("county_staff", code) for code in (HERE, THERE))
    director = people.staff("child_director", "350421100202")
    host = people.staff("child_director", VILLAGE)
    pair = make.pairing(started_on=date(2026, 2, 3), contact_id=director.user_id)
    second = make.need(status="published", kind="skill", child=pair.child, consent=False)
    do(contact_cards.issue, county, pair.id)
    contact(pair, date(2026, 2, 12))
    excused = {"kind": "talk", "period_from": date(2026, 3, 1), "reason_code": "travel"}
    do(cadence_care.excuse, county, pair.id, **excused)
    do(handovers.write, pair.mentor, pair.id, Parts(did="读书"))
    old = pair.unit_path
    before = at_path(old, pair.child.id, pair.id)
    assert {"pairings", "contact_logs", "cadence_excuses", "contact_cards", "handovers"} <= before
    stale = held(Pairing, pair.id).version
    moving = propose(county, pair.child.id)
    nothing_is_told_before(county, other, pair, moving)
    assert at_path(old, pair.child.id, pair.id) == before
    do(child_transfers.accept, other, moving, unit=VILLAGE)
    new = held(ChildFile, pair.child.id).unit_path
    assert new.endswith(f"/{VILLAGE}/")
    assert at_path(old, pair.child.id, pair.id) == set()
    assert at_path(new, pair.child.id, pair.id) == before
    assert held(ChildFile, pair.child.id).county_code == THERE
    assert held(PairingNeed, second.id).status == "held"
    assert held(PairingNeed, second.id).card_id is None
    assert held(Pairing, pair.id).status == "active"
    assert held(Pairing, pair.id).version > stale
    assert held(Pairing, pair.id).meeting_place is None
    assert do(own_pairings.get, pair.mentor, pair.id).contact == host.name
    assert held(ChildTransfer, moving).missing == ["address", "need", "place"]
    each_sees_the_own_side(county, other, pair, moving, host)
    entry = Entry("talk", date(2026, 3, 10), 30, accompanied_by="陈玉兰", did="聊天", mood="calm")
    log = do(contact_logs.record, pair.mentor, pair.id, entry)
    with pytest.raises(NotFound):
        do(contact_logs.verify, director, log)
    do(contact_logs.verify, host, log)
    with unit_of_work.reading(people.everything()):
        left = db.session.scalars(select(Fact.unit_path).where(Fact.kind == "child.leave")).all()
        came = db.session.scalars(select(Fact.unit_path).where(Fact.kind == "child.arrive")).all()
    assert (left, came) == ([old], [new])
    letters = mails("pairing_contact_changed") + mails("transfer_answered")
    assert len(letters) == 2 and held(ChildFile, pair.child.id).name not in str(letters)


def test_who_may_propose_and_what_stands_in_the_way(county, other):
    child = children.child(10)
    with pytest.raises(NotAllowed):
        propose(people.staff("child_supervisor", "350421100"), child.id)
    with pytest.raises(NotFound):
        propose(other, child.id)
    for wrong in (
        {"to": "320681"},
        {"to": "350421100"},
        {"words": " "},
        {"moves_on": portal_clock.today() + timedelta(days=61)},
    ):
        with pytest.raises(Invalid):
            propose(county, child.id, **wrong)
    moving = propose(county, child.id)
    with pytest.raises(Conflict):
        propose(county, child.id)
    with pytest.raises(NotFound):
        do(child_transfers.withdraw, other, moving, reason="不是我提的")
    do(child_transfers.withdraw, county, moving, reason="不搬了")
    assert held(ChildTransfer, moving).status == "withdrawn"
    busy = children.child(9)
    wish = children.wish(busy, children.window(), status="published")
    with pytest.raises(WrongState, match="心愿"):
        propose(county, busy.id)
    with unit_of_work.transaction(people.everything()):
        db.session.get(Wish, wish).status = "withdrawn"
    again = propose(county, busy.id)
    with unit_of_work.transaction(people.everything()):
        db.session.get(Wish, wish).status = "committed"
    # What began meanwhile is finished first.
    with pytest.raises(WrongState, match="心愿"):
        do(child_transfers.accept, other, again, unit=VILLAGE)
    assert held(ChildTransfer, again).status == "proposed"


def test_inside_one_county_a_second_person_accepts(county):
    child = children.child(10)
    moving = propose(county, child.id, to=HERE)
    with pytest.raises(NotAllowed, match="两人把关"):
        do(child_transfers.accept, county, moving, unit="350421100201")
    do(child_transfers.accept, people.staff("county_staff", HERE), moving, unit="350421100201")
    assert held(ChildFile, child.id).unit_path.endswith("/350421100201/")


def test_an_answer_is_asked_for_each_week_and_a_refusal_leaves_all_where_it_was(
    clock, county, other
):
    child = children.child(10)
    moving = propose(county, child.id)
    clock.advance(days=6)
    assert night(child_transfers.remind_due) == 0
    clock.advance(days=1)
    assert [night(child_transfers.remind_due) for _ in range(2)] == [1, 0]
    assert len(mails("transfer_waits")) == 2
    clock.advance(days=7)
    assert night(child_transfers.remind_due) == 1
    with pytest.raises(Invalid):
        do(child_transfers.refuse, other, moving, reason="")
    do(child_transfers.refuse, other, moving, reason="住址没有定")
    assert do(reading.one, county, moving).answer == "住址没有定"
    assert held(ChildFile, child.id).county_code == HERE
    again = propose(county, child.id)
    with unit_of_work.transaction(people.everything()):
        erasure.child(child.id)
    assert held(ChildTransfer, again).status == "withdrawn"
    assert held(ChildTransfer, again).summary == ""
    assert do(reading.one, other, again).summary.child == ""


def test_a_pairing_pauses_where_the_standing_does_not_hold(county, other):
    pair = make.pairing()
    moving = propose(county, pair.child.id)
    with unit_of_work.transaction(people.everything()):
        standing = db.session.scalar(
            select(Clearance).where(Clearance.supporter_id == pair.supporter_id)
        )
        standing.valid_to = portal_clock.today() - timedelta(days=1)
    do(child_transfers.accept, other, moving, unit=VILLAGE)
    assert make.row(pair.id, "status", "paused_reason") == ("paused", "moved")
    assert held(ChildTransfer, moving).missing == ["address", "director", "place", "standing"]


def test_a_neighbour_reads_no_transfer_past_the_wall(county, other):
    child = children.child(10)
    propose(county, child.id)
    stranger = people.staff("county_staff", "350424")
    with unit_of_work.reading(scope.of(stranger)):
        assert db.session.scalars(select(ChildTransfer)).all() == []
        assert reading.queue(stranger) == ()
