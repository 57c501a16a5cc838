"""Many want the same wish at the same instant: exactly one gets it (invariant 4, security row 11).

On PostgreSQL, where writers really run beside each other; SQLite has one writer and proves nothing.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from portal.core import unit_of_work
from portal.domain.errors import Conflict
from portal.extensions import db
from portal.models.units import Unit
from portal.models.wishes import Commitment, Wish, WishCard
from portal.services import claims
from tests.factories import people, promises

pytestmark = pytest.mark.postgres
#: As many transactions at once as the engine's pool has connections.
AT_ONCE = 12
LONG = int(os.environ.get("RACE_ROUNDS", "5"))


@pytest.fixture
def generous(app):
    """Quotas so wide that a frequent winner is never turned away for another reason."""
    with app.app_context():
        with unit_of_work.reading(people.everything()):
            tenant = db.session.scalar(select(Unit.id).where(Unit.path == people.SANMING))
        promises.change(Unit, tenant, settings={"quota_individual": 100_000})
        yield app


def all_at_once(app, work, many):
    """Run ``work(item)`` for every item, all threads released by one barrier."""
    start, gate = threading.Barrier(len(many)), threading.Semaphore(AT_ONCE)

    def run(item):
        start.wait()
        with gate, app.app_context():
            try:
                return work(item)
            except Conflict as refusal:
                return type(refusal).__name__

    with ThreadPoolExecutor(len(many)) as pool:
        return list(pool.map(run, many))


def wins(actor, code, key=""):
    with promises.as_actor(actor):
        claims.claim(actor, actor.supporter_ids[0], code, key)
    return "won"


def tally(window_id):
    """Count wishes, cards and live promises of the window by state."""
    with unit_of_work.reading(people.everything()):
        live = dict(
            db.session.execute(
                select(Commitment.wish_id, func.count()).group_by(Commitment.wish_id)
            ).all()
        )
        states = Counter(db.session.scalars(select(Wish.status)))
        cards = Counter(db.session.scalars(select(WishCard.status)))
    return live, states, cards


def race(app, supporters, rounds):
    actors = [people.supporter("individual") for _ in range(supporters)]
    hung = promises.hung(cards=rounds)
    for one in hung:
        said = Counter(all_at_once(app, lambda actor, at=one: wins(actor, at.code), actors))
        assert said == {"won": 1, "Taken": supporters - 1}
    live, states, cards = tally(hung[0].window_id)
    assert set(live.values()) == {1}
    assert len(live) == rounds
    assert states == {"reserved": rounds}
    assert cards == {"claimed": rounds}


def test_one_winner_of_forty(generous):
    race(generous, supporters=40, rounds=5)


@pytest.mark.slow
def test_one_winner_of_two_hundred_round_after_round(generous):
    race(generous, supporters=200, rounds=LONG)


def test_ones_own_parallel_claims_stop_at_the_quota(app):
    with app.app_context():
        actor = people.supporter("individual")
        hung = promises.hung(cards=24)
        said = Counter(all_at_once(app, lambda one: wins(actor, one.code), hung))
        live, states, _cards = tally(hung[0].window_id)
    assert said == {"won": 3, "Conflict": 21}
    assert (len(live), states) == (3, {"reserved": 3, "published": 21})


def test_a_submit_sent_twelve_times_at_once_is_one_claim(app):
    with app.app_context():
        actor = people.supporter("individual")
        [hung] = promises.hung()
        said = all_at_once(app, lambda _: wins(actor, hung.code, "one-key"), range(AT_ONCE))
        live, _states, _cards = tally(hung.window_id)
    assert set(said) == {"won"}
    assert list(live.values()) == [1]


def test_two_lists_in_opposite_order_do_not_wait_for_each_other(app):
    with app.app_context():
        firms = [people.supporter("enterprise") for _ in range(8)]
        codes = [one.code for one in promises.hung(cards=12)]

        def order(firm):
            wanted = codes if firms.index(firm) % 2 else codes[::-1]
            with promises.as_actor(firm):
                return len(
                    [one for one in claims.claim_several(firm, firm.supporter_ids[0], wanted)
                     if one.claimed]
                )  # fmt: skip

        got = all_at_once(app, order, firms)
        live, states, _cards = tally(None)
    assert sum(got) == 12
    assert (len(live), states) == (12, {"reserved": 12})
