"""Claiming: who may, one winner, nothing twice (MW published → reserved, R1)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.core import unit_of_work
from portal.domain import clock as portal_clock
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.extensions import db
from portal.models.records import Fact
from portal.models.supporters import Supporter
from portal.models.wishes import Commitment, WishWindow
from portal.services import claims
from portal.services.claims import Taken
from tests.factories import people, promises


@pytest.fixture
def on(app, clock):
    """Work inside the application, on a working day in the window."""
    with app.app_context():
        yield


def claim(actor, code, key=""):
    with promises.as_actor(actor):
        return claims.claim(actor, actor.supporter_ids[0], code, key)


def commitments():
    with unit_of_work.reading(people.everything()):
        return db.session.scalar(select(func.count()).select_from(Commitment))


def test_a_claim_reserves_the_wish_and_marks_the_card(on):
    [hung] = promises.hung()
    actor = people.supporter("individual")
    made = claim(actor, hung.code)
    assert promises.status_of(made.commitment_id) == ("pending", "reserved", "claimed")
    claimed_at, lapses_at, promise = promises.read(
        Commitment, made.commitment_id, "claimed_at", "lapses_at", "promise"
    )
    assert lapses_at - claimed_at == timedelta(hours=72)
    assert (promise["title"], promise["region"], promise["code"]) == (
        "护眼台灯",
        "明溪县",
        hung.code,
    )


def test_a_claim_leaves_both_facts_with_ids_and_no_names(on):
    [hung] = promises.hung()
    actor = people.supporter("individual")
    made = claim(actor, hung.code)
    with unit_of_work.reading(people.everything()):
        kinds = dict(
            db.session.execute(
                select(Fact.kind, Fact.data).where(Fact.actor_id == actor.user_id)
            ).all()
        )
    assert kinds["commitment.begin"] == {
        "supporter_id": str(actor.supporter_ids[0]),
        "wish_id": str(hung.wish_id),
    }
    assert kinds["wish.reserve"] == {"commitment_id": str(made.commitment_id)}


def test_the_second_supporter_is_told_kindly(on):
    [hung] = promises.hung()
    claim(people.supporter("individual"), hung.code)
    with pytest.raises(Taken) as refusal:
        claim(people.supporter("enterprise"), hung.code)
    assert "先您一步" in str(refusal.value)
    assert commitments() == 1


def test_a_repeated_submit_answers_as_the_first_time(on):
    first, second = promises.hung(cards=2)
    actor = people.supporter("individual")
    made = claim(actor, first.code, "k1")
    again = claim(actor, first.code, "k1")
    assert (again.commitment_id, again.repeated) == (made.commitment_id, True)
    assert claim(actor, first.code, "another tab").commitment_id == made.commitment_id
    assert commitments() == 1
    with pytest.raises(Invalid):
        claim(actor, second.code, "k1")
    assert commitments() == 1


def test_a_repeated_submit_answers_even_after_the_promise_ended(on):
    [hung] = promises.hung()
    actor = people.supporter("individual")
    made = claim(actor, hung.code, "k1")
    promises.change(Commitment, made.commitment_id, status="lapsed")
    assert claim(actor, hung.code, "k1").commitment_id == made.commitment_id
    assert commitments() == 1


def test_the_same_key_of_two_supporters_is_two_claims(on):
    first, second = promises.hung(cards=2)
    claim(people.supporter("individual"), first.code, "k1")
    claim(people.supporter("individual"), second.code, "k1")
    assert commitments() == 2


def test_an_unknown_code_is_not_found(on):
    with pytest.raises(NotFound):
        claim(people.supporter("individual"), "nosuchcode")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"status": "submitted"}, "还没有审核通过"),
        ({"status": "suspended"}, "还没有审核通过"),
        ({"tier": 0}, "还没有审核通过"),
        ({"valid_to": date(2026, 5, 19)}, "到期"),
        ({"claims_blocked_until": date(2026, 5, 21)}, "暂停"),
    ],
)
def test_who_is_not_vetted_valid_and_unpaused_may_not_claim(on, change, word):
    [hung] = promises.hung()
    actor = people.supporter("individual")
    promises.change(Supporter, actor.supporter_ids[0], **change)
    with pytest.raises(NotAllowed, match=word):
        claim(actor, hung.code)
    assert commitments() == 0


@pytest.mark.parametrize(
    "change",
    [{"valid_to": date(2026, 5, 20)}, {"claims_blocked_until": date(2026, 5, 20)}],
)
def test_the_last_valid_day_and_the_day_a_pause_ends_count(on, change):
    [hung] = promises.hung()
    actor = people.supporter("individual")
    promises.change(Supporter, actor.supporter_ids[0], **change)
    assert claim(actor, hung.code)


def test_staff_and_strangers_and_foreign_supporters_may_not_claim(on):
    [hung] = promises.hung()
    helper, other = people.supporter("individual"), people.supporter("individual")
    with pytest.raises(NotAllowed, match="工作账号"), promises.as_actor(other):
        claims.claim(people.staff("county_staff"), helper.supporter_ids[0], hung.code)
    with pytest.raises(NotAllowed, match="登记"), promises.as_actor(other):
        claims.claim(other, helper.supporter_ids[0], hung.code)
    with pytest.raises(NotAllowed, match="登记"), promises.as_actor(other):
        claims.claim(people.account("newcomer"), None, hung.code)
    with pytest.raises(NotAllowed, match="另一家民政局"):
        claim(people.supporter("individual", tenant=people.QIDONG), hung.code)
    assert commitments() == 0


@pytest.mark.parametrize(
    ("opens", "closes", "may"),
    [
        (date(2026, 5, 20), date(2026, 5, 20), True),
        (date(2026, 5, 21), date(2026, 5, 30), False),
        (date(2026, 5, 1), date(2026, 5, 19), False),
    ],
)
def test_claims_stay_inside_the_window_both_days_included(on, opens, closes, may):
    [hung] = promises.hung()
    promises.change(WishWindow, hung.window_id, opens=opens, closes=closes)
    actor = people.supporter("individual")
    if may:
        assert claim(actor, hung.code)
    else:
        with pytest.raises(WrongState):
            claim(actor, hung.code)
        assert commitments() == 0


def test_a_claim_tells_a_guardian_nothing_of_which_child_it_is(on):
    """A refusal would say which card is their child's: staff are told, the claimer is not."""
    [own] = promises.hung(guardian_hmac="the-same-person")
    [other] = promises.hung()
    actor = people.supporter("individual")
    promises.change(Supporter, actor.supporter_ids[0], id_hmac="the-same-person")
    assert claim(actor, own.code)
    assert claim(actor, other.code)


@pytest.mark.parametrize(("kind", "quota"), [("individual", 3), ("enterprise", 20)])
def test_the_quota_of_live_claims_holds(on, kind, quota):
    hung = promises.hung(cards=quota + 1)
    actor = people.supporter(kind)
    made = [claim(actor, one.code) for one in hung[:quota]]
    with pytest.raises(Conflict, match=str(quota)):
        claim(actor, hung[quota].code)
    promises.change(Commitment, made[0].commitment_id, status="withdrawn")
    assert claim(actor, hung[quota].code)


def test_an_enterprise_claims_several_and_learns_what_became_of_each(on):
    hung = promises.hung(cards=4)
    claim(people.supporter("individual"), hung[1].code)
    actor = people.supporter("enterprise")
    codes = [hung[0].code, hung[1].code, "nosuchcode", hung[3].code]
    with promises.as_actor(actor):
        outcomes = claims.claim_several(actor, actor.supporter_ids[0], codes, "k1")
    assert [one.code for one in outcomes] == codes
    assert [type(one.refusal).__name__ for one in outcomes] == [
        "NoneType",
        "Taken",
        "NotFound",
        "NoneType",
    ]
    with promises.as_actor(actor):
        again = claims.claim_several(actor, actor.supporter_ids[0], codes, "k1")
    assert [one.claimed and one.claimed.commitment_id for one in again] == [
        one.claimed and one.claimed.commitment_id for one in outcomes
    ]
    assert commitments() == 3


def test_a_list_stops_at_the_quota(on):
    hung = promises.hung(cards=22)
    actor = people.supporter("charity")
    claim(actor, hung[20].code)
    with promises.as_actor(actor):
        outcomes = claims.claim_several(
            actor, actor.supporter_ids[0], [one.code for one in hung[:20]]
        )
    assert sum(one.claimed is not None for one in outcomes) == 19
    assert sum(isinstance(one.refusal, Conflict) for one in outcomes) == 1


def test_an_individual_does_not_claim_lists_and_a_list_has_an_end(on):
    hung = promises.hung(cards=2)
    one, firm = people.supporter("individual"), people.supporter("enterprise")
    codes = [each.code for each in hung]
    with pytest.raises(NotAllowed), promises.as_actor(one):
        claims.claim_several(one, one.supporter_ids[0], codes)
    with pytest.raises(Invalid), promises.as_actor(firm):
        claims.claim_several(firm, firm.supporter_ids[0], [])
    with pytest.raises(Invalid), promises.as_actor(firm):
        claims.claim_several(firm, firm.supporter_ids[0], [str(n) for n in range(21)])
    assert commitments() == 0


def test_the_day_is_shanghais(on, clock):
    [hung] = promises.hung()
    closes = promises.read(WishWindow, hung.window_id, "closes")
    clock.move_to(portal_clock.end_of(closes) + timedelta(seconds=1))
    with pytest.raises(WrongState):
        claim(people.supporter("individual"), hung.code)
    clock.move_to(portal_clock.end_of(closes))
    assert claim(people.supporter("individual"), hung.code)
