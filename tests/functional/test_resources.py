"""The resource directory (S1-2.3.6): capacity 10, 4 used → 6 left; who lists, who takes, who sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from portal.core import scope, unit_of_work
from portal.domain import clock as portal_clock
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.domain.resources import SubjectType
from portal.extensions import db
from portal.models.records import Fact, Message
from portal.models.resources import ResourceLink, ResourceOffer
from portal.queries import resources as reading
from portal.queries.resources import OfferFilter
from portal.services import resource_links, resources
from tests.factories import giving, people, promises


@pytest.fixture
def home(app, clock):
    with app.app_context():
        yield app


@pytest.fixture
def county(home):
    return people.staff("county_staff", "350421")


@pytest.fixture
def firm(home):
    return giving.named(people.supporter("enterprise"), "明溪县向阳灯具有限公司")


def standing(offer_id):
    with unit_of_work.reading(people.everything()):
        row = db.session.get(ResourceOffer, offer_id)
        return row.status, row.used, row.capacity - row.used


def test_of_ten_four_are_used_and_six_are_left(county, firm):
    offer_id = giving.listed(firm, county)
    [wish] = promises.hung()
    giving.book(county, offer_id, wish.wish_id, 4)
    assert standing(offer_id) == ("listed", 4, 6)
    with unit_of_work.reading(scope.of(county)):
        row = reading.one(county, offer_id).row
    assert (row.capacity, row.used, row.left) == (10, 4, 6)


def test_the_seventh_of_six_is_refused_and_says_how_many_are_left(county, firm):
    offer_id = giving.listed(firm, county)
    [one, other] = promises.hung(cards=2)
    giving.book(county, offer_id, one.wish_id, 4)
    with pytest.raises(Conflict, match="还有6场"):
        giving.book(county, offer_id, other.wish_id, 7)
    assert standing(offer_id) == ("listed", 4, 6)
    giving.book(county, offer_id, other.wish_id, 6)
    assert standing(offer_id) == ("used_up", 10, 0)
    with pytest.raises(Conflict, match="用完"):
        giving.book(county, offer_id, other.wish_id, 1)


def test_the_database_itself_refuses_more_than_there_is(county, firm):
    offer_id = giving.listed(firm, county)
    for used in (11, -1):
        with pytest.raises(IntegrityError), giving.within(county):
            db.session.execute(
                text("UPDATE resource_offers SET used = :used WHERE capacity = 10"),
                {"used": used},
            )
    assert standing(offer_id)[1] == 0


def test_what_is_given_back_can_be_taken_again_and_the_reason_stays(county, firm):
    offer_id = giving.listed(firm, county, capacity=4)
    [wish] = promises.hung()
    link_id = giving.book(county, offer_id, wish.wish_id, 4)
    assert standing(offer_id) == ("used_up", 4, 0)
    with pytest.raises(Invalid), giving.within(county):
        resource_links.release(county, link_id, reason="  ")
    with giving.within(county):
        resource_links.release(county, link_id, reason="活动改期")
    assert standing(offer_id) == ("listed", 0, 4)
    with pytest.raises(WrongState), giving.within(county):
        resource_links.release(county, link_id, reason="再放一次")
    assert standing(offer_id) == ("listed", 0, 4)
    with unit_of_work.reading(people.everything()):
        kinds = db.session.scalars(
            select(Fact.kind).where(Fact.subject_id.in_([offer_id, link_id])).order_by(Fact.id)
        ).all()
    assert kinds == [
        "resource_offer.begin", "resource_offer.list", "resource_link.begin",
        "resource_offer.use_up", "resource_link.release", "resource_offer.reopen",
    ]  # fmt: skip


def test_only_a_listed_offer_can_be_taken(county, firm):
    offer_id = giving.offer(firm)
    [wish] = promises.hung()
    with pytest.raises(WrongState, match="待核对"):
        giving.book(county, offer_id, wish.wish_id, 1)


def test_an_offer_that_does_not_reach_the_county_cannot_be_taken_there(county, firm):
    offer_id = giving.listed(firm, county, counties=("350424",))
    [wish] = promises.hung()
    with pytest.raises(WrongState, match="不覆盖"):
        giving.book(county, offer_id, wish.wish_id, 1)


def test_a_day_outside_the_offers_span_is_refused(county, firm):
    today = portal_clock.today()
    span = {"from_on": today + timedelta(days=3), "to_on": today + timedelta(days=5)}
    offer_id = giving.listed(firm, county, **span)
    [wish] = promises.hung()
    for days, fits in ((2, False), (3, True), (5, True), (6, False)):
        on = today + timedelta(days=days)
        if fits:
            giving.book(county, offer_id, wish.wish_id, 1, on)
        else:
            with pytest.raises(Invalid):
                giving.book(county, offer_id, wish.wish_id, 1, on)
    assert standing(offer_id)[1] == 2


def test_an_offer_ends_the_day_after_its_last_day(county, firm, clock):
    offer_id = giving.listed(firm, county, to_on=portal_clock.today())
    with unit_of_work.transaction(people.everything()):
        assert resources.expire_due() == 0
    clock.advance(days=1)
    with unit_of_work.transaction(people.everything()):
        assert resources.expire_due() == 1
    assert standing(offer_id)[0] == "expired"


def test_nobody_lists_what_they_offer_themselves(home, county):
    both = people.also(people.supporter("individual"), "county_staff", "350421")
    offer_id = giving.offer(people.supporter("enterprise"))
    with unit_of_work.transaction(people.everything()):
        db.session.get(ResourceOffer, offer_id).supporter_id = both.supporter_ids[0]
    with pytest.raises(NotAllowed, match="自己提供"), giving.within(both):
        resources.accept(both, offer_id)
    with giving.within(county):
        resources.accept(county, offer_id)


def test_a_returned_offer_shows_its_reason_and_comes_back_by_a_change(county, firm):
    offer_id = giving.offer(firm)
    with giving.within(county):
        resources.give_back(county, offer_id, reason="请写清楚几点开门")
    with unit_of_work.reading(scope.of(firm)):
        [own] = reading.own(firm)
    assert (own.row.status, own.row.returned) == ("returned", "请写清楚几点开门")
    with giving.within(firm):
        resources.revise(firm, offer_id, replace(giving.OFFER, description="九点开门"))
    assert standing(offer_id)[0] == "submitted"


def test_an_offer_is_not_made_smaller_than_what_is_booked(county, firm):
    offer_id = giving.listed(firm, county)
    [wish] = promises.hung()
    giving.book(county, offer_id, wish.wish_id, 4)
    with pytest.raises(Invalid), giving.within(firm):
        resources.revise(firm, offer_id, replace(giving.OFFER, capacity=3))
    with giving.within(firm):
        resources.revise(firm, offer_id, replace(giving.OFFER, capacity=4))
    with giving.within(county):
        resources.accept(county, offer_id)
    assert standing(offer_id) == ("used_up", 4, 0)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"capacity": 0}, "capacity"),
        ({"counties": ("320681",)}, "counties"),
        ({"counties": ()}, "counties"),
        ({"unit": "元"}, "unit"),
        ({"kind": "money"}, "kind"),
        ({"title": " "}, "title"),
        ({"contact_phone": ""}, "contact_name"),
        ({"days": ("always",)}, "days"),
    ],
)
def test_an_offer_that_cannot_stand_says_why_beside_the_field(firm, change, field):
    with pytest.raises(Invalid) as refusal:
        giving.offer(firm, **change)
    assert field in refusal.value.fields


def test_who_is_not_vetted_offers_nothing(home):
    waiting = people.supporter("enterprise", status="checking")
    with pytest.raises(WrongState):
        giving.offer(waiting)


def test_another_authority_neither_sees_nor_takes_an_offer(county, firm):
    offer_id = giving.listed(firm, county)
    stranger = people.staff("county_staff", "320681")
    with unit_of_work.reading(scope.of(stranger)):
        assert reading.directory(stranger, OfferFilter()).rows == ()
        with pytest.raises(NotFound):
            reading.one(stranger, offer_id)
    with pytest.raises(NotFound), giving.within(stranger):
        resources.accept(stranger, offer_id)


def test_the_wall_stands_around_offers_and_their_uses_by_themselves(county, firm):
    """Whatever a query asks: the ORM's own scope counts, lists and finds none for a stranger."""
    offer_id = giving.listed(firm, county)
    [theirs] = promises.hung()
    giving.book(county, offer_id, theirs.wish_id, 4)
    strangers = (people.staff("county_staff", "320681"), people.supporter("charity"))
    for model in (ResourceOffer, ResourceLink):
        for reader, many in ((county, 1), *((one, 0) for one in strangers)):
            with unit_of_work.reading(scope.of(reader)):
                found = db.session.scalars(select(model)).all()
                counted = db.session.scalar(select(func.count(model.id)))
                alone = db.session.scalar(select(model.id).limit(1))
            assert (len(found), counted, alone is not None) == (many, many, bool(many)), reader


def test_a_sister_county_takes_a_part_and_its_wish_stays_behind_the_wall(county, firm):
    offer_id = giving.listed(firm, county)
    sister = people.staff("county_staff", "350424")
    [theirs] = promises.hung()
    with pytest.raises(NotFound):
        giving.book(sister, offer_id, theirs.wish_id, 1)
    giving.book(county, offer_id, theirs.wish_id, 4)
    with unit_of_work.reading(scope.of(sister)):
        seen = reading.one(sister, offer_id)
    assert (seen.row.left, seen.links) == (6, ())


@pytest.mark.parametrize("word", ["教室", "投影", "多媒体 投影仪"])
def test_words_of_two_characters_are_found(county, firm, word):
    giving.listed(firm, county)
    giving.listed(firm, county, title="十个书包", description="", unit="件")
    with unit_of_work.reading(scope.of(county)):
        found = reading.directory(county, OfferFilter(q=word)).rows
    assert [row.title for row in found] == ["能坐四十人的多媒体教室"]


def test_filters_of_kind_county_and_day_narrow_together(county, firm):
    today = portal_clock.today()
    giving.listed(firm, county)
    giving.listed(firm, county, kind="goods", unit="件", title="十个书包", counties=("350424",))
    giving.listed(firm, county, title="下月的场地", from_on=today + timedelta(days=30))

    def titles(**asked):
        with unit_of_work.reading(scope.of(county)):
            return {row.title for row in reading.directory(county, OfferFilter(**asked)).rows}

    assert titles(kind="goods") == {"十个书包"}
    assert titles(county="350421") == {"能坐四十人的多媒体教室", "下月的场地"}
    assert titles(kind="venue", day=today.isoformat()) == {"能坐四十人的多媒体教室"}
    assert titles(status="submitted") == set()


def test_the_giver_is_told_by_mail_and_the_county_that_something_waits(county, firm):
    offer_id = giving.listed(firm, county)
    [wish] = promises.hung()
    giving.book(county, offer_id, wish.wish_id, 4)
    with unit_of_work.reading(people.everything()):
        owed = db.session.execute(select(Message.template, Message.user_id)).all()
    assert ("offer_to_check", county.user_id) in owed
    assert ("offer_listed", firm.user_id) in owed
    assert ("offer_booked", firm.user_id) in owed


def test_a_programme_cannot_be_named_before_there_are_programmes(county, firm):
    offer_id = giving.listed(firm, county)
    with pytest.raises(NotFound), giving.within(county):
        resource_links.book(
            county, offer_id, subject_type=SubjectType.PROGRAMME, subject_id=offer_id, amount=1
        )
