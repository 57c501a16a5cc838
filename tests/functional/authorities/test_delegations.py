"""A role handed over for a leave: to a colleague, for days, marked, never further."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update

from portal.core import access, facts, scope, unit_of_work
from portal.domain import clock as portal_clock
from portal.domain.actor import Role
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.domain.permissions import Permission
from portal.models.accounts import RoleGrant, User
from portal.models.records import Fact
from portal.queries import actors, delegations
from portal.queries.tenant_settings import Authority
from portal.services import delegations as handing
from portal.services import wish_review
from tests.factories import people
from tests.factories import wishes as wish_rows

FIRST, LAST = date(2026, 5, 20), date(2026, 5, 31)


@pytest.fixture
def away(app, clock):
    """A county clerk who goes on leave, and the township's supervisor who stands in."""
    with app.app_context():
        yield people.staff("county_staff", "350421"), people.staff("child_supervisor", "350421100")


def grant_of(actor):
    with unit_of_work.reading(people.everything()) as session:
        return session.scalars(
            select(RoleGrant.id).where(RoleGrant.user_id == actor.user_id)
        ).first()


def hand(actor, grant_id, delegate, since=FIRST, until=LAST):
    with unit_of_work.transaction(scope.of(actor)):
        return handing.hand_over(
            actor, grant_id, delegate_id=delegate.user_id, valid_from=since, valid_to=until
        )


def roles(actor):
    return {(grant.role, grant.path) for grant in actors.by_user(actor.user_id).grants}


COUNTY = (Role.COUNTY_STAFF, people.MINGXI)


def test_it_counts_from_its_first_to_its_last_day_and_ends_by_itself(away, clock):
    clerk, colleague = away
    hand(clerk, grant_of(clerk), colleague, since=date(2026, 5, 21))
    assert COUNTY not in roles(colleague)
    clock.advance(days=1)
    assert COUNTY in roles(colleague)
    clock.move_to(clock.advance(days=10))
    assert COUNTY in roles(colleague)
    clock.advance(days=1)
    assert COUNTY not in roles(colleague)
    assert COUNTY in roles(clerk)


@pytest.mark.parametrize("who", ["holder", "delegate", "administrator"])
def test_it_is_ended_early_at_once(away, who):
    clerk, colleague = away
    made = hand(clerk, grant_of(clerk), colleague)
    ending = {
        "holder": clerk,
        "delegate": colleague,
        "administrator": people.staff("platform_admin", "350421"),
    }[who]
    with unit_of_work.transaction(scope.of(ending)):
        handing.end(ending, made, version=1)
    assert COUNTY not in roles(colleague)
    with pytest.raises(Conflict), unit_of_work.transaction(scope.of(ending)):
        handing.end(ending, made, version=2)


def test_a_stranger_neither_hands_over_nor_ends(away):
    clerk, colleague = away
    stranger = people.staff("county_staff", "350424")
    foreign = people.staff("platform_admin", "320681")
    for somebody in (stranger, foreign):
        with pytest.raises(NotFound):
            hand(somebody, grant_of(clerk), colleague)
    made = hand(clerk, grant_of(clerk), colleague)
    for somebody in (stranger, foreign):
        with pytest.raises(NotFound), unit_of_work.transaction(scope.of(somebody)):
            handing.end(somebody, made, version=1)


def test_what_was_handed_over_is_not_passed_on(away):
    clerk, colleague = away
    third = people.staff("child_director", "350421100202")
    hand(clerk, grant_of(clerk), colleague)
    acting = actors.by_user(colleague.user_id)
    assert COUNTY in {(grant.role, grant.path) for grant in acting.grants}
    with pytest.raises(NotFound):
        hand(acting, grant_of(clerk), third)
    offered = {row.role for row in delegations.own_roles(colleague.user_id)}
    assert offered == {Role.CHILD_SUPERVISOR}


def test_an_administrators_or_auditors_role_is_not_handed_over(app, clock):
    with app.app_context():
        for role in ("platform_admin", "auditor"):
            holder = people.staff(role, "350421")
            colleague = people.staff("county_staff", "350421")
            with pytest.raises(Invalid, match="不能交代"):
                hand(holder, grant_of(holder), colleague)


def test_nobody_comes_near_the_files_by_standing_in_alone(away):
    clerk, _ = away
    outside = people.staff("county_staff", "350424")
    newcomer = people.account("newcomer")
    for somebody in (outside, newcomer, clerk):
        with pytest.raises(Invalid, match="同事"):
            hand(clerk, grant_of(clerk), somebody)


@pytest.mark.parametrize(
    ("since", "until", "sentence"),
    [
        (date(2026, 5, 19), LAST, "今天起"),
        (date(2026, 9, 1), date(2026, 9, 2), "今天起"),
        (FIRST, date(2026, 5, 19), "早于开始日"),
        (FIRST, date(2026, 7, 19), "最多交代 60 天"),
    ],
)
def test_the_days_are_near_and_few(away, since, until, sentence):
    clerk, colleague = away
    with pytest.raises(Invalid, match=sentence):
        hand(clerk, grant_of(clerk), colleague, since, until)


def test_sixty_days_are_the_most(away):
    clerk, colleague = away
    hand(clerk, grant_of(clerk), colleague, FIRST, date(2026, 7, 18))


def test_two_do_not_hold_it_on_the_same_days(away):
    clerk, colleague = away
    other = people.staff("child_director", "350421100202")
    hand(clerk, grant_of(clerk), colleague)
    with pytest.raises(Conflict, match="已经交代"):
        hand(clerk, grant_of(clerk), other, LAST, LAST)


def test_it_ends_with_the_role_it_hangs_on_and_with_its_holders_account(away):
    clerk, colleague = away
    hand(clerk, grant_of(clerk), colleague)
    with unit_of_work.transaction(people.everything()) as session:
        session.execute(
            update(RoleGrant)
            .where(RoleGrant.user_id == clerk.user_id)
            .values(valid_to=date(2026, 5, 19))
        )
    assert COUNTY not in roles(colleague)
    with unit_of_work.transaction(people.everything()) as session:
        session.execute(
            update(RoleGrant).where(RoleGrant.user_id == clerk.user_id).values(valid_to=None)
        )
    assert COUNTY in roles(colleague)
    with unit_of_work.transaction(people.everything()) as session:
        session.execute(
            update(User).where(User.id == clerk.user_id).values(disabled_at=portal_clock.now())
        )
    assert COUNTY not in roles(colleague)


def act(actor, permission, path):
    """Do something that needs a permission at a path, and return the fact's data."""
    with unit_of_work.transaction(scope.of(actor)):
        access.require(actor, permission, Authority(path))
        return facts.publish("test.done", actor=actor, unit_path=path).data


def test_an_act_in_the_others_role_says_whose_it_is_and_an_own_one_does_not(away):
    clerk, colleague = away
    hand(clerk, grant_of(clerk), colleague)
    acting = actors.by_user(colleague.user_id)
    town = "/35/3504/350421/350421100/"
    approved = act(acting, Permission.WISH_APPROVE, town)
    assert approved == {"on_behalf_of": str(clerk.user_id)}
    assert act(acting, Permission.WISH_SCREEN, town) == {}
    # Both roles may read; here the own one would do, elsewhere only the other's.
    assert act(acting, Permission.WISH_READ, town) == {}
    elsewhere = act(acting, Permission.WISH_READ, "/35/3504/350421/350421101/")
    assert elsewhere == {"on_behalf_of": str(clerk.user_id)}
    assert act(actors.by_user(clerk.user_id), Permission.WISH_APPROVE, town) == {}


def test_who_took_the_step_before_does_not_take_the_next_in_the_others_role(away):
    """Two keys compare persons: a role in one's hands for a leave is no second person."""
    clerk, colleague = away
    wish_rows.crowd(12, 10)
    child = wish_rows.child(10)
    window = wish_rows.window()
    own = wish_rows.wish(child, window, status="screened", screened_by=colleague.user_id)
    other = wish_rows.wish(
        wish_rows.child(10), window, status="screened",
        screened_by=people.staff("child_supervisor", "350421100").user_id,
    )  # fmt: skip
    hand(clerk, grant_of(clerk), colleague)
    acting = actors.by_user(colleague.user_id)
    with pytest.raises(NotAllowed, match="两人把关"), unit_of_work.transaction(scope.of(acting)):
        wish_review.approve(acting, own)
    with unit_of_work.transaction(scope.of(acting)):
        wish_review.approve(acting, other)
    with unit_of_work.reading(people.everything()) as session:
        [fact] = session.scalars(select(Fact).where(Fact.kind == "wish.approve"))
        assert fact.actor_id == colleague.user_id
        assert fact.data["on_behalf_of"] == str(clerk.user_id)


def test_handing_over_and_ending_are_written_down(away):
    clerk, colleague = away
    made = hand(clerk, grant_of(clerk), colleague)
    with unit_of_work.transaction(scope.of(clerk)):
        handing.end(clerk, made, version=1)
    with unit_of_work.reading(scope.of(clerk)) as session:
        rows = session.scalars(select(Fact).where(Fact.kind.like("delegation.%"))).all()
        assert {row.kind for row in rows} == {"delegation.begin", "delegation.end"}
        assert {row.data["delegate_id"] for row in rows} == {str(colleague.user_id)}
