"""Whoever is the second key, and whoever stands in, is told by mail."""

from datetime import date

import pytest
from sqlalchemy import select

from portal.core import scope, unit_of_work
from portal.models.accounts import RoleGrant
from portal.models.records import Message
from portal.services import delegations, tenant_settings
from tests.factories import people
from tests.factories.tree import admins


@pytest.fixture(autouse=True)
def here(app, clock):
    with app.app_context():
        yield


def owed(template):
    with unit_of_work.reading(people.everything()) as session:
        rows = session.scalars(select(Message).where(Message.template == template)).all()
        return {row.user_id for row in rows}


def change(actor, name, value):
    with unit_of_work.transaction(scope.of(actor)):
        return tenant_settings.change(actor, people.SANMING, name, value=value)


def test_the_second_administrator_is_asked_and_the_first_hears_the_answer():
    first, second = admins()
    waiting = change(first, "k", "20")
    assert owed("setting_to_agree") == {second.user_id}
    with unit_of_work.transaction(scope.of(second)):
        tenant_settings.agree(second, waiting, version=1)
    assert owed("setting_agreed") == {first.user_id}


def test_what_one_person_may_change_asks_nobody():
    first, _ = admins()
    change(first, "claim_hours", "48")
    assert owed("setting_to_agree") == set()


def test_a_change_set_aside_tells_who_proposed_it():
    first, second = admins()
    waiting = change(first, "k", "20")
    with unit_of_work.transaction(scope.of(second)):
        tenant_settings.drop(second, waiting, reason="再议", version=1)
    assert owed("setting_dropped") == {first.user_id}


def test_who_stands_in_is_told_when_it_begins_and_when_it_ends_early():
    away = people.staff("county_staff", "350421")
    colleague = people.staff("child_supervisor", "350421100")
    with unit_of_work.reading(people.everything()) as session:
        grant = session.scalar(select(RoleGrant.id).where(RoleGrant.user_id == away.user_id))
    with unit_of_work.transaction(scope.of(away)):
        handed = delegations.hand_over(
            away, grant, delegate_id=colleague.user_id,
            valid_from=date(2026, 5, 20), valid_to=date(2026, 5, 22),
        )  # fmt: skip
    assert owed("delegation_begun") == {colleague.user_id}
    with unit_of_work.transaction(scope.of(away)):
        delegations.end(away, handed, version=1)
    assert owed("delegation_ended") == {colleague.user_id}
