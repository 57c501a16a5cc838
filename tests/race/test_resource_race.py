"""Over-booking is impossible, whatever races (invariant 4): asked of PostgreSQL, round after round."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from sqlalchemy import func, select

from portal.core import unit_of_work
from portal.domain.errors import WrongState
from portal.extensions import db
from portal.models.resources import ResourceLink, ResourceOffer
from portal.services import resource_links
from tests.factories import giving, people, promises
from tests.race.test_claim_race import AT_ONCE, all_at_once

pytestmark = pytest.mark.postgres
ROUNDS = int(os.environ.get("RACE_ROUNDS_RESOURCES", "10"))


def state(offer_id):
    with unit_of_work.reading(people.everything()):
        offer = db.session.get(ResourceOffer, offer_id)
        booked = db.session.scalar(
            select(func.coalesce(func.sum(ResourceLink.amount), 0)).where(
                ResourceLink.offer_id == offer_id, ResourceLink.status == "booked"
            )
        )
        return offer.status, offer.used, int(booked)


def test_twelve_clerks_take_four_of_ten_and_two_of_them_get_it(app):
    with app.app_context():
        giver, county = people.supporter("enterprise"), people.staff("county_staff", "350421")
        wishes = promises.hung(cards=AT_ONCE)
        for _ in range(ROUNDS):
            offer_id = giving.listed(giver, county)

            def take(wish, at=offer_id):
                giving.book(county, at, wish.wish_id, 4)
                return "won"

            said = Counter(all_at_once(app, take, wishes))
            assert said == {"won": 2, "Conflict": AT_ONCE - 2}
            assert state(offer_id) == ("listed", 8, 8)


def test_the_last_one_is_taken_once_and_the_offer_is_used_up(app):
    with app.app_context():
        giver, county = people.supporter("enterprise"), people.staff("county_staff", "350421")
        wishes = promises.hung(cards=AT_ONCE)
        for _ in range(ROUNDS):
            offer_id = giving.listed(giver, county, capacity=1)

            def take(wish, at=offer_id):
                giving.book(county, at, wish.wish_id, 1)
                return "won"

            said = Counter(all_at_once(app, take, wishes))
            assert said == {"won": 1, "Conflict": AT_ONCE - 1}
            assert state(offer_id) == ("used_up", 1, 1)


def test_a_link_released_twelve_times_at_once_comes_back_once(app):
    with app.app_context():
        giver, county = people.supporter("enterprise"), people.staff("county_staff", "350421")
        [one, other] = promises.hung(cards=2)
        for _ in range(10):
            offer_id = giving.listed(giver, county, capacity=8)
            link_id = giving.book(county, offer_id, one.wish_id, 4)
            giving.book(county, offer_id, other.wish_id, 4)

            def release(_, link=link_id):
                try:
                    with giving.within(county):
                        resource_links.release(county, link, reason="改期")
                except WrongState:
                    return "WrongState"
                return "released"

            said = Counter(all_at_once(app, release, range(AT_ONCE)))
            assert said["released"] == 1
            assert state(offer_id) == ("listed", 4, 4)
