"""An act owes its mails in its own transaction, to whom it concerns, with no child in them."""

import json

import pytest
from sqlalchemy import select

from portal.core import facts, outbox, scope, unit_of_work
from portal.domain.actor import SYSTEM
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.records import Message
from portal.models.supporters import Supporter
from portal.models.wishes import Wish
from portal.notices import render
from portal.notices.rules import RULES
from portal.services import claims, commitments, returns
from tests.factories import people, promises, wishes


@pytest.fixture
def on(app, clock):
    with app.app_context():
        yield


@pytest.fixture
def crew(on):
    return promises.staff()


@pytest.fixture
def firm(on):
    return people.supporter("enterprise")


def owed():
    """Every owed mail as (template, recipient, context), in the order of writing."""
    with unit_of_work.reading(scope.NOTHING):
        return [
            (row.template, row.recipient, json.loads(row.context))
            for row in db.session.scalars(select(Message).order_by(Message.id))
        ]


def recipients(template):
    return {to for name, to, _ in owed() if name == template}


def test_a_claim_tells_the_supporter_and_the_county(crew, firm):
    [card] = promises.hung()
    promises.claimed(firm, card.code)
    assert recipients("claim_received") == {firm.email}
    assert recipients("claim_to_approve") == {crew.county.email}
    assert len(owed()) == 2


def test_five_claims_at_once_are_one_letter_with_five_lines(crew, firm):
    cards = promises.hung(cards=5)
    with promises.as_actor(firm):
        claims.claim_several(firm, firm.supporter_ids[0], [card.code for card in cards])
    letters = [context for name, _, context in owed() if name == "claim_to_approve"]
    assert [(len(letter["items"]), letter["count"]) for letter in letters] == [(5, 5)]


def test_a_long_list_is_counted_and_cut(crew):
    cards = promises.hung(cards=23)
    with unit_of_work.transaction(people.everything()):
        for card in cards:
            row = db.session.get(Wish, card.wish_id)
            facts.publish("wish.publish", actor=SYSTEM, subject=row)
    [letter] = [context for name, _, context in owed() if name == "wish_published"]
    assert (len(letter["items"]), letter["count"]) == (20, 23)


def test_an_approval_tells_the_supporter_and_the_director(crew, firm):
    [card] = promises.hung()
    promise = promises.claimed(firm, card.code)
    with promises.as_actor(crew.county):
        commitments.approve(crew.county, promise)
    assert recipients("claim_approved") == {firm.email}
    assert recipients("claim_approved_director") == {crew.director.email}


def test_who_acted_is_not_told_what_they_did_but_their_colleague_is(crew):
    colleague = people.staff("county_staff")
    [card] = promises.hung()
    tell("wish.withdraw", card, crew.county)
    assert recipients("wish_withdrawn_county") == {colleague.email}


def tell(kind, card, actor):
    with unit_of_work.transaction(people.everything()):
        facts.publish(kind, actor=actor, subject=db.session.get(Wish, card.wish_id))


def test_another_county_is_told_nothing(crew, firm):
    other = people.staff("county_staff", "350429")
    neighbour = people.staff("county_staff", "320681")
    [card] = promises.hung()
    promises.claimed(firm, card.code)
    told = {to for _, to, _ in owed()}
    assert not told & {other.email, neighbour.email}


def test_a_grant_that_ended_tells_nobody(crew, firm, clock):
    from datetime import timedelta

    from portal.domain import clock as now

    gone = people.staff("county_staff", until=now.today() - timedelta(days=1))
    [card] = promises.hung()
    promises.claimed(firm, card.code)
    assert gone.email not in {to for _, to, _ in owed()}


class Fallen(Exception):
    """Something else went wrong after the act."""


def claim_and_fall(actor, code):
    claims.claim(actor, actor.supporter_ids[0], code)
    raise Fallen


def test_an_act_that_fails_owes_nothing(crew, firm):
    [card] = promises.hung()
    with pytest.raises(Fallen), promises.as_actor(firm):
        claim_and_fall(firm, card.code)
    assert owed() == []


def test_a_fact_of_a_savepoint_that_was_rolled_back_owes_nothing(crew):
    [card] = promises.hung()
    with unit_of_work.transaction(people.everything()):
        with pytest.raises(Fallen), db.session.begin_nested():
            publish_and_fall(card)
        row = db.session.get(Wish, card.wish_id)
        facts.publish("wish.approve", actor=SYSTEM, subject=row)
    assert {template for template, _, _ in owed()} == {"wish_approved"}


def publish_and_fall(card):
    row = db.session.get(Wish, card.wish_id)
    facts.publish("wish.publish", actor=SYSTEM, subject=row)
    db.session.flush()
    raise Fallen


def test_the_same_key_owes_one_mail(on):
    with unit_of_work.transaction(scope.NOTHING):
        assert outbox.owe("verify_email", recipient="a@example.org", key="once", path="/x")
        assert not outbox.owe("verify_email", recipient="a@example.org", key="once", path="/x")
    assert len(owed()) == 1


def test_what_lies_in_the_table_is_sealed(on):
    with unit_of_work.transaction(scope.NOTHING):
        outbox.owe("verify_email", recipient="sealed@example.org", key="k", path="/verify/tok3n")
    raw = db.session.connection().exec_driver_sql("SELECT recipient, context FROM messages")
    stored = "".join(map(str, raw.one()))
    assert "sealed@example.org" not in stored
    assert "tok3n" not in stored


def test_a_whole_life_of_a_wish_writes_no_child_into_any_mail(app, crew, firm):
    """T-AN4 for mail: names, numbers, school, village, category, own words, file numbers outside."""
    with unit_of_work.transaction(people.everything()):
        child = wishes.child(name="郑雨桐", nickname="小桐")
        window = wishes.window()
        wish_id = wishes.wish(child, window)
    [card] = promises.hung(name="王小明")
    promise = promises.claimed(firm, card.code)
    with unit_of_work.transaction(people.everything()):
        tell_everything(wish_id, promise, firm)
    letters = [render.letter(one) for one in leased()]
    assert len(letters) > 30
    text = "\n".join(part for one in letters for part in (one.subject, one.text, one.html))
    with unit_of_work.reading(people.everything()):
        children = db.session.scalars(select(ChildFile)).all()
        secrets = {
            value
            for row in children
            for value in (row.name, row.nickname, row.id_no, row.school, row.home_address,
                          row.primary_category, str(row.birth_date))
            if value
        }  # fmt: skip
    secrets |= {
        "孤儿",
        "孤独症",
        "无人抚养",
        "困境",
        child.village,
        "雪峰",
        "想要一盏台灯",
        "林建国",
        "王大山",
    }
    assert [secret for secret in sorted(secrets) if secret in text] == []
    outside = [one.text for one in letters if one.recipient == firm.email]
    assert outside
    assert [one for one in outside if "WX-" in one] == []


def tell_everything(wish_id, promise_id, firm):
    """Publish every kind of fact that has a rule, about the rows of this story."""
    from portal.models.accounts import User
    from portal.models.wishes import Commitment

    subjects = {
        "wish": db.session.get(Wish, wish_id),
        "commitment": db.session.get(Commitment, promise_id),
        "supporter": db.session.get(Supporter, firm.supporter_ids[0]),
        "account": db.session.get(User, firm.user_id),
    }
    for kind in RULES:
        noun = kind.partition(".")[0]
        if noun in subjects:
            facts.publish(kind, actor=SYSTEM, subject=subjects[noun], note="王小明家在雪峰")


def leased():
    found = []
    while True:
        with unit_of_work.transaction(scope.NOTHING):
            one = outbox.lease_next()
        if one is None:
            return found
        found.append(one)


def test_every_link_of_a_mail_leads_to_a_page(app):
    adapter = app.url_map.bind("localhost")
    for rules in RULES.values():
        for rule in rules:
            assert adapter.test(rule.path.partition("?")[0], "GET"), rule


def test_giving_back_thanks_the_supporter_and_tells_director_and_county(crew, firm):
    [card] = promises.hung()
    promise = promises.claimed(firm, card.code)
    with promises.as_actor(firm):
        returns.give_back(firm, promise, reason="买不到合适的")
    assert recipients("claim_given_back") == {firm.email}
    assert recipients("claim_given_back_county") == {crew.county.email}
    assert recipients("wish_reopened") == {crew.director.email}
    assert "买不到" not in json.dumps([context for _, _, context in owed()], ensure_ascii=False)
